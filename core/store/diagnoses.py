"""What the doctor says of runs, one row a run: how far it is, and what came of it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.store.database import Table
from lrtui.core.store.reading import attempted, is_owner, parsed
from lrtui.core.store.records import Run, Status

UNREADABLE = "What the doctor said of this run cannot be read: its row in the store is damaged."


class Work(StrEnum):
    """How far the doctor is with a run."""

    QUEUED = "queued"
    LOOKING = "looking"
    DONE = "done"
    FAILED = "failed"

    @property
    def pending(self) -> bool:
        """There is more to come."""
        return self in (Work.QUEUED, Work.LOOKING)


@dataclass(frozen=True)
class Diagnosed:
    """A run as the doctor has it.

    Attributes:
        epoch: after which the run was looked at. work: how far the doctor is.
        diagnosis: what it said; before the work is done, what a first glance said: nothing is proved.
        failure: why there is none, in a sentence.
        progress: while the doctor looks: the experiments done, and the share of the work that it may take.
    """

    run_id: int
    epoch: int
    work: Work
    diagnosis: Diagnosis | None
    failure: str | None
    progress: tuple[int, float] | None = None

    def tells_of(self, run: Run) -> bool:
        """Whether it is about the state that the run is in, or was last seen in."""
        if self.work.pending:
            return True
        return (
            run.status is not Status.RUNNING
            and self.epoch <= run.epoch
            and (self.epoch == run.epoch or not run.status.live)
        )

    @property
    def letter(self) -> Diagnosis | None:
        """What the whole examination said; ``None`` before its end."""
        return self.diagnosis if self.work is Work.DONE else None

    @property
    def first_glance(self) -> Diagnosis | None:
        """What a look in passing said, while the examination is still to come."""
        return self.diagnosis if self.work.pending else None


class DiagnosisTable(Table):
    """Diagnoses by run."""

    def get(self, run_id: int) -> Diagnosed | None:
        """What the doctor has of a run, if it has anything."""
        row = self._database.row("SELECT * FROM diagnoses WHERE run_id = ?", (run_id,))
        if row is None:
            return None
        return attempted(lambda: _diagnosed(row)) or Diagnosed(run_id, 0, Work.FAILED, None, UNREADABLE)

    def stamp(self, run_id: int) -> tuple[object, ...]:
        """Something small that is another one once there is news."""
        row = self._database.row(
            "SELECT epoch, status, made, progress FROM diagnoses WHERE run_id = ?", (run_id,)
        )
        return () if row is None else tuple(row)

    def stamps(self, first: int, last: int) -> dict[int, tuple[object, ...]]:
        """Of the runs of these ids and between that have a letter, something small that changes with it."""
        rows = self._database.rows(
            "SELECT run_id, epoch, made FROM diagnoses WHERE run_id BETWEEN ? AND ? AND status = 'done'",
            (first, last),
        )
        return {row["run_id"]: tuple(row) for row in rows}

    def begin(self, run_id: int, epoch: int, work: Work, owner: str) -> None:
        """Say that a run waits for the doctor, or is looked at; an earlier letter is forgotten."""
        self._database.execute(
            "INSERT INTO diagnoses (run_id, epoch, status, owner, made) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (run_id) DO UPDATE SET epoch = excluded.epoch, owner = excluded.owner,"
            " info = CASE WHEN status IN ('queued', 'looking') THEN info END, failure = NULL,"
            " status = excluded.status, made = excluded.made, progress = NULL",
            (run_id, epoch, work, owner, time.time()),
        )

    def so_far(self, run_id: int, trials: int, share: float) -> None:
        """Say how far an examination is."""
        self._database.execute(
            "UPDATE diagnoses SET progress = ? WHERE run_id = ? AND status = 'looking'",
            (json.dumps([trials, round(share, 2)]), run_id),
        )

    def owner(self, run_id: int) -> str | None:
        """The process that looks at a run, or will."""
        row = self._database.row(
            "SELECT owner FROM diagnoses WHERE run_id = ? AND status IN ('queued', 'looking')", (run_id,)
        )
        return None if row is None or not is_owner(row["owner"]) else str(row["owner"])

    def glance(self, run_id: int, epoch: int, found: Diagnosis, owner: str) -> None:
        """Keep what a look in passing said; the examination follows when the run rests.

        It never takes the place of a letter about the same epoch.
        """
        self._database.execute(
            "INSERT INTO diagnoses (run_id, epoch, status, owner, info, made)"
            " VALUES (?, ?, 'queued', ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET epoch = excluded.epoch,"
            " status = CASE WHEN status = 'looking' THEN status ELSE excluded.status END,"
            " owner = excluded.owner, info = excluded.info, failure = NULL, made = excluded.made"
            " WHERE status IN ('queued', 'looking') OR excluded.epoch > epoch",
            (run_id, epoch, owner, _told(found), time.time()),
        )

    def note(self, run_id: int, epoch: int, diagnosis: Diagnosis) -> None:
        """Keep the doctor's letter."""
        self._end(run_id, epoch, Work.DONE, _told(diagnosis), None)

    def fail(self, run_id: int, epoch: int, failure: str) -> None:
        """Keep why there is no letter."""
        self._end(run_id, epoch, Work.FAILED, None, failure)

    def drop(self, run_id: int) -> None:
        """Forget what was said of a run."""
        self._database.execute("DELETE FROM diagnoses WHERE run_id = ?", (run_id,))

    def let_go(self, run_id: int) -> None:
        """Nobody looks at a run any more; what a first glance said is kept."""
        self._database.execute(
            "DELETE FROM diagnoses WHERE run_id = ? AND status IN ('queued', 'looking') AND info IS NULL",
            (run_id,),
        )
        self._database.execute(
            "UPDATE diagnoses SET status = 'queued', made = ? WHERE run_id = ? AND status = 'looking'",
            (time.time(), run_id),
        )

    def leave(self, owner: str) -> None:
        """Forget what an engine had begun and will not end."""
        self._database.execute(
            "DELETE FROM diagnoses WHERE owner IS ? AND status IN ('queued', 'looking')",
            (owner,),
        )

    def drop_orphans(self, alive: Callable[[str], bool]) -> bool:
        """Forget what dead engines had begun; returns whether there was any."""
        rows = self._database.rows(
            "SELECT DISTINCT owner FROM diagnoses WHERE status IN ('queued', 'looking')"
        )
        gone = [row["owner"] for row in rows if not is_owner(row["owner"]) or not alive(row["owner"])]
        for owner in gone:
            self.leave(owner)
        return bool(gone)

    def _end(self, run_id: int, epoch: int, work: Work, info: str | None, failure: str | None) -> None:
        row = {"run_id": run_id, "epoch": epoch, "status": work, "info": info, "failure": failure}
        self._database.insert("diagnoses", replace=True, **row, made=time.time())


class Verdicts:
    """What the letters about runs come to, for who looks over and over: only a new letter is read."""

    def __init__(self, table: DiagnosisTable) -> None:
        self._table = table
        self._known: dict[tuple[object, ...], tuple[Diagnosed, Health] | None] = {}  # by stamp

    def read(self, runs: Sequence[Run]) -> dict[int, Health]:
        """The verdicts on runs as they now stand, by the id of the run."""
        if not runs:
            return {}
        ids = [run.id for run in runs]
        stamps = self._table.stamps(min(ids), max(ids))
        self._known = {
            stamp: self._known[stamp] if stamp in self._known else self._verdict(run_id)
            for run_id, stamp in stamps.items()
        }
        found = {}
        for run in runs:
            told = self._known.get(stamps.get(run.id, ()))
            if told is not None and told[0].tells_of(run):
                found[run.id] = told[1]
        return found

    def _verdict(self, run_id: int) -> tuple[Diagnosed, Health] | None:
        """Whose letter it is and what it comes to, without the letter itself."""
        found = self._table.get(run_id)
        if found is None or found.letter is None:
            return None
        return replace(found, diagnosis=None), found.letter.status


def _told(diagnosis: Diagnosis) -> str:
    return json.dumps(asdict(diagnosis), default=_plain)


def _plain(value: Any) -> Any:
    """A number of NumPy as Python's own: the doctor measures with NumPy, which is not known here."""
    return value.item()


def _diagnosed(row: sqlite3.Row) -> Diagnosed:
    info = row["info"]
    return Diagnosed(
        run_id=row["run_id"],
        epoch=row["epoch"],
        work=Work(row["status"]),
        diagnosis=None if info is None else Diagnosis.from_dict(parsed(info)),
        failure=row["failure"],
        progress=_progress(row["progress"]),
    )


def _progress(text: str | None) -> tuple[int, float] | None:
    if text is None:
        return None
    trials, share = json.loads(text)
    return int(trials), float(share)
