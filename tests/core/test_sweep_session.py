"""Sweeps and smoothness through the engine: what is asked in the store is answered in the store."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import is_alive, new_owner
from lrtui.core.errors import StoreError
from lrtui.core.store import Description, Failure, Status, Store, Sweep, schema
from lrtui.core.store.messages import Describe, Start, StartSweep, StopSweep, Suggest
from lrtui.core.store.sweeps import KEPT
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.core.sweep.points import Zone
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.core.asking import answered, ask, turned

MOONS = Source("moons")
RATES = Axis("lr", (0.01, 0.1, 1.0))


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """An engine that is turned by hand, as if somebody watched."""
    yield from turned()


def plan(*axes: Axis, source: Source = MOONS, **values: object) -> SweepPlan:
    return SweepPlan(source, changed(Config(), **values), axes or (RATES,))


def begin(store: Store, engine: Engine, what: SweepPlan) -> int:
    sweep_id = store.sweeps.create(what, engine.token)
    store.commands.send(engine.token, StartSweep(sweep_id))
    return sweep_id


def ended(store: Store, engine: Engine, sweep_id: int) -> Sweep:
    engine.turn()
    while store.sweeps.get(sweep_id).status.live:
        engine.turn()
    return store.sweeps.get(sweep_id)


def test_a_sweep_that_is_asked_for_is_trained_point_by_point(store: Store, engine: Engine) -> None:
    what = plan(epochs=30)
    sweep_id = begin(store, engine, what)
    asked = store.sweeps.get(sweep_id)
    assert (asked.status, asked.progress) == (Status.QUEUED, 0.0)
    assert [point.zone for point in asked.points] == [Zone.WAITING] * 3
    found = ended(store, engine, sweep_id)
    assert (found.status, found.progress, found.owner) == (Status.FINISHED, 1.0, None)
    for config, point in zip(what.configs(), found.points, strict=True):
        alone = Trainer(problem_of(load(MOONS), config), config)
        alone.advance()
        assert point.measured is not None
        assert point.measured.train_loss == pytest.approx(alone.measure().train_loss, rel=1e-5)


def test_a_run_and_a_sweep_train_in_turn(store: Store, engine: Engine) -> None:
    config = changed(Config(), epochs=10_000_000)
    run_id = store.runs.create(MOONS, config, origin="test", owner=engine.token)
    store.commands.send(engine.token, Start(run_id))
    found = ended(store, engine, begin(store, engine, plan(epochs=300)))
    assert found.status is Status.FINISHED
    before = store.runs.get(run_id).epoch
    while store.runs.get(run_id).epoch == before:
        engine.turn()
    assert store.runs.get(run_id).status is Status.RUNNING


def test_a_sweep_that_nobody_looks_at_any_more_is_stopped(store: Store, engine: Engine) -> None:
    endless = plan(Axis("optimizer", ("sgd", "adam")), epochs=10_000_000)
    sweep_id = begin(store, engine, endless)
    for _ in range(10):
        engine.turn()
    assert store.sweeps.get(sweep_id).status is Status.RUNNING
    store.commands.send(engine.token, StopSweep(sweep_id))
    engine.turn()
    assert store.sweeps.get(sweep_id).status is Status.STOPPED


def test_the_next_sweep_stops_the_one_before(store: Store, engine: Engine) -> None:
    first = begin(store, engine, plan(Axis("optimizer", ("sgd", "adam")), epochs=10_000_000))
    engine.turn()
    second = begin(store, engine, plan(epochs=5))
    assert ended(store, engine, second).status is Status.FINISHED
    assert store.sweeps.get(first).status is Status.STOPPED


def test_a_sweep_keeps_no_engine_alive_whose_dashboard_is_gone(store: Store, engine: Engine) -> None:
    begin(store, engine, plan(Axis("optimizer", ("sgd", "adam")), epochs=10_000_000))
    engine.turn()
    engine.watched = False
    assert not engine.turn()


def test_a_sweep_that_cannot_be_had_says_why(store: Store, engine: Engine) -> None:
    found = ended(store, engine, begin(store, engine, plan(source=Source("/no/such.csv", "y"))))
    assert found.status is Status.FAILED
    assert found.failure is not None
    assert "/no/such.csv" in found.failure.what
    tiny = Source("example-small-data")
    found = ended(store, engine, begin(store, engine, plan(Axis("test_size", (0.2, 0.99)), source=tiny)))
    assert found.failure is not None
    assert "would be empty" in found.failure.what
    assert found.points[0].values == {"test_size": 0.2}


def test_a_sweep_whose_engine_died_is_interrupted(store: Store, engine: Engine) -> None:
    gone = new_owner()
    sweep_id = store.sweeps.create(plan(), gone.token)
    mine = store.sweeps.create(plan(), engine.token)
    assert not store.sweeps.interrupt_orphans(is_alive)
    gone.release()
    assert store.sweeps.interrupt_orphans(is_alive)
    assert store.sweeps.get(sweep_id).status is Status.INTERRUPTED
    assert store.sweeps.get(mine).status is Status.QUEUED


def test_old_sweeps_are_forgotten(store: Store, engine: Engine) -> None:
    first = begin(store, engine, plan(epochs=1))
    ended(store, engine, first)
    for _ in range(KEPT):
        last = begin(store, engine, plan(epochs=1))
        ended(store, engine, last)
    with pytest.raises(StoreError, match="no sweep"):
        store.sweeps.get(first)
    assert store.sweeps.get(last).status is Status.FINISHED


def test_a_store_of_the_first_version_learns_about_sweeps(home: Path) -> None:
    home.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / "lrtui.db")) as connection:
        connection.executescript(
            f"{schema.MIGRATIONS[0]}"
            f"PRAGMA application_id = {schema.APPLICATION_ID};PRAGMA user_version = 1;"
        )
    with Store() as store:
        sweep_id = store.sweeps.create(plan(), "me")
        assert store.sweeps.get(sweep_id).plan == plan()


# --- smoothness ---


@pytest.mark.parametrize("values", [{}, {"scaling": "none"}, {"class_weight": "balanced"}])
def test_the_smoothness_of_a_problem_is_found_on_demand(
    store: Store, engine: Engine, values: dict[str, str]
) -> None:
    config = changed(Config(), **values)
    oracle = smoothness(problem_of(load(MOONS), config), config)
    assert answered(store, engine, ask(store, engine, MOONS, config)) == oracle


def test_a_problem_that_cannot_be_had_has_no_smoothness(store: Store, engine: Engine) -> None:
    source = Source("/no/such.csv", "y")
    assert isinstance(answered(store, engine, ask(store, engine, source, Config())), Failure)


def test_of_large_data_smoothness_waits_until_it_is_trained_on(store: Store, engine: Engine) -> None:
    engine.cache.kept = 100
    store.commands.send(engine.token, Describe(MOONS))
    question = ask(store, engine, MOONS, Config())
    engine.turn()
    assert engine.suggesting.task.idle
    config = changed(Config(), epochs=10_000_000)
    run_id = store.runs.create(MOONS, config, origin="test", owner=engine.token)
    store.commands.send(engine.token, Start(run_id))
    assert answered(store, engine, question)


def test_smoothness_is_that_of_the_rows_and_columns_that_are_left(store: Store, engine: Engine) -> None:
    config = changed(Config(), drop_columns=("x1",))
    found = answered(store, engine, ask(store, engine, MOONS, config))
    assert found == smoothness(problem_of(load(MOONS), config), config)
    others = [config, Config(), changed(Config(), missing="drop"), changed(Config(), missing="median")]
    assert len({Suggest(MOONS, other).problem for other in others}) == len(others)


def test_a_file_with_missing_cells_is_described_and_its_sweep_says_what_to_choose(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n,0\n" + "".join(f"{i},{i % 2}\n" for i in range(30)))
    source = Source(str(path), "y")
    question = store.commands.send(engine.token, Describe(source))
    engine.turn()
    described = store.answers.get(question, Description)
    assert isinstance(described, Description)
    assert (described.rows, described.remark, described.failure) == (31, "1 cell missing", None)
    found = ended(store, engine, begin(store, engine, plan(source=source, missing="error")))
    assert found.failure is not None
    assert "missing = indicator, median or drop" in found.failure.fix
    found = ended(store, engine, begin(store, engine, plan(source=source, missing="drop", epochs=3)))
    assert found.status is Status.FINISHED


# --- the shelf ---


def test_small_data_is_loaded_once_and_a_changed_file_again(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "".join(f"{i},{i % 2}\n" for i in range(30)))
    source, cache = Source(str(path), "y"), DatasetCache()
    first = cache.dataset(source)
    assert cache.dataset(source) is first
    assert cache.problem(source, Config()) is cache.problem(source, changed(Config(), lr=3.0))
    assert cache.problem(source, Config()) is not cache.problem(source, changed(Config(), scaling="none"))
    for values in ({"missing": "drop"}, {"missing": "median"}):
        assert cache.problem(source, Config()) is not cache.problem(source, changed(Config(), **values))
    path.write_text("x,y\n" + "".join(f"{2 * i},{i % 2}\n" for i in range(30)))
    os.utime(path, (1, 1))
    assert not cache.holds(source)
    np.testing.assert_array_equal(cache.dataset(source).X, 2 * first.X)


def test_of_large_data_nothing_is_kept() -> None:
    cache = DatasetCache(kept=100)
    assert cache.dataset(MOONS) is not cache.dataset(MOONS)
    assert cache.problem(MOONS, Config()) is not cache.problem(MOONS, Config())
    assert cache.knows_large(MOONS)
    assert not cache.knows_large(Source("circles"))
