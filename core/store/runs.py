"""The table of runs: making, reading and moving them from status to status."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store.records import Failure, ProblemFacts, Run, Status
from lrtui.core.training.measurement import as_numbers
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.store.store import Store

LARGEST = 2**63 - 1  # number that SQLite holds
_LIVE = "('queued', 'running', 'paused')"
_SELECT = "SELECT runs.*, EXISTS (SELECT 1 FROM checkpoints WHERE run_id = runs.id) AS resumable FROM runs"


class RunTable:
    """Runs by id, newest first."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def create(self, source: Source, config: Config, *, origin: str, owner: str | None) -> int:
        """A new run, queued; ``owner`` is the process that will train it."""
        cursor = self._store.execute(
            "INSERT INTO runs (dataset, target, positive, options, config, status, origin, owner, created)"
            " VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?)",
            (
                source.name,
                source.target,
                source.positive,
                json.dumps(source.to_dict()),
                config.model_dump_json(),
                origin,
                owner,
                time.time(),
            ),
        )
        return int(cursor.lastrowid or 0)

    def get(self, run_id: int) -> Run:
        """One run.

        Raises:
            StoreError: there is no such run; names the newest.
        """
        known = abs(run_id) <= LARGEST
        row = self._store.row(f"{_SELECT} WHERE id = ?", (run_id,)) if known else None
        if row is None:
            newest = self._store.row("SELECT max(id) AS id FROM runs")
            last = newest["id"] if newest is not None else None
            raise StoreError(
                f"There is no run {run_id}.",
                f"The newest is run {last}; lrtui runs lists them all."
                if last is not None
                else "No run is stored yet; lrtui train makes one.",
            )
        return _run(row)

    def recent(self, limit: int | None = None) -> list[Run]:
        """The newest runs, newest first."""
        rows = self._store.rows(
            f"{_SELECT} ORDER BY id DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return [_run(row) for row in rows]

    def live(self) -> list[Run]:
        """Runs that are queued, running or paused, newest first."""
        rows = self._store.rows(f"{_SELECT} WHERE status IN {_LIVE} ORDER BY id DESC")
        return [_run(row) for row in rows]

    def update(self, run_id: int, **columns: Any) -> None:
        """Set columns of a run; records and dicts are kept as JSON."""
        names = ", ".join(f"{name} = ?" for name in columns)
        self._store.execute(
            f"UPDATE runs SET {names} WHERE id = ?",  # noqa: S608
            (*(_column(value) for value in columns.values()), run_id),
        )

    def fail(self, run_id: int, failure: Failure) -> None:
        """Mark a run as failed, with the reason."""
        self.update(run_id, status=Status.FAILED, failure=failure, ended=time.time(), owner=None)

    def interrupt_orphans(self, alive: Callable[[str], bool]) -> list[int]:
        """Mark live runs whose owner is gone as interrupted; returns their ids.

        A run without an owner is a paused one that was put down in good order; it stays paused.
        """
        gone = []
        for run in self.live():
            if run.owner is None or alive(run.owner):
                continue
            changed = self._store.execute(
                f"UPDATE runs SET status = 'interrupted', ended = ?, owner = NULL"  # noqa: S608
                f" WHERE id = ? AND owner = ? AND status IN {_LIVE}",
                (time.time(), run.id, run.owner),
            )
            if changed.rowcount:
                gone.append(run.id)
        return gone

    def claim(self, run_id: int, owner: str) -> bool:
        """Take a run that nobody holds (to resume it); False where somebody else was faster."""
        changed = self._store.execute(
            "UPDATE runs SET status = 'queued', owner = ?, ended = NULL, failure = NULL"
            " WHERE id = ? AND owner IS NULL",
            (owner, run_id),
        )
        return bool(changed.rowcount)


def _column(value: Any) -> Any:
    if isinstance(value, Config):
        return value.model_dump_json()
    if hasattr(value, "to_dict"):
        return json.dumps(value.to_dict())
    return json.dumps(value) if isinstance(value, dict) else value


def _run(row: sqlite3.Row) -> Run:
    problem, failure, measured = row["problem"], row["failure"], row["measured"]
    return Run(
        id=row["id"],
        source=_source(row),
        config=_config(row["config"]),
        status=Status(row["status"]),
        origin=row["origin"],
        owner=row["owner"],
        created=row["created"],
        started=row["started"],
        ended=row["ended"],
        seconds=row["seconds"],
        epoch=row["epoch"],
        diverged_at=row["diverged_at"],
        problem=None if problem is None else ProblemFacts.from_dict(json.loads(problem)),
        measured=None if measured is None else as_numbers(json.loads(measured)),
        failure=None if failure is None else Failure(**json.loads(failure)),
        resumable=bool(row["resumable"]),
    )


def _source(row: sqlite3.Row) -> Source:
    given = {"name": row["dataset"], "target": row["target"], "positive": row["positive"]}
    return Source.from_dict({**json.loads(row["options"]), **given})


def _config(text: str) -> Config:
    """A stored config; fields that this version does not know are left out."""
    data = json.loads(text)
    return Config.model_validate({k: v for k, v in data.items() if k in Config.model_fields})
