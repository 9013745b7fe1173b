"""The tables of a run of the benchmark, from its rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from tests.benchmarks.doctor.examining import Row
from tests.benchmarks.doctor.wilson import told

LEAST_NAMED, MOST_ALARMS = 0.9, 0.03  # of a sample: the bars are 0.95 and 0.01
JUDGED = ("fault", "double")
FAR = "harmless, loss far from the optimum"
NEAR = ("control", "harmless", "information")
CONTROLS = (*NEAR, FAR)
HALVES = ("apart", "tuning")


def tables(rows: Sequence[Row]) -> str:
    """Everything: the bars on both halves, each cause, the controls by kind, and the rivals."""
    parts = [counts(rows)]
    if any("status" in row for row in rows):
        parts += [bars(rows), causes(rows), controls(rows), rivals(rows)]
    return "\n\n".join(part for part in parts if part)


def shortfall(rows: Sequence[Row]) -> str:
    """What is so far below the bars that a small sample cannot excuse it; empty where nothing is."""
    named = [row["strict"] for row in rows if row["kind"] in JUDGED and row.get("strict") is not None]
    alarms = [row["alarm"] for row in rows if row["kind"] == "control" and row.get("alarm") is not None]
    broken = sum("error" in row for row in rows)
    wrong = []
    if not named or np.mean(named) < LEAST_NAMED:
        wrong.append(f"{sum(named)} of {len(named)} causes named first")
    if not alarms or np.mean(alarms) > MOST_ALARMS:
        wrong.append(f"{sum(alarms)} alarms on {len(alarms)} healthy runs")
    if broken:
        wrong.append(f"{broken} cases broke")
    return "; ".join(wrong)


def counts(rows: Sequence[Row]) -> str:
    """How many cases of what kind."""
    kinds = ("fault", "double", "information", "control", "harmless", "void", "broken")
    lines = [
        _line(half, *(f"{sum(_of(row, half, kind) for row in rows):,}" for kind in kinds))
        for half in HALVES
    ]
    head = "| half | faults | doubles | information | healthy | harmless faults | void | broken |"
    return "\n".join([head, "| --- |" + " ---: |" * len(kinds), *lines])


def bars(rows: Sequence[Row]) -> str:
    """What the doctor is held to, on each half."""
    lines = ["| | held apart | tuning | bar |", "| --- | ---: | ---: | ---: |"]
    for name, field, kinds, bar in (
        ("cause named first", "strict", JUDGED, "≥ 95 %"),
        ("named, or a fix that restores alone", "loose", JUDGED, "≥ 95 %"),
        ("false alarms on controls", "alarm", CONTROLS, "≤ 1 %"),
        ("of them where the loss is near the optimum", "alarm", NEAR, "≤ 1 %"),
        ("of them on runs made healthy", "alarm", ("control", "information"), "≤ 1 %"),
        ("repaired, of the repairable", "repaired", JUDGED, "≥ 97 %"),
        ("repaired, by the stricter goal", "repaired_well", JUDGED, ""),
    ):
        cells = (share(_half(rows, half), field, kinds) for half in HALVES)
        lines.append(_line(name, *cells, bar))
    for name, of in (("seconds, median", 50), ("seconds, 95th percentile", 95)):
        cells = (_percentile(_half(rows, half), of) for half in HALVES)
        lines.append(_line(name, *cells, "≤ 0.7" if of == 50 else ""))
    return "\n".join(lines)


def causes(rows: Sequence[Row]) -> str:
    """A row for each cause, and the worst of them on the half held apart."""
    lines = [
        "| cause | named first, held apart | named or healed | repaired | named first, tuning |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    worst: tuple[float, str] | None = None
    for group in dict.fromkeys(row["group"] for row in rows):
        mine = [row for row in rows if row["group"] == group and row["kind"] in (*JUDGED, "information")]
        if not mine:
            continue
        apart, tuning = _half(mine, "apart"), _half(mine, "tuning")
        cells = (share(apart, field) for field in ("strict", "loose", "repaired"))
        lines.append(_line(group, *cells, share(tuning, "strict")))
        right = [row["strict"] for row in apart if row.get("strict") is not None]
        if right and group != "separable" and (worst is None or np.mean(right) < worst[0]):
            worst = float(np.mean(right)), group
    if worst is not None:
        told_of = f"{worst[1]}, {100 * worst[0]:.1f} % (bar: ≥ 85 %)"
        lines.append(f"\nThe worst cause on the half held apart: {told_of}.")
    return "\n".join(lines)


def controls(rows: Sequence[Row]) -> str:
    """False alarms by kind of healthy run."""
    lines = ["| control | held apart | tuning |", "| --- | ---: | ---: |"]
    chosen = [row for row in rows if row.get("alarm") is not None]
    for kind in dict.fromkeys(_control(row) for row in chosen):
        mine = [row for row in chosen if _control(row) == kind]
        lines.append(_line(kind, *(share(_half(mine, half), "alarm") for half in HALVES)))
    return "\n".join(lines) if chosen else ""


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
    answers = [
        row[field] for row in rows if row.get(field) is not None and (kinds is None or _kind(row) in kinds)
    ]
    return told(sum(answers), len(answers))


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _control(row: Row) -> str:
    if row["kind"] == "control":
        return str(row["control"])
    if row["kind"] == "information":
        return "separable"
    where = "" if row.get("near", True) else ", loss far from the optimum"
    return f"harmless: {row['group']}{where}"


def _kind(row: Row) -> str:
    far = row["kind"] == "harmless" and not row.get("near", True)
    return FAR if far else str(row["kind"])


def _half(rows: Iterable[Row], half: str) -> list[Row]:
    return [row for row in rows if row["half"] == half]


def _of(row: Row, half: str, kind: str) -> bool:
    return bool(row["half"] == half and row["kind"] == kind)


def _percentile(rows: Iterable[Row], of: int) -> str:
    seconds = [row["seconds"] for row in rows if row.get("seconds")]
    return f"{np.percentile(seconds, of):.2f}" if seconds else "none"
