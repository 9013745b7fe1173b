"""Text tables (CSV and its kin) as columns of text: polars reads, and what it refuses is named by row."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import PurePath

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.csv_fallback import is_odd, read_by_python, short_rows
from lrtui.datasets.reading.dialect import SAMPLE, Dialect, dialect_of
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.names import named
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

SEPARATORS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
MOST_COLUMNS = 20_000
LONGEST_CELL = 1_000_000  # bytes

_OPTIONS = "Check its quotes and separators, or give them as options."
_DECIMAL = r"^\s*[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?\s*$"


@dataclass(frozen=True)
class Delimited:
    """A text table as it was read.

    Attributes:
        frame: columns of text, ``null`` where nothing stands. remarks: sentences about the reading.
        dialect: how it is written. width: how many columns the file has.
        kept: the numbers of those that ``frame`` has. commas: names of those with decimal commas.
        strict: whether polars reads it; else Python's reader did, which minds odd quotation marks less.
    """

    frame: pl.DataFrame
    remarks: tuple[str, ...]
    dialect: Dialect
    width: int
    kept: list[int]
    commas: list[str]
    strict: bool


def read_csv(data: bytes, source: Source, where: str, name: str) -> Found:
    """A text table whose dialect nobody asks for."""
    found = read_delimited(data, source, where, name)
    return found.frame, found.remarks, None


def read_delimited(data: bytes, source: Source, where: str, name: str = "") -> Delimited:
    """A text table, as the reader of a format gives it, and how it is written."""
    text, remarks = as_utf8(data, source.encoding, where)
    del data
    text = text.lstrip(b"\r\n")
    if b"\n" not in text:  # the lines of old Macintoshes end with a carriage return alone
        text = text.replace(b"\r", b"\n")
    if not text.strip():
        raise DatasetError(f"{where} is empty.", "Give a file with a header row and data.")
    sample = text[:SAMPLE].decode("utf-8", "ignore")
    with refusing(where, "CSV", _OPTIONS):
        usual = SEPARATORS.get(PurePath(name).suffix.lower())
        dialect = dialect_of(sample, source, usual, whole=len(text) <= SAMPLE)
    text = text[dialect.skipped :].lstrip(b"\r\n")
    if dialect.separator == " " and b'"' not in text:
        text = re.sub(rb"(?m)^ | $", b"", re.sub(rb"[ \t]+", b" ", text))
    end = text.find(b"\n")
    columns = text.count(dialect.separator.encode(), 0, len(text) if end < 0 else end) + 1
    if columns > MOST_COLUMNS:
        raise too_wide(where, columns)
    if dialect.short_header:
        text = dialect.separator.encode() + text
    frame, strict = _parsed(text, dialect, where)
    short = short_rows(text, dialect, frame, where)
    frame = _without_blanks(frame, text)
    del text
    width = frame.width
    frame, more, kept = named(frame, where, header=dialect.header)
    if frame.height == 0:
        raise DatasetError(f"{where} has a header and no rows.", "Add rows of data.")
    _refuse_long(frame, where)
    if short:
        more = (*more, short)
    commas: list[str] = []
    if dialect.separator != ",":
        frame, commas = with_decimal_points(frame)
        if commas:
            more = (*more, f"In {listed(commas)} a comma is read as the decimal point.")
    return Delimited(frame, remarks + more, dialect, width, kept, commas, strict)


def with_decimal_points(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Columns of text that hold nothing but numbers with decimal commas with points; and their names."""
    found = []
    for column in frame.get_columns():
        head = column.drop_nulls().head(1000)
        if not head.str.contains(",", literal=True).any() or not head.str.contains(_DECIMAL).all():
            continue
        values = column.drop_nulls()
        if values.str.contains(_DECIMAL).all():
            found.append(column.name)
    points = (
        pl.col(name).str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
        for name in found
    )
    return (frame.with_columns(points) if found else frame), found


def too_wide(where: str, columns: int) -> DatasetError:
    """The error for more columns than are read."""
    return DatasetError(
        f"{where} has {columns:,} columns; at most {MOST_COLUMNS:,} are read.",
        "Leave out the columns that are not needed, or turn the table round if its rows are columns.",
    )


def _refuse_long(frame: pl.DataFrame, where: str) -> None:
    lengths = frame.select(pl.all().str.len_bytes().max())
    for name, longest in zip(frame.columns, lengths.row(0), strict=True):
        if longest is not None and longest > LONGEST_CELL:
            row = int(frame[name].str.len_bytes().arg_max() or 0)
            raise DatasetError(
                f"Row {row + 1:,} of {where} has {longest:,} bytes in column {quote(name)}; "
                f"a cell has at most {LONGEST_CELL:,}.",
                "Leave that row out, or look for a quotation mark before it that is never closed.",
            )


def _parsed(text: bytes, dialect: Dialect, where: str) -> tuple[pl.DataFrame, bool]:
    """All rows, the header among them, as text; and whether polars could read them."""
    mark = dialect.quote
    if mark is not None and mark.encode() not in text:
        mark = None  # faster, and nothing can go wrong
    if mark is None or not is_odd(text, dialect):
        with suppress(DatasetError), refusing(where, "CSV"):
            frame = pl.read_csv(
                text, has_header=False, infer_schema=False, separator=dialect.separator, quote_char=mark
            )
            return frame, True
    with refusing(where, "CSV", _OPTIONS):
        return read_by_python(text, dialect, where), False


def _without_blanks(frame: pl.DataFrame, text: bytes) -> pl.DataFrame:
    """``null`` for cells of blanks alone, and no row of nothing else."""
    if not text.isascii() or any(character in text for character in (b" ", b"\t", b'"', b"'")):
        blank = pl.all().str.strip_chars() == ""
        if frame.select(blank.any()).sum_horizontal().item():
            frame = frame.with_columns(pl.when(~blank).then(pl.all()))
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))
