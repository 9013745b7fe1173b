"""``python -m tests.benchmarks.doctor``: the doctor's benchmark, in full, in a sample, or one case."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.doctor.cases import every_case, find, kinds_of, sample
from tests.benchmarks.doctor.documents import write_docs
from tests.benchmarks.doctor.examining import Row, examine_case, failed
from tests.benchmarks.doctor.records import Case
from tests.benchmarks.doctor.report import shortfall, tables
from tests.benchmarks.doctor.workers import examine

CI_SAMPLE = 150


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what is asked, print the tables."""
    asked = _parser().parse_args(arguments)
    if asked.read:
        rows: Iterable[Row] = map(json.loads, asked.read.read_text().splitlines())
    elif asked.case:
        print(json.dumps(examine_case(find(asked.case), rivals=not asked.no_rivals), indent=2))
        return
    else:
        cases = _chosen(asked)
        found = examine(cases, jobs=asked.jobs, doctor=not asked.gate, rivals=not asked.no_rivals)
        rows = _kept(found, asked.out) if asked.out else found
    if asked.failures:
        for row in rows:
            if row["half"] == "tuning" and failed(row):
                print(_line(row), flush=True)
        return
    rows = list(rows)
    if asked.rivals_from:
        _join_rivals(rows, asked.rivals_from)
    if asked.write_docs:
        write_docs(tables(rows))
    print(tables(rows))
    if asked.check and (wrong := shortfall(rows)):
        sys.exit(f"The doctor falls short: {wrong}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.doctor", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--full", action="store_true", help="every case")
    which.add_argument("--sample", type=int, default=CI_SAMPLE, help="so many, of every cause in turn")
    which.add_argument("--case", metavar="ID", help="one case, its row in full")
    which.add_argument("--read", type=Path, metavar="FILE", help="the tables of an earlier run")
    parser.add_argument("--half", choices=("tuning", "apart"), help="cases of this half alone")
    parser.add_argument(
        "--only", metavar="KIND", help="cases of this cause, fault or control; or double, or control"
    )
    parser.add_argument("--failures", action="store_true", help="the doctor's failures on the tuning half")
    parser.add_argument("--gate", action="store_true", help="only which cases count; no doctor")
    parser.add_argument("--no-rivals", action="store_true", help="the doctor alone, which is faster")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--out", type=Path, metavar="FILE", help="a row of JSON for each case")
    parser.add_argument("--check", action="store_true", help="fail where the doctor is far below its bars")
    parser.add_argument(
        "--rivals-from", type=Path, metavar="FILE", help="the rivals' part of an earlier run"
    )
    parser.add_argument("--write-docs", action="store_true", help="put the tables into the docs")
    return parser


def _chosen(asked: argparse.Namespace) -> tuple[Case, ...]:
    """Cases by the options; failures are only ever looked at on the tuning half."""
    half = "tuning" if asked.failures else asked.half
    fits = [
        case
        for case in every_case()
        if (half is None or case.half == half) and (asked.only is None or asked.only in kinds_of(case))
    ]
    if not fits:
        sys.exit(f"There is no case of {asked.only!r}.")
    return tuple(fits) if asked.full else sample(asked.sample, fits)


def _kept(rows: Iterable[Row], path: Path) -> Iterator[Row]:
    """The rows, each also written as it comes, so that a run that is broken off can be looked at."""
    with path.open("w") as file:
        for row in rows:
            print(json.dumps(row), file=file, flush=True)
            yield row


def _join_rivals(rows: Iterable[Row], path: Path) -> None:
    """Put what the rivals said in an earlier run beside what the doctor says in this one."""
    earlier = {row["id"]: row.get("rivals") for row in map(json.loads, path.read_text().splitlines())}
    for row in rows:
        if earlier.get(row["id"]) is not None:
            row["rivals"] = earlier[row["id"]]


def _line(row: Row) -> str:
    """A failure, and how to see it again."""
    wrong = [name for name in ("strict", "loose", "verdict", "repaired") if row.get(name) is False]
    wrong += [name for name in ("alarm", "contradictions") if row.get(name)]
    said = row.get("error") or f"{row.get('status')}: {', '.join(row.get('named', ())) or 'nothing'}"
    owed = f" (owed: {row['expected']})" if row.get("verdict") is False else ""
    line = f"{row['kind']:8} {','.join(wrong):22} {said}{owed}; fix {row.get('fix')}; --case '{row['id']}'"
    return "\n".join([line, *(f"           {what}" for what in row.get("contradictions", ()))])


if __name__ == "__main__":
    main()
