"""A row of the table of runs as a record; a damaged one is told as a run that is unreadable."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache
from typing import Any

from lrtui.core.config import Config
from lrtui.core.errors import StoreError
from lrtui.core.store.checksums import checksum_of
from lrtui.core.store.reading import DAMAGE, a_count, a_number, conforms, is_owner, parsed
from lrtui.core.store.records import Failure, ProblemFacts, Run, Status
from lrtui.core.training.measurement import BINS, Measurement, as_numbers
from lrtui.datasets.source import Source

UNKNOWN = Source("?")
Row = dict[str, Any]


def read_run(row: sqlite3.Row) -> Run:
    """The run that a row holds; where it cannot be read, one of that status with the reason."""
    return _known(tuple(row.keys()), tuple(row))


@lru_cache(256)
def _known(names: tuple[str, ...], values: tuple[Any, ...]) -> Run:
    """The dashboard reads the same rows ten times a second: most of them are as they were."""
    row = dict(zip(names, values, strict=True))
    try:
        return _run(row)
    except DAMAGE as error:
        return _unreadable(row, error)


def _run(row: Row) -> Run:
    asked = [row[name] for name in ("dataset", "target", "positive", "options", "config")]
    if row["checksum"] is not None and row["checksum"] != checksum_of(*asked):
        raise StoreError("What it was asked for is not as it was written.", "")
    owner, problem, measured, failure = (row[n] for n in ("owner", "problem", "measured", "failure"))
    if owner is not None and not is_owner(owner):
        raise ValueError("the owner is none")
    facts = None if problem is None else _facts(problem)
    found = None if measured is None else _measured(measured)
    if facts is not None and found is not None and facts.classes**2 != len(found["confusion"]):
        raise ValueError("the measurement is of another number of classes")
    run = Run(
        id=row["id"],
        source=_source(row),
        config=_config(row["config"]),
        status=_status(row["status"]),
        origin=row["origin"],
        owner=owner,
        created=a_number(row["created"]),
        started=None if row["started"] is None else a_number(row["started"]),
        ended=None if row["ended"] is None else a_number(row["ended"]),
        seconds=a_number(row["seconds"]),
        epoch=a_count(row["epoch"]),
        diverged_at=None if row["diverged_at"] is None else a_count(row["diverged_at"]),
        problem=facts,
        measured=found,
        failure=None if failure is None else _failure(failure),
    )
    if not isinstance(run.origin, str) or not 0 <= (run.started or 0) < 1e11 or not run.seconds >= 0:
        raise ValueError("origin or times")
    return run


def _unreadable(row: Row, error: Exception) -> Run:
    """What is shown of a damaged row: its number, and its dataset where that is known."""
    try:
        source = _source(row)
    except DAMAGE:
        source = UNKNOWN
    what = f"Run {row['id']} cannot be read: its row in the store is damaged."
    if isinstance(error, StoreError):
        what = f"Run {row['id']} cannot be read: what it was asked for is not as it was written."
    return Run(
        id=row["id"],
        source=source,
        config=Config(),
        status=Status.UNREADABLE,
        origin="",
        owner=None,
        created=0.0,
        started=None,
        ended=None,
        seconds=0.0,
        epoch=0,
        diverged_at=None,
        problem=None,
        measured=None,
        failure=Failure("Store", what, "Train it anew; every other run is as it was."),
    )


def _status(text: object) -> Status:
    found = Status(str(text))
    if found is Status.UNREADABLE:
        raise ValueError("a status that is never stored")
    return found


def _source(row: Row) -> Source:
    given = {"name": row["dataset"], "target": row["target"], "positive": row["positive"]}
    found = Source.from_dict({**parsed(row["options"]), **given})
    if not conforms(found, Source):
        raise TypeError("no source")
    return found


def _failure(text: str) -> Failure:
    found = Failure.from_dict(parsed(text))
    if not conforms(found, Failure):
        raise TypeError("no failure")
    return found


def _config(text: str) -> Config:
    """A stored config; fields that this version does not know are left out."""
    data = json.loads(text)
    return Config.model_validate({k: v for k, v in data.items() if k in Config.model_fields})


@lru_cache(64)
def _facts(text: str) -> ProblemFacts:
    found = ProblemFacts.from_dict(parsed(text))
    if not conforms(found, ProblemFacts):
        raise TypeError("no facts of a problem")
    return found


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
    if found.classes == 2 and any(len(counts) != BINS for counts in found.histogram):
        raise ValueError("no histogram")
    return found
