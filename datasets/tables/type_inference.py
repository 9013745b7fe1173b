"""What kind a column is, found from its values: numbers, flags, categories, dates, text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import polars as pl

from lrtui.datasets.columns import Column, Kind, TextLayout
from lrtui.datasets.cores import once
from lrtui.datasets.tables import parsing
from lrtui.datasets.tables.date_text import as_dates, why_undated
from lrtui.datasets.tables.identifiers import EXACT, identifies, written_whole
from lrtui.datasets.tables.missing import Gap
from lrtui.datasets.tables.number_text import as_numbers
from lrtui.datasets.tables.time_text import AS_HOURS, as_hours, hours
from lrtui.datasets.text import quote, safe

PAIRS = (("no", "yes"), ("false", "true"), ("n", "y"), ("f", "t"), ("off", "on"))
FORMS = 6  # ways of writing the two words of a pair: Yes, yes, YES
MOST_LEVELS = 10_000  # of a category
DISTINCT = 0.5  # share of the rows beyond which texts are names rather than categories,
FEW_LEVELS = 10  # unless they are as few as this and repeat
LONG = 60  # characters beyond which a cell is prose, on average
PROSE = 20  # different texts from which this matters
HUGE = 1e300  # sums of larger numbers are no numbers any more


class Order(NamedTuple):
    """Numbers in order: how many different ones, and of the finite ones what follows; else ``None``."""

    distinct: int
    low: float | None = None
    high: float | None = None
    median: float | None = None
    mean: float | None = None


@dataclass(frozen=True)
class Understood:
    """A column of a table, understood.

    Attributes:
        column: its name, kind and levels.
        values: as Float64 where it is a number, a flag (0 and 1) or a category (numbers of levels), with
            ``null`` for what is missing; as Datetime where it is a date; else as it was.
        missing: cells in which nothing stands.
        counted: how many different values stand in the others, where that was counted already.
        gap: the first cell of a number column that holds no finite number.
        reason: why it is taken to be of its kind, or why nothing can be learned from it; for people.
        usable: whether it can be learned from at all.
        remark: a sentence about the column that a person should know; empty where all is as it seems.
        layout: how its texts are written, where they are more than plain numbers.
    """

    column: Column
    values: pl.Series
    missing: int
    counted: int | None
    gap: Gap | None = None
    reason: str = ""
    usable: bool = True
    remark: str = ""
    layout: TextLayout | None = None

    @once
    def distinct(self) -> int:
        """How many different values stand in the cells; counting many takes as long as reading them."""
        if self.counted is not None:
            return self.counted
        return self.order.distinct if self.values.dtype.is_float() else self.values.drop_nulls().n_unique()

    @once
    def order(self) -> Order:
        """What one sort tells of its numbers; NumPy's takes a third of the time of hashing them."""
        return order_of(self.values)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What should be known of it: the remark, and how its cells were read where they had to be."""
        read = (
            f"Column {quote(self.column.name)} was {self.reason}."
            if self.reason.startswith("read ")
            else ""
        )
        return tuple(text for text in (self.remark, read) if text)

    @property
    def names_rows(self) -> bool:
        """Whether it holds numbers that only name or count the rows."""
        return self.column.kind == "id-like" and self.values.dtype.is_float()

    def as_number(self) -> Understood:
        """The same as a number to learn from, though it names the rows."""
        return replace(self, column=replace(self.column, kind="number"), usable=True, reason="")


def order_of(values: pl.Series) -> Order:
    """What their order tells of numbers; the median is the lower of two."""
    found = np.sort(values.drop_nulls().to_numpy())
    distinct = int(np.count_nonzero(found[1:] != found[:-1])) + (len(found) > 0)
    finite = found[np.searchsorted(found, -np.inf, "right") : np.searchsorted(found, np.inf)]
    if not len(finite):
        return Order(distinct)
    low, high, median = float(finite[0]), float(finite[-1]), float(finite[(len(finite) - 1) // 2])
    largest = max(abs(low), abs(high))
    scale = 1.0 if largest < HUGE / len(finite) else largest
    return Order(distinct, low, high, median, float((finite / scale).mean()) * scale)


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
        return _date(series, without_zone(series))
    if kind in (pl.Time, pl.Duration):
        found = _number(series, hours(series))
        return replace(found, reason=AS_HOURS) if found.column.kind == "number" else found
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
    numbers = as_numbers(text) or as_hours(text)
    if numbers is not None:
        found = replace(_number(series, numbers.values, numbers.odd), layout=numbers.layout)
        return replace(found, reason=numbers.how) if numbers.how and not found.reason else found
    dates = as_dates(text)
    if dates is not None:
        return replace(_date(series, dates.values, dates), layout=dates.layout)
    found = _words(text)
    if found.column.kind in ("category", "text", "id-like") and (why := why_undated(text)):
        said = f"Column {quote(series.name)} looks like dates and is not read as such: {why}."
        return replace(found, remark=f"{said} Write them as 2024-12-31.")
    return found


def _number(series: pl.Series, raw: pl.Series, odd: pl.Series | None = None) -> Understood:
    values = raw.fill_nan(None)
    missing = values.null_count()
    if missing == len(values):
        return _empty(series)
    low, high = float(values.min()), float(values.max())  # type: ignore[arg-type] # of numbers
    gap, remark = gap_of(series, values, odd), _odd_words(series, odd, "number")
    made = Understood(Column(series.name, "number"), values, missing, None, gap, remark=remark)
    named = _unless_identifier(made, series)
    if not named.usable:
        return named
    if low == high and not missing:
        return _with(made, "constant", f"every cell holds {low:.10g}")
    if (low, high) == (0, 1) and made.distinct == 2:
        return replace(_with(made, "flag", "0 and 1"), column=Column(series.name, "flag", ("0", "1")))
    beyond = max(abs(low), abs(high)) >= EXACT
    if beyond and values.is_between(-(2.0**64), 2.0**64).any() and len(written_whole(series, values)):
        name = quote(series.name)
        large = f"Column {name} holds whole numbers beyond 2^53, which are rounded to 16 digits."
        return replace(made, remark=f"{remark} {large}".strip())
    return made


def _unless_identifier(made: Understood, series: pl.Series) -> Understood:
    """A column of numbers, left out where they say that it names the rows."""
    why = identifies(series, made.values)
    return replace(_with(made, "id-like", why), usable=False) if why else made


def _with(made: Understood, kind: Kind, reason: str) -> Understood:
    return replace(made, column=replace(made.column, kind=kind), reason=reason)


def gap_of(series: pl.Series, values: pl.Series, odd: pl.Series | None) -> Gap | None:
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


def _flag(series: pl.Series, values: pl.Series, levels: tuple[str, str], reason: str) -> Understood:
    missing = values.null_count()
    if missing == len(values):
        return _empty(series)
    distinct = values.drop_nulls().n_unique()
    kind: Kind = "constant" if distinct == 1 and not missing else "flag"
    gap = gap_of(series, values, None)
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
    gap = gap_of(series, values.to_physical().cast(pl.Float64), odd)
    remark = _odd_words(series, odd, "date")
    return Understood(column, values, missing, distinct, gap, how, remark=remark)


def without_zone(series: pl.Series) -> pl.Series:
    """Dates and times as microseconds without a zone; those with one are told in UTC."""
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
        return replace(found, counted=2)
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
    return Understood(column, codes, missing, distinct, gap_of(text, codes, None), "words that repeat")


def _empty(series: pl.Series) -> Understood:
    column = Column(series.name, "constant")
    return Understood(column, series, len(series), 0, reason="every cell is empty", usable=False)
