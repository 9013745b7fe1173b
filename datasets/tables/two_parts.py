"""A column of two files: the training part says what it is, and the test part is read the same way."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from lrtui.datasets.columns import Column
from lrtui.datasets.tables.cell_reading import read_cells, read_values, reading_of
from lrtui.datasets.tables.missing import Gap
from lrtui.datasets.tables.parsing import nothing
from lrtui.datasets.tables.type_inference import Understood, gap_of, understand
from lrtui.datasets.text import listed, quote


def understand_parts(series: pl.Series, own: int | None, test: str) -> Understood:
    """What a column is by its first ``own`` rows, with all of its cells; the others are those of ``test``.

    Levels that only the test part has follow those of the training part. ``None`` are all rows.
    """
    if own is None or own >= len(series):
        return understand(series)
    found, rest = understand(series.head(own)), series.slice(own)
    if found.column.kind == "category":
        return _with_levels(found, rest, test)
    if not (found.values.dtype.is_float() or found.values.dtype.is_temporal()):
        return _left_out(found, series)
    values, odd = read_values(reading_of(found, series.dtype, (found.column,)), rest)
    column, others = found.column, ""
    beyond = ~values.fill_null(0.0).is_in([0.0, 1.0]) if column.kind == "flag" else odd.clear()
    if beyond.any():
        column, row = Column(column.name, "number"), int(beyond.arg_max() or 0)
        others = (
            f"Column {quote(column.name)} of {test} holds {quote(str(rest[row]))} in row {row + 1}, where "
            "the training part has 0 and 1 alone."
        )
    remarks = (found.remark, _strange(rest, odd, test), others)
    return replace(
        _joined(found, values, gap_of(rest, values.to_physical().cast(pl.Float64), odd)),
        column=column,
        remark=" ".join(filter(None, remarks)),
    )


def _strange(rest: pl.Series, odd: pl.Series, test: str) -> str:
    """A sentence on cells of the test part that mean nothing in the training part's way, if any do."""
    if not odd.any():
        return ""
    row, more = int(odd.arg_max() or 0), int(odd.sum()) - 1
    told = f"Column {quote(rest.name)} of {test} holds {quote(str(rest[row]))} in row {row + 1}"
    if not more:
        return f"{told}, which the training part does not write so: it counts as missing."
    told += f", and {more:,} more cell{'' if more == 1 else 's'}"
    return f"{told} that the training part does not write so: they count as missing."


def _joined(found: Understood, values: pl.Series, gap: Gap | None) -> Understood:
    """What was understood, with the values of the test part below; the gap is the first of all."""
    below = None if gap is None else replace(gap, row=gap.row + len(found.values))
    return replace(
        found,
        values=pl.concat([found.values, values.alias(found.values.name).cast(found.values.dtype)]),
        missing=found.missing + values.null_count(),
        counted=None,
        gap=found.gap or below,
    )


def _with_levels(found: Understood, rest: pl.Series, test: str) -> Understood:
    """A category, and the levels that the training part does not know."""
    known = found.column.levels
    cells = read_cells(reading_of(found, rest.dtype, (found.column,)), rest)
    codes, remark, more = cells.values[0], found.remark, list[str]()
    if cells.odd is not None:
        text = rest.cast(pl.String).str.strip_chars()
        strange = text.filter(cells.odd)
        more = strange.unique().sort().to_list()
        numbers = pl.Series(range(len(known), len(known) + len(more)), dtype=pl.Float64)
        recoded = text.replace_strict(more, numbers, default=None, return_dtype=pl.Float64)
        codes = codes.to_frame().select(pl.when(cells.odd).then(recoded).otherwise(pl.first())).to_series()
        rows = f"{len(strange):,} row{'' if len(strange) == 1 else 's'}"
        level = "a level" if len(more) == 1 else f"{len(more):,} levels"
        remark = (
            f"{remark} Column {quote(rest.name)} of {test} holds {level} that the training part does not, "
            f"in {rows}: {listed(more)}."
        ).strip()
    column = replace(found.column, levels=(*known, *more))
    return replace(_joined(found, codes, gap_of(rest, codes, None)), column=column, remark=remark)


def _left_out(found: Understood, series: pl.Series) -> Understood:
    """What nothing can be learned from, whatever stands in the test part."""
    if series.dtype == pl.String:
        text = series.str.strip_chars()
        series = text.to_frame().select(pl.when(~nothing(text)).then(pl.first())).to_series()
    counted = None if found.counted else found.counted
    return replace(found, values=series, missing=series.null_count(), counted=counted)
