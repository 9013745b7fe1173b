"""What kind a column is, found from its values: numbers, flags, categories, dates, text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

from lrtui.datasets.columns import Column, Kind
from lrtui.datasets.tables import parsing
from lrtui.datasets.tables.missing import Gap
from lrtui.datasets.text import quote, safe

PAIRS = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"))
FORMS = 6  # ways of writing the two words of a pair: Yes, yes, YES
MOST_LEVELS = 10_000  # of a category
DISTINCT = 0.5  # share of the rows beyond which texts are names rather than categories,
FEW_LEVELS = 10  # unless they are as few as this and repeat
LONG = 60  # characters beyond which a cell is prose, on average
PROSE = 20  # different texts from which this matters
SEQUENCE = 500  # rows from which 1, 2, 3 … are taken for the numbers of the rows
EXACT = 2.0**53  # whole numbers beyond it are rounded
_IDENTIFYING = {"id", "ids", "idx", "index", "no", "nr", "number", "key", "uuid", "guid", "rowid", "rownum"}


@dataclass(frozen=True)
class Understood:
    """A column of a table, understood.

    Attributes:
        column: its name, kind and levels.
        values: as Float64 where it is a number, a flag (0 and 1) or a category (numbers of levels), with
            ``null`` for what is missing; as Datetime where it is a date; else as it was.
        missing: cells in which nothing stands. distinct: how many different values stand in the others.
        gap: the first cell of a number column that holds no finite number.
        reason: why it is taken to be of its kind, or why nothing can be learned from it; for people.
        usable: whether it can be learned from at all.
        remark: a sentence about the column that a person should know; empty where all is as it seems.
    """

    column: Column
    values: pl.Series
    missing: int
    distinct: int
    gap: Gap | None = None
    reason: str = ""
    usable: bool = True
    remark: str = ""


def understand(series: pl.Series) -> Understood:
    """What a column is; texts are read as what they mean."""
    kind = series.dtype
    if kind == pl.String:
        return _text(series)
    if isinstance(kind, pl.Categorical | pl.Enum):
        return _words(series.cast(pl.String).str.strip_chars())
    if kind == pl.Boolean:
        return _flag(series, series.cast(pl.Float64), ("false", "true"), "true and false")
    if kind.is_numeric():
        return _number(series, series.cast(pl.Float64, strict=False))
    if kind in (pl.Date, pl.Datetime):
        return _date(series, _without_zone(series))
    if kind in (pl.Time, pl.Duration):
        found = _number(series, series.cast(pl.Int64).cast(pl.Float64))
        return replace(found, reason="a span of time")
    if kind == pl.Null:
        return _empty(series)
    return Understood(
        Column(series.name, "text"),
        series,
        series.null_count(),
        0,
        reason=f"its cells hold no single value ({safe(str(kind), 60)})",
        usable=False,
    )


def _text(series: pl.Series) -> Understood:
    quick = series.cast(pl.Float64, strict=False)
    if quick.null_count() == series.null_count():
        return _number(series, quick)
    text = series.str.strip_chars()
    numbers = parsing.as_numbers(text)
    if numbers is not None:
        found = _number(series, numbers.values, numbers.odd)
        return replace(found, reason=numbers.how) if numbers.how and not found.reason else found
    dates = parsing.as_dates(text)
    if dates is not None:
        return _date(series, dates.values, dates)
    return _words(text)


def _number(series: pl.Series, raw: pl.Series, odd: pl.Series | None = None) -> Understood:
    values = raw.fill_nan(None)
    missing = values.null_count()
    if missing == len(values):
        return _empty(series)
    distinct = values.drop_nulls().n_unique()
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type] # of numbers
    gap, remark = _gap(series, values, odd), _odd_words(series, odd, "number")
    made = Understood(Column(series.name, "number"), values, missing, distinct, gap, remark=remark)
    why = _identifies(series, values, distinct, (low, high))
    if why:
        return replace(_with(made, "id-like", why), usable=False)
    if distinct == 1 and not missing:
        return _with(made, "constant", f"every cell holds {low:.10g}")
    if distinct == 2 and (low, high) == (0, 1):
        return replace(_with(made, "flag", "0 and 1"), column=Column(series.name, "flag", ("0", "1")))
    if max(abs(low), abs(high)) >= EXACT and values.abs().is_between(EXACT, 2.0**64, closed="left").any():
        name = quote(series.name)
        large = f"Column {name} holds whole numbers beyond 2^53, which are rounded to 16 digits."
        return replace(made, remark=f"{remark} {large}".strip())
    return made


def _with(made: Understood, kind: Kind, reason: str) -> Understood:
    return replace(made, column=replace(made.column, kind=kind), reason=reason)


def _gap(series: pl.Series, values: pl.Series, odd: pl.Series | None) -> Gap | None:
    """The first cell without a finite number; a word comes before an empty cell, that before NaN and ∞."""
    if odd is not None and odd.any():
        row = int(odd.arg_max() or 0)
        return Gap(row + 1, str(series[row]), is_text=True)
    finite = values.is_finite().fill_null(False)
    if finite.all():
        return None
    empty = series.is_null() | (series.str.strip_chars() == "") if series.dtype == pl.String else (
        series.is_null()
    )  # fmt: skip
    row = int((empty if empty.any() else ~finite).arg_max() or 0)
    return Gap(row + 1, None if empty[row] else str(series[row]))


def _odd_words(series: pl.Series, odd: pl.Series | None, what: str) -> str:
    many = 0 if odd is None else int(odd.sum())
    if odd is None or not many:
        return ""
    row = int(odd.arg_max() or 0)
    first = f"Column {quote(series.name)} holds the text {quote(str(series[row]))} in row {row + 1}"
    if many == 1:
        return f"{first}, which is no {what} and counts as missing."
    return f"{first}, and {many - 1:,} more that are no {what}s: all of them count as missing."


def _identifies(series: pl.Series, values: pl.Series, different: int, ends: tuple[float, float]) -> str:
    """Why a column of numbers tells rows apart rather than describes them; empty where it describes."""
    n, rounded = len(series), max(map(abs, ends)) > EXACT
    if values.null_count() or n < 2 or series.dtype.is_float() or (different < n and not rounded):
        return ""
    whole = values.is_finite().all() and (values == values.floor()).all()
    if not whole or (rounded and series.n_unique() < n):
        return ""
    if rounded:
        return "a different whole number beyond 2^53 in every row, as identifiers have"
    if _names_rows(series.name):
        return "a different whole number in every row, under the name of an identifier"
    low, high = ends
    counts = low in (0, 1) and high - low == n - 1 and values.is_sorted()
    return f"it counts the rows from {low:g} to {high:,.0f}" if counts and n >= SEQUENCE else ""


def _names_rows(name: str) -> bool:
    """Whether a column is called an identifier: ``id``, ``PassengerId``, ``row_no``, ``Unnamed: 0``."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    lower = [part.lower() for part in parts]
    return not lower or lower[-1] in _IDENTIFYING or lower[0] in ("id", "unnamed")


def _flag(series: pl.Series, values: pl.Series, levels: tuple[str, str], reason: str) -> Understood:
    missing = values.null_count()
    if missing == len(values):
        return _empty(series)
    distinct = values.drop_nulls().n_unique()
    kind: Kind = "constant" if distinct == 1 and not missing else "flag"
    gap = _gap(series, values, None)
    return Understood(Column(series.name, kind, levels), values, missing, distinct, gap, reason)


def _date(series: pl.Series, values: pl.Series, read: parsing.Read | None = None) -> Understood:
    missing, column = values.null_count(), Column(series.name, "date")
    if missing == len(values):
        return _empty(series)
    distinct = values.drop_nulls().n_unique()
    if distinct == 1 and not missing:
        constant = Column(series.name, "constant")
        return Understood(constant, values, 0, 1, reason=f"every cell holds {values[0]}", usable=False)
    how, odd = (read.how, read.odd) if read else ("", None)
    gap = _gap(series, values.to_physical().cast(pl.Float64), odd)
    remark = _odd_words(series, odd, "date")
    return Understood(column, values, missing, distinct, gap, how, remark=remark)


def _without_zone(series: pl.Series) -> pl.Series:
    zone = getattr(series.dtype, "time_zone", None)
    moments = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None) if zone else series
    return moments.cast(pl.Datetime("us"))


def _words(text: pl.Series) -> Understood:
    """A column of stripped texts that are neither numbers nor dates."""
    empty = parsing.nothing(text)
    cells = text.to_frame().select(pl.when(~empty).then(pl.first())).to_series()
    filled = cells.drop_nulls()
    n, missing, distinct = len(cells), len(cells) - len(filled), filled.n_unique()
    if not len(filled):
        return _empty(text)
    shown = sorted(filled.unique().to_list()) if distinct <= FORMS else []
    pair = tuple(sorted({word.lower() for word in shown}))
    if pair in PAIRS:
        ones = (cells.str.to_lowercase() == pair[1]).cast(pl.Float64)
        levels = (shown[0], shown[1]) if distinct == 2 else (pair[0], pair[1])
        found = _flag(text, ones, levels, " and ".join(map(quote, levels)))
        return replace(found, distinct=2)
    made = Understood(Column(text.name, "text"), cells, missing, distinct, usable=False)
    if distinct == 1 and not missing:
        return _with(made, "constant", f"every cell holds {quote(str(filled[0]))}")
    length = float(filled.str.len_chars().mean() or 0)  # type: ignore[arg-type]
    if distinct == len(filled) and n > 2 and length <= LONG and not filled.str.contains(" ").any():
        return _with(made, "id-like", "a different word in every row")
    if length > LONG and distinct > PROSE:
        return replace(made, reason=f"long texts, {length:.0f} characters on average")
    if distinct == len(filled) > 1 or distinct + bool(missing) > max(DISTINCT * n, FEW_LEVELS):
        return replace(made, reason=f"{distinct:,} different texts in {len(filled):,} rows")
    if distinct > MOST_LEVELS:
        return replace(made, reason=f"{distinct:,} different texts, too many for categories")
    names = filled.unique().sort()
    codes = cells.cast(pl.Enum(names)).to_physical().cast(pl.Float64)
    column = Column(text.name, "category", tuple(names.to_list()))
    return Understood(column, codes, missing, distinct, _gap(text, codes, None), "words that repeat")


def _empty(series: pl.Series) -> Understood:
    column = Column(series.name, "constant")
    return Understood(column, series, len(series), 0, reason="every cell is empty", usable=False)
