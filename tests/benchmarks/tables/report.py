"""A row for each table, the summary of all, and what falls short of the bars."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from tests.benchmarks.tables.row import Row

NEVER, MOSTLY, SHARE = 0.03, 0.01, 0.95  # below the peer's AUC: never so much, and in that share of tables
FIRST = 0.6  # of the tables that the true target is ranked first in: far below what was measured
ROUNDING = 1e-9
HEAD = (
    "| table | rows × columns | classes | rank | AUC | scikit-learn | difference | verdict | s | in all |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | ---: | ---: |"
)


def line(row: Row) -> str:
    """A row of a Markdown table; what is beyond a bar is bold."""
    below = row.below
    difference = "" if below is None else f"{-below:+.3f}"
    if below is not None and below > MOSTLY + ROUNDING:
        difference = f"**{difference}**"
    name = f"{row.name} (row numbers learned)" if row.numbered else row.name
    cells = (
        name,
        f"{row.rows:,}×{row.columns}",
        str(row.classes or ""),
        str(row.rank or "–"),
        _number(row.ours, 3),
        _number(row.peer, 3),
        difference,
        "; ".join(filter(None, [row.verdict, row.trouble])),
        _number(row.diagnosing, 2),
        _number(row.seconds, 2),
    )
    return f"| {' | '.join(cells)} |"


def summary(rows: Sequence[Row]) -> str:
    """What all rows come to, as a Markdown table."""
    diagnosed = sorted(row.diagnosing for row in rows if row.diagnosing is not None)
    below = [row.below for row in rows if row.below is not None]
    several = sum(row.classes > 2 for row in rows)
    trained = sum(row.ours is not None for row in rows)
    told = [
        ("tables", f"{len(rows)}, {several} of them with more than two classes", ""),
        ("trained", f"{trained}", "all"),
        ("true target ranked first", _of(sum(row.rank == 1 for row in rows), len(rows)), ""),
        ("among the first three", _of(sum((row.rank or 9) <= 3 for row in rows), len(rows)), ""),
        ("row numbers or names learned from", f"{sum(row.numbered for row in rows)}", ""),
    ]
    if below:
        within = sum(value <= MOSTLY + ROUNDING for value in below)
        told += [
            ("AUC at most below scikit-learn's", f"{max(*below, 0.0):.3f}", f"≤ {NEVER}"),
            (f"at most {MOSTLY} below", _of(within, len(below)), f"≥ {SHARE:.0%}"),
        ]
    if diagnosed:
        told.append(("diagnosis, median", f"{median(diagnosed):.2f} s", ""))
        told.append(("diagnosis, slowest", f"{diagnosed[-1]:.2f} s", ""))
    return "\n".join(
        ["| of all | | bar |", "| --- | ---: | ---: |", *(f"| {' | '.join(one)} |" for one in told)]
    )


def shortfall(rows: Sequence[Row]) -> list[str]:
    """What is below the bars, a sentence each."""
    found = [f"{row.name}: {row.trouble}" for row in rows if row.trouble]
    known = [(row.name, row.below) for row in rows if row.below is not None]
    found += [f"{name} is {b:.3f} below scikit-learn" for name, b in known if b > NEVER + ROUNDING]
    within = sum(below <= MOSTLY + ROUNDING for _, below in known)
    if within < int(SHARE * len(known)):  # of ten tables, one may be
        found.append(f"only {_of(within, len(known))} are at most {MOSTLY} below scikit-learn")
    first = sum(row.rank == 1 for row in rows)
    if first < FIRST * len(rows):
        found.append(f"the true target is ranked first in only {_of(first, len(rows))}")
    return found


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _of(count: int, whole: int) -> str:
    return f"{count} of {whole} ({count / whole:.0%})"
