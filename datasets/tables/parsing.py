"""Text that means something else: what it is read as, and cells in which nothing stands."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from lrtui.datasets.columns import TextLayout

NOTHING = ("", "na", "n/a", "#n/a", "<na>", "nan", "null", "?")  # in any column
NO_NUMBER = ("none", "-", "--", ".")  # also nothing, where numbers or dates stand
NO_DATE = (*NO_NUMBER, "0000-00-00", "0000-00-00 00:00:00")  # as MySQL writes it
ODD = 0.05  # share of cells that may be words where the others are numbers or dates
LONE = 10  # cells beside which one odd word may stand
SAMPLE = 1000  # cells looked at before a costly way of reading is tried on all


@dataclass(frozen=True)
class Read:
    """Text read as something else.

    Attributes:
        values: Float64 or Datetime, ``null`` where nothing or an odd word stands.
        odd: where a word stands that was expected to be a number or a date.
        how: what had to be done for it, for people; empty where nothing.
        layout: how the cells are written, where a plain number is not all.
    """

    values: pl.Series
    odd: pl.Series
    how: str = ""
    layout: TextLayout | None = None


def nothing(text: pl.Series, *more: str) -> pl.Series:
    """Where a text column, stripped of blanks, holds nothing; ``more`` are further words for that."""
    words = text.str.to_lowercase().is_in([*NOTHING, *more])
    return words.fill_null(True)


def unless_odd(values: pl.Series, empty: pl.Series, how: str = "") -> Read | None:
    """What was read of the cells that are not ``empty``; ``None`` where more than a few are words."""
    odd = values.is_null() & ~empty
    words, filled = int(odd.sum()), len(empty) - int(empty.sum())
    few = words <= ODD * filled or (words == 1 and filled > LONE)
    if filled == 0 or not few:
        return None
    clean = values.to_frame().select(pl.when(~empty & ~odd).then(pl.first())).to_series()
    return Read(clean, odd, how)


def share(cells: pl.Series, pattern: str) -> float:
    """The share of cells in which a pattern is found."""
    return int(cells.str.contains(pattern).sum()) / max(len(cells), 1)


def sample(text: pl.Series, empty: pl.Series) -> pl.Series:
    """Some cells in which something stands, from everywhere."""
    filled = text.filter(~empty)
    return filled.gather_every(max(1, len(filled) // SAMPLE)) if len(filled) else filled
