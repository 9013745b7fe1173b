"""Columns of a table that passes by in batches, as numbers: what each is was found from the first rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.columns import Column
from lrtui.datasets.tables import words
from lrtui.datasets.tables.kinds import MOST_LEVELS, PAIRS, Understood, understand
from lrtui.datasets.tables.moments import MOMENTS, part_of

Floats = NDArray[np.float64]


class Unfit(Exception):  # noqa: N818 - the pass begins anew
    """Further down, a column is not what its first rows said; ``reason`` is why it is left out instead."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason


class Encoder(Protocol):
    """One column of the file; makes one or more columns of numbers, NaN where nothing stands."""

    name: str

    @property
    def columns(self) -> Sequence[Column]:
        """What it makes, with what is known so far."""
        ...

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """The next cells as numbers into ``out`` (k, number of columns).

        Raises:
            Unfit: they are not what the first rows said.
        """
        ...


@dataclass
class Numbers:
    """Numbers, flags of 0 and 1, and numbers that are written in words of some kind."""

    name: str
    column: Column

    @property
    def columns(self) -> Sequence[Column]:
        """The column itself."""
        return (self.column,)

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """As they are; text as it was read in the first rows."""
        if cells.dtype == pl.String:
            found = understand(cells.rename(self.name))
            if found.missing == len(cells):
                out[:, 0] = np.nan
                return
            if not found.values.dtype.is_float() or found.column.kind == "category":
                raise Unfit(self.name, "numbers in the first rows, and words further down")
            cells = found.values
        elif cells.dtype.is_temporal():
            cells = cells.cast(pl.Int64)
        out[:, 0] = cells.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


@dataclass
class Words:
    """Categories: every level gets the next number when it is first met."""

    name: str
    levels: dict[str, int] = field(default_factory=dict)

    @property
    def columns(self) -> Sequence[Column]:
        """The column with the levels so far."""
        return (Column(self.name, "category", tuple(self.levels)),)

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """Numbers of levels."""
        text = cells.cast(pl.String).str.strip_chars()
        text = text.to_frame().select(pl.when(~words.nothing(text)).then(pl.first())).to_series()
        for level in text.drop_nulls().unique(maintain_order=True):
            self.levels.setdefault(level, len(self.levels))
        if len(self.levels) > MOST_LEVELS:
            raise Unfit(self.name, f"more than {MOST_LEVELS:,} different texts, too many for categories")
        known = list(self.levels)
        codes = text.replace_strict(known, list(range(len(known))), default=None, return_dtype=pl.Float64)
        out[:, 0] = codes.fill_null(np.nan).to_numpy()


@dataclass
class Pair:
    """Two words such as no and yes, however they are written."""

    name: str
    column: Column
    pair: tuple[str, str]

    @property
    def columns(self) -> Sequence[Column]:
        """The column itself."""
        return (self.column,)

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """0 and 1."""
        text = cells.cast(pl.String).str.strip_chars().str.to_lowercase()
        codes = text.replace_strict(list(self.pair), [0.0, 1.0], default=None, return_dtype=pl.Float64)
        if (codes.is_null() & ~words.nothing(text)).any():
            raise Unfit(self.name, "two words in the first rows, and more further down")
        out[:, 0] = codes.fill_null(np.nan).to_numpy()


@dataclass
class Dates:
    """Dates and times as their parts."""

    name: str
    layout: str  # of text; empty where they come typed

    @property
    def columns(self) -> Sequence[Column]:
        """One for each part."""
        return tuple(Column(f"{self.name} ({part})", "date", origin=self.name) for part in MOMENTS)

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """The parts of each date."""
        moments = self._moments(cells)
        for number, part in enumerate(MOMENTS):
            out[:, number] = part_of(moments, part).fill_null(np.nan).to_numpy()

    def _moments(self, cells: pl.Series) -> pl.Series:
        if cells.dtype != pl.String:
            return understand(cells).values if cells.null_count() < len(cells) else _no_moments(len(cells))
        text = cells.str.strip_chars()
        found = words.parsed(text, self.layout)
        odd = int((found.is_null() & ~words.nothing(text, *words.NO_NUMBER)).sum())
        if odd > words.ODD * len(cells) and odd > 1:
            raise Unfit(self.name, "dates in the first rows, and other words further down")
        return found


def _no_moments(rows: int) -> pl.Series:
    return pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, rows)


def encoder_of(found: Understood, typed: pl.DataType, head: pl.Series) -> Encoder:
    """The encoder of a usable column, whose cells will come in the type ``typed``."""
    name, kind = found.column.name, found.column.kind
    if found.values.dtype.is_temporal():
        read = words.as_dates(head.str.strip_chars()) if typed == pl.String else None
        return Dates(name, "" if read is None else read.layout)
    if kind == "category" or (kind == "constant" and not found.values.dtype.is_float()):
        return Words(name, {level: number for number, level in enumerate(found.column.levels)})
    if kind == "flag" and typed == pl.String:
        low = tuple(level.lower() for level in found.column.levels)
        if low in PAIRS:
            return Pair(name, found.column, (low[0], low[1]))
    return Numbers(name, Column(name, "number") if kind in ("constant", "id-like") else found.column)
