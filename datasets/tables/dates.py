"""Dates as numbers: the year with its fraction, and where they vary month, weekday and hour."""

from __future__ import annotations

import polars as pl

from lrtui.datasets.columns import Column

YEAR = 365.2425 * 86_400e6  # microseconds
MOMENTS = ("year", "month", "weekday", "hour")


def parts_of(name: str, moments: pl.Series) -> list[tuple[Column, pl.Series]]:
    """What a column of dates (Datetime) is learned from, as Float64 with ``null`` where no date stands.

    The year goes on between its days: 2020.5 is its middle. Months count from 1, weekdays from 1 (Monday),
    hours are whole. A part that is the same everywhere is left out.
    """
    found = {part: part_of(moments, part) for part in MOMENTS}
    return [
        (Column(f"{name} ({part})", "date", origin=name), values)
        for part, values in found.items()
        if values.drop_nulls().n_unique() > 1
    ]


def part_of(moments: pl.Series, part: str) -> pl.Series:
    """A part of dates (Datetime) as Float64."""
    if part == "year":
        return moments.dt.timestamp("us").cast(pl.Float64) / YEAR + 1970
    found: pl.Series = getattr(moments.dt, part)()
    return found.cast(pl.Float64)


def as_number(moments: pl.Series) -> pl.Series:
    """Moments or numbers as Float64 that grow with time."""
    return moments.dt.timestamp("us").cast(pl.Float64) if moments.dtype.is_temporal() else moments
