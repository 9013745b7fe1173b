"""Text tables (CSV and its kin) as columns of text: polars reads, and what it refuses is named by row."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import PurePath

import polars as pl
import polars.selectors as cs

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.csv_fallback import is_odd, read_by_python, short_rows
from lrtui.datasets.reading.dialect import Dialect
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.layout import Layout, laid_out
from lrtui.datasets.reading.names import named
from lrtui.datasets.reading.table import Found
from lrtui.datasets.reading.typed import read_typed
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

SEPARATORS = {".tsv": "\t", ".tab": "\t", ".psv": "|"}
MOST_COLUMNS = 20_000
LONGEST_CELL = 1_000_000  # bytes

_OPTIONS = "Check its quotes and separators, or give them as options."
_SIGNS = "^~:!&/ "  # which part the values of some tables
_DECIMAL = r"^\s*[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?\s*$"


@dataclass(frozen=True)
class Delimited:
    """A text table as it was read.

    Attributes:
        frame: columns of text, of large tables also of numbers; ``null`` where nothing stands.
        remarks: sentences about the reading.
        layout: where it stands in the file, without its text. width: how many columns the file has.
        kept: the numbers of those that ``frame`` has. commas: names of those with decimal commas.
        strict: whether polars reads it; else Python's reader did, which minds odd quotation marks less.
        target: the column that the file itself calls the target, or ``None``.
    """

    frame: pl.DataFrame
    remarks: tuple[str, ...]
    layout: Layout
    width: int
    kept: list[int]
    commas: list[str]
    strict: bool
    target: str | None


def read_csv(data: bytes, source: Source, where: str, name: str) -> Found:
    """A text table whose dialect nobody asks for."""
    found = read_delimited(data, source, where, name)
    return found.frame, found.remarks, found.target


def read_delimited(
    data: bytes, source: Source, where: str, name: str = "", *, typed: bool = True
) -> Delimited:
    """A text table and how it is written; its columns are all text unless ``typed``."""
    text, remarks = as_utf8(data, source.encoding, where)
    del data
    if b"\n" not in text:  # the lines of old Macintoshes end with a carriage return alone
        text = text.replace(b"\r", b"\n")
    if not text or text.isspace():
        raise DatasetError(f"{where} is empty.", "Give a file with a header row and data.")
    with refusing(where, "CSV", _OPTIONS):
        layout = laid_out(text, source, SEPARATORS.get(PurePath(name).suffix.lower()), where)
    text, layout = layout.text, replace(layout, text=b"")
    dialect, roles = layout.dialect, layout.roles
    if dialect.separator == " " and b'"' not in text:
        text = re.sub(rb"(?m)^ | $", b"", re.sub(rb"[ \t]+", b" ", text))
    end = text.find(b"\n")
    columns = text.count(dialect.separator.encode(), 0, len(text) if end < 0 else end) + 1
    if columns > MOST_COLUMNS:
        raise too_wide(where, columns)
    if dialect.short_header:
        text = dialect.separator.encode() + text
    found = read_typed(text, dialect) if typed and not is_odd(text, dialect) else None
    above, frame, strict = (*found, True) if found else (None, *_parsed(text, dialect, where))
    short = short_rows(text, dialect, frame, where)
    frame = _without_blanks(frame, text)
    del text
    if above is None:
        above, frame = frame.head(dialect.header_rows), frame.slice(dialect.header_rows)
    width = frame.width
    frame, more, kept = named(above, frame, where, roles=roles)
    if frame.height == 0:
        raise DatasetError(f"{where} has a header and no rows.", "Add rows of data.")
    _refuse_long(frame, where)
    alone = _on_one_column(frame, where) if width == 1 else ""
    more = (*more, *filter(None, (short, alone)))
    commas: list[str] = []
    if dialect.separator != ",":
        frame, commas = with_decimal_points(frame)
        if commas:
            more = (*more, f"In {listed(commas)} a comma is read as the decimal point.")
    told = roles.target if roles is not None else None
    target = frame.columns[kept.index(told)] if told in kept else None
    remarks = (*remarks, *layout.remarks, *more)
    return Delimited(frame, remarks, layout, width, kept, commas, strict, target)


def with_decimal_points(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Columns of text that hold nothing but numbers with decimal commas with points; and their names."""
    found = []
    for column in frame.select(cs.string()).get_columns():
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


def _on_one_column(frame: pl.DataFrame, where: str) -> str:
    """A remark where a sign stands in the name and in each cell of the one column equally often."""
    name, cells = frame.columns[0], frame[:, 0].drop_nulls().head(100)
    for sign in _SIGNS:
        many = name.count(sign)
        if many and (cells.str.count_matches(sign, literal=True) == many).all():
            return f"{where} is read as one column; if {quote(sign)} parts its values, give --separator."
    return ""


def _refuse_long(frame: pl.DataFrame, where: str) -> None:
    lengths = frame.select(cs.string().str.len_bytes().max())
    for name, longest in zip(lengths.columns, lengths.row(0) if lengths.width else (), strict=True):
        if longest is not None and longest > LONGEST_CELL:
            row = int(frame[name].str.len_bytes().arg_max() or 0)
            raise DatasetError(
                f"Row {row + 1:,} of {where} has {longest:,} bytes in column {quote(name)}; "
                f"a cell has at most {LONGEST_CELL:,}.",
                "Leave that row out, or look for a quotation mark before it that is never closed.",
            )


def _parsed(text: bytes, dialect: Dialect, where: str) -> tuple[pl.DataFrame, bool]:
    """All rows, those of names among them, as text; and whether polars could read them."""
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
    words = cs.string()
    if frame.select(words).width and (
        not text.isascii() or any(character in text for character in (b" ", b"\t", b'"', b"'"))
    ):
        blank = words.str.strip_chars() == ""
        if frame.select(blank.any()).sum_horizontal().item():
            frame = frame.with_columns(pl.when(~blank).then(words))
    return frame.filter(~pl.all_horizontal(pl.all().is_null()))
