"""One table, from the path of its file to a diagnosed model, as a person without options meets it."""

from __future__ import annotations

import json
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from threadpoolctl import threadpool_limits

from lrtui.core.doctor.doctor import diagnose
from lrtui.core.engine.diagnosis_request import stored_case
from lrtui.core.store import Store
from lrtui.core.training.problem import problem_of
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.inspection.inspector import Inspector
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.tui.cli.group import lrtui
from tests.benchmarks.tables.peer import MisreadError, peer_auc
from tests.benchmarks.tables.problems import Listed
from tests.benchmarks.tables.row import Row


def measure(table: Listed, path: Path) -> Row:
    """Open, rank, train, diagnose, and let the peer do the same; an error of lrtui is told in the row."""
    row = Row(table.name)
    try:
        _measured(row, table, path)
    except (LrtuiError, MisreadError) as error:
        row.trouble = str(error)
    except Exception as error:  # noqa: BLE001 - a traceback is the worst that can come of a table, and counts
        row.trouble = f"{type(error).__name__}: {error}"
    return row


def _measured(row: Row, table: Listed, path: Path) -> None:
    started = perf_counter()
    inspector = Inspector(Source(str(path)))
    seen = inspector.look()
    row.rows, row.columns, row.rank = seen.rows, seen.all_columns, _rank(seen, table.target)
    run = _train(path, table.target, several=len(inspector.look(table.target).classes) > 2)
    row.ours, row.classes = run["test_auc"], len(run["class_names"])
    with Store() as store:
        case = stored_case(store, run["run_id"])
    dataset = load(case.source)
    before = perf_counter()
    try:
        with threadpool_limits(1, user_api="blas"):  # as the command line does
            row.verdict = str(diagnose(dataset, case.config, outcome=case.outcome).status)
    finally:
        row.diagnosing = perf_counter() - before
        row.seconds = perf_counter() - started
        names = [facts.name for facts in seen.columns]
        row.numbered = _nameless(path, table) and _learned(dataset, names[0])
        row.peer = peer_auc(table, path, problem_of(dataset, case.config), names, list(dataset.left_out))


def _rank(seen: Inspection, target: str) -> int | None:
    likely = [one.column for one in seen.candidates if one.ready]
    return likely.index(target) + 1 if target in likely else None


def _train(path: Path, target: str, *, several: bool) -> dict[str, Any]:
    """``lrtui train FILE --target T``, with ``--multiclass`` where T has more than two values."""
    command = ["train", str(path), "--target", target, "--json", "--quiet"]
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(StringIO()):
        lrtui.main([*command, *(["--multiclass"] if several else [])], standalone_mode=False)
    found: dict[str, Any] = json.loads(said.getvalue())
    return found


def _nameless(path: Path, table: Listed) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.readline().split(table.separator)[0].strip(f"{table.quote} \n") == ""


def _learned(dataset: Dataset, name: str) -> bool:
    return any(column.name == name for column in dataset.kinds)
