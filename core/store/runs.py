"""The table of runs: making, reading and moving them from status to status."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from lrtui.core.config import Config
from lrtui.core.errors import StoreLostError, UnreadableError
from lrtui.core.store.checksums import checksum_of
from lrtui.core.store.database import Database
from lrtui.core.store.history import HistoryTable
from lrtui.core.store.reading import is_owner
from lrtui.core.store.records import Failure, Run, Status
from lrtui.core.store.run_rows import ASKED, read_run
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

LARGEST = 2**63 - 1  # number that SQLite holds
_LIVE = "('queued', 'running', 'paused')"
_UNENDED = "('queued', 'running', 'paused', 'interrupted')"
_HAS_STATE = "EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id)"
_BRANCH = "(SELECT parent || '@' || epoch FROM branches WHERE run_id = runs.id)"
_SELECT = f"SELECT *, {_HAS_STATE} AS has_state, {_BRANCH} AS branch FROM runs"  # noqa: S608


class RunTable:
    """Runs by id, newest first."""

    def __init__(self, database: Database, history: HistoryTable) -> None:
        self._database, self._history = database, history

    def create(self, source: Source, config: Config, *, origin: str, owner: str | None) -> int:
        """A new run, queued; ``owner`` is the process that will train it."""
        options, text = json.dumps(source.to_dict()), config.model_dump_json()
        asked = source.name, source.target, source.positive, options, text
        columns: dict[str, Any] = dict(zip(ASKED, asked, strict=True))
        columns |= {"status": Status.QUEUED, "origin": origin, "owner": owner, "created": time.time()}
        return self._database.insert("runs", **columns, checksum=checksum_of(*asked))

    def get(self, run_id: int) -> Run:
        """One run.

        Raises:
            UnreadableError: there is no such run, and it names the newest, or its row is damaged.
        """
        found = self.look_up(run_id)
        if found.status is Status.UNREADABLE and found.failure is not None:
            raise UnreadableError(found.failure.what, found.failure.fix)
        return found

    def look_up(self, run_id: int) -> Run:
        """One run, to be shown; a damaged row is a run that is unreadable.

        Raises:
            UnreadableError: there is no such run; names the newest.
        """
        known = abs(run_id) <= LARGEST
        row = self._database.row(f"{_SELECT} WHERE id = ?", (run_id,)) if known else None
        if row is None:
            newest = self._database.row("SELECT max(id) AS id FROM runs")
            last = newest["id"] if newest is not None else None
            raise UnreadableError(
                f"There is no run {run_id}.",
                f"The newest is run {last}; lrtui runs lists them all."
                if last is not None
                else "No run is stored yet; lrtui train makes one.",
            )
        return read_run(row)

    def recent(self, limit: int | None = None, *, removed: bool = False) -> list[Run]:
        """The newest runs, newest first; a damaged row is a run that is unreadable.

        Those that were put away are left out; with ``removed`` they alone are told.
        """
        which = "NOT NULL" if removed else "NULL"
        rows = self._database.rows(
            f"{_SELECT} WHERE removed IS {which} ORDER BY id DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return [read_run(row) for row in rows]

    def stamps(self, limit: int) -> dict[int, tuple[object, ...]]:
        """Of the newest runs, newest first, something small that is another one once a run has got on.

        Nothing is parsed, however much a row holds.
        """
        rows = self._database.rows(
            "SELECT id, status, owner, epoch, seconds, config, failure, heeded, labels FROM runs"
            " WHERE removed IS NULL ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return {row["id"]: tuple(row) for row in rows}

    def live(self) -> list[Run]:
        """Runs that are queued, running or paused, newest first."""
        rows = self._database.rows(f"{_SELECT} WHERE status IN {_LIVE} ORDER BY id DESC")
        return [run for run in map(read_run, rows) if run.status.live]

    def update(self, run_id: int, **columns: Any) -> None:
        """Set columns of a run; records and dicts are kept as JSON."""
        if "config" in columns:
            columns |= {
                "config": (text := _column(columns["config"])),
                "checksum": self._checksum(run_id, text),
            }
        names = ", ".join(f"{name} = ?" for name in columns)
        self._database.execute(
            f"UPDATE runs SET {names} WHERE id = ?",  # noqa: S608
            (*(_column(value) for value in columns.values()), run_id),
        )

    def fail(self, run_id: int, failure: Failure) -> None:
        """Mark a run as failed, with the reason.

        Where only its data is not to be had now, and there is a state to go on from, nothing of it failed:
        it is interrupted, or finished as before where it has all of its epochs, and can be taken up again.
        """
        status = Status.FAILED
        if failure.title == DatasetError.title and (run := self.get(run_id)).has_state:
            status = Status.FINISHED if run.epoch >= run.config.epochs else Status.INTERRUPTED
        self.update(run_id, status=status, failure=failure, ended=time.time(), owner=None)

    def interrupt_orphans(self, alive: Callable[[str], bool]) -> list[int]:
        """Mark live runs whose owner is gone as interrupted; returns their ids.

        A paused run without an owner was put down in good order; it stays paused. Whatever else has no
        owner that lives is free for anybody, however its process died.
        """
        gone = []
        rows = self._database.rows(  # asked twice a second: an index finds both
            f"SELECT id, owner FROM runs WHERE status IN {_UNENDED} AND owner >= ''"  # noqa: S608
            " UNION ALL SELECT id, owner FROM runs WHERE status IN ('queued', 'running') AND owner IS NULL"
            " ORDER BY id"
        )
        for row in rows:
            if is_owner(row["owner"]) and alive(row["owner"]):
                continue
            changed = self._database.execute(
                "UPDATE runs SET status = 'interrupted', ended = coalesce(ended, ?),"  # noqa: S608
                " owner = NULL WHERE id = ? AND owner IS ?"
                f" AND status IN {_UNENDED}",
                (time.time(), row["id"], row["owner"]),
            )
            if changed.rowcount:
                gone.append(int(row["id"]))
        return gone

    def fail_damaged(self) -> None:
        """Mark runs as failed that nobody could take up, since the state they are kept in is damaged."""
        rows = self._database.rows(
            f"{_SELECT} WHERE owner IS NULL AND status IN ('interrupted', 'paused')",
        )
        for run in (run for run in map(read_run, rows) if run.resumable):
            try:
                self._history.checkpoint(run.id)
            except UnreadableError as error:
                self.fail(run.id, Failure.of(error))

    def owner_of(self, run_id: int) -> str | None:
        """The process that holds a run that is being trained; ``None`` where nobody does.

        Raises:
            StoreLostError: another program has removed it.
        """
        row = self._database.row("SELECT owner FROM runs WHERE id = ?", (run_id,))
        if row is None:
            where = quote(str(self._database.path))
            what = f"Run {run_id} was removed from the store {where} while it trained."
            raise StoreLostError(what, "Start lrtui again.")
        return row["owner"]  # type: ignore[no-any-return]

    def claim(self, run_id: int, owner: str, *, further: bool = False) -> bool:
        """Take up a run that rests, or was stopped, and that nobody holds; with ``further`` a finished one.

        One that was put away is on the lists again: what goes on is nobody's to remove.

        False where somebody else was faster, or where one that has ended has no state to go on from.

        Raises:
            UnreadableError: that state is damaged; the run stays as it was stopped.
        """
        ended = "('stopped', 'finished')" if further else "('stopped')"
        has_ended = f"SELECT 1 FROM runs WHERE id = ? AND status IN {ended}"  # noqa: S608
        if self._database.row(has_ended, (run_id,)) is not None:
            self._history.checkpoint(run_id)
        changed = self._database.execute(
            "UPDATE runs SET status = 'queued', owner = ?, ended = NULL, failure = NULL, removed = NULL"  # noqa: S608
            " WHERE id = ? AND owner IS NULL AND (status IN ('interrupted', 'paused')"
            f" OR (status IN {ended} AND {_HAS_STATE}))",
            (owner, run_id),
        )
        return bool(changed.rowcount)

    def hand_over(self, run_id: int, owner: str, to: str) -> bool:
        """Give a run that has not begun to another process; False where it is no longer this owner's."""
        changed = self._database.execute(
            "UPDATE runs SET owner = ? WHERE id = ? AND owner = ? AND status = 'queued'",
            (to, run_id, owner),
        )
        return bool(changed.rowcount)

    def _checksum(self, run_id: int, config: str) -> int | None:
        """That of a run with another config."""
        row = self._database.row(
            "SELECT dataset, target, positive, options FROM runs WHERE id = ?", (run_id,)
        )
        return None if row is None else checksum_of(*row, config)


class RecentRuns:
    """The newest runs, up to ``limit``, for who looks over and over: only what has got on is read again."""

    def __init__(self, table: RunTable, limit: int) -> None:
        self._table, self._limit = table, limit
        self._known: dict[tuple[object, ...], Run] = {}  # by the stamp under which it was read

    def read(self) -> list[Run]:
        """The runs, newest first; a damaged row is a run that is unreadable."""
        found = {}
        for run_id, stamp in self._table.stamps(self._limit).items():
            with suppress(UnreadableError):  # it was removed a moment ago
                found[stamp] = self._known.get(stamp) or self._table.look_up(run_id)
        self._known = found
        return list(found.values())


def _column(value: Any) -> Any:
    if isinstance(value, Config):
        return value.model_dump_json()
    if hasattr(value, "to_dict"):
        return json.dumps(value.to_dict())
    return json.dumps(value) if isinstance(value, dict) else value
