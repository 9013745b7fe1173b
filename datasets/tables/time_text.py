"""Times of day and spans of time as hours: 20:53:06 is 20.885, 8:05 PM is 20.083."""

from __future__ import annotations

import polars as pl

from lrtui.datasets.tables.parsing import NO_NUMBER, ODD, Read, nothing, sample, share, unless_odd

AS_HOURS = "read as hours"
_PM = r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)"
_MINUTES = r":(?P<minutes>[0-5]\d)(?::(?P<seconds>[0-5]\d(?:\.\d+)?))?"
_DAYS = r"(?:(?P<days>-?\d{1,6}) days?,? \+?)?"
_TIME = rf"^{_DAYS}(?P<sign>-)?(?P<hours>\d{{1,5}})(?:{_MINUTES})?{_PM}?$"
_TOLD = rf":[0-5]\d|\d{_PM}$"  # a number alone is none
_DAY = 24


def as_hours(text: pl.Series) -> Read | None:
    """Times of day, on a clock of 24 or of 12 hours, and spans of any length; ``None`` where words stand.

    Blanks are stripped already. What has two parts is hours and minutes.
    """
    empty = nothing(text, *NO_NUMBER)
    some = sample(text, empty)
    if share(some, _TIME) < 1 - ODD or share(some, _TOLD) < 1 - ODD:
        return None
    return unless_odd(parsed_hours(text), empty, AS_HOURS)


def parsed_hours(text: pl.Series) -> pl.Series:
    """The hours in cells of times, Float64; ``null`` for what is none."""
    parts = text.str.extract_groups(_TIME).struct.unnest()
    number = {
        name: pl.col(name).cast(pl.Float64, strict=False)
        for name in ("days", "hours", "minutes", "seconds")
    }
    half, hours = pl.col("half").str.to_lowercase(), number["hours"]
    later = pl.when(half == "p").then(12.0).otherwise(0.0)
    clock = pl.when(half.is_null()).then(hours).when(hours <= 12).then(hours % 12 + later)
    told = half.is_not_null() | pl.col("minutes").is_not_null()
    rest = number["minutes"].fill_null(0) / 60 + number["seconds"].fill_null(0) / 3600
    sign = pl.when(pl.col("sign").is_null()).then(1.0).otherwise(-1.0)
    found = pl.when(told).then(number["days"].fill_null(0) * _DAY + sign * (clock + rest))
    return parts.select(found.alias(text.name)).to_series()


def hours(times: pl.Series) -> pl.Series:
    """A column of times of day (Time) or spans (Duration) as hours, Float64."""
    if times.dtype == pl.Time:
        return times.cast(pl.Int64) / 3.6e12
    return times.dt.total_microseconds() / 3.6e9
