"""What kind a column is, found from its values: numbers, flags, categories, dates, text."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lrtui.datasets.cells import Gap
from lrtui.datasets.columns import Column


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
    """

    column: Column
    values: pl.Series
    missing: int
    distinct: int
    gap: Gap | None = None
    reason: str = ""
    usable: bool = True


def understand(series: pl.Series) -> Understood:
    """What a column is."""
    raise NotImplementedError
