"""Parquet and Arrow files: columns with types of their own, made plain."""

from __future__ import annotations

import io

import polars as pl

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.delimited import MOST_COLUMNS, too_wide
from lrtui.datasets.reading.error_translation import AGAIN, quiet, refusing
from lrtui.datasets.reading.names import complete
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed

Read = tuple[pl.DataFrame, tuple[str, ...]]  # a table, and remarks

CELL = 8  # bytes of a cell, at least

_STREAM = b"\xff\xff\xff\xff"  # with which every message of an Arrow stream begins


def read_parquet(data: bytes, source: Source, where: str, name: str) -> Found:
    """A Parquet file, refused by its shape before it is read."""
    _check_ends(data, b"PAR1", where, "Parquet")
    with refusing(where, "Parquet"):
        rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
        check_shape(rows, len(pl.read_parquet_schema(io.BytesIO(data))), where)
        return *plain(pl.read_parquet(io.BytesIO(data)), where), None


def read_arrow(data: bytes, source: Source, where: str, name: str) -> Found:
    """An Arrow (Feather) file or stream."""
    with refusing(where, "Arrow"), quiet():
        if data.startswith(_STREAM):
            return *plain(pl.read_ipc_stream(io.BytesIO(data)), where), None
        _check_ends(data, b"ARROW1", where, "Arrow")
        lazy = pl.scan_ipc(io.BytesIO(data))
        rows = lazy.select(pl.len()).collect().item()
        check_shape(rows, len(lazy.collect_schema()), where)
        return *plain(pl.read_ipc(io.BytesIO(data)), where), None


def _check_ends(data: bytes, magic: bytes, where: str, kind: str) -> None:
    """Tell a file that is cut off from one that is something else."""
    if not data.startswith(magic):
        raise DatasetError(f"{where} is no {kind} file, whatever its name says.", AGAIN)
    if len(data) < 2 * len(magic) or not data.endswith(magic):
        a = "an" if kind[0] in "AEIO" else "a"
        raise DatasetError(f"{where} is cut off: the end of {a} {kind} file is not there.", AGAIN)


def check_shape(rows: int, columns: int, where: str) -> None:
    """Refuse a table before it is read.

    Raises:
        DatasetError: it has no rows, too many columns, or would not fit into memory.
    """
    if columns > MOST_COLUMNS:
        raise too_wide(where, columns)
    if columns == 0:
        raise DatasetError(f"{where} has no columns.", "Give a table with columns to learn from.")
    if rows == 0:
        raise DatasetError(f"{where} has no rows.", "Add rows of data.")
    if rows * columns * CELL > memory_limit.available():
        raise memory_limit.too_large(where)


def plain(frame: pl.DataFrame, where: str) -> Read:
    """The table in types that can be understood: what is nested, binary or a code as text; and remarks.

    Raises:
        DatasetError: it is empty, or two columns have one name.
    """
    check_shape(frame.height, frame.width, where)
    names, remarks = complete([name.strip() for name in frame.columns], where)
    columns, nested = [], []
    for name, column in zip(names, frame.get_columns(), strict=True):
        columns.append(_plain(column).alias(name))
        if column.dtype.is_nested() or column.dtype == pl.Object:
            nested.append(name)
    if nested:
        remarks = (*remarks, f"Nested values are read as text: {listed(nested)}.")
    return pl.DataFrame(columns), remarks


def _plain(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if kind.is_nested():
        frame = column.to_frame("value").select(pl.struct("value").struct.json_encode())
        text = frame.to_series().str.slice(9).str.head(-1)  # {"value":…}
        return pl.select(pl.when(column.is_not_null()).then(text)).to_series()
    if kind.is_decimal():
        return column.cast(pl.Float64)
    if kind == pl.Binary:
        try:
            return column.cast(pl.String)
        except pl.exceptions.PolarsError:  # bytes of any kind, of which equal ones are still equal
            return column.bin.encode("hex")
    if kind in (pl.Categorical, pl.Enum, pl.Null, pl.Object, pl.Time):
        return column.cast(pl.String, strict=False)
    return column
