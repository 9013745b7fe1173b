"""Dates as people write them: in numbers or with the name of a month, with or without a time of day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from lrtui.datasets.columns import TextLayout
from lrtui.datasets.tables.parsing import (
    NO_DATE,
    ODD,
    Read,
    nothing,
    sample,
    share,
    unless_odd,
)

_DAY_FIRST, _MONTH_FIRST = "day before month", "month before day"
_DAYS = 31
FAR_AHEAD = 2035  # a year of two digits that is taken for a later one may well be one of the last century
_DIFFERENT = 20  # numbers up to 31 beside a month, from which they may well be its days


_WEEKDAY = r"(?:(?i:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +)?"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<m>(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))[A-Za-z]{0,6}"
_YEAR, _SHORT = r"(?P<y>\d{4})", r"(?P<y>\d{2})"
_CENTURIES = r"(?:1[89]|20|21)\d{2}"
_OR = r"[-/., ]*"  # 15-Jan-17, 15. Jan 2017, 15JAN2017
_PARTED = r"[-/., ]+"
_WORDS = "${d} ${m} ${y}"
_NUMBERS = (  # shape, and the formats that it may have: where two, the cells must tell which
    (r"\d{4}-\d{1,2}-\d{1,2}", ("%Y-%m-%d",)),
    (r"\d{4}/\d{1,2}/\d{1,2}", ("%Y/%m/%d",)),
    (r"\d{1,2}\.\d{1,2}\.\d{4}", ("%d.%m.%Y",)),
    (r"\d{1,2}\.\d{1,2}\.\d{2}", ("%d.%m.%y",)),
    (r"\d{1,2}/\d{1,2}/\d{4}", ("%d/%m/%Y", "%m/%d/%Y")),
    (r"\d{1,2}-\d{1,2}-\d{4}", ("%d-%m-%Y", "%m-%d-%Y")),
    (r"\d{1,2}/\d{1,2}/\d{2}", ("%d/%m/%y", "%m/%d/%y")),
)
_NAMED = (
    (f"{_WEEKDAY}{_DAY}{_OR}{_MONTH}{_OR}{_YEAR}", "%d %b %Y"),
    (f"{_WEEKDAY}{_DAY}{_OR}{_MONTH}{_OR}{_SHORT}", "%d %b %y"),
    (f"{_WEEKDAY}{_MONTH}{_OR}{_DAY}{_PARTED}{_YEAR}", "%d %b %Y"),
    (f"{_WEEKDAY}{_MONTH}{_OR}{_DAY}{_PARTED}{_SHORT}", "%d %b %y"),
    (f"{_YEAR}{_OR}{_MONTH}{_OR}{_DAY}", "%d %b %Y"),
)
_NAMED_SHAPES = [re.sub(r"\?P<\w>", "?:", shape) for shape, _ in _NAMED]  # names stand in a pattern once
_MONTHS = (
    (rf"(?P<y>{_CENTURIES})[-/](?P<m>0?[1-9]|1[0-2])", "1 ${m} ${y}", "%d %m %Y"),
    (rf"(?P<m>0?[1-9]|1[0-2])[-/](?P<y>{_CENTURIES})", "1 ${m} ${y}", "%d %m %Y"),
    (f"{_MONTH}{_OR}{_YEAR}", "1 ${m} ${y}", "%d %b %Y"),
    (f"{_MONTH}{_OR}{_SHORT}", "1 ${m} ${y}", "%d %b %y"),
    (f"{_YEAR}{_OR}{_MONTH}", "1 ${m} ${y}", "%d %b %Y"),
)
_SECONDS = r"\d{1,2}:\d{2}:\d{2}(?:\.\d+)?"
_PM = r" ?(?P<p>[AaPp])\.?[Mm]\.?"
_CLOCKS = (  # pattern, what is made of it where anything must be, and its format
    ("", "", ""),
    (r"T\d{1,2}:\d{2}", "", "T%H:%M"),
    (r" +\d{1,2}:\d{2}", "", " %H:%M"),
    (rf"T{_SECONDS}", "", "T%H:%M:%S%.f"),
    (rf" +{_SECONDS}", "", " %H:%M:%S%.f"),
    (r"(?:, *|:)(?P<c>\d{1,2}:\d{2})", " ${c}", " %H:%M"),
    (rf"(?:, *|:)(?P<c>{_SECONDS})", " ${c}", " %H:%M:%S%.f"),
    (rf"(?:,? +|T)(?P<c>\d{{1,2}}:\d{{2}}){_PM}", " ${c} ${p}M", " %I:%M %p"),
    (rf"(?:,? +|T)(?P<c>{_SECONDS}){_PM}", " ${c} ${p}M", " %I:%M:%S%.f %p"),
)
_ZONE = r"(?:Z|[-+]\d{2}:?\d{2})"


def as_dates(text: pl.Series) -> Read | None:
    """Dates and times without a zone, with blanks stripped already; times with a zone are told in UTC.

    ``None`` where more than a few cells are none, or where no cell tells day and month apart.
    """
    found = _read(text)
    return None if found is None else replace(found[0], layout=found[1])


def why_undated(text: pl.Series) -> str:
    """Why cells that look like dates, with blanks stripped already, are none; empty where they do not."""
    some = sample(text, text.is_null())  # whatever stands in most cells stands in these
    some = some.filter(~nothing(some, *NO_DATE))
    if not len(some) or share(some, r"\d") < 1 - ODD:
        return ""
    shapes = (*(shape for shape, _ in _NUMBERS), *_NAMED_SHAPES)
    if share(some, f"^(?:{'|'.join(shapes)})(?:[ T,:]|$)") < 1:
        return ""
    alike = next((shape for shape in shapes if share(some, f"^(?:{shape})(?:[ T,:]|$)") >= 1 - ODD), None)
    if alike is None:
        return "they are written in several ways"
    if share(some, f"^(?:{alike})$") < 1 - ODD:
        return "what stands behind the date is no time of day, or is written in several ways"
    formats = dict(_NUMBERS).get(alike, ())
    whole = [not some.str.strptime(pl.Date, form, strict=False).null_count() for form in formats]
    if len(whole) > 1 and all(whole):
        return "which of day and month comes first nothing tells"
    return "several are no days of the calendar" + (
        ", whichever of day and month comes first" * (len(whole) > 1)
    )


def parsed(text: pl.Series, layout: TextLayout) -> pl.Series:
    """Dates written in this layout, without a zone; ``null`` for what is not."""
    if layout.plain:
        text = text.str.replace(layout.shape, layout.plain)
    values = text.str.strptime(pl.Datetime("us"), layout.format, strict=False)
    return values.dt.replace_time_zone(None)


def _read(text: pl.Series) -> tuple[Read, TextLayout] | None:
    empty = nothing(text, *NO_DATE)
    some = sample(text, empty)
    if share(some, r"\d") < 1 - ODD:
        return None
    for shape, layouts in _dates():
        if share(some, f"^{shape}") < 1 - ODD:
            continue
        for found in layouts:
            if share(some, found[0].shape) >= 1 - ODD:
                return _moments(text, empty, found)
    for shape, plain, form in _MONTHS:
        if share(some, f"^{shape}$") >= 1 - ODD and not _may_be_days(some, form):
            month = TextLayout(f"^{shape}$", plain, form)
            read = unless_odd(parsed(text, month), empty, "read as month and year")
            return None if read is None else (read, month)
    return None


def _dates() -> Iterator[tuple[str, list[list[TextLayout]]]]:
    """The shape of every date, and with each clock the layouts that it may have."""
    for shape, formats in _NUMBERS:
        yield shape, [
            [_with(f"(?P<date>{shape})", "${date}" if plain else "", form, (clock, plain, suffix))
             for form in formats]
            for clock, plain, suffix in _zoned()
        ]  # fmt: skip
    for shape, form in _NAMED:
        yield (
            shape,
            [
                [_with(shape, _WORDS, form, (f"(?P<clock>{clock})", plain or "${clock}", suffix))]
                for clock, plain, suffix in _zoned()
            ],
        )


def _with(shape: str, plain: str, form: str, clock: tuple[str, str, str]) -> TextLayout:
    pattern, more, suffix = clock
    return TextLayout(f"^{shape}{pattern}$", plain and plain + more, form + suffix)


def _zoned() -> Iterator[tuple[str, str, str]]:
    for clock, plain, form in _CLOCKS:
        yield clock, plain, form
        if clock and not plain:
            yield clock + _ZONE, plain, f"{form}%#z"


def _may_be_days(some: pl.Series, form: str) -> bool:
    """Whether what stands beside the name of a month may be days: Jan-05, Jan-06 … Jan-31."""
    if form != "%d %b %y":
        return False
    numbers = some.str.extract(r"(\d{2})$").cast(pl.Int64, strict=False).drop_nulls()
    return numbers.n_unique() >= _DIFFERENT and bool((numbers <= _DAYS).all())


def _moments(
    text: pl.Series, empty: pl.Series, layouts: list[TextLayout]
) -> tuple[Read, TextLayout] | None:
    found = [(parsed(text, layout), layout) for layout in layouts]
    found.sort(key=lambda pair: pair[0].null_count())  # stable
    values, layout = found[0]
    how = ""
    if len(found) > 1:
        other = found[1][0]
        if values.null_count() == other.null_count() and not values.equals(other):
            return None  # 03/04 may be either
        how = f"read as {_DAY_FIRST if layout == layouts[0] or values.equals(other) else _MONTH_FIRST}"
    years = values.dt.year().drop_nulls().sort()
    if "%y" in layout.format and len(years) and years[-1] > FAR_AHEAD:
        read_as = f"read with years of two digits as {years[0]} to {years[-1]}"
        how = f"{how}, {read_as}" if how else read_as
    read = unless_odd(values, empty, how)
    return None if read is None else (read, layout)
