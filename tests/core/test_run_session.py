"""A run between trainer and store: commands, a store that fails for a while, and taking up again."""

from __future__ import annotations

import json
from math import inf

import pytest

from lrtui.core.config import Change, Config, changed
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import StoreError
from lrtui.core.results import result
from lrtui.core.store import Status, Store
from lrtui.core.store.messages import ChangeConfig, Pause, Resume, Start, Stop
from lrtui.core.training import snapshotter
from lrtui.core.training.problem import problem_of
from lrtui.core.training.snapshotter import next_snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source

MOONS = Source("moons")


def opened(store: Store, **values: object) -> RunSession:
    """A session of a fresh run."""
    config = changed(Config(), batch_size=0, **values)
    session = RunSession(store, store.runs.create(MOONS, config, origin="test", owner="me"), "me")
    session.open()
    return session


def to_the_end(session: RunSession) -> None:
    while session.running:
        session.slice(0.01)


def test_a_run_leaves_every_loss_and_its_result(store: Store) -> None:
    session = opened(store, epochs=3000)
    to_the_end(session)
    run = store.runs.get(session.run_id)
    assert (run.status, run.epoch, run.owner) == (Status.FINISHED, 3000, None)
    assert sum(chunk.count for chunk in store.losses.read(run.id)) == 3000
    snapshots = store.history.snapshots(run.id)
    assert (snapshots[0].epoch, snapshots[-1].epoch) == (0, 3000)
    assert not run.resumable
    found = result(store, run)
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["test_accuracy"] == snapshots[-1].measurement["test_accuracy"]


def test_a_run_that_was_killed_has_every_snapshot_once_it_was_taken_up(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshotter, "CHEAP", inf)  # none is left out because the machine is busy
    session = opened(store, epochs=3000)
    for lr in (0.2, 0.3, 0.4):  # each change stores the state, with less than a look's time between them
        session.trainer.advance(epochs=100)
        session.obey(ChangeConfig(session.run_id, {"lr": lr}))
    again = RunSession(store, session.run_id, "next")  # as if the first had been killed right here
    again.open()
    to_the_end(again)
    due = [epoch for epoch in range(3000) if epoch in (0, next_snapshot(epoch - 1))]
    assert [snapshot.epoch for snapshot in store.history.snapshots(session.run_id)] == [*due, 3000]


def test_a_change_outlives_the_process_that_made_it(store: Store) -> None:
    session = opened(store, epochs=3000)
    session.slice(0.01)
    session.obey(Pause(session.run_id))
    session.obey(ChangeConfig(session.run_id, {"lr": 0.5}))
    at = session.trainer.epoch
    again = RunSession(store, session.run_id, "next")  # as if the first had been killed right here
    again.open()
    assert again.config.lr == store.runs.get(session.run_id).config.lr == 0.5
    to_the_end(again)
    whole = Trainer(problem_of(load(MOONS), Config()), changed(session.config, lr=Config().lr))
    whole.advance(epochs=at)
    whole.change(lr=0.5)
    whole.advance()
    assert again.trainer.snapshot().weights == whole.snapshot().weights
    assert [(c.epoch, c.new) for c in store.history.changes(session.run_id)] == [(at, 0.5)]


def test_what_was_changed_after_the_last_stored_state_is_forgotten_everywhere(store: Store) -> None:
    session = opened(store, epochs=10_000_000)
    session.slice(0.01)
    session.obey(Pause(session.run_id))
    run_id, epoch = session.run_id, session.trainer.epoch
    store.history.add_changes(run_id, [Change(epoch, "lr", 0.05, 0.9)])  # at the very epoch of that state
    store.runs.update(run_id, config=changed(session.config, lr=0.9))
    RunSession(store, run_id, "next").open()
    assert store.history.changes(run_id) == []
    assert store.runs.get(run_id).config.lr == 0.05


def test_commands_that_do_not_fit_are_ignored(store: Store) -> None:
    session = opened(store, epochs=10_000_000)
    session.obey(Resume(session.run_id))
    session.obey(ChangeConfig(session.run_id, {"scaling": "none", "lr": 0.5}))
    assert session.config.lr == 0.5
    assert session.config.scaling == "standard"
    session.obey(Stop(session.run_id))
    session.obey(Pause(session.run_id))
    assert store.runs.get(session.run_id).status is Status.STOPPED


def test_a_change_out_of_limits_is_told_and_changes_nothing(store: Store) -> None:
    session = opened(store, epochs=10_000_000)
    session.obey(ChangeConfig(session.run_id, {"lr": -1}))
    run = store.runs.get(session.run_id)
    assert run.failure is not None
    assert "learning rate" in run.failure.what
    assert run.status is Status.RUNNING
    assert session.config.lr == 0.05


def test_a_paused_run_that_was_put_down_is_taken_up_by_anybody(store: Store) -> None:
    whole = opened(store, epochs=1000, optimizer="adam")
    to_the_end(whole)
    session = opened(store, epochs=1000, optimizer="adam")
    session.slice(0.005)
    session.pause()
    session.put_down()
    run = store.runs.get(session.run_id)
    assert (run.status, run.owner, run.resumable) == (Status.PAUSED, None, True)
    assert store.runs.claim(run.id, "you")
    again = RunSession(store, run.id, "you")
    again.open()
    to_the_end(again)
    assert again.trainer.model.state_dict()["linear.weight"].equal(
        whole.trainer.model.state_dict()["linear.weight"]
    )
    losses = [
        [v for chunk in store.losses.read(i) for v in chunk.values] for i in (whole.run_id, again.run_id)
    ]
    assert losses[0] == losses[1]


def test_a_store_that_fails_for_a_while_loses_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened(store, epochs=500)
    append = store.losses.append

    def full(*_: object) -> None:
        raise StoreError("The disk is full.", "Free some space.")

    monkeypatch.setattr(store.losses, "append", full)
    with pytest.raises(StoreError):
        to_the_end(session)
    assert session.held
    assert store.runs.get(session.run_id).status is Status.RUNNING
    monkeypatch.setattr(store.losses, "append", append)
    while session.running:
        session.slice(0.01)
    session.catch_up()
    run = store.runs.get(session.run_id)
    assert (run.status, run.epoch) == (Status.FINISHED, 500)
    assert sum(chunk.count for chunk in store.losses.read(run.id)) == 500


def test_the_last_commands_are_obeyed_before_an_engine_leaves(store: Store) -> None:
    engine = Engine("me", gone=lambda _: False)
    run_id = store.runs.create(MOONS, changed(Config(), epochs=10_000_000), origin="test", owner="me")
    store.commands.send("me", Start(run_id, steps=1))
    assert engine.turn()
    store.commands.send("me", Stop(run_id))
    engine.watched = False
    while engine.turn():
        pass  # for the doctor alone
    assert store.runs.get(run_id).status is Status.STOPPED
