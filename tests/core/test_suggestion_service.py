"""Suggestions through the engine: after the smoothness, beside the training, kept beside both."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.doctor.suggestions import Adviser
from lrtui.core.doctor.trials import Cancelled
from lrtui.core.engine import suggestion_service
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Failure, Store
from lrtui.core.store.answers import AnswerTable
from lrtui.core.store.messages import Cancel, Pause, Start, Suggest
from lrtui.core.training.problem import problem_of
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.stable_rate import Smoothness
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from tests.core.asking import answered, ask, turned
from tests.core.doctor.cases import suggest

MOONS = Source("moons")


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """An engine that is turned by hand, as if somebody watched."""
    yield from turned()


def suggested(store: Store, engine: Engine, question: int) -> Suggestions | Failure | None:
    """Turn the engine until it has suggested something, or has nothing more to do."""
    for _ in range(3_000):
        engine.turn()
        found = store.answers.get(question, Suggestions)
        if found is not None:
            return found
        engine.suggesting.advising.wait(0.01)
    return None


def test_suggestions_follow_the_smoothness(store: Store, engine: Engine) -> None:
    config = changed(Config(), lr=0.5)
    question = ask(store, engine, MOONS, config)
    found = suggested(store, engine, question)
    problem = problem_of(load(MOONS), config)
    assert found == suggest(problem, config)
    assert store.answers.get(question, Smoothness) == smoothness(problem, config)


def test_what_is_known_of_a_problem_serves_its_other_configs(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert suggested(store, engine, ask(store, engine, MOONS, Config())) is not None
    monkeypatch.setattr(engine.cache, "problem", pytest.fail)
    for values in (
        {"lr": 0.01},
        {"seed": 3, "init": "normal"},
        {"weight_decay": 0.1},
        {"optimizer": "adamw"},
    ):
        config = changed(Config(), **values)
        question = ask(store, engine, MOONS, config)
        assert suggested(store, engine, question) == suggest(problem_of(load(MOONS), config), config)


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
    first = ask(store, engine, MOONS, Config())
    assert answered(store, engine, first)
    while not begun.is_set():
        engine.turn()
    other = changed(Config(), scaling="none")
    second = ask(store, engine, MOONS, other)
    assert answered(store, engine, second)
    monkeypatch.undo()
    go.set()
    assert suggested(store, engine, second) is not None
    assert store.answers.get(first, Suggestions) is None  # dropped


def test_while_a_run_trains_only_small_data_is_looked_at(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = changed(Config(), epochs=10_000_000)
    run_id = store.runs.create(MOONS, config, origin="test", owner=engine.token)
    store.commands.send(engine.token, Start(run_id))
    assert suggested(store, engine, ask(store, engine, MOONS, config)) is not None
    monkeypatch.setattr(suggestion_service, "LARGE", 100)
    other = changed(config, lr=0.03)
    question = ask(store, engine, MOONS, other)
    for _ in range(20):
        engine.turn()
    assert engine.suggesting.advising.idle
    store.commands.send(engine.token, Pause(run_id))
    assert suggested(store, engine, question) is not None


def test_suggestions_depend_on_what_the_question_says_and_on_nothing_else() -> None:
    plain = Suggest(MOONS, Config())
    keys = {plain.whole, plain.problem}
    others = [
        {"lr": 0.2}, {"batch_size": 0}, {"optimizer": "momentum"}, {"momentum": 0.5}, {"weight_decay": 0.1},
        {"init": "zeros"}, {"init_std": 0.5}, {"init_bias": "log-odds"}, {"seed": 1}, {"scaling": "none"},
        {"class_weight": "balanced"}, {"features": "rbf"},
    ]  # fmt: skip
    keys |= {Suggest(MOONS, changed(Config(), **values)).whole for values in others}
    assert len(keys) == 2 + len(others)
    same = [{"epochs": 5}, {"threshold": 0.1}, {"shuffle": False}, {"stop_on_divergence": False}]
    assert {Suggest(MOONS, changed(Config(), **values)).whole for values in same} < keys


def test_a_question_that_is_cancelled_has_no_answer(store: Store, engine: Engine) -> None:
    first = ask(store, engine, MOONS, Config())
    store.commands.send(engine.token, Cancel(first))
    second = ask(store, engine, MOONS, Config())
    assert suggested(store, engine, second) is not None
    assert store.answers.get(first, Smoothness) is None


def test_answers_are_told_apart_by_their_questions_and_the_oldest_go(store: Store) -> None:
    answers = AnswerTable(store, kept=3)
    answers.put(1, Smoothness(0.5, inf, 9))
    answers.put(1, Suggestions(epochs=20))
    assert answers.get(1, Smoothness) == Smoothness(0.5, inf, 9)
    assert answers.get(1, Suggestions) == Suggestions(epochs=20)
    assert answers.get(2, Suggestions) is None
    for question in (2, 3, 4):
        answers.put(question, Suggestions(epochs=question))
    assert [answers.get(question, Suggestions) is None for question in (1, 2, 3, 4)] == [True, *[False] * 3]
