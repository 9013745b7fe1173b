"""A row of the table of runs as a record; a damaged one is told as a run that is unreadable."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store.checksums import checksum_of, holds
from lrtui.core.store.labels import read_labels
from lrtui.core.store.reading import DAMAGE, attempted, conforms, is_owner, parsed, whole
from lrtui.core.store.records import BestEpoch, Branch, Failure, ProblemFacts, Run, Status
from lrtui.core.training.measurement import BINS, Measurement, as_numbers
from lrtui.datasets.classes import is_binary
from lrtui.datasets.source import Source

UNKNOWN = Source("?")
ASKED = ("dataset", "target", "positive", "options", "config")  # what the checksum is of
PLAIN = (
    "origin",
    "owner",
    "created",
    "started",
    "ended",
    "seconds",
    "epoch",
    "diverged_at",
    "heeded",
    "removed",
)


def read_run(row: sqlite3.Row) -> Run:
    """The run that a row holds; where it cannot be read, one of that status with the reason."""
    try:
        return _run(row)
    except DAMAGE as error:
        return _unreadable(row, error)


def _run(row: sqlite3.Row) -> Run:
    asked = [row[name] for name in ASKED]
    if not holds(row["checksum"], checksum_of(*asked)):
        raise StoreError("What it was asked for is not as it was written.", "")
    owner, problem, measured, failure = (row[n] for n in ("owner", "problem", "measured", "failure"))
    if owner is not None and not is_owner(owner):
        raise ValueError("the owner is none")
    run = whole(
        Run(
            id=row["id"],
            source=_source(row),
            config=_config(row["config"]),
            status=_status(row["status"]),
            problem=None if problem is None else ProblemFacts.from_dict(parsed(problem)),
            measured=None if measured is None else _measured(measured),
            failure=None if failure is None else Failure.from_dict(parsed(failure)),
            has_state=bool(row["has_state"]),
            labels=read_labels(row["labels"]),
            best=None if row["best"] is None else BestEpoch.from_dict(parsed(row["best"])),
            branch=None if row["branch"] is None else Branch.parsed(row["branch"]),
            **{name: row[name] for name in PLAIN},
        )
    )
    if run.problem and run.measured and run.problem.classes**2 != len(run.measured["confusion"]):
        raise ValueError("the measurement is of another number of classes")
    if not 0 <= (run.started or 0) < 1e11 or not run.seconds >= 0:
        raise ValueError("times")
    if run.epoch < 0 or (run.diverged_at or 0) < 0:
        raise ValueError("epochs")
    return run


def _unreadable(row: sqlite3.Row, error: Exception) -> Run:
    """What is shown of a damaged row: its number, and its dataset where that is known."""
    source = attempted(lambda: _source(row)) or UNKNOWN
    what = f"Run {row['id']} cannot be read: its row in the store is damaged."
    if isinstance(error, StoreError):
        what = f"Run {row['id']} cannot be read: what it was asked for is not as it was written."
    failure = Failure("Store", what, "Train it anew; every other run is as it was.")
    return Run(row["id"], source, Config(), Status.UNREADABLE, failure=failure)


def _status(text: object) -> Status:
    found = Status(str(text))
    if found is Status.UNREADABLE:
        raise ValueError("a status that is never stored")
    return found


def _source(row: sqlite3.Row) -> Source:
    given = {"name": row["dataset"], "target": row["target"], "positive": row["positive"]}
    return Source.from_dict({**parsed(row["options"]), **given})


def _config(text: str) -> Config:
    """A stored config; fields that this version does not know are left out."""
    data = json.loads(text)
    return Config.model_validate({k: v for k, v in data.items() if k in Config.model_fields})


def _measured(text: str) -> dict[str, Any]:
    """The newest measurement, as JSON, once it is known to be one."""
    data = as_numbers(parsed(text))
    measurement_of(data)
    return data


def measurement_of(data: dict[str, Any]) -> Measurement:
    """The measurement that a dict holds.

    Raises:
        Exception: one of ``DAMAGE``; it holds none.
    """
    found = Measurement.from_json(data)
    known = conforms(found, Measurement) and found.classes > 1
    if (
        not known
        or found.classes**2 != len(found.confusion)
        or not 0 <= found.majority_label < found.classes
    ):
        raise ValueError("no measurement")
    if is_binary(found.classes) and any(len(counts) != BINS for counts in found.histogram):
        raise ValueError("no histogram")
    return found
