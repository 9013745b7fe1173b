"""Runs that begin with the weights of another: which run and epoch, and the weights themselves.

They are kept with the run, so that it can be begun again whatever becomes of the other.
"""

from __future__ import annotations

from math import isnan, nan

from lrtui.core.errors import UnreadableError
from lrtui.core.store.checksums import checksum_of, holds
from lrtui.core.store.database import Table
from lrtui.core.store.losses import pack, unpack
from lrtui.core.store.reading import DAMAGE
from lrtui.core.store.records import SnapshotRow


class BranchTable(Table):
    """First weights by run."""

    def put(self, run_id: int, parent: int, snapshot: SnapshotRow) -> None:
        """A run is to begin with the weights of a snapshot of the run ``parent``."""
        weights = pack(snapshot.weights)
        bias = None if isnan(snapshot.bias) else float(snapshot.bias)
        kept = checksum_of(parent, snapshot.epoch, weights, bias)
        epoch = snapshot.epoch
        self._database.insert(
            "branches", run_id=run_id, parent=parent, epoch=epoch, weights=weights, bias=bias, checksum=kept
        )

    def weights(self, run_id: int) -> list[float] | None:
        """The weights that a run begins with, bias last; ``None`` where it begins as its config says.

        Raises:
            UnreadableError: they are not as they were written.
        """
        row = self._database.row("SELECT * FROM branches WHERE run_id = ?", (run_id,))
        if row is None:
            return None
        told = (row[name] for name in ("parent", "epoch", "weights", "bias"))
        try:
            if holds(row["checksum"], checksum_of(*told)):
                return [*unpack(row["weights"]), nan if row["bias"] is None else float(row["bias"])]
        except DAMAGE:
            pass
        raise UnreadableError(
            f"The weights that run {run_id} begins with are damaged.", "Branch it off once more."
        )
