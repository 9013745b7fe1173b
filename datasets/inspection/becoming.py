"""What becomes of a column before it is learned from, in a few words."""

from __future__ import annotations

from lrtui.datasets.encoding import COMMON, HASHED, ONE_HOT
from lrtui.datasets.tables.kinds import Understood
from lrtui.datasets.tables.moments import parts_of

TRAINING = 0.8  # share of the rows, about
GAPS = "median and indicator"
LEFT_OUT = "left out"
SHORT = {"id-like": "like an id", "constant": "one value", "text": "text"}


def becomes(found: Understood) -> str:
    """``one-hot, 3 columns``, ``year, month, weekday``, ``left out: like an id``; with default settings."""
    kind = found.column.kind
    if not found.usable:
        return f"{LEFT_OUT}: {SHORT.get(kind, kind)}"
    if kind == "date":
        parts = parts_of(found.column.name, found.values)
        return _with_gaps(", ".join(column.name.rpartition("(")[2][:-1] for column, _ in parts), found)
    if kind == "category":
        return _of_category(found)
    return _with_gaps("0/1" if kind == "flag" else "", found) or kind


def _of_category(found: Understood) -> str:
    """One-hot, or hashed where too many levels are common; the training part will decide by its rows."""
    n = len(found.values)
    rows = [*found.values.drop_nulls().value_counts()["count"].to_list(), found.missing]
    frequency = min(COMMON, max(2, int(TRAINING * n) // COMMON**2))
    common = sum(TRAINING * count >= frequency for count in rows)
    rare = sum(0 < TRAINING * count < frequency for count in rows)
    if common > ONE_HOT:
        return f"hashed, {HASHED} columns"
    many = common + bool(rare)
    joined = ", rare joined" if rare > 1 else ""
    return f"one-hot, {many:,} column{'' if many == 1 else 's'}{joined}"


def _with_gaps(text: str, found: Understood) -> str:
    filled = [GAPS] if found.gap is not None else []
    return ", ".join([text, *filled] if text else filled)
