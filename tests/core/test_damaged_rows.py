"""One damaged row is one unreadable thing: it is said, everything else is as it was."""

from __future__ import annotations

import random
from array import array
from typing import Any

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import UnreadableError
from lrtui.core.results import result, summary
from lrtui.core.store import Failure, Status, Store, Work
from lrtui.core.store.losses import CHUNK
from lrtui.core.store.messages import Diagnose, Pause, Start
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.datasets.source import Source

MOONS = Source("moons")
CONFIG = changed(Config(), batch_size=0, epochs=300)
BLOB = b"\x00\xff\xfe"

# What may stand in a column of a run after a flipped bit, a bad disk or somebody's hand.
RUN_DAMAGE: list[tuple[str, Any]] = [
    ("config", "no JSON"),
    ("config", "[]"),
    ("config", '{"lr": -1}'),
    ("config", '{"lr": "' + "9" * 5000 + '"}'),
    ("config", '{"lr": 0.2}'),  # a config, but not the one that was asked for
    ("config", "[" * 100_000),
    ("config", BLOB),
    ("config", 7),
    ("status", "dancing"),
    ("status", "unreadable"),
    ("status", 1),
    ("status", BLOB),
    ("dataset", BLOB),
    ("dataset", 5),
    ("options", "{"),
    ("options", '{"columns": 5}'),
    ("owner", "../../etc"),
    ("owner", "a\x00b"),
    ("owner", BLOB),
    ("created", "yesterday"),
    ("started", "yesterday"),
    ("started", 1e300),
    ("started", float("inf")),
    ("ended", BLOB),
    ("seconds", "long"),
    ("seconds", -1.0),
    ("epoch", "many"),
    ("epoch", -3),
    ("epoch", 1.5),
    ("diverged_at", "here"),
    ("problem", "{}"),
    ("problem", '{"train_rows": "many"}'),
    ("problem", "null"),
    ("measured", "{}"),
    ("measured", '{"epoch": {}}'),
    ("measured", "[1]"),
    ("failure", "{}"),
    ("failure", '{"title": 1, "what": 2, "fix": 3}'),
    ("origin", BLOB),
]


def finished(store: Store, config: Config = CONFIG) -> int:
    """A run that has trained to its end."""
    session = RunSession(store, store.runs.create(MOONS, config, origin="test", owner="me"), "me")
    session.open()
    while session.running:
        session.slice(0.1)
    return session.run_id


def test_a_damaged_run_is_unreadable_and_all_others_are_as_they_were(store: Store) -> None:
    good = finished(store)
    row = dict(store.rows("SELECT * FROM runs")[0])
    for column, value in RUN_DAMAGE:
        names = [name for name in row if name != "id"]
        values = {**row, column: value}
        store.execute(
            f"INSERT INTO runs ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [values[name] for name in names],
        )
    for column in ("config", "status", "dataset", "options", "problem", "measured"):  # text that is none
        values = {**row, column: b"\xff" + str(row[column]).encode()}
        places = ", ".join("CAST(? AS TEXT)" if name == column else "?" for name in names)
        store.execute(
            f"INSERT INTO runs ({', '.join(names)}) VALUES ({places})", [values[name] for name in names]
        )
    store.runs.interrupt_orphans(lambda _: False)
    store.runs.fail_damaged()
    *damaged, whole = store.runs.recent()
    assert (whole.id, whole.status) == (good, Status.FINISHED)
    assert [run.status for run in damaged] == [Status.UNREADABLE] * (len(RUN_DAMAGE) + 6)
    for run in damaged:
        assert summary(run)["status"] == "unreadable"
        with pytest.raises(UnreadableError, match=f"Run {run.id} cannot be read"):
            store.runs.get(run.id)
        assert not run.resumable
        assert not store.runs.claim(run.id, "me")
    assert store.runs.live() == []


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_no_flipped_bit_of_a_stored_state_ever_gives_other_weights(store: Store, optimizer: str) -> None:
    session = RunSession(store, store.runs.create(MOONS, CONFIG, origin="test", owner="me"), "me")
    session.open()
    session.step(10)
    session.put_down()
    row = store.row("SELECT epoch, state FROM checkpoints")
    assert row is not None
    chance = random.Random(7)
    for _ in range(400):
        state = bytearray(row["state"])
        bit = chance.randrange(8 * len(state))
        state[bit // 8] ^= 1 << bit % 8
        store.execute("UPDATE checkpoints SET state = ?", (bytes(state),))
        with pytest.raises(UnreadableError, match="other weights"):
            store.history.checkpoint(session.run_id)
    store.execute("UPDATE checkpoints SET state = ?, epoch = epoch + 1", (row["state"],))
    with pytest.raises(UnreadableError, match="Start the run anew"):
        store.history.checkpoint(session.run_id)
    store.runs.fail_damaged()  # so that no list calls it interrupted while it cannot be resumed
    run = store.runs.get(session.run_id)
    assert run.status is Status.FAILED
    assert "damaged" in (run.failure or Failure("", "", "")).what
    assert sum(chunk.count for chunk in store.losses.read(run.id)) == 10


@pytest.mark.parametrize("damage", [BLOB, "text", b"", b"\x00" * 4 * CHUNK])
def test_damaged_losses_and_snapshots_are_never_shown(store: Store, damage: object) -> None:
    run_id = finished(store, changed(CONFIG, epochs=3 * CHUNK))
    run = store.runs.get(run_id)
    before = result(store, run)
    store.execute("UPDATE losses SET vals = ? WHERE chunk = 1", (damage,))
    chunks = store.losses.read(run_id)
    assert [chunk.first_epoch for chunk in chunks] == [1, 2 * CHUNK + 1]
    assert store.losses.damaged(run_id) == CHUNK
    assert len(store.losses.thinned(run_id)) == 2 * CHUNK
    store.losses.append(run_id, 2 * CHUNK, array("f", [1.0]))  # it does not become whole by that
    assert store.losses.damaged(run_id) > CHUNK
    newest = store.history.newest_snapshot(run_id)
    assert newest is not None
    last, count = (newest.epoch,), len(store.history.snapshots(run_id))
    (whole,) = store.rows("SELECT * FROM snapshots WHERE epoch = ?", last)
    for column, value in (("weights", damage), ("measurement", "{"), ("measurement", BLOB), ("bias", "b")):
        store.execute(f"UPDATE snapshots SET {column} = ? WHERE epoch = ?", (value, *last))
        assert store.history.newest_snapshot(run_id) is None
        assert len(store.history.snapshots(run_id)) == count - 1
        store.execute(f"UPDATE snapshots SET {column} = ? WHERE epoch = ?", (whole[column], *last))
        assert store.history.newest_snapshot(run_id) == newest
    store.execute("UPDATE snapshots SET epoch = epoch + 1 WHERE epoch = ?", last)
    told = result(store, run)
    assert told["weights"] == {}
    assert told["test_accuracy"] == before["test_accuracy"]  # the run's own row is whole
    assert store.history.damaged(run_id) == 1


# Every other table: what is made, then damaged, and what its reader says.


def test_damaged_changes_and_commands_are_left_out(store: Store) -> None:
    run_id = finished(store)
    for field, old in (("lr", "{"), ("nothing", "1"), (BLOB, "1"), ("lr", BLOB)):
        store.execute("INSERT INTO changes VALUES (NULL, ?, 5, ?, ?, '1')", (run_id, field, old))
    store.execute("INSERT INTO changes VALUES (NULL, ?, 'five', 'lr', '1', '2')", (run_id,))
    assert store.history.changes(run_id) == []
    for kind, about, payload in (
        ("stop", run_id, "{"),
        ("stop", "x", "{}"),
        (BLOB, 1, "{}"),
        ("a", 1, "[]"),
    ):
        store.execute("INSERT INTO commands VALUES (NULL, 'me', ?, ?, ?, 0)", (kind, about, payload))
    store.commands.send("me", Pause(run_id))
    assert [command.message for command in store.commands.take("me")] == [Pause(run_id)]
    assert store.commands.take("me") == []


@pytest.mark.parametrize("info", ["{", "[]", "{}", '{"rows": "many", "inspection": 4}', BLOB, 5])
def test_a_damaged_answer_of_the_engine_is_a_failure_or_none(store: Store, info: object) -> None:
    from lrtui.core.doctor.suggested import Suggestions
    from lrtui.core.store import Description
    from lrtui.core.store.loads import Load
    from lrtui.datasets.inspection.record import Inspection

    run_id = finished(store)
    for question, answer in enumerate((Description(rows=5), Failure("a", "b", "c"), Suggestions())):
        store.answers.put(question, answer)
    store.loads.put("me", Load("x", "reading", 0.5))
    store.diagnoses.fail(run_id, 300, "why")
    for table in ("answers", "loads"):
        store.execute(f"UPDATE {table} SET info = ?", (info,))
    store.execute("UPDATE diagnoses SET info = ?, status = 'done'", (info,))
    described = store.answers.get(0, Description)
    assert isinstance(described, Failure) or (described, info) == (Description(), "{}")
    assert isinstance(store.answers.get(1, Inspection), Failure)
    suggested = store.answers.get(2, Suggestions)
    assert isinstance(suggested, Failure) or (suggested == Suggestions() and str(info).startswith("{"))
    assert store.loads.all() == {}
    found = store.diagnoses.get(run_id)
    assert found is not None
    assert (found.work, found.diagnosis) == (Work.FAILED, None)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("plan", "{}"), ("plan", "{"), ("plan", BLOB), ("status", "dancing"), ("points", "[1]"),
        ("points", "{"), ("seconds", "x"), ("progress", BLOB), ("failure", "{}"),
    ],
)  # fmt: skip
def test_a_damaged_sweep_is_said(store: Store, column: str, value: object) -> None:
    sweep = store.sweeps.create(SweepPlan(MOONS, Config(), (Axis("lr", (0.1, 0.2)),)), "me")
    store.execute(f"UPDATE sweeps SET {column} = ?", (value,))
    with pytest.raises(UnreadableError, match=f"Sweep {sweep} cannot be read"):
        store.sweeps.get(sweep)


def test_owners_that_are_none_are_dead(store: Store) -> None:
    run_id = finished(store)
    store.execute("UPDATE runs SET owner = 'a/b', status = 'running'")
    store.execute("INSERT INTO diagnoses VALUES (?, 1, 'queued', ?, NULL, NULL, 0, NULL)", (run_id, BLOB))
    store.execute("INSERT INTO engines VALUES (?, 1, 0, 1, '{}')", ("x\x00y",))
    store.sweeps.create(SweepPlan(MOONS, Config(), (Axis("lr", (0.1, 0.2)),)), "../../x")
    alive = pytest.fail  # nobody asks the system for such a name
    assert store.runs.interrupt_orphans(alive) == [run_id]
    assert store.diagnoses.drop_orphans(alive)
    assert store.sweeps.interrupt_orphans(alive)
    store.engines.remove_stale(alive)
    assert store.rows("SELECT * FROM engines") == []


def test_an_engine_goes_on_past_damaged_rows_and_commands(store: Store) -> None:
    engine = Engine("me", gone=lambda _: False)
    damaged = store.runs.create(MOONS, Config(), origin="test", owner="me")
    store.execute("UPDATE runs SET config = '{' WHERE id = ?", (damaged,))
    store.commands.send("me", Start(damaged))
    store.commands.send("me", Start(99))
    store.commands.send("me", Diagnose(damaged))
    for kind, payload in (
        ("sweep", '{"sweep": "x"}'), ("describe", '{"source": 5}'), ("limits", "{}"), ("dance", "{}"),
    ):  # fmt: skip
        store.execute("INSERT INTO commands VALUES (NULL, 'me', ?, NULL, ?, 0)", (kind, payload))
    good = store.runs.create(MOONS, CONFIG, origin="test", owner="me")
    store.commands.send("me", Start(good, steps=None))
    while store.runs.live():
        assert engine.turn()
    assert store.runs.get(good).status is Status.FINISHED
