"""The doctor's look in passing at a run that trains: when, at what cost, and until when it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lrtui.core.engine.live_check import SHARE, LiveCheck
from lrtui.core.engine.loop import Engine
from lrtui.core.store import Store
from lrtui.datasets.source import Source
from tests.core.asking import turned
from tests.core.letters import Says, letter
from tests.core.turning import LONG, begin, employ

SICK = {"scaling": "none", "lr": 0.01}


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    """An engine that is turned by hand, as if somebody watched."""
    yield from turned()


class Clock:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_glances_take_at_most_their_share_of_the_time(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A glance takes 40 ms by the injected clock: not before 4 s of training, the second not before 8."""
    clock, doctor = Clock(), Says(letter())
    monkeypatch.setattr("lrtui.core.engine.live_check.SECONDS", 0.03)

    def glance(*given: object) -> object:
        clock.now += 0.04
        return doctor.glance(*given)  # type: ignore[arg-type]

    employ(engine, doctor)
    run_id = begin(store, engine, Source("example-scaling"), epochs=LONG, **SICK)
    for _ in range(10):
        engine.turn()
    session = engine.session
    assert session is not None
    live_check = LiveCheck(store, "me", glance, clock)  # type: ignore[arg-type]
    taken = []
    for tenth in range(200):
        session.trainer.seconds = tenth / 10
        if tenth % 20 == 0:  # each change of a live field makes another look worth its while
            session.trainer.change(threshold=0.5 + tenth / 1000)
        before = len(doctor.glances)
        live_check.look(session)
        live_check.task.wait()
        live_check.look(session)
        taken += [session.trainer.seconds] * (len(doctor.glances) - before)
    spent = [0.04 * (number + 1) for number in range(len(taken))]
    assert len(taken) >= 3
    assert taken[0] >= 3.0
    for cost, seconds in zip(spent[1:], taken[1:], strict=True):
        assert cost <= SHARE * seconds
    found = store.diagnoses.get(run_id)
    assert found is not None
    assert found.first_glance == doctor.at_first_glance


def test_a_run_that_predicts_both_labels_is_not_glanced_at_and_one_that_recovers_is_left_in_peace(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    doctor = Says(letter())
    employ(engine, doctor)
    run_id = begin(store, engine, epochs=LONG)
    for _ in range(10):
        engine.turn()
    session = engine.session
    assert session is not None
    assert session.newest is not None
    assert session.newest.epoch > 0
    live_check = LiveCheck(store, "me", doctor.glance)
    session.trainer.seconds = 100.0
    live_check.look(session)
    assert doctor.glances == []
    monkeypatch.setattr("lrtui.core.engine.live_check.in_trouble", lambda session: True)
    live_check.look(session)
    session.trainer.seconds = 110.0
    live_check.look(session)
    live_check.task.wait()
    live_check.look(session)
    assert store.diagnoses.get(run_id) is not None
    monkeypatch.setattr("lrtui.core.engine.live_check.in_trouble", lambda session: False)
    live_check.look(session)
    assert store.diagnoses.get(run_id) is None
