"""What processes tell each other: commands to the owner of a run, and what engines announce."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from lrtui.core.store.reading import attempted, is_owner, parsed
from lrtui.core.store.records import Command, Description, EngineRecord, Failure
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.store.store import Store


UNREADABLE = Failure(
    "Store", "What was found out of this dataset cannot be read: its row is damaged.", "Open it again."
)


class CommandTable:
    """Commands wait here until their owner takes them; each is taken once, in order."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def send(self, owner: str, kind: str, run_id: int | None = None, **payload: Any) -> None:
        """Leave a command for a process."""
        self._store.execute(
            "INSERT INTO commands (owner, kind, run_id, payload, created) VALUES (?, ?, ?, ?, ?)",
            (owner, kind, run_id, json.dumps(payload), time.time()),
        )

    def take(self, owner: str) -> list[Command]:
        """The commands that wait for a process; they are gone from the store afterwards.

        One that cannot be read is gone too.
        """
        self._store.check()
        waiting = self._store.row("SELECT 1 FROM commands WHERE owner = ?", (owner,))
        if waiting is None:
            return []
        with self._store.transaction():
            rows = self._store.rows("SELECT * FROM commands WHERE owner = ? ORDER BY id", (owner,))
            self._store.execute("DELETE FROM commands WHERE owner = ?", (owner,))
        return [found for row in rows if (found := attempted(partial(_command, row))) is not None]


class EngineTable:
    """Engines, and the datasets that they have looked at."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def announce(self, owner: str, pid: int, *, ready: bool, info: dict[str, Any]) -> None:
        """Say that an engine is there, or that it is warm."""
        self._store.execute(
            "INSERT INTO engines VALUES (?, ?, ?, ?, ?) ON CONFLICT (owner) DO UPDATE SET"
            " ready = excluded.ready, info = excluded.info",
            (owner, pid, time.time(), int(ready), json.dumps(info)),
        )

    def get(self, owner: str) -> EngineRecord | None:
        """What an engine announced, if it did yet."""
        row = self._store.row("SELECT * FROM engines WHERE owner = ?", (owner,))
        if row is None:
            return None
        return attempted(
            lambda: EngineRecord(row["owner"], row["pid"], bool(row["ready"]), parsed(row["info"]))
        )

    def waiting_since(self, owner: str) -> float | None:
        """When the oldest command that an engine has not yet taken was left (seconds of the epoch)."""
        row = self._store.row("SELECT min(created) AS since FROM commands WHERE owner = ?", (owner,))
        return None if row is None or not isinstance(row["since"], float) else row["since"]

    def leave(self, owner: str) -> None:
        """Say that an engine is gone, and drop what waited for it."""
        with self._store.transaction():
            self._store.execute("DELETE FROM engines WHERE owner = ?", (owner,))
            self._store.execute("DELETE FROM commands WHERE owner = ?", (owner,))

    def sweep(self, alive: Callable[[str], bool]) -> None:
        """Forget engines that died without leaving."""
        for row in self._store.rows("SELECT owner FROM engines"):
            if not is_owner(row["owner"]) or not alive(row["owner"]):
                self.leave(row["owner"])

    def describe(self, source: Source, description: Description) -> None:
        """Keep what an engine found out about a dataset."""
        self._store.execute(
            "INSERT OR REPLACE INTO descriptions VALUES (?, ?, ?)",
            (source_key(source), json.dumps(description.to_dict()), time.time()),
        )

    def description(self, source: Source, since: float = 0.0) -> Description | None:
        """What is known of a dataset, if it was looked at after ``since`` (seconds of the epoch)."""
        row = self._store.row(
            "SELECT info FROM descriptions WHERE source = ? AND made >= ?", (source_key(source), since)
        )
        if row is None:
            return None
        found = attempted(lambda: Description.from_dict(parsed(row["info"])))
        return found or Description(failure=UNREADABLE.to_dict())


def source_key(source: Source) -> str:
    """A source as the key of a table."""
    return json.dumps(source.to_dict(), sort_keys=True)


def _command(row: sqlite3.Row) -> Command:
    return Command(row["id"], row["kind"], row["run_id"], parsed(row["payload"]))
