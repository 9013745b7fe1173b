"""The doctor in the engine: who is looked at and when, that it gives way, and that it never harms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine import diagnosis_service
from lrtui.core.engine.loop import Engine
from lrtui.core.errors import EngineError
from lrtui.core.store import Store, Work
from lrtui.core.store.messages import Diagnose, Resume, StartSweep, Step, Stop, StopSweep
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.datasets.source import Source
from tests.core.asking import turned
from tests.core.letters import Says, TakesItsTime, letter
from tests.core.turning import LONG, MOONS, begin, employ, turn_until


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """An engine that is turned by hand, as if somebody watched."""
    yield from turned()


# --- when a run rests ---


def test_a_run_that_ends_is_looked_at_with_its_last_weights(store: Store, engine: Engine) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=30, lr=0.25)
    found = turn_until(store, engine, run_id, Work.DONE)
    assert (found.epoch, found.letter) == (30, letter())
    (outcome,) = doctor.outcomes
    newest = store.history.newest_snapshot(run_id)
    assert newest is not None
    assert (outcome.epoch, outcome.diverged_at) == (30, None)
    assert outcome.theta.dtype == np.float64
    np.testing.assert_array_equal(outcome.theta, [*newest.weights, newest.bias])
    assert len(outcome.losses) == 30
    assert doctor.configs[0].lr == 0.25
    for _ in range(20):
        engine.turn()
    assert len(doctor.outcomes) == 1


def test_a_stopped_run_and_a_diverged_one_are_looked_at(store: Store, engine: Engine) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=LONG)
    engine.turn()
    engine.turn()
    store.commands.send(engine.token, Stop(run_id))
    turn_until(store, engine, run_id, Work.DONE)
    wild = begin(store, engine, lr=1e6, weight_decay=1e6)
    turn_until(store, engine, wild, Work.DONE)
    assert doctor.outcomes[1].diverged_at == store.runs.get(wild).diverged_at is not None


def test_a_paused_run_is_looked_at_as_it_stands_and_goes_on_unharmed(store: Store, engine: Engine) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=400)
    for epochs in (3, 5):
        store.commands.send(engine.token, Step(run_id, epochs=epochs))
        engine.turn()
        found = turn_until(store, engine, run_id, Work.DONE)
        assert found.epoch == store.runs.get(run_id).epoch == doctor.outcomes[-1].epoch
    store.commands.send(engine.token, Resume(run_id))
    engine.turn()
    while store.runs.get(run_id).status.live:
        engine.turn()
    assert turn_until(store, engine, run_id, Work.DONE).epoch == 400
    undisturbed = begin(store, engine, epochs=400)
    turn_until(store, engine, undisturbed, Work.DONE)
    np.testing.assert_array_equal(doctor.outcomes[-1].theta, doctor.outcomes[-2].theta)


def test_an_examination_gives_way_to_a_run_and_begins_anew_after_it(store: Store, engine: Engine) -> None:
    doctor = TakesItsTime(letter())
    employ(engine, doctor)
    first = begin(store, engine, epochs=20)
    turn_until(store, engine, first, Work.LOOKING)
    second = begin(store, engine, epochs=LONG)
    assert turn_until(store, engine, first, Work.QUEUED).work is Work.QUEUED
    while store.runs.get(second).epoch == 0:
        engine.turn()
    assert doctor.outcomes[0].epoch == 20
    store.commands.send(engine.token, Stop(second))
    doctor.finish = True
    assert turn_until(store, engine, second, Work.DONE).epoch > 0
    assert turn_until(store, engine, first, Work.DONE).epoch == 20


def test_an_examination_gives_way_to_a_sweep(store: Store, engine: Engine) -> None:
    doctor = TakesItsTime(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=20)
    turn_until(store, engine, run_id, Work.LOOKING)
    axis = Axis("optimizer", ("sgd", "adam"))
    sweep_id = store.sweeps.create(SweepPlan(MOONS, changed(Config(), epochs=LONG), (axis,)), engine.token)
    store.commands.send(engine.token, StartSweep(sweep_id))
    turn_until(store, engine, run_id, Work.QUEUED)
    store.commands.send(engine.token, StopSweep(sweep_id))
    doctor.finish = True
    turn_until(store, engine, run_id, Work.DONE)


def test_a_paused_run_that_goes_on_is_let_go(store: Store, engine: Engine) -> None:
    employ(engine, TakesItsTime(letter()))
    run_id = begin(store, engine, epochs=LONG)
    store.commands.send(engine.token, Step(run_id))
    engine.turn()
    turn_until(store, engine, run_id, Work.LOOKING)
    store.commands.send(engine.token, Resume(run_id))
    engine.turn()
    engine.turn()
    assert store.diagnoses.get(run_id) is None
    assert not engine.doctor.keeps_alive


def test_an_engine_that_nobody_watches_waits_for_the_doctor(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = TakesItsTime(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=20)
    turn_until(store, engine, run_id, Work.LOOKING)
    engine.watched = False
    assert engine.turn()
    with monkeypatch.context() as patch:
        patch.setattr(diagnosis_service, "OVERDUE_SECONDS", 0.0)
        assert not engine.turn()
    doctor.finish = True
    turn_until(store, engine, run_id, Work.DONE)
    assert not engine.turn()


def test_an_engine_that_leaves_forgets_what_it_had_begun(store: Store, engine: Engine) -> None:
    employ(engine, TakesItsTime(letter()))
    run_id = begin(store, engine, epochs=20)
    turn_until(store, engine, run_id, Work.LOOKING)
    engine.doctor.leave()
    assert store.diagnoses.get(run_id) is None


# --- when somebody asks ---


def test_a_stored_run_is_looked_at_when_somebody_asks(store: Store, engine: Engine) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=30)
    turn_until(store, engine, run_id, Work.DONE)
    store.diagnoses.drop(run_id)
    store.commands.send(engine.token, Diagnose(run_id))
    assert turn_until(store, engine, run_id, Work.DONE).epoch == 30
    one, two = doctor.outcomes
    np.testing.assert_array_equal(one.theta, two.theta)
    assert list(one.losses) == list(two.losses)


def test_who_was_never_trained_or_is_not_there_cannot_be_looked_at(store: Store, engine: Engine) -> None:
    employ(engine, Says(letter()))
    run_id = store.runs.create(MOONS, Config(), origin="test", owner=None)
    store.commands.send(engine.token, Diagnose(run_id))
    store.commands.send(engine.token, Diagnose(99))
    found = turn_until(store, engine, run_id, Work.FAILED)
    assert found.failure == f"Run {run_id} has no trained weights to look at. Train it first."
    assert store.diagnoses.get(99) is None


def test_a_run_that_could_not_begin_is_looked_at_too(store: Store, engine: Engine) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, drop_columns=("no such column",))
    found = turn_until(store, engine, run_id, Work.DONE)
    assert (found.epoch, doctor.outcomes) == (0, [None])
    assert found.tells_of(store.runs.get(run_id))
    gone = begin(store, engine, Source("/no/such.csv", "y"))
    assert "no/such.csv" in str(turn_until(store, engine, gone, Work.FAILED).failure)


# --- when something goes wrong ---


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (EngineError("It cannot be.", "Try again."), "It cannot be. Try again."),
        (ValueError("what?"), "unexpected error in this run. The details are in engine.log"),
        (MemoryError(), "ran out of memory"),
    ],
)
def test_a_doctor_who_fails_leaves_a_sentence(
    store: Store, engine: Engine, error: Exception, sentence: str
) -> None:
    employ(engine, Says(error))
    found = turn_until(store, engine, begin(store, engine, epochs=5), Work.FAILED)
    assert found.failure is not None
    assert sentence in found.failure
    healthy = begin(store, engine, epochs=5)
    turn_until(store, engine, healthy, Work.FAILED)
    assert str(store.runs.get(healthy).status) == "finished"


def test_a_doctor_out_of_order_does_not_end_the_run(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    employ(engine, Says(letter()))

    def breaks(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(engine.doctor.live_check, "look", breaks)
    run_id = begin(store, engine, epochs=50)
    engine.turn()
    while store.runs.get(run_id).status.live:
        engine.turn()
    assert str(store.runs.get(run_id).status) == "finished"


def test_of_large_paused_data_nothing_is_loaded_a_second_time(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    engine.doctor.large = 100
    monkeypatch.setattr(engine.cache, "holds", lambda source: False)
    run_id = begin(store, engine, epochs=LONG)
    store.commands.send(engine.token, Step(run_id))
    found = turn_until(store, engine, run_id, Work.QUEUED)
    assert found.first_glance == doctor.at_first_glance
    assert doctor.outcomes == []
    store.commands.send(engine.token, Stop(run_id))
    engine.turn()
    turn_until(store, engine, run_id, Work.DONE)
