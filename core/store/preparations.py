"""How the table of a run was prepared, kept so that other rows can be taken in the same way."""

from __future__ import annotations

from lrtui.core.store.checksums import checksum_of, holds
from lrtui.core.store.database import Table


class PreparationTable(Table):
    """Preparations by run, as ``Preparation.pack`` tells them."""

    def put(self, run_id: int, info: bytes) -> None:
        """Keep one in place of an earlier one."""
        self._database.insert(
            "preparations", replace=True, run_id=run_id, info=info, checksum=checksum_of(info)
        )

    def get(self, run_id: int) -> bytes | None:
        """What is kept of a run; ``None`` where nothing is, or where it is damaged."""
        row = self._database.row("SELECT info, checksum FROM preparations WHERE run_id = ?", (run_id,))
        if row is None or not isinstance(row["info"], bytes):
            return None
        return row["info"] if holds(row["checksum"], checksum_of(row["info"])) else None
