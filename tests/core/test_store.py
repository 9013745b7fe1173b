"""The store: what one process writes, another reads; nothing is lost, and every trouble has a sentence."""

from __future__ import annotations

import math
import sqlite3
import stat
import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrtui.core.config import Change, Config, changed
from lrtui.core.errors import StoreError
from lrtui.core.store import SnapshotRow, Status, Store
from lrtui.core.store.losses import CHUNK
from lrtui.core.store.messages import ChangeConfig, Pause, Stop, Suggest
from lrtui.core.store.schema import VERSION
from lrtui.datasets.source import Source

MOONS = Source("moons")


def new_run(store: Store, owner: str | None = "somebody") -> int:
    return store.runs.create(MOONS, Config(), origin="test", owner=owner)


def floats(values: array[float]) -> list[float]:
    return list(values)


# --- runs ---


def test_a_run_comes_back_as_it_was_made(store: Store) -> None:
    source = Source("data.csv", "y", "1")
    config = changed(Config(), lr=0.25, init_bias="log-odds")
    run = store.runs.get(store.runs.create(source, config, origin="test", owner="me"))
    assert (run.source, run.config, run.status) == (source, config, Status.QUEUED)
    assert run.epoch == 0
    assert not run.resumable


def test_a_run_that_is_not_there_is_named_with_the_newest(store: Store) -> None:
    with pytest.raises(StoreError, match="No run is stored yet"):
        store.runs.get(1)
    newest = new_run(store)
    with pytest.raises(StoreError, match=f"The newest is run {newest}"):
        store.runs.get(99)


def test_recent_runs_come_newest_first(store: Store) -> None:
    ids = [new_run(store) for _ in range(5)]
    assert [run.id for run in store.runs.recent(3)] == ids[:1:-1]


def test_live_runs_of_dead_owners_are_interrupted_and_others_are_not(store: Store) -> None:
    dead, alive, ownerless = new_run(store, "dead"), new_run(store, "alive"), new_run(store, None)
    ended = new_run(store, "dead")
    store.runs.update(ended, status=Status.FINISHED)
    paused, halfway = new_run(store, None), new_run(store, "dead")
    store.runs.update(paused, status=Status.PAUSED)
    store.runs.update(halfway, status=Status.INTERRUPTED)
    assert store.runs.interrupt_orphans(lambda token: token == "alive") == [dead, ownerless, halfway]
    assert store.runs.get(dead).status is Status.INTERRUPTED
    assert store.runs.get(alive).status is Status.QUEUED
    assert store.runs.get(paused).status is Status.PAUSED
    assert store.runs.get(halfway).owner is None  # killed between its last state and letting go
    assert store.runs.get(ownerless).status is Status.INTERRUPTED
    assert store.runs.get(ended).status is Status.FINISHED


def test_only_one_can_claim_a_run_that_nobody_holds(store: Store) -> None:
    run_id = new_run(store, None)
    store.runs.update(run_id, status=Status.INTERRUPTED)
    assert store.runs.claim(run_id, "first")
    assert not store.runs.claim(run_id, "second")
    assert store.runs.get(run_id).owner == "first"


# --- losses ---

SLICES = st.lists(st.integers(0, 3000), min_size=1, max_size=6)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(slices=SLICES, after=st.integers(0, 9000))
def test_losses_come_back_however_they_were_sliced(store: Store, slices: list[int], after: int) -> None:
    run_id, epoch = new_run(store), 0
    for size in slices:
        store.losses.append(run_id, epoch + 1, array("f", range(epoch + 1, epoch + size + 1)))
        epoch += size
    found = store.losses.read(run_id, after)
    assert [v for chunk in found for v in chunk.values] == list(range(after + 1, epoch + 1))
    assert all(chunk.values[0] == chunk.first_epoch for chunk in found)
    assert sum(chunk.count for chunk in store.losses.summary(run_id)) == epoch


def test_the_summary_holds_the_extremes_of_finite_losses(store: Store) -> None:
    run_id = new_run(store)
    store.losses.append(run_id, 1, array("f", [3, 1, math.inf]))
    store.losses.append(run_id, 4, array("f", [math.nan, 7]))
    store.losses.append(run_id, 6, array("f", [math.nan] * CHUNK))
    first, second = store.losses.summary(run_id)
    assert (first.lowest, first.highest, first.count) == (1, 7, CHUNK)
    assert (second.lowest, second.highest) == (None, None)


@pytest.mark.parametrize("epoch", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2500])
def test_a_resumed_run_forgets_what_came_after_its_state(store: Store, epoch: int) -> None:
    run_id = new_run(store)
    store.losses.append(run_id, 1, array("f", range(1, 2501)))
    store.history.add_snapshots(
        run_id, [SnapshotRow(e, {}, array("f", [1.0]), 0.0) for e in range(0, 2501, 100)]
    )
    store.history.truncate(run_id, epoch, ())
    kept = [v for chunk in store.losses.read(run_id) for v in chunk.values]
    assert kept == list(range(1, epoch + 1))
    assert all(s.epoch <= epoch for s in store.history.snapshots(run_id))
    store.losses.append(run_id, epoch + 1, array("f", [7.0]))
    assert store.losses.read(run_id, epoch)[0].values == array("f", [7.0])


def test_ten_million_epochs_take_at_most_six_bytes_each(store: Store, home: Path) -> None:
    run_id = new_run(store)
    part = array("f", [0.5]) * 100_000
    for first in range(1, 1_000_001, 100_000):
        store.losses.append(run_id, first, part)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert (home / "lrtui.db").stat().st_size / 1_000_000 <= 6


# --- history ---


def test_snapshots_changes_and_checkpoints_come_back(store: Store) -> None:
    run_id = new_run(store)
    row = SnapshotRow(5, {"train_loss": 0.5, "test_auc": None}, array("f", [0.1, -2.0]), 0.25)
    store.history.add_snapshots(run_id, [row])
    store.history.add_changes(run_id, [Change(5, "lr", 0.1, 0.2)])
    store.history.set_checkpoint(run_id, 5, b"state")
    assert store.history.snapshots(run_id) == [row]
    assert store.history.newest_snapshot(run_id) == row
    assert store.history.changes(run_id) == [Change(5, "lr", 0.1, 0.2)]
    assert store.history.checkpoint(run_id) == (5, b"state")
    store.history.drop_checkpoint(run_id)
    assert store.history.checkpoint(run_id) is None


def test_weights_and_biases_that_are_not_finite_survive(store: Store) -> None:
    run_id = new_run(store)
    bad = SnapshotRow(1, {}, array("f", [math.nan, math.inf]), math.nan)
    store.history.add_snapshots(run_id, [bad])
    found = store.history.newest_snapshot(run_id)
    assert found is not None
    assert math.isnan(found.weights[0])
    assert found.weights[1] == math.inf
    assert math.isnan(found.bias)


# --- commands ---


def test_each_command_is_taken_once_in_order_by_its_owner_alone(store: Store) -> None:
    sent = [Pause(1), ChangeConfig(1, {"lr": 0.5}), Suggest(Source("moons"), changed(Config(), lr=2.0))]
    store.commands.send("b", Stop(2))
    for message in sent:
        store.commands.send("a", message)
    assert [command.message for command in store.commands.take("a")] == sent
    assert store.commands.take("a") == []
    assert [command.message for command in store.commands.take("b")] == [Stop(2)]


def test_a_reader_notices_that_another_process_wrote(store: Store) -> None:
    before = store.version()
    code = (
        "from lrtui.core.store import Store; from lrtui.core.config import Config;"
        "from lrtui.datasets.source import Source;"
        "s = Store(); s.runs.create(Source('xor'), Config(), origin='other', owner=None)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert store.version() != before
    assert store.runs.recent(1)[0].origin == "other"


def test_a_failed_transaction_leaves_nothing_behind(store: Store) -> None:
    def fails() -> None:
        with store.transaction():
            new_run(store)
            raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        fails()
    assert store.runs.recent() == []


# --- the file ---


def test_files_are_for_their_owner_alone(store: Store, home: Path) -> None:
    new_run(store)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for name in ("lrtui.db", "lrtui.db-wal", "lrtui.db-shm"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name


def test_a_store_of_a_newer_version_is_left_alone(home: Path) -> None:
    Store().close()
    with sqlite3.connect(home / "lrtui.db") as connection:
        connection.execute(f"PRAGMA user_version = {VERSION + 1}")
    connection.close()
    with pytest.raises(StoreError, match="newer lrtui"):
        Store()
    assert not list(home.glob("*.corrupt*"))


def test_another_programs_database_is_left_alone(home: Path) -> None:
    home.mkdir()
    with sqlite3.connect(home / "lrtui.db") as connection:
        connection.execute("CREATE TABLE theirs (x)")
    connection.close()
    with pytest.raises(StoreError, match="another program"):
        Store()


def test_a_corrupt_store_is_set_aside_and_never_deleted(home: Path) -> None:
    home.mkdir()
    (home / "lrtui.db").write_bytes(b"not a database " * 100)
    with Store() as store:
        assert store.notice is not None
        assert "set aside" in store.notice
        new_run(store)
    (aside,) = home.glob("lrtui.db.corrupt-*")
    assert aside.read_bytes().startswith(b"not a database")
    with Store() as again:
        assert again.notice is None
        assert len(again.runs.recent()) == 1


def test_a_store_that_turns_out_damaged_in_use_is_set_aside_at_the_next_start(home: Path) -> None:
    with Store() as store:
        for _ in range(200):
            new_run(store)
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = home / "lrtui.db"
    data = bytearray(path.read_bytes())
    schema_ends = 40 * 4096  # and with it the first page of each table
    data[schema_ends:] = b"\xff" * (len(data) - schema_ends)
    path.write_bytes(data)

    def read_and_write(store: Store) -> None:
        for _ in range(200):
            store.runs.recent()
            new_run(store)

    with Store() as store, pytest.raises(StoreError, match=r"damaged.*Start lrtui again"):
        read_and_write(store)
    with Store() as store:
        assert store.notice is not None
        assert store.runs.recent() == []
    assert list(home.glob("lrtui.db.corrupt-*"))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LRTUI_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(StoreError, match="LRTUI_HOME"):
        Store()


def test_a_full_disk_is_a_sentence_and_nothing_half_written(store: Store) -> None:
    run_id = new_run(store)
    pages = store.execute("PRAGMA page_count").fetchone()[0]
    store.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match=r"full\. Free some space"):
        store.losses.append(run_id, 1, array("f", [1.0]) * 100_000)
    assert store.losses.read(run_id) == []
    store.execute("PRAGMA max_page_count = 1000000")
    store.losses.append(run_id, 1, array("f", [1.0]))
    assert len(store.losses.read(run_id)) == 1


def test_a_store_that_another_program_holds_is_a_sentence(
    store: Store, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(home / "lrtui.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StoreError, match="held by another program"):
            new_run(store)
    finally:
        other.close()
