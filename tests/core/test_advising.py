"""Suggestions through the engine: after the smoothness, beside the training, kept beside both."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.doctor.suggestions import Adviser, suggest
from lrtui.core.doctor.trials import Cancelled
from lrtui.core.engine import advising
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Store
from lrtui.core.store.sweeps import KEPT_SECONDS, smoothness_key, suggestions_key
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.core.asking import answered, ask, turned

MOONS = Source("moons")


@pytest.fixture
def engine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine that is turned by hand, as if somebody watched."""
    yield from turned(monkeypatch)


def suggested(store: Store, engine: Engine, source: Source, config: Config) -> Suggestions | None:
    """Turn the engine until it has suggested something, or has nothing more to do."""
    key = suggestions_key(source, config)
    for _ in range(3_000):
        engine.turn()
        found = store.sweeps.suggestions(key, 0.0)
        if found is not None:
            return found
        engine._limits._advising._aside.wait(0.01)
    return None


def test_suggestions_follow_the_smoothness(store: Store, engine: Engine) -> None:
    config = changed(Config(), lr=0.5)
    ask(store, engine, MOONS, config)
    found = suggested(store, engine, MOONS, config)
    problem = problem_of(load(MOONS), config)
    assert found == suggest(problem, config)
    assert store.sweeps.smoothness(smoothness_key(MOONS, config), 0.0) == smoothness(problem, config)


def test_what_is_known_of_a_problem_serves_its_other_configs(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(store, engine, MOONS, Config())
    assert suggested(store, engine, MOONS, Config()) is not None
    monkeypatch.setattr(engine._shelf, "problem", pytest.fail)
    for values in (
        {"lr": 0.01},
        {"seed": 3, "init": "normal"},
        {"weight_decay": 0.1},
        {"optimizer": "adamw"},
    ):
        config = changed(Config(), **values)
        ask(store, engine, MOONS, config)
        assert suggested(store, engine, MOONS, config) == suggest(problem_of(load(MOONS), config), config)


def test_smoothness_waits_for_no_suggestions(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go = threading.Event(), threading.Event()

    def slow(self: Adviser, config: Config, go_on: Callable[[], bool]) -> Suggestions:
        begun.set()
        go.wait(30)
        if not go_on():
            raise Cancelled
        return Suggestions()

    monkeypatch.setattr(Adviser, "suggest", slow)
    ask(store, engine, MOONS, Config())
    assert answered(store, engine, MOONS, Config())
    while not begun.is_set():
        engine.turn()
    other = changed(Config(), scaling="none")
    ask(store, engine, MOONS, other)
    assert answered(store, engine, MOONS, other)
    monkeypatch.undo()
    go.set()
    assert suggested(store, engine, MOONS, other) is not None
    assert store.sweeps.suggestions(suggestions_key(MOONS, Config()), 0.0) is None  # dropped


def test_while_a_run_trains_only_small_data_is_looked_at(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = changed(Config(), epochs=10_000_000)
    run_id = store.runs.create(MOONS, config, origin="test", owner=engine._token)
    store.commands.send(engine._token, "start", run_id)
    ask(store, engine, MOONS, config)
    assert suggested(store, engine, MOONS, config) is not None
    monkeypatch.setattr(advising, "LARGE", 100)
    other = changed(config, lr=0.03)
    ask(store, engine, MOONS, other)
    for _ in range(20):
        engine.turn()
    assert engine._limits._advising._aside.idle
    store.commands.send(engine._token, "pause", run_id)
    assert suggested(store, engine, MOONS, other) is not None


def test_suggestions_are_kept_by_all_that_they_depend_on() -> None:
    keys = {suggestions_key(MOONS, Config()), smoothness_key(MOONS, Config())}
    others = [
        {"lr": 0.2}, {"batch_size": 0}, {"optimizer": "momentum"}, {"momentum": 0.5}, {"weight_decay": 0.1},
        {"init": "zeros"}, {"init_std": 0.5}, {"init_bias": "log-odds"}, {"seed": 1}, {"scaling": "none"},
        {"class_weight": "balanced"}, {"features": "rbf"},
    ]  # fmt: skip
    keys |= {suggestions_key(MOONS, changed(Config(), **values)) for values in others}
    assert len(keys) == 2 + len(others)
    same = [{"epochs": 5}, {"threshold": 0.1}, {"shuffle": False}, {"stop_on_divergence": False}]
    assert {suggestions_key(MOONS, changed(Config(), **values)) for values in same} < keys


def test_a_row_of_before_there_were_suggestions_is_read_and_old_ones_go(store: Store) -> None:
    key, now = smoothness_key(MOONS, Config()), time.time()
    for name, made in ((key, now), ("old", now - KEPT_SECONDS - 1)):
        store.execute(
            "INSERT INTO smoothness VALUES (?, ?, ?)", (name, '{"full": 0.5, "row": null, "rows": 9}', made)
        )
    assert store.sweeps.smoothness(key, 0.0) == Smoothness(0.5, inf, 9)
    assert store.sweeps.suggestions(suggestions_key(MOONS, Config()), 0.0) is None
    assert store.sweeps.smoothness("old", 0.0) is not None
    store.sweeps.set_suggestions("new", Suggestions(epochs=20))
    assert store.sweeps.smoothness("old", 0.0) is None
    assert store.sweeps.suggestions("new", 0.0) == Suggestions(epochs=20)
    assert store.sweeps.suggestions("new", time.time() + 1) is None
