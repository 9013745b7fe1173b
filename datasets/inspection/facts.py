"""What is worth telling of one column: its range or commonest values, and where they lie by class."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import HASHED, ONE_HOT, common_from
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection.record import Facts, Histogram, Level
from lrtui.datasets.tables.dates import parts_of
from lrtui.datasets.tables.labels import as_values
from lrtui.datasets.tables.type_inference import Understood

BINS = 24
BARS = 8  # levels of a category in its histogram; the others are one more
FEW = 100  # values of a number that are counted one by one
MOST_LEVELS = 12  # told of a column
LONGEST = 200  # characters of a value
OTHERS = "others"
TRAINING = 0.8  # share of the rows, about
GAPS = "median and indicator"
LEFT_OUT = "left out"
SHORT = {"id-like": "like an id", "constant": "one value", "text": "text"}


def facts_of(found: Understood, raw: pl.Series) -> Facts:
    """What is known of a column, without its histogram; ``raw`` holds its cells as they were read."""
    column = found.column
    made = Facts(
        column.name,
        column.kind,
        found.missing,
        found.distinct,
        _treatment(found),
        found.usable,
        found.reason,
        levels=levels_of(found, raw),
    )
    if column.kind == "date" or found.values.dtype.is_temporal():
        first, last = found.values.min(), found.values.max()
        return replace(made, first=_moment(first), last=_moment(last))
    if column.kind in ("number", "flag") or (found.values.dtype.is_float() and column.kind != "category"):
        order = found.order
        return replace(made, low=order.low, high=order.high, mean=order.mean, median=order.median)
    return made


def _treatment(found: Understood) -> str:
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
    frequency = common_from(int(TRAINING * n))
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


def levels_of(found: Understood, raw: pl.Series, most: int = MOST_LEVELS) -> tuple[Level, ...]:
    """The commonest values of a column with their rows; none of those that hardly repeat."""
    kind = found.column.kind
    if kind in ("text", "id-like", "date") or (kind == "number" and found.distinct > FEW):
        return ()
    counts = as_text(raw).drop_nulls().value_counts(sort=False)
    counts = counts.sort([counts.columns[1], counts.columns[0]], descending=[True, False])
    return tuple((str(value)[:LONGEST], int(rows)) for value, rows in counts.head(most).iter_rows())


def as_text(raw: pl.Series) -> pl.Series:
    """The cells by the names that they would have as classes; ``null`` where nothing stands."""
    try:
        return as_values(raw)
    except DatasetError:  # no single values, so they cannot be classes
        return pl.Series(raw.name, [None] * len(raw), dtype=pl.String)


def numbers(found: Understood) -> Floats:
    """The values of a column (n,) as float64, NaN where there is none; dates as seconds."""
    values = found.values
    if values.dtype.is_temporal():
        values = values.cast(pl.Datetime("us")).to_physical().cast(pl.Float64) / 1e6
    return np.asarray(values.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy(), np.float64)


def histogram(found: Understood, classes: Indices, many: int) -> Histogram | None:
    """Where the values lie; ``classes`` (n,) numbers the class of each row, -1 for none, of ``many``.

    None for names, texts and constants.
    """
    kind = found.column.kind
    if kind in ("text", "id-like", "constant"):
        return None
    values = numbers(found)
    known = np.isfinite(values) & (classes >= 0)
    if not known.all():
        values, classes = values[known], classes[known]
    if not len(values):
        return None
    if kind in ("category", "flag") and found.column.levels:
        return _bars(values.astype(np.int64), found.column.levels, classes, many)
    low, high = values.min(), values.max()
    if low == high:
        return None
    shares = values / 2  # halves: the difference of the largest numbers is infinite
    shares -= low / 2
    shares /= high / 2 - low / 2
    shares *= BINS
    places = np.minimum(shares, BINS - 1, out=shares).astype(np.int64)
    return Histogram(_counted(places, classes, BINS, many))


def _bars(codes: Indices, levels: tuple[str, ...], classes: Indices, many: int) -> Histogram:
    rows = np.bincount(codes, minlength=len(levels))
    order = np.argsort(-rows, kind="stable")
    shown = order if len(levels) <= BARS + 1 else order[:BARS]
    place = np.full(len(levels), len(shown), dtype=np.int64)
    place[shown] = np.arange(len(shown))
    labels = [levels[number][:LONGEST] for number in shown]
    if len(shown) < len(levels):
        labels.append(f"{len(levels) - len(shown):,} {OTHERS}")
    return Histogram(_counted(place[codes], classes, len(labels), many), tuple(labels))


def _counted(places: Indices, classes: Indices, bins: int, many: int) -> tuple[tuple[int, ...], ...]:
    flat = np.bincount(classes * bins + places, minlength=many * bins)
    return tuple(tuple(int(rows) for rows in line) for line in flat.reshape(many, bins))


def _moment(value: object) -> str:
    """A date without a time of day that is midnight."""
    return str(value).removesuffix(" 00:00:00")
