"""The engine looks inside runs for the dashboard, beside the training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from lrtui.core.engine.inside_service import FULL, WAITS, InsideService
from lrtui.core.engine.loop import Engine
from lrtui.core.inside import catalogue, looking
from lrtui.core.inside.catalogue import views
from lrtui.core.inside.record import Asked, Seen
from lrtui.core.store import Failure, Status, Store
from lrtui.core.store.messages import LookInside, Stop
from lrtui.datasets.source import Source
from tests.core.asking import turned
from tests.core.turning import LONG, begin

engine = pytest.fixture(turned)
VIEW, MOONS = "confusion", Source("moons")


def ended(store: Store, engine: Engine, source: Source = MOONS, **config: object) -> int:
    run_id = begin(store, engine, source, **{"epochs": 20, **config})
    for _ in range(5000):
        engine.turn()
        if not store.runs.get(run_id).status.live:
            return run_id
    raise AssertionError("never ended")


def answered(
    store: Store, engine: Engine, asked: LookInside, so_far: Callable[[Seen], bool] = lambda _: True
) -> Seen | Failure:
    """Ask, and turn the engine until the answer is there."""
    question = store.commands.send(engine.token, asked)
    for _ in range(3000):
        engine.turn()
        found = store.answers.get(question, Seen)
        if isinstance(found, Failure) or (found is not None and so_far(found)):
            return found
        engine.inside.task.wait(0.01)
    raise AssertionError("never answered")


def test_an_ended_run_and_an_earlier_snapshot_of_it_are_looked_into(store: Store, engine: Engine) -> None:
    run_id = ended(store, engine)
    found = answered(store, engine, LookInside(run_id))
    assert isinstance(found, Seen)
    assert (found.view, found.run, found.epoch, found.progress) == (next(iter(views())), run_id, 20, "")
    assert found.views == tuple(views())
    earlier = answered(store, engine, LookInside(run_id, epoch=3))
    assert isinstance(earlier, Seen)
    assert earlier.epoch == 3
    assert earlier.parts != found.parts


def test_a_threshold_is_heeded_at_once(store: Store, engine: Engine) -> None:
    run_id = ended(store, engine)
    found = [answered(store, engine, LookInside(run_id, VIEW, Asked(threshold=at))) for at in (0.0, 1.0)]
    assert [one.parts[1].rows[1][2] for one in found] == ["100", "0"]  # type: ignore[union-attr]


def test_a_run_that_trains_is_followed_for_a_small_share_of_its_time(store: Store, engine: Engine) -> None:
    run_id = begin(store, engine, epochs=LONG)
    engine.turn()
    now = [0.0]
    engine.inside._clock = lambda: now[0]
    first = answered(store, engine, LookInside(run_id, VIEW))
    assert isinstance(first, Seen)
    again = store.commands.send(engine.token, LookInside(run_id, VIEW))
    for _ in range(20):
        engine.turn()
    assert store.answers.get(again, Seen) is None  # it is not yet time
    now[0] = engine.inside._due
    for _ in range(2000):
        engine.turn()
        if (found := store.answers.get(again, Seen)) is not None:
            break
        engine.inside.task.wait(0.01)
    assert isinstance(found, Seen)
    assert found.epoch > first.epoch
    store.commands.send(engine.token, Stop(run_id))
    engine.turn()


def test_what_is_dear_waits_until_nothing_trains(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = views()[VIEW]
    monkeypatch.setitem(views(), VIEW, replace(entry, follows=False))
    run_id = begin(store, engine, epochs=LONG)
    engine.turn()
    question = store.commands.send(engine.token, LookInside(run_id, VIEW))
    for _ in range(10):
        engine.turn()
    waiting = store.answers.get(question, Seen)
    assert isinstance(waiting, Seen)
    assert (waiting.progress, waiting.parts) == (WAITS, ())
    store.commands.send(engine.token, Stop(run_id))
    for _ in range(2000):
        engine.turn()
        found = store.answers.get(question, Seen)
        if isinstance(found, Seen) and found.parts:
            return
        engine.inside.task.wait(0.01)
    raise AssertionError("never answered")


def test_data_that_is_gone_or_another_and_scripts_are_told(
    store: Store, engine: Engine, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    text = "x,y\n" + "".join(f"{i % 7},{int(i % 7 + i % 3 > 4)}\n" for i in range(60))
    path.write_text(text)
    run_id = ended(store, engine, Source(str(path), "y"))
    asked = LookInside(run_id, VIEW)
    assert isinstance(answered(store, engine, asked), Seen)
    engine.inside.release()
    path.write_text(text.replace("6,1", "0,1"))
    found = answered(store, engine, asked)
    assert isinstance(found, Failure)
    assert "has changed" in found.what
    engine.inside.release()
    path.write_text(text.replace("x,y", "z,y"))
    assert "are not those of its data now" in str(answered(store, engine, asked))
    engine.inside.release()
    path.unlink()
    assert "no file" in str(answered(store, engine, asked))
    script = store.runs.create(
        Source("train.py"), store.runs.get(run_id).config, origin="watch", owner=None
    )
    store.runs.update(script, status=Status.FINISHED)
    assert "is a script" in str(answered(store, engine, LookInside(script, VIEW)))


def test_what_runs_out_of_memory_is_an_answer(
    store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise MemoryError

    run_id = ended(store, engine)
    monkeypatch.setattr(looking, "look", full)
    assert answered(store, engine, LookInside(run_id, VIEW)) == FULL


def test_nobody_waits_any_more(store: Store, engine: Engine) -> None:
    service = InsideService(store, engine.cache)
    service.ask(7, LookInside(1))
    service.cancel(7)
    service.look(None, busy=False)
    assert store.answers.get(7, Seen) is None


def test_each_view_is_found_by_its_file() -> None:
    from lrtui.core.inside.names import view_names

    assert sorted(views()) == list(view_names())
    assert len({entry.place for entry in views().values()}) == len(views())
    assert catalogue.views() is views()


def test_large_data_is_let_go_of_once_nobody_looks(store: Store, engine: Engine) -> None:
    run_id = ended(store, engine)
    answered(store, engine, LookInside(run_id, VIEW))
    assert engine.inside._request is not None
    engine.inside._clock = lambda: 1e12
    engine.turn()
    assert engine.inside._request is not None  # it is small
    engine.cache.kept = 0
    engine.turn()
    assert engine.inside._request is None
    assert isinstance(answered(store, engine, LookInside(run_id, VIEW)), Seen)


def test_a_loss_that_is_clipped_in_training_is_no_sign_of_other_data(store: Store, engine: Engine) -> None:
    run_id = ended(store, engine, loss="bce", init_bias=18.0, lr=1e-6, epochs=2)
    engine.inside.release()
    assert isinstance(answered(store, engine, LookInside(run_id, VIEW)), Seen)
