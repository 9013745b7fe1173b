"""Tables that an engine has looked at for somebody: what it found, or why it could not."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from lrtui.core.store.commands import UNREADABLE, source_key
from lrtui.core.store.reading import attempted, parsed
from lrtui.core.store.records import Failure
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.store.store import Store

KEPT = 20  # inspections; an older one is made anew when it is asked for


class InspectionTable:
    """The newest inspections, by what was asked."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, source: Source, found: Inspection | Failure) -> None:
        """Keep what came of looking at a table, and forget the oldest."""
        name = "failure" if isinstance(found, Failure) else "inspection"
        info = json.dumps({name: found.to_dict()}, allow_nan=False)
        with self._store.transaction():
            self._store.execute(
                "INSERT OR REPLACE INTO inspections VALUES (?, ?, ?)",
                (source_key(source), info, time.time()),
            )
            self._store.execute(
                "DELETE FROM inspections WHERE source NOT IN"
                " (SELECT source FROM inspections ORDER BY made DESC LIMIT ?)",
                (KEPT,),
            )

    def get(self, source: Source, since: float = 0.0) -> Inspection | Failure | None:
        """What came of it, if that was after ``since`` (seconds of the epoch)."""
        row = self._store.row(
            "SELECT info FROM inspections WHERE source = ? AND made >= ?", (source_key(source), since)
        )
        if row is None:
            return None
        return attempted(lambda: _found(row["info"])) or UNREADABLE


def _found(info: str) -> Inspection | Failure:
    found = parsed(info)
    if "failure" in found:
        return Failure.from_dict(found["failure"])
    return Inspection.from_dict(found["inspection"])
