"""What processes tell each other: commands to the owner of a run, and what engines announce."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lrtui.core.store.records import Command, Description, EngineRecord
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.store.store import Store


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
        """The commands that wait for a process; they are gone from the store afterwards."""
        waiting = self._store.row("SELECT 1 FROM commands WHERE owner = ?", (owner,))
        if waiting is None:
            return []
        with self._store.transaction():
            rows = self._store.rows("SELECT * FROM commands WHERE owner = ? ORDER BY id", (owner,))
            self._store.execute("DELETE FROM commands WHERE owner = ?", (owner,))
        return [Command(row["id"], row["kind"], row["run_id"], json.loads(row["payload"])) for row in rows]


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
        return EngineRecord(row["owner"], row["pid"], bool(row["ready"]), json.loads(row["info"]))

    def leave(self, owner: str) -> None:
        """Say that an engine is gone, and drop what waited for it."""
        with self._store.transaction():
            self._store.execute("DELETE FROM engines WHERE owner = ?", (owner,))
            self._store.execute("DELETE FROM commands WHERE owner = ?", (owner,))

    def sweep(self, alive: Callable[[str], bool]) -> None:
        """Forget engines that died without leaving."""
        for row in self._store.rows("SELECT owner FROM engines"):
            if not alive(row["owner"]):
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
        return None if row is None else Description.from_dict(json.loads(row["info"]))


def source_key(source: Source) -> str:
    """A source as the key of a table."""
    return json.dumps(source.to_dict(), sort_keys=True)
