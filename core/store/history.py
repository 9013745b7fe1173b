"""What a run leaves behind beside its losses: snapshots, changes and the state to resume from."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from functools import partial
from math import isnan, nan

from lrtui.core.config import Change, Config
from lrtui.core.errors import UnreadableError
from lrtui.core.store.checksums import checksum_of, holds
from lrtui.core.store.database import Database
from lrtui.core.store.losses import LossTable, pack, unpack
from lrtui.core.store.reading import DAMAGE, attempted, parsed
from lrtui.core.store.records import Run, SnapshotRow
from lrtui.core.training.measurement import as_numbers


class HistoryTable:
    """Snapshots, changes and checkpoints by run."""

    def __init__(self, database: Database, losses: LossTable) -> None:
        self._database, self._losses = database, losses

    def add_snapshots(self, run_id: int, snapshots: Iterable[SnapshotRow]) -> None:
        """Keep snapshots; one at an epoch that is there already replaces it."""
        for snapshot in snapshots:
            measurement, weights = json.dumps(snapshot.measurement), pack(snapshot.weights)
            bias = None if isnan(snapshot.bias) else float(snapshot.bias)
            kept = checksum_of(snapshot.epoch, measurement, weights, bias)
            row = {"measurement": measurement, "weights": weights, "bias": bias, "checksum": kept}
            self._database.insert("snapshots", replace=True, run_id=run_id, epoch=snapshot.epoch, **row)

    def snapshots(self, run_id: int, after_epoch: int = -1) -> list[SnapshotRow]:
        """The snapshots after an epoch, in order; damaged ones are left out."""
        rows = self._database.rows(
            "SELECT * FROM snapshots WHERE run_id = ? AND epoch > ? ORDER BY epoch",
            (run_id, after_epoch),
        )
        return [found for row in rows if (found := _snapshot(row)) is not None]

    def newest_snapshot(self, run_id: int) -> SnapshotRow | None:
        """The last snapshot of a run, if there is one and it can be read."""
        row = self._database.row(
            "SELECT * FROM snapshots WHERE run_id = ? ORDER BY epoch DESC LIMIT 1", (run_id,)
        )
        return None if row is None else _snapshot(row)

    def snapshot(self, run_id: int, epoch: int) -> SnapshotRow | None:
        """The snapshot of an epoch, if there is one and it can be read."""
        row = self._database.row("SELECT * FROM snapshots WHERE run_id = ? AND epoch = ?", (run_id, epoch))
        return None if row is None else _snapshot(row)

    def nearest(self, run_id: int, epoch: int) -> SnapshotRow | None:
        """The snapshot nearest to an epoch, of those that can be read; of two the earlier."""
        rows = self._database.rows(
            "SELECT epoch FROM snapshots WHERE run_id = ? ORDER BY abs(epoch - ?), epoch", (run_id, epoch)
        )
        found = (self.snapshot(run_id, row["epoch"]) for row in rows)
        return next((one for one in found if one is not None), None)

    def beside(self, run_id: int, epoch: int, direction: int) -> SnapshotRow | None:
        """The next snapshot after an epoch, or the last before it, of those that can be read."""
        after = direction > 0
        rows = self._database.rows(
            f"SELECT epoch FROM snapshots WHERE run_id = ? AND epoch {'>' if after else '<'} ?"  # noqa: S608
            f" ORDER BY epoch {'ASC' if after else 'DESC'}",
            (run_id, epoch),
        )
        found = (self.snapshot(run_id, row["epoch"]) for row in rows)
        return next((one for one in found if one is not None), None)

    def shown_snapshot(self, run: Run) -> SnapshotRow | None:
        """The one by which a run is judged: its best epoch where that is shown, else the last."""
        best = run.shown_best
        return self.newest_snapshot(run.id) if best is None else self.snapshot(run.id, best.epoch)

    def add_changes(self, run_id: int, changes: Iterable[Change]) -> None:
        """Keep what was changed while the run went on."""
        for change in changes:
            old, new = json.dumps(change.old), json.dumps(change.new)
            self._database.insert(
                "changes", run_id=run_id, epoch=change.epoch, field=change.field, old=old, new=new
            )

    def changes(self, run_id: int) -> list[Change]:
        """Every change of a run, in order."""
        rows = self._database.rows("SELECT * FROM changes WHERE run_id = ? ORDER BY id", (run_id,))
        return [found for row in rows if (found := attempted(partial(_change, row))) is not None]

    def set_checkpoint(self, run_id: int, epoch: int, state: bytes) -> None:
        """Keep the trainer's state at an epoch in place of an earlier one."""
        kept = checksum_of(epoch, state)
        self._database.insert(
            "checkpoints", replace=True, run_id=run_id, epoch=epoch, state=state, checksum=kept
        )

    def checkpoint(self, run_id: int) -> tuple[int, bytes] | None:
        """The epoch and state to resume from, if there is one.

        Raises:
            UnreadableError: they are not as they were written.
        """
        row = self._database.row(
            "SELECT epoch, state, checksum FROM checkpoints WHERE run_id = ?", (run_id,)
        )
        if row is None:
            return None
        epoch, state = row["epoch"], row["state"]
        plain = isinstance(epoch, int) and epoch >= 0 and isinstance(state, bytes)
        if not plain or not holds(row["checksum"], checksum_of(epoch, state)):
            raise UnreadableError(
                f"The stored state of run {run_id} is damaged: to go on from it could give other weights.",
                "Start the run anew; what it has shown so far can still be read.",
            )
        return epoch, state

    def damaged(self, run_id: int) -> int:
        """How many snapshots cannot be read any more."""
        rows = self._database.rows("SELECT * FROM snapshots WHERE run_id = ?", (run_id,))
        return sum(_snapshot(row) is None for row in rows)

    def drop_checkpoint(self, run_id: int) -> None:
        """Forget the state of a run that has ended."""
        self._database.execute("DELETE FROM checkpoints WHERE run_id = ?", (run_id,))

    def truncate(self, run_id: int, epoch: int, changes: Iterable[Change]) -> None:
        """Forget what came after an epoch, and all changes but these: a resumed run makes it again."""
        with self._database.transaction():
            self._losses.truncate(run_id, epoch)
            self._database.execute("DELETE FROM snapshots WHERE run_id = ? AND epoch > ?", (run_id, epoch))
            self._database.execute("DELETE FROM changes WHERE run_id = ?", (run_id,))
            self.add_changes(run_id, changes)


def _snapshot(row: sqlite3.Row) -> SnapshotRow | None:
    """A snapshot, or ``None`` where it is not as it was written."""
    epoch, measurement, weights, bias = (row[name] for name in ("epoch", "measurement", "weights", "bias"))
    if not holds(row["checksum"], checksum_of(epoch, measurement, weights, bias)):
        return None
    if not (isinstance(epoch, int) and epoch >= 0 and isinstance(bias, float | int | None)):
        return None
    try:  # SQLite keeps NaN as NULL
        return SnapshotRow(
            epoch, as_numbers(parsed(measurement)), unpack(weights), nan if bias is None else bias
        )
    except DAMAGE:
        return None


def _change(row: sqlite3.Row) -> Change:
    if row["field"] not in Config.model_fields:
        raise ValueError("no field")
    return Change(row["epoch"], row["field"], json.loads(row["old"]), json.loads(row["new"]))
