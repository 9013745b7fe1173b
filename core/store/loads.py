"""How far a process is with reading data: one line for each, gone when it is done."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from functools import partial

from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, parsed
from lrtui.core.store.records import Json


@dataclass(frozen=True)
class Load(Json):
    """Data that is being read or prepared.

    Attributes:
        file: its label, not yet made safe for a terminal. what: is done, ``reading`` or ``preparing``.
        share: of that, from 0 to 1. left: seconds until it is done, where that can be said.
        run: the run that waits for it, if one does.
    """

    file: str
    what: str
    share: float
    left: float | None = None
    run: int | None = None


class LoadTable(Table):
    """Loads by owner."""

    def put(self, owner: str, load: Load) -> None:
        """Say how far a process is."""
        info = json.dumps(load.to_dict())
        self._database.insert("loads", replace=True, owner=owner, info=info, made=time.time())

    def drop(self, owner: str) -> None:
        """A process loads nothing any more."""
        self._database.execute("DELETE FROM loads WHERE owner = ?", (owner,))

    def all(self) -> dict[str, Load]:
        """What every process loads, by owner."""
        rows = self._database.rows("SELECT owner, info FROM loads")
        found = {row["owner"]: attempted(partial(_load, row["info"])) for row in rows}
        return {owner: load for owner, load in found.items() if load is not None}


def _load(info: str) -> Load:
    return Load.from_dict(parsed(info))
