"""Large data is loaded beside the engine's loop: told, called off, and then trained on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.core.config import Config, changed, proposal
from lrtui.core.engine import loading_service
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Description, Status, Store, messages
from lrtui.core.store.messages import Cancel, ChangeConfig, Describe, Start, StartSweep, Stop
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.datasets import loading
from lrtui.datasets.ingest import restarts
from lrtui.datasets.progress import Progress, Rest, Step
from lrtui.datasets.source import Source
from lrtui.datasets.storage.cache import Cache
from tests.core.asking import turned

ROWS = 2000
CONFIG = changed(Config(), epochs=20, batch_size=0)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Engine]:
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    monkeypatch.setattr(loading_service, "TELL_SECONDS", 0.0)
    yield from turned()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return table(tmp_path / "large.csv", 0)


def table(path: Path, seed: int) -> Source:
    random = np.random.default_rng(seed)
    X = random.normal(size=(ROWS, 2))
    y = (X.sum(1) + random.normal(size=ROWS) > 0).astype(int)
    pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": y}).write_csv(path)
    return Source(str(path), target="y")


class Gate:
    """Reading stops before the first rows until the test opens the gate, or the reader is called off."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.open = threading.Event()
        self.reached = threading.Event()
        run = restarts.run

        def waits(*given: object) -> object:
            watch = next(value for value in given if isinstance(value, Progress))
            watch.at("reading", 0.25)
            self.reached.set()
            while not self.open.wait(0.001):
                watch.at("reading", 0.5)
            return run(*given)  # type: ignore[arg-type] # as they came

        monkeypatch.setattr(restarts, "run", waits)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


def turn_until(engine: Engine, done: Callable[[], bool]) -> None:
    for _ in range(20_000):
        engine.turn()
        if done():
            return
        engine.loading.task.wait(0.001)
    raise AssertionError("it never came so far")


def start(store: Store, engine: Engine, source: Source, steps: int | None = None) -> int:
    run_id = store.runs.create(source, CONFIG, origin="test", owner=engine.token)
    store.commands.send(engine.token, Start(run_id, steps))
    return run_id


def status(store: Store, run_id: int) -> Status:
    return store.runs.get(run_id).status


def test_a_run_waits_for_its_data_and_then_trains(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    run_id = start(store, engine, source)
    turn_until(engine, gate.reached.is_set)
    turn_until(engine, lambda: engine.token in store.loads.all())
    load = store.loads.all()[engine.token]
    assert (load.file, load.what, load.run) == ("large.csv", "reading", run_id)
    assert 0 < load.share < 1
    assert status(store, run_id) is Status.QUEUED
    gate.open.set()
    turn_until(engine, lambda: not status(store, run_id).live)
    assert status(store, run_id) is Status.FINISHED
    assert store.loads.all() == {}


def test_a_run_that_waits_is_fitted_to_the_size_of_its_data_where_nobody_set_how_it_trains(
    store: Store, engine: Engine, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposal, "SMALL", ROWS - 1)
    found = []
    for config, fit in ((Config(), True), (CONFIG, True), (Config(), False)):
        run_id = store.runs.create(source, config, origin="test", owner=engine.token)
        store.commands.send(engine.token, Start(run_id, steps=1, fit=fit))
        turn_until(engine, lambda run=run_id: status(store, run) is Status.PAUSED)  # type: ignore[misc]
        found.append(store.runs.get(run_id).config)
    assert found == [changed(Config(), **proposal.NEWTON), CONFIG, Config()]


def test_stopping_while_it_loads_ends_the_run_and_leaves_nothing(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    run_id = start(store, engine, source)
    turn_until(engine, gate.reached.is_set)
    store.commands.send(engine.token, Stop(run_id))
    turn_until(engine, lambda: engine.loading.task.idle)
    engine.turn()
    assert status(store, run_id) is Status.STOPPED
    assert store.loads.all() == {}
    assert not list(Cache().folder.glob(".part-*"))
    assert Cache().entries() == []
    gate.open.set()
    again = start(store, engine, source)
    turn_until(engine, lambda: status(store, again) is Status.FINISHED)


def test_another_run_takes_the_place_of_the_one_that_waits(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    first = start(store, engine, source)
    turn_until(engine, gate.reached.is_set)
    second = start(store, engine, Source("moons"))
    turn_until(engine, lambda: status(store, second) is Status.FINISHED)
    assert status(store, first) is Status.STOPPED


def test_what_is_asked_of_a_run_while_it_waits_is_obeyed_when_it_begins(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    run_id = start(store, engine, source, steps=1)
    turn_until(engine, gate.reached.is_set)
    store.commands.send(engine.token, ChangeConfig(run_id, {"lr": 0.5}))
    store.commands.send(engine.token, messages.Step(run_id))
    engine.turn()
    gate.open.set()
    turn_until(engine, lambda: store.runs.get(run_id).epoch == 2)
    run = store.runs.get(run_id)
    assert (run.status, run.config.lr) == (Status.PAUSED, 0.5)


def test_a_run_that_has_ended_goes_on_for_more_epochs_though_its_data_is_read_again(
    store: Store, engine: Engine, source: Source
) -> None:
    run_id = start(store, engine, source)
    turn_until(engine, lambda: status(store, run_id) is Status.FINISHED)
    os.utime(source.name, (0, 0))
    store.runs.claim(run_id, engine.token, further=True)
    store.commands.send(engine.token, Start(run_id))
    store.commands.send(engine.token, ChangeConfig(run_id, {"epochs": 30}))
    turn_until(engine, lambda: status(store, run_id) is Status.FINISHED)
    assert store.runs.get(run_id).epoch == 30


def test_what_is_wrong_with_the_data_fails_the_run(store: Store, engine: Engine, source: Source) -> None:
    Path(source.name).write_text("a,b,y\n" + "1,2,1\n" * 50)
    run_id = start(store, engine, source)
    turn_until(engine, lambda: not status(store, run_id).live)
    failure = store.runs.get(run_id).failure
    assert failure is not None
    assert "one value" in failure.what


def test_a_dataset_is_described_when_it_was_read(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    question = store.commands.send(engine.token, Describe(source))
    turn_until(engine, gate.reached.is_set)
    assert store.answers.get(question, Description) is None
    gate.open.set()
    turn_until(engine, lambda: store.answers.get(question, Description) is not None)
    found = store.answers.get(question, Description)
    assert isinstance(found, Description)
    assert (found.rows, found.columns) == (ROWS, 2)


def test_a_run_on_what_is_being_described_waits_for_the_same_reading(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    question = store.commands.send(engine.token, Describe(source))
    turn_until(engine, gate.reached.is_set)
    gate.reached.clear()
    run_id = start(store, engine, source)
    engine.turn()
    gate.open.set()
    turn_until(engine, lambda: status(store, run_id) is Status.FINISHED)
    assert not gate.reached.is_set()  # it was read once
    assert store.answers.get(question, Description) is not None


def test_another_question_calls_off_the_reading_for_the_one_before(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    question = store.commands.send(engine.token, Describe(source))
    turn_until(engine, gate.reached.is_set)
    store.commands.send(engine.token, Cancel(question))
    turn_until(engine, lambda: engine.loading.task.idle)
    assert store.answers.get(question, Description) is None
    assert Cache().entries() == []


def test_the_second_run_on_the_same_data_begins_at_once(
    store: Store, engine: Engine, source: Source
) -> None:
    first = start(store, engine, source)
    turn_until(engine, lambda: status(store, first) is Status.FINISHED)
    second = start(store, engine, source)
    engine.turn()
    assert status(store, second) is not Status.QUEUED


def test_a_sweep_over_large_data_waits_beside_the_loop(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    plan = SweepPlan(source, CONFIG, (Axis("lr", (0.1, 1.0)),))
    sweep_id = store.sweeps.create(plan, engine.token)
    store.commands.send(engine.token, StartSweep(sweep_id))
    turn_until(engine, gate.reached.is_set)
    engine.turn()
    assert store.sweeps.get(sweep_id).status is not Status.FINISHED
    gate.open.set()
    turn_until(engine, lambda: store.sweeps.get(sweep_id).status is Status.FINISHED)
    assert all(point.done for point in store.sweeps.get(sweep_id).points)


def test_an_engine_that_leaves_leaves_nothing_half_read(
    store: Store, engine: Engine, source: Source, gate: Gate
) -> None:
    start(store, engine, source)
    turn_until(engine, gate.reached.is_set)
    engine.loading.leave()
    assert not list(Cache().folder.glob(".part-*"))
    assert store.loads.all() == {}


def test_the_rest_is_judged_by_the_beginning_of_each_piece_of_work() -> None:
    rest = Rest()
    assert rest.left(Step("reading", 0.0), 10.0) is None
    assert rest.left(Step("reading", 0.1), 10.2) is None  # too early to say
    assert rest.left(Step("reading", 0.25), 15.0) == pytest.approx(15.0)
    assert rest.left(Step("preparing", 0.5), 16.0) is None
    assert rest.left(Step("preparing", 0.75), 18.0) == pytest.approx(2.0)
