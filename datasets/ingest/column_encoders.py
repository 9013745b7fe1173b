"""Columns of a table that passes by in batches, as numbers: what each is was found from the first rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl

from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import CellReading, Column, TextLayout
from lrtui.datasets.tables import parsing
from lrtui.datasets.tables.cell_reading import reading_of
from lrtui.datasets.tables.date_text import parsed
from lrtui.datasets.tables.dates import MOMENTS, part_of
from lrtui.datasets.tables.time_text import hours
from lrtui.datasets.tables.type_inference import MOST_LEVELS, PAIRS, Understood, understand


class Unfit(Exception):  # noqa: N818 - the pass begins anew
    """Further down, a column is not what its first rows said; its name, and why it is left out instead."""


@dataclass
class Encoder:
    """One column of the file; makes one or more columns of numbers.

    Attributes:
        columns: what it makes, with what is known so far.
        read: the values of each of them for the next cells, ``null`` where nothing stands; it may learn of
            more levels, and raises ``Unfit`` where the cells are not what the first rows said.
        reading: the same, to be kept with what was learned.
    """

    name: str
    columns: tuple[Column, ...]
    read: Callable[[Encoder, pl.Series], Iterable[pl.Series]]
    reading: CellReading

    @property
    def whole_reading(self) -> CellReading:
        """How its cells are read, with all levels that were met so far."""
        return replace(self.reading, levels=self.columns[0].levels)

    def encode(self, cells: pl.Series, out: Floats) -> None:
        """The next cells as numbers into ``out`` (k, number of columns), NaN where nothing stands."""
        for number, values in enumerate(self.read(self, cells)):
            out[:, number] = values.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()


def numbers(encoder: Encoder, cells: pl.Series) -> Iterable[pl.Series]:
    """Numbers and flags of 0 and 1 as they are; text as it was read in the first rows."""
    if cells.dtype == pl.String:
        found = understand(cells.rename(encoder.name))
        number = found.values.dtype.is_float() and found.column.kind != "category"
        if not number and found.missing < len(cells):
            raise Unfit(encoder.name, "numbers in the first rows, and words further down")
        cells = found.values
    return [hours(cells) if cells.dtype.is_temporal() else cells]


def _words(encoder: Encoder, cells: pl.Series) -> Iterable[pl.Series]:
    """Categories: every level gets the next number when it is first met."""
    text = cells.cast(pl.String).str.strip_chars()
    text = text.to_frame().select(pl.when(~parsing.nothing(text)).then(pl.first())).to_series()
    column = encoder.columns[0]
    levels = list(dict.fromkeys([*column.levels, *text.drop_nulls().unique(maintain_order=True)]))
    if len(levels) > MOST_LEVELS:
        raise Unfit(encoder.name, f"more than {MOST_LEVELS:,} different texts, too many for categories")
    encoder.columns = (replace(column, levels=tuple(levels)),)
    return [text.replace_strict(levels, range(len(levels)), default=None, return_dtype=pl.Float64)]


def _pair(encoder: Encoder, cells: pl.Series) -> Iterable[pl.Series]:
    """0 and 1 for two words such as no and yes, however they are written."""
    pair = [level.lower() for level in encoder.columns[0].levels]
    text = cells.cast(pl.String).str.strip_chars().str.to_lowercase()
    codes = text.replace_strict(pair, [0.0, 1.0], default=None, return_dtype=pl.Float64)
    if (codes.is_null() & ~parsing.nothing(text)).any():
        raise Unfit(encoder.name, "two words in the first rows, and more further down")
    return [codes]


def _dates(encoder: Encoder, cells: pl.Series, layout: TextLayout | None) -> Iterable[pl.Series]:
    """Dates and times as their parts; ``layout`` is that of text, ``None`` where they come typed."""
    if layout is not None:
        text = cells.str.strip_chars()
        moments = parsed(text, layout)
        odd = int((moments.is_null() & ~parsing.nothing(text, *parsing.NO_DATE)).sum())
        if odd > parsing.ODD * len(cells) and odd > 1:
            raise Unfit(encoder.name, "dates in the first rows, and other words further down")
    elif cells.null_count() < len(cells):
        moments = understand(cells).values
    else:
        moments = pl.Series([None] * len(cells), dtype=pl.Datetime("us"))
    return [part_of(moments, part) for part in MOMENTS]


def encoder_of(found: Understood, typed: pl.DataType) -> Encoder:
    """The encoder of a usable column, whose cells will come in the type ``typed``."""
    column = found.column
    name, kind = column.name, column.kind
    if found.values.dtype.is_temporal():
        parts = tuple(Column(f"{name} ({part})", "date", origin=name) for part in MOMENTS)
        reading = partial(_dates, layout=found.layout if typed == pl.String else None)
        return Encoder(name, parts, reading, reading_of(found, typed, parts))
    if kind == "category" or (kind == "constant" and not found.values.dtype.is_float()):
        column = Column(name, "category", column.levels)
        return Encoder(name, (column,), _words, reading_of(found, typed, (column,)))
    if kind == "flag" and typed == pl.String and tuple(map(str.lower, column.levels)) in PAIRS:
        return Encoder(name, (column,), _pair, reading_of(found, typed, (column,)))
    column = Column(name, "number") if kind in ("constant", "id-like") else column
    return Encoder(name, (column,), numbers, reading_of(found, typed, (column,)))
