"""``python -m tests.benchmarks.scripts``: sick and healthy training scripts put to ``lrtui watch --json``.

``--gate`` only runs the scripts and their repaired twins; ``--costs`` only measures what watching costs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.report import header
from tests.benchmarks.scripts.case import Case
from tests.benchmarks.scripts.cases import every_case, fresh_cases, sample
from tests.benchmarks.scripts.costs import measure
from tests.benchmarks.scripts.examining import Row, examine_all, failed
from tests.benchmarks.scripts.report import shortfall, tables


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked, print the tables."""
    asked = _parser().parse_args(arguments)
    if asked.costs:
        print(header(), *(result.row() for result in measure()), sep="\n")
        return
    if asked.read:
        rows: Iterable[Row] = map(json.loads, asked.read.read_text().splitlines())
    elif asked.write:
        write_files(_chosen(asked), asked.write)
        return
    else:
        cases = _chosen(asked)
        rows = _kept(_told(cases, examine_all(cases, asked.jobs, not asked.gate, asked.within)), asked.out)
    rows = list(rows)
    for row in rows:
        if row["kind"] == "void" or (row["half"] == "tuning" and failed(row)):
            print(_line(row))
    print(tables(rows))
    if asked.check and (wrong := shortfall(rows)):
        sys.exit(f"lrtui watch falls short: {wrong}.")


def write_files(cases: Sequence[Case], folder: Path) -> None:
    """The scripts as files, a folder a half and a cause, each beside its repaired twin."""
    for case in cases:
        path = folder / case.half / case.group / case.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(case.text)
        if case.twin:
            path.with_suffix(".repaired.py").write_text(case.twin)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.scripts", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--sample", type=int, metavar="N", help="so many, of every cause in turn")
    which.add_argument("--read", type=Path, metavar="FILE", help="the tables of an earlier run")
    parser.add_argument("--only", nargs="+", metavar="WORD", help="ids that begin so, such as detached")
    parser.add_argument("--half", choices=("tuning", "apart"), help="scripts of this half alone")
    parser.add_argument("--fresh", action="store_true", help="the same recipes with other random numbers")
    parser.add_argument("--gate", action="store_true", help="only which scripts count; no lrtui")
    parser.add_argument("--within", action="store_true", help="without the command line, and no times")
    parser.add_argument("--write", type=Path, metavar="FOLDER", help="the scripts as files, to look at")
    parser.add_argument("--costs", action="store_true", help="what watching costs")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a row of JSON for each script")
    parser.add_argument("--check", action="store_true", help="fail where lrtui is far below its bars")
    return parser


def _chosen(asked: argparse.Namespace) -> Sequence[Case]:
    fits = [
        case
        for case in (fresh_cases() if asked.fresh else every_case())
        if (asked.half is None or case.half == asked.half)
        and (asked.only is None or case.group in asked.only or case.id.startswith(tuple(asked.only)))
    ]
    if not fits:
        sys.exit(f"There is no script of {', '.join(asked.only or ['this half'])}.")
    return fits if asked.sample is None else sample(asked.sample, fits)


def _told(cases: Sequence[Case], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows; progress on stderr."""
    for number, row in enumerate(rows, 1):
        print(f"{number} of {len(cases)}: {_line(row)}", file=sys.stderr, flush=True)
        yield row


def _kept(rows: Iterable[Row], path: Path | None) -> Iterator[Row]:
    """The rows, each also written as it comes."""
    with (path or Path(os.devnull)).open("w") as file:
        for row in rows:
            print(json.dumps(row), file=file, flush=True)
            yield row


def _line(row: Row) -> str:
    if row["kind"] == "void":
        return f"{row['id']}: void, {row['why']}"
    said = row.get("error") or ", ".join(row.get("named", ())) or row.get("status", "counts")
    wrong = [name for name in ("strict", "repaired") if row.get(name) is False]
    wrong += ["alarm"] if row.get("alarm") else []
    return f"{row['id']}: {said}{' (' + ', '.join(wrong) + ')' if wrong else ''}"


if __name__ == "__main__":
    main()
