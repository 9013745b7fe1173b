"""Text that means something else: cells in which nothing stands, numbers as people write them, dates."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

NOTHING = ("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?")  # in any column
NO_NUMBER = ("none", "-", "--", ".")  # also nothing, where numbers or dates stand
ODD = 0.05  # share of cells that may be words where the others are numbers or dates
LONE = 10  # cells beside which one odd word may stand
SAMPLE = 1000  # cells looked at before a costly way of reading is tried on all

_SIGN, _MONEY = r"[-+]?", r"[$€£¥]?"
_UNMARKED = "read without currency signs"
_DIGIT = r"\d"
_PLAIN = r"(\d+(\.\d*)?|\.\d+)"
# Groups of three digits after a comma; 0,125 is a decimal comma, and so is what follows another number.
_GROUPED = rf"^{_SIGN}{_MONEY} ?([1-9]\d{{0,2}}(,\d{{3}})+(\.\d*)?|{_PLAIN}) ?[€%]?$"
_COMMA = rf"^{_SIGN}(\d+(,\d+)?|,\d+) ?[€%]?$"

_DAY_FIRST, _MONTH_FIRST = "day before month", "month before day"
_DATES = (  # shape, and the formats that it may have: where two, the cells must tell which
    (r"\d{4}-\d{1,2}-\d{1,2}", ("%Y-%m-%d",)),
    (r"\d{4}/\d{1,2}/\d{1,2}", ("%Y/%m/%d",)),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", ("%d.%m.%Y",)),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", ("%d.%m.%y",)),
    (r"\d{1,2}/\d{1,2}/\d{4}", ("%d/%m/%Y", "%m/%d/%Y")),
    (r"\d{1,2}-\d{1,2}-\d{4}", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"\d{1,2}/\d{1,2}/\d{2}", ("%d/%m/%y", "%m/%d/%y")),
    (r"\d{1,2} [A-Za-z]+ \d{4}", ("%d %B %Y",)),  # chrono's %B reads short names too
    (r"\d{1,2}-[A-Za-z]+-\d{4}", ("%d-%B-%Y",)),
    (r"[A-Za-z]+ \d{1,2}, \d{4}", ("%B %d, %Y",)),
)
_TIMES = (
    ("", ""),
    (r"T\d{1,2}:\d{2}", "T%H:%M"),
    (r" +\d{1,2}:\d{2}", " %H:%M"),
    (r"T\d{1,2}:\d{2}:\d{2}(\.\d+)?", "T%H:%M:%S%.f"),
    (r" +\d{1,2}:\d{2}:\d{2}(\.\d+)?", " %H:%M:%S%.f"),
)
_ZONE = r"(Z|[-+]\d{2}:?\d{2})"


@dataclass(frozen=True)
class Read:
    """Text read as something else.

    Attributes:
        values: Float64 or Datetime, ``null`` where nothing or an odd word stands.
        odd: where a word stands that was expected to be a number or a date.
        how: what had to be done for it, for people; empty where nothing. layout: of dates.
    """

    values: pl.Series
    odd: pl.Series
    how: str = ""
    layout: str = ""


def nothing(text: pl.Series, *more: str) -> pl.Series:
    """Where a text column, stripped of blanks, holds nothing; ``more`` are further words for that."""
    words = text.str.to_lowercase().is_in([*NOTHING, *more])
    return words.fill_null(True)


def as_numbers(text: pl.Series) -> Read | None:
    """Numbers, with blanks stripped already; ``None`` where more than a few cells are words."""
    empty = nothing(text, *NO_NUMBER)
    values = text.cast(pl.Float64, strict=False)
    read = _unless_odd(values, empty)
    return read or _dressed(text, empty)


def _unless_odd(values: pl.Series, empty: pl.Series, how: str = "") -> Read | None:
    odd = values.is_null() & ~empty
    words, filled = int(odd.sum()), len(empty) - int(empty.sum())
    few = words <= ODD * filled or (words == 1 and filled > LONE)
    if filled == 0 or not few:
        return None
    clean = values.to_frame().select(pl.when(~empty & ~odd).then(pl.first())).to_series()
    return Read(clean, odd, how)


def _dressed(text: pl.Series, empty: pl.Series) -> Read | None:
    """Numbers with separators of thousands, a decimal comma, a currency or a percent sign."""
    sample = _sample(text, empty)
    if _share(sample, _DIGIT) < 1 - ODD:
        return None
    percent = _share(sample, "%$")
    if 0 < percent < 1 - ODD:
        return None  # 12% beside 0.3 could mean anything
    for pattern, comma, how in (
        (_GROUPED, "", "read without the commas between thousands"),
        (_COMMA, ".", "read with decimal commas"),
    ):
        if _share(sample, pattern) < 1 - ODD:
            continue
        bare = text.str.replace_all(r"[$€£¥% ]", "").str.replace_all(",", comma, literal=True)
        kept = bare.to_frame().select(pl.when(text.str.contains(pattern)).then(pl.first())).to_series()
        read = _unless_odd(kept.cast(pl.Float64, strict=False), empty)
        if read is not None:
            how = "read without percent signs" if percent else how if _share(sample, ",") else _UNMARKED
            return replace(read, how=how)
    return None


def as_dates(text: pl.Series) -> Read | None:
    """Dates and times without a zone, with blanks stripped already; times with a zone are told in UTC.

    ``None`` where more than a few cells are none, or where no cell tells day and month apart.
    """
    empty = nothing(text, *NO_NUMBER)
    sample = _sample(text, empty)
    if _share(sample, _DIGIT) < 1 - ODD:
        return None
    for shape, formats in _DATES:
        if _share(sample, f"^{shape}") < 1 - ODD:
            continue
        for pattern, clock in _TIMES:
            for zone, suffix in (("", ""), (_ZONE, "%#z")) if clock else (("", ""),):
                if _share(sample, f"^{shape}{pattern}{zone}$") >= 1 - ODD:
                    return _moments(text, empty, [f"{date}{clock}{suffix}" for date in formats])
    return None


def _moments(text: pl.Series, empty: pl.Series, formats: list[str]) -> Read | None:
    found = [(parsed(text, layout), layout) for layout in formats]
    found.sort(key=lambda pair: pair[0].null_count())  # stable
    values, layout = found[0]
    how = ""
    if len(found) > 1:
        other = found[1][0]
        if values.null_count() == other.null_count() and not values.equals(other):
            return None  # 03/04 may be either
        how = f"read as {_DAY_FIRST if layout == formats[0] or values.equals(other) else _MONTH_FIRST}"
    read = _unless_odd(values, empty, how)
    return None if read is None else replace(read, layout=layout)


def parsed(text: pl.Series, layout: str) -> pl.Series:
    """Dates written in this layout, without a zone; ``null`` for what is not."""
    values = text.str.strptime(pl.Datetime("us"), layout, strict=False)
    return values.dt.replace_time_zone(None)


def _share(sample: pl.Series, pattern: str) -> float:
    return int(sample.str.contains(pattern).sum()) / max(len(sample), 1)


def _sample(text: pl.Series, empty: pl.Series) -> pl.Series:
    """Some cells in which something stands, from everywhere."""
    filled = text.filter(~empty)
    return filled.gather_every(max(1, len(filled) // SAMPLE)) if len(filled) else filled
