"""The tables of a run of the benchmark, from its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

from tests.benchmarks.doctor.examining import Row
from tests.benchmarks.doctor.wilson import told

LEAST_NAMED, LEAST_REPAIRED, LEAST_SOUND, MOST_ALARMS = 0.9, 0.9, 0.97, 0.03  # of a small sample
NAMED, WORST, ALARMS, REPAIRED, CONSISTENT = 97.0, 90.0, 1.0, 97.0, 100.0  # per cent: the bars of the whole
JUDGED = ("fault", "double")
HEALTHY = ("control", "harmless", "information", "signal")
HALVES = ("apart", "tuning")
MISSED = "**missed**"
# Rows of the table of bars: what is told, the field of it, of which kinds of cases, and the bar.
BARS: tuple[tuple[str, str, tuple[str, ...] | None, float | None], ...] = (
    ("cause named first", "strict", JUDGED, NAMED),
    ("named, or a fix that heals alone", "loose", JUDGED, NAMED),
    ("verdict as it is owed", "verdict", JUDGED, None),
    ("false alarms, all healthy runs", "alarm", HEALTHY, -ALARMS),
    ("of them on runs made healthy", "alarm", ("control", "information"), -ALARMS),
    ("of them on faults that do no harm", "alarm", ("harmless",), -ALARMS),
    ("a weak signal denied", "alarm", ("signal",), -ALARMS),
    ("repaired, of the repairable", "repaired", JUDGED, REPAIRED),
    ("letters without contradiction", "consistent", None, CONSISTENT),
)


def tables(rows: Sequence[Row]) -> str:
    """Everything: the bars on both halves, each cause and fault, the controls by kind, and the rivals."""
    rows = [_with_consistency(row) for row in rows]
    parts = [counts(rows)]
    if any("status" in row for row in rows):
        parts += [bars(rows), causes(rows), kinds(rows), controls(rows), contradicted(rows), rivals(rows)]
    return "\n\n".join(part for part in parts if part)


def shortfall(rows: Sequence[Row]) -> str:
    """What is so far below the bars that a small sample cannot excuse it; empty where nothing is."""
    rows = [_with_consistency(row) for row in rows]
    wrong = []
    for what, field, kinds_, bar, most in (
        ("causes named first", "strict", JUDGED, LEAST_NAMED, False),
        ("runs repaired", "repaired", JUDGED, LEAST_REPAIRED, False),
        ("alarms on healthy runs", "alarm", HEALTHY, MOST_ALARMS, True),
        ("letters without contradiction", "consistent", None, LEAST_SOUND, False),
    ):
        answers = _answers(rows, field, kinds_)
        share_ = float(np.mean(answers)) if answers else 0.0
        if not answers or (share_ > bar if most else share_ < bar):
            wrong.append(f"{sum(answers)} of {len(answers)} {what}")
    if broken := sum("error" in row for row in rows):
        wrong.append(f"{broken} cases broke")
    return "; ".join(wrong)


def _with_consistency(row: Row) -> Row:
    if "contradictions" not in row:
        return row
    return {**row, "consistent": not row["contradictions"]}


def counts(rows: Sequence[Row]) -> str:
    """How many cases of what kind."""
    heads = {
        "fault": "faults", "double": "doubles", "information": "information", "control": "healthy",
        "harmless": "harmless faults", "signal": "weak signals", "void": "void", "broken": "broken",
    }  # fmt: skip
    lines = [_line("half", *heads.values()), "| --- |" + " ---: |" * len(heads)]
    for half in HALVES:
        lines.append(_line(half, *(f"{sum(_of(row, half, kind) for row in rows):,}" for kind in heads)))
    return "\n".join(lines)


def bars(rows: Sequence[Row]) -> str:
    """What the doctor is held to, on each half; what misses its bar on the half held apart is marked."""
    lines = ["| | held apart | tuning | bar | |", "| --- | ---: | ---: | ---: | --- |"]
    for name, field, kinds_, bar in BARS:
        cells = (share(_half(rows, half), field, kinds_) for half in HALVES)
        answers = _answers(_half(rows, "apart"), field, kinds_)
        lines.append(_line(name, *cells, _told_bar(bar), _mark(answers, bar)))
    for name, of in (("seconds, median", 50), ("seconds, 95th percentile", 95)):
        cells = (_percentile(_half(rows, half), of) for half in HALVES)
        lines.append(_line(name, *cells, "", ""))
    return "\n".join(lines)


def _told_bar(bar: float | None) -> str:
    """A bar that is negative is the most that may be."""
    return "" if bar is None else f"≥ {bar:g} %" if bar > 0 else f"≤ {-bar:g} %"


def _mark(answers: Sequence[bool], bar: float | None) -> str:
    if bar is None or not answers:
        return ""
    found = 100 * float(np.mean(answers))
    return "met" if (found >= bar if bar > 0 else found <= -bar) else MISSED


def causes(rows: Sequence[Row]) -> str:
    """A row for each cause, and the worst of them on the half held apart."""
    lines = _by("cause", [row for row in rows if row["kind"] in (*JUDGED, "information")], "group")
    worst: tuple[float, str] | None = None
    for group in dict.fromkeys(row["group"] for row in rows):
        mine = [row for row in _half(rows, "apart") if row["group"] == group]
        right = _answers(mine, "strict", JUDGED)
        if right and (worst is None or np.mean(right) < worst[0]):
            worst = float(np.mean(right)), group
    if worst is not None:
        mark = "met" if 100 * worst[0] >= WORST else MISSED
        told_of = f"{worst[1]}, {100 * worst[0]:.1f} % (bar: ≥ {WORST:g} %), {mark}"
        lines.append(f"\nThe worst cause on the half held apart: {told_of}.")
    return "\n".join(lines)


def kinds(rows: Sequence[Row]) -> str:
    """The same by fault, for those that are one of several of their cause."""
    faults = [row for row in rows if row["kind"] == "fault"]
    chosen = [row for row in faults if row.get("fault", row["group"]) != row["group"]]
    return "\n".join(_by("fault", chosen, "fault")) if chosen else ""


def _by(name: str, rows: Sequence[Row], field: str) -> list[str]:
    columns = "named first, held apart | named or healed | verdict | repaired | named first, tuning"
    lines = [
        f"| {name} | {columns} | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for group in dict.fromkeys(row[field] for row in rows):
        mine = [row for row in rows if row[field] == group]
        apart, tuning = _half(mine, "apart"), _half(mine, "tuning")
        cells = (share(apart, column) for column in ("strict", "loose", "verdict", "repaired"))
        mark = _mark(_answers(apart, "strict", JUDGED), WORST)
        lines.append(_line(group, *cells, share(tuning, "strict"), "" if mark == "met" else mark))
    return lines


def controls(rows: Sequence[Row]) -> str:
    """False alarms by kind of healthy run."""
    lines = ["| control | held apart | tuning |", "| --- | ---: | ---: |"]
    chosen = [row for row in rows if row.get("alarm") is not None]
    for kind in dict.fromkeys(_control(row) for row in chosen):
        mine = [row for row in chosen if _control(row) == kind]
        lines.append(_line(kind, *(share(_half(mine, half), "alarm") for half in HALVES)))
    return "\n".join(lines) if chosen else ""


def contradicted(rows: Sequence[Row]) -> str:
    """The contradictions on the tuning half, the commonest first; numbers in them left out."""
    said = Counter(
        re.sub(r"[-+]?\d[\d.,e+-]*", "…", what)
        for row in _half(rows, "tuning")
        for what in row.get("contradictions", ())
    )
    lines = ["| contradiction, tuning half | letters |", "| --- | ---: |"]
    lines += [_line(what, str(count)) for what, count in said.most_common(12)]
    return "\n".join(lines) if said else ""


def rivals(rows: Sequence[Row]) -> str:
    """The doctor and its rivals on the same cases of the half held apart."""
    chosen = [row for row in _half(rows, "apart") if "rivals" in row]
    if not chosen:
        return ""
    names = list(dict.fromkeys(name for row in chosen for name in row["rivals"]))
    lines = [
        "| on the half held apart | named first | named, or healed | false alarms | repaired |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in ("the doctor", *names):
        theirs = chosen if name == "the doctor" else [
            {**row["rivals"][name], "kind": row["kind"]} for row in chosen if name in row["rivals"]
        ]  # fmt: skip
        asked = (("strict", JUDGED), ("loose", JUDGED), ("alarm", None), ("repaired", JUDGED))
        lines.append(_line(name, *(share(theirs, field, kinds) for field, kinds in asked)))
    return "\n".join(lines)


def share(rows: Iterable[Row], field: str, kinds: Sequence[str] | None = None) -> str:
    """How many of the rows to which a question applies answer it with yes, with the interval."""
    answers = _answers(rows, field, kinds)
    return told(sum(answers), len(answers))


def _answers(rows: Iterable[Row], field: str, kinds: Sequence[str] | None) -> list[bool]:
    return [
        row[field] for row in rows if row.get(field) is not None and (kinds is None or row["kind"] in kinds)
    ]


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _control(row: Row) -> str:
    if row["kind"] == "control":
        return str(row["control"])
    if row["kind"] == "information":
        return "separable"
    if row["kind"] == "signal":
        return "weak signal, one label or few"
    return f"harmless: {row.get('fault') or row['group']}"


def _half(rows: Iterable[Row], half: str) -> list[Row]:
    return [row for row in rows if row["half"] == half]


def _of(row: Row, half: str, kind: str) -> bool:
    return bool(row["half"] == half and row["kind"] == kind)


def _percentile(rows: Iterable[Row], of: int) -> str:
    seconds = [row["seconds"] for row in rows if row.get("seconds")]
    return f"{np.percentile(seconds, of):.2f}" if seconds else "none"
