"""What processes leave for each other: commands to the owner of a run, and what engines announce."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from functools import partial

from lrtui.core.store.database import Table
from lrtui.core.store.messages import Command, Message, RunMessage, read_message
from lrtui.core.store.reading import attempted, is_owner, parsed


class CommandTable(Table):
    """Commands wait here until their owner takes them; each is taken once, in order."""

    def send(self, owner: str, message: Message) -> int:
        """Leave a message for a process; returns the id that answers to it carry."""
        run_id = message.run_id if isinstance(message, RunMessage) else None
        payload, now = message.to_json(), time.time()
        return self._database.insert(
            "commands", owner=owner, kind=message.kind, run_id=run_id, payload=payload, created=now
        )

    def take(self, owner: str, kind: str = "") -> list[Command]:
        """The commands that wait for a process, all or of one kind; they are then gone from the store.

        One that cannot be read is gone too.
        """
        self._database.check()
        waiting = self._database.row("SELECT 1 FROM commands WHERE owner = ?", (owner,))
        if waiting is None:
            return []
        these, whose = "owner = ?1 AND ?2 IN ('', kind)", (owner, kind)
        with self._database.transaction():
            rows = self._database.rows(f"SELECT * FROM commands WHERE {these} ORDER BY id", whose)  # noqa: S608
            self._database.execute(f"DELETE FROM commands WHERE {these}", whose)  # noqa: S608
        return [found for row in rows if (found := attempted(partial(_command, row))) is not None]


class EngineTable(Table):
    """Engines that are there."""

    def announce(self, owner: str, pid: int) -> None:
        """Say that an engine is there, and warm."""
        self._database.insert("engines", replace=True, owner=owner, pid=pid, started=time.time(), ready=1)

    def knows(self, owner: str) -> bool:
        """Whether an engine announced itself."""
        return self._database.row("SELECT 1 FROM engines WHERE owner = ?", (owner,)) is not None

    def waiting_since(self, owner: str) -> float | None:
        """When the oldest command that an engine has not yet taken was left (seconds of the epoch)."""
        row = self._database.row("SELECT min(created) AS since FROM commands WHERE owner = ?", (owner,))
        return None if row is None or not isinstance(row["since"], float) else row["since"]

    def leave(self, owner: str) -> None:
        """Say that an engine is gone, and drop what waited for it."""
        with self._database.transaction():
            self._database.execute("DELETE FROM engines WHERE owner = ?", (owner,))
            self._database.execute("DELETE FROM commands WHERE owner = ?", (owner,))

    def remove_stale(self, alive: Callable[[str], bool]) -> None:
        """Forget engines that died without leaving."""
        for row in self._database.rows("SELECT owner FROM engines"):
            if not is_owner(row["owner"]) or not alive(row["owner"]):
                self.leave(row["owner"])


def _command(row: sqlite3.Row) -> Command:
    about = {} if row["run_id"] is None else {"run_id": row["run_id"]}
    return Command(row["id"], read_message(row["kind"], {**parsed(row["payload"]), **about}))
