"""How the cells of a column become numbers, as something that can be kept, and done again to other rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import polars as pl

from lrtui.datasets.columns import CellReading, Column
from lrtui.datasets.tables.date_text import as_dates, parsed
from lrtui.datasets.tables.dates import part_of
from lrtui.datasets.tables.number_text import as_numbers, parsed_numbers, stands_alone
from lrtui.datasets.tables.parsing import NO_DATE, NO_NUMBER, ODD, nothing
from lrtui.datasets.tables.time_text import AS_HOURS, hours, parsed_hours
from lrtui.datasets.tables.type_inference import PAIRS, Understood, without_zone


class Cells(NamedTuple):
    """Cells as numbers.

    Attributes:
        values: Float64, a series for each column that is made of them, ``null`` where nothing stands; of a
            category, the number of the level, and one beyond that of a missing cell for one not known.
        odd: where a word stands that means nothing here; ``None`` where nowhere.
    """

    values: list[pl.Series]
    odd: pl.Series | None


def is_text(reading: CellReading) -> bool:
    """Whether cells are looked at as text, though all of some rows may be numbers."""
    texts = reading.how in ("category", "date", "hours")
    return texts or reading.layout is not None or _is_pair(reading)


def _is_pair(reading: CellReading) -> bool:
    return reading.how == "flag" and tuple(map(str.lower, reading.levels)) in PAIRS


def reading_of(found: Understood, typed: pl.DataType, columns: tuple[Column, ...]) -> CellReading:
    """How the cells of a column were read that came in a type, and were made into these columns."""
    name = found.column.name
    if found.values.dtype.is_temporal() and columns[0].kind == "date":
        parts = tuple(column.name.removeprefix(f"{name} (").removesuffix(")") for column in columns)
        return CellReading(name, "date", found.layout, parts)
    column = columns[0]
    if column.kind == "category":
        return CellReading(name, "category", levels=column.levels)
    if column.kind == "flag":
        return CellReading(name, "flag", levels=column.levels)
    if typed in (pl.Time, pl.Duration) or found.reason == AS_HOURS:
        return CellReading(name, "hours")
    return CellReading(name, "number", found.layout)


def read_cells(reading: CellReading, cells: pl.Series) -> Cells:
    """The cells of other rows, as they would have been understood in training."""
    if reading.how == "category":
        return _levels(reading, cells)
    values, odd = read_values(reading, cells)
    found = list(_parts(reading, values))
    return Cells(found, odd if odd.any() else None)


def read_values(reading: CellReading, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Cells of what is no category, as numbers or moments, and where a word stands that means nothing."""
    if cells.dtype == pl.String:
        text = cells.str.strip_chars()
        values, words = _from_text(reading, text)
        odd = values.is_null() & ~nothing(text, *words)
        values = values.to_frame().select(pl.when(~nothing(text, *words)).then(pl.first())).to_series()
    else:
        values = _typed(reading, cells)
        odd = values.is_null() & cells.is_not_null()
    return values, odd


def _parts(reading: CellReading, values: pl.Series) -> Iterator[pl.Series]:
    if reading.how != "date":
        yield values.cast(pl.Float64)
        return
    for part in reading.parts:
        yield part_of(values, part)


def _typed(reading: CellReading, cells: pl.Series) -> pl.Series:
    """Cells that are no text; ``null`` where their type says nothing here."""
    kind, is_date = cells.dtype, reading.how == "date"
    if kind in (pl.Date, pl.Datetime):
        return without_zone(cells) if is_date else _none(cells, pl.Float64())
    if kind in (pl.Time, pl.Duration) and not is_date:
        return hours(cells).cast(pl.Float64)
    if (kind.is_numeric() or kind == pl.Boolean) and not is_date and reading.how != "hours":
        return cells.cast(pl.Float64, strict=False)
    return _none(cells, pl.Datetime("us") if is_date else pl.Float64())


def _none(cells: pl.Series, kind: pl.DataType) -> pl.Series:
    return pl.Series(cells.name, [None] * len(cells), dtype=kind)


def _from_text(reading: CellReading, text: pl.Series) -> tuple[pl.Series, tuple[str, ...]]:
    """Stripped texts as values, and the words that mean nothing beside those that always do."""
    if _is_pair(reading):
        pair = [level.lower() for level in reading.levels]
        codes = text.str.to_lowercase().replace_strict(
            pair, [0.0, 1.0], default=None, return_dtype=pl.Float64
        )
        return codes, ()
    if reading.how == "hours":
        return parsed_hours(text), NO_NUMBER
    if reading.how == "date":
        return _dates(reading, text), NO_DATE
    return _numbers(reading, text), NO_NUMBER


def _dates(reading: CellReading, text: pl.Series) -> pl.Series:
    found = _none(text, pl.Datetime("us")) if reading.layout is None else parsed(text, reading.layout)
    if not _fails(found, text):
        return found
    other = as_dates(text)  # written in another way than those that were trained on
    return found if other is None else found.fill_null(other.values)


def _numbers(reading: CellReading, text: pl.Series) -> pl.Series:
    plain, layout = text.cast(pl.Float64, strict=False), reading.layout
    unit = "" if layout is None else layout.unit
    # 1.234 may be a plain number, and with points between thousands it is none.
    found = plain if layout is None else parsed_numbers(text, layout)
    if layout is not None and stands_alone(unit):
        found = found.fill_null(plain)
    if not _fails(found, text):
        return found
    other = as_numbers(text)
    if other is None or (other.layout.unit if other.layout else unit if stands_alone(unit) else "") != unit:
        return found  # pounds are no kilograms
    return found.fill_null(other.values)


def _fails(values: pl.Series, text: pl.Series) -> bool:
    """Whether more than a few cells say something else."""
    filled = ~nothing(text, *NO_DATE)
    return int((values.is_null() & filled).sum()) > ODD * int(filled.sum())


def _levels(reading: CellReading, cells: pl.Series) -> Cells:
    kind = cells.dtype
    if kind.is_nested() or kind in (pl.Object, pl.Binary):
        text = _none(cells, pl.String())
    else:
        text = cells.cast(pl.String, strict=False).str.strip_chars()
    if kind.is_float():
        text = text.str.replace(r"\.0$", "")
    empty = nothing(text)
    unknown = float(len(reading.levels) + 1)
    codes = text.replace_strict(
        list(reading.levels),
        [float(number) for number in range(len(reading.levels))],
        default=unknown,
        return_dtype=pl.Float64,
    )
    codes = codes.to_frame().select(pl.when(~empty).then(pl.first())).to_series()
    odd = (codes == unknown).fill_null(False)
    return Cells([codes], odd if odd.any() else None)
