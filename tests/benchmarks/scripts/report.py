"""The tables of a run of the benchmark, from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from tests.benchmarks.doctor.report import HALVES, share
from tests.benchmarks.scripts.examining import Row

NAMED, WORST, ALARMS, HEALED, RUNS = 0.92, 0.80, 0.02, 0.90, 3.0  # the bars
LEAST_NAMED, LEAST_HEALED, MOST_ALARMS = 0.85, 0.80, 0.06  # of a small sample
FAULT, CONTROL = "fault", "control"
BARS = (
    # what is told, the field of it, the bar, and whether it is the most that may be
    ("cause named first", "strict", NAMED, False),
    ("cause among the findings", "loose", None, False),
    ("patches that heal, of the healable", "repaired", HEALED, False),
    ("alarms on healthy scripts", "alarm", ALARMS, True),
)
SOME = 2  # scripts of an id, at the least, for its share to say something


def tables(rows: Sequence[Row]) -> str:
    """How many count, the bars on both halves, and each id."""
    parts = [counts(rows)]
    if any("status" in row for row in rows):
        parts += [bars(rows), causes(rows), worst(rows)]
    return "\n\n".join(part for part in parts if part)


def counts(rows: Sequence[Row]) -> str:
    """How many scripts of what kind."""
    lines = ["| half | sick | healthy | void | broken |", "| --- | ---: | ---: | ---: | ---: |"]
    for half in HALVES:
        mine = _half(rows, half)
        numbers = (sum(row["kind"] == kind for row in mine) for kind in (FAULT, CONTROL, "void"))
        lines.append(_line(half, *map(str, numbers), str(sum(bool(row.get("error")) for row in mine))))
    return "\n".join(lines)


def bars(rows: Sequence[Row]) -> str:
    """What lrtui is held to, on each half."""
    lines = ["| | held apart | tuning | bar | |", "| --- | ---: | ---: | ---: | --- |"]
    for what, field, bar, most in BARS:
        cells = (share(_half(rows, half), field) for half in HALVES)
        told = "" if bar is None else f"{'≤' if most else '≥'} {100 * bar:g} %"
        lines.append(_line(what, *cells, told, _mark(_rate(_half(rows, "apart"), field), bar, most)))
    medians = [_median(_half(rows, half), "ratio") for half in HALVES]
    mark = _mark(medians[0], RUNS, True)
    lines.append(_line("times the script's own, median", *map(_number, medians), f"≤ {RUNS:g}", mark))
    reruns = (_number(_median(_half(rows, half), "reruns")) for half in HALVES)
    lines.append(_line("runs again, median", *reruns, "", ""))
    return "\n".join(lines)


def causes(rows: Sequence[Row]) -> str:
    """A row for each id."""
    lines = [
        "| id | named first, held apart | healed, held apart | named first, tuning | healed, tuning |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for group in _groups(rows):
        mine = [row for row in rows if row["group"] == group]
        cells = (share(_half(mine, half), field) for half in HALVES for field in ("strict", "repaired"))
        lines.append(_line(group, *cells))
    return "\n".join(lines)


def worst(rows: Sequence[Row]) -> str:
    """The id that is named first least often, on the half held apart."""
    rate, group = _worst(rows)
    if rate is None:
        return ""
    return f"The worst id held apart: {group}, {100 * rate:.0f} %; bar ≥ {100 * WORST:g} %, " + _mark(
        rate, WORST
    )


def shortfall(rows: Sequence[Row]) -> str:
    """What is so far below the bars that a small sample cannot excuse it; empty where nothing is."""
    wrong = []
    for what, field, bar, most in (
        ("named first", "strict", LEAST_NAMED, False),
        ("patches that heal", "repaired", LEAST_HEALED, False),
        ("alarms on healthy scripts", "alarm", MOST_ALARMS, True),
    ):
        rate = _rate(rows, field)
        if rate is not None and _mark(rate, bar, most) != "met":
            wrong.append(f"{100 * rate:.0f} % {what}")
    void = [row["id"] for row in rows if row["kind"] == "void"]
    broken = [row["id"] for row in rows if row.get("error")]
    wrong += [f"void: {', '.join(void)}"] if void else []
    wrong += [f"broken: {', '.join(broken)}"] if broken else []
    return "; ".join(wrong)


def _worst(rows: Sequence[Row]) -> tuple[float | None, str]:
    rates = [
        (rate, group)
        for group in _groups(rows)
        if len(mine := [row for row in _half(rows, "apart") if row["group"] == group and "strict" in row])
        >= SOME
        and (rate := _rate(mine, "strict")) is not None
    ]
    return min(rates) if rates else (None, "")


def _groups(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(row["group"] for row in rows if row["kind"] == FAULT))


def _rate(rows: Iterable[Row], field: str) -> float | None:
    answers = [row[field] for row in rows if row.get(field) is not None]
    return sum(answers) / len(answers) if answers else None


def _median(rows: Iterable[Row], field: str) -> float | None:
    found = [row[field] for row in rows if row.get(field) is not None]
    return median(found) if found else None


def _mark(found: float | None, bar: float | None, most: bool = False) -> str:
    if found is None or bar is None:
        return ""
    return "met" if (found <= bar if most else found >= bar) else "**missed**"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:.2f}"


def _half(rows: Iterable[Row], half: str) -> list[Row]:
    return [row for row in rows if row["half"] == half]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
