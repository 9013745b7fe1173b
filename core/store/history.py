"""What a run leaves behind beside its losses: snapshots, changes and the state to resume from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import TYPE_CHECKING

from lrtui.core.store.losses import pack, unpack
from lrtui.core.store.records import Change, SnapshotRow
from lrtui.core.training.measurement import as_numbers

if TYPE_CHECKING:
    from lrtui.core.store.store import Store


class HistoryTable:
    """Snapshots, changes and checkpoints by run."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add_snapshots(self, run_id: int, snapshots: Iterable[SnapshotRow]) -> None:
        """Keep snapshots; one at an epoch that is there already replaces it."""
        for snapshot in snapshots:
            self._store.execute(
                "INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?, ?, ?)",
                (
                    run_id,
                    snapshot.epoch,
                    json.dumps(snapshot.measurement),
                    pack(snapshot.weights),
                    snapshot.bias,
                ),
            )

    def snapshots(self, run_id: int, after_epoch: int = -1) -> list[SnapshotRow]:
        """The snapshots after an epoch, in order."""
        rows = self._store.rows(
            "SELECT * FROM snapshots WHERE run_id = ? AND epoch > ? ORDER BY epoch",
            (run_id, after_epoch),
        )
        return [_snapshot(row) for row in rows]

    def newest_snapshot(self, run_id: int) -> SnapshotRow | None:
        """The last snapshot of a run, if there is one."""
        row = self._store.row(
            "SELECT * FROM snapshots WHERE run_id = ? ORDER BY epoch DESC LIMIT 1", (run_id,)
        )
        return None if row is None else _snapshot(row)

    def add_changes(self, run_id: int, changes: Iterable[Change]) -> None:
        """Keep what was changed while the run went on."""
        for change in changes:
            self._store.execute(
                "INSERT INTO changes (run_id, epoch, field, old, new) VALUES (?, ?, ?, ?, ?)",
                (
                    run_id,
                    change.epoch,
                    change.field,
                    json.dumps(change.old),
                    json.dumps(change.new),
                ),
            )

    def changes(self, run_id: int) -> list[Change]:
        """Every change of a run, in order."""
        return [
            Change(row["epoch"], row["field"], json.loads(row["old"]), json.loads(row["new"]))
            for row in self._store.rows("SELECT * FROM changes WHERE run_id = ? ORDER BY id", (run_id,))
        ]

    def set_checkpoint(self, run_id: int, epoch: int, state: bytes) -> None:
        """Keep the trainer's state at an epoch in place of an earlier one."""
        self._store.execute("INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?)", (run_id, epoch, state))

    def checkpoint(self, run_id: int) -> tuple[int, bytes] | None:
        """The epoch and state to resume from, if there is one."""
        row = self._store.row("SELECT epoch, state FROM checkpoints WHERE run_id = ?", (run_id,))
        return None if row is None else (int(row["epoch"]), bytes(row["state"]))

    def drop_checkpoint(self, run_id: int) -> None:
        """Forget the state of a run that has ended."""
        self._store.execute("DELETE FROM checkpoints WHERE run_id = ?", (run_id,))

    def truncate(self, run_id: int, epoch: int, changes: Iterable[Change]) -> None:
        """Forget what came after an epoch, and all changes but these: a resumed run makes it again."""
        with self._store.transaction():
            self._store.losses.truncate(run_id, epoch)
            self._store.execute("DELETE FROM snapshots WHERE run_id = ? AND epoch > ?", (run_id, epoch))
            self._store.execute("DELETE FROM changes WHERE run_id = ?", (run_id,))
            self.add_changes(run_id, changes)


def _snapshot(row: sqlite3.Row) -> SnapshotRow:
    bias = row["bias"]  # SQLite keeps NaN as NULL
    return SnapshotRow(
        row["epoch"],
        as_numbers(json.loads(row["measurement"])),
        unpack(row["weights"]),
        float("nan") if bias is None else bias,
    )
