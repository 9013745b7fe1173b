"""Text tables by Python's own reader: slow, but it says where a row is wrong, and bears odd quotes."""

from __future__ import annotations

import csv
import io
from typing import Any

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import too_large
from lrtui.datasets.reading.dialect import Dialect

MOST = 1 << 28  # bytes that are read so
COUNTED = 16 << 20  # bytes of a file whose short rows are looked for


def is_odd(text: bytes, dialect: Dialect) -> bool:
    """Whether quotation marks stand where polars would take them for part of a value, or drop them."""
    mark = (dialect.quote or "").encode()
    if not mark or mark not in text:
        return False
    after_blank = dialect.separator.encode() + b" " + mark
    return len(text) <= MOST and (b"\\" + mark in text or after_blank in text)


def read_by_python(text: bytes, dialect: Dialect, where: str) -> pl.DataFrame:
    """All rows, the header among them, as text.

    Raises:
        DatasetError: a row is too long, a quotation mark stands where none can; names the row.
    """
    if len(text) > MOST:
        raise DatasetError(
            f"{where} cannot be read as CSV.", "Check its quotes and separators, or give them as options."
        )
    csv.field_size_limit(MOST)
    try:
        try:
            rows = _rows(text, dialect, where, None)
        except DatasetError:
            if b"\\" not in text:
                raise
            rows = _rows(text, dialect, where, "\\")
        width = len(rows[0])
        columns = {f"column_{i}": [row[i] if i < len(row) else None for row in rows] for i in range(width)}
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    except MemoryError:
        raise too_large(where) from None


def short_rows(text: bytes, dialect: Dialect, frame: pl.DataFrame, where: str) -> str:
    """A remark on rows with too few values, whose last cells are taken to be missing; empty for none."""
    if len(text) > COUNTED or not frame[:, -1].has_nulls():
        return ""
    csv.field_size_limit(MOST)
    found, number = [], 0
    try:
        for row in csv.reader(io.StringIO(text.decode(), newline=""), **_options(dialect, None)):
            if any(map(str.strip, row)):
                number += 1
                if len(row) < frame.width:
                    found.append(number - dialect.header_rows)
    except csv.Error:  # polars bears it
        return ""
    if not found:
        return ""
    place = _place(found[0])
    who, first = f"{place.capitalize()} of {where} has", ""
    if len(found) > 1:
        who, first = f"{len(found):,} rows of {where} have", f", the first is {place}"
    return f"{who} too few values{first}: what is not there counts as missing."


def _rows(text: bytes, dialect: Dialect, where: str, escape: str | None) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.decode(), newline=""), **_options(dialect, escape)):
            if row:
                rows.append(row)
            if rows and len(row) > len(rows[0]):
                raise _ragged(len(rows) - dialect.header_rows, where, len(row), len(rows[0]), dialect)
    except csv.Error as error:
        place = _place(len(rows) + 1 - dialect.header_rows)
        if "end of data" in str(error):
            raise DatasetError(
                f"A quotation mark that opens in {place} of {where} is never closed.",
                "Close it, or give --quote none if it is no quotation mark.",
            ) from None
        raise DatasetError(
            f"In {place} of {where} text follows a closing quotation mark.",
            "Double the quotation marks inside a value, or give --quote none.",
        ) from None
    return rows


def _options(dialect: Dialect, escape: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"delimiter": dialect.separator, "strict": True, "escapechar": escape}
    if dialect.quote is None:
        return {**found, "quoting": csv.QUOTE_NONE}
    return {**found, "quotechar": dialect.quote, "skipinitialspace": True}


def _ragged(row: int, where: str, found: int, wanted: int, dialect: Dialect) -> DatasetError:
    most = f"the header names {wanted:,}" if dialect.header_rows else f"the first row has {wanted:,}"
    return DatasetError(
        f"{_place(row).capitalize()} of {where} has {found:,} values; {most}.",
        "Give every row as many values, the right --separator or --quote, or --skip-rows where lines stand "
        "above the table.",
    )


def _place(row: int) -> str:
    return f"row {row:,}" if row > 0 else "the header"
