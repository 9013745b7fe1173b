"""One script from beginning to end: gated, put to ``lrtui watch``, judged."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.scripts.case import Case
from tests.benchmarks.scripts.gates import gate, learned
from tests.benchmarks.scripts.judging import alarm, heals, loose, strict
from tests.benchmarks.scripts.measuring import Measured, measure
from tests.benchmarks.scripts.watching import ONE_THREAD, Answer, ask, patched, plain_seconds
from tests.benchmarks.scripts.within import ask_within

Row = dict[str, Any]


def examine_all(
    cases: Sequence[Case], jobs: int = 1, watch: bool = True, within: bool = False
) -> Iterator[Row]:
    """A row for every case, as they come, in processes of one thread each."""
    with ProcessPoolExecutor(jobs, get_context("spawn"), _one_thread) as pool:
        for done in as_completed([pool.submit(examine, case, watch, within) for case in cases]):
            yield done.result()


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
    os.environ |= ONE_THREAD


def examine(case: Case, watch: bool = True, within: bool = False) -> Row:
    """The result of a case as a row of JSON; without ``watch``, only whether it counts.

    ``within`` this process there is no command whose time could be told.
    """
    row: Row = {"id": case.id, "half": case.half, "group": case.group}
    why = why_void(case)
    if why:
        return {**row, "kind": "void", "why": why}
    row["kind"] = "fault" if case.sick else "control"
    if not watch:
        return row
    with TemporaryDirectory(prefix="lrtui-scripts-") as made:
        folder = Path(made) / "work"
        folder.mkdir()
        own = None if within else plain_seconds(case.text, folder)
        answer = ask_within(case.text, folder) if within else ask(case.text, folder)
        row |= _told(answer)
        row["ratio"] = None if answer.error or own is None else round(answer.seconds / own, 2)
        row |= _judged(case, answer, folder)
    return row


def why_void(case: Case) -> str:
    """Why a case does not count; nothing where it does."""
    first = measured(case.text)
    if not case.sick:
        return learned(first)
    return gate(case.gate, first, measured(case.twin) if case.twin else None)


@cache
def measured(text: str) -> Measured:
    """What a script comes to, run once."""
    return measure(text)


def failed(row: Row) -> bool:
    """Whether lrtui was wrong somewhere."""
    wrong = any(row.get(name) is False for name in ("strict", "repaired"))
    return wrong or bool(row.get("alarm")) or bool(row.get("error"))


def _told(answer: Answer) -> Row:
    return {
        "status": answer.status,
        "named": list(answer.causes),
        "reruns": answer.reruns,
        "seconds": round(answer.seconds, 2),
        "error": answer.error,
    }


def _judged(case: Case, answer: Answer, folder: Path) -> Row:
    if not case.sick:
        return {"alarm": alarm(answer)}
    row: Row = {"strict": strict(case, answer), "loose": loose(case, answer)}
    if case.healable and case.twin:
        row["repaired"] = repaired(case, answer, folder)
    return row


def repaired(case: Case, answer: Answer, folder: Path) -> bool:
    """Whether the patch applies, and the patched script is as well as the twin."""
    text = patched(case.text, answer.patch, folder) if answer.patch else None
    if text is None:
        return False
    return heals(case, measured(case.text), measured(case.twin), measured(text))
