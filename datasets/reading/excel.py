"""Workbooks: the sheet that is named, or the first that holds a table; by fastexcel, which is an extra."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.cells import look_of_column
from lrtui.datasets.reading.columnar import Read, plain
from lrtui.datasets.reading.dialect import ROWS
from lrtui.datasets.reading.error_translation import AGAIN, refusing
from lrtui.datasets.reading.header import has_header, name_rows
from lrtui.datasets.reading.layout import asked_line, on_titles
from lrtui.datasets.reading.names import complete, names_of, numbered
from lrtui.datasets.reading.packed import PIECE, check_growth
from lrtui.datasets.reading.preamble import titles_above
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

CALENDAR = 1899  # the year in which it begins
KIND = "an Excel workbook"
FIX = "Save it anew from the program that wrote it, or as CSV."
LEAST_ROWS, MOST_CELLS = 20, 200_000  # that are looked at
COVER_ROWS = 30  # of pairs of words, such as Author and a name, at most


@dataclass(frozen=True)
class Sheet:
    """The first rows of a sheet as text, blank ones left out; ``lines`` are their numbers, from 0."""

    cells: list[list[str]]
    lines: list[int]
    is_hidden: bool


def read_excel(data: bytes, source: Source, where: str, name: str) -> Found:
    """A sheet as a table; raises ``DatasetError`` also where the extra is not installed."""
    try:
        import fastexcel  # an extra, which not everybody has
    except ImportError:
        raise DatasetError(
            f"{where} is {KIND}, and what reads those is not installed.",
            'pip install "lrtui[excel]" installs it; or save the sheet as CSV.',
        ) from None
    if data.startswith(b"PK"):
        check_zip(data, where, "workbook")
    with refusing(where, KIND, FIX):
        try:
            book = fastexcel.read_excel(data)
            index, chosen = _chosen(book, source, where)
            frame, remarks = _table(book, index, where, source)
        except fastexcel.FastExcelError:
            raise DatasetError(f"{where} cannot be read as {KIND}.", FIX) from None
        frame, more = plain(frame, where)
    return frame, (*remarks, *more, *chosen), None


def _chosen(book: Any, source: Source, where: str) -> tuple[int, tuple[str, ...]]:
    """The number of the sheet that is read, and a remark where nobody named one of several."""
    names, wanted = book.sheet_names, source.part
    if wanted is not None:
        found = [i for i, name in enumerate(names) if name.strip().lower() == wanted.strip().lower()]
        if not found:
            raise DatasetError(
                f"{where} has no sheet called {quote(wanted)}.", f"Its sheets are {listed(names)}."
            )
        return found[0], ()
    if len(names) < 2:
        return 0, ()
    tables, hidden = list[int](), list[int]()  # looked at one by one: each is read whole for it
    for i in range(len(names)):
        top = _top(book, i, source)
        if _holds_table(top.cells):
            (hidden if top.is_hidden else tables).append(i)
        if tables:
            break
    index = (*tables, *hidden, 0)[0]
    which = "the first" if index == 0 else "the first that holds a table"
    among = f" ({listed([names[i] for i in hidden])} hidden)" if hidden else ""
    return index, (f"{where} has {len(names)} sheets{among}; {which}, {quote(names[index])}, is read.",)


def _holds_table(cells: list[list[str]]) -> bool:
    """Whether a sheet has two columns and two rows of data, and is no list of pairs of words."""
    columns = [[row[i] for row in cells if row[i]] for i in range(len(cells[0]) if cells else 0)]
    columns = [column for column in columns if len(column) > 1]
    if len(columns) < 2 or len(cells) < 3:
        return False
    words = all(look_of_column(column) in ("word", "mixed", "missing") for column in columns)
    unique = all(len(set(column)) == len(column) for column in columns)
    return not (len(columns) == 2 and words and unique and len(cells) <= COVER_ROWS)


def _top(book: Any, index: int, source: Source) -> Sheet:
    """The first rows below those that the source says to skip, comments left out."""
    above = max(source.skip_rows or 0, (asked_line(source) or 1) - 1)
    sheet = book.load_sheet(index, header_row=None, skip_rows=0, n_rows=above + ROWS, dtypes="string")
    frame = sheet.to_polars()
    frame = frame.head(above + max(LEAST_ROWS, MOST_CELLS // max(frame.width, 1)))
    rows = [[(cell or "").strip() for cell in row] for row in frame.iter_rows()]
    kept = [i for i, row in enumerate(rows) if i >= above and any(row) and not _is_comment(row, source)]
    return Sheet([rows[i] for i in kept], kept, str(sheet.visible) != "visible")


def _is_comment(row: Sequence[str], source: Source) -> bool:
    first = next(filter(None, row), "")
    return source.comment is not None and first.startswith(source.comment)


def _table(book: Any, index: int, where: str, source: Source) -> Read:
    top, asked = _top(book, index, source), asked_line(source)
    skipped = max(source.skip_rows or 0, (asked or 1) - 1)
    if not top.cells and skipped:
        raise DatasetError(
            f"{where} has nothing below row {skipped}.", "Give a smaller --skip-rows or --header."
        )
    if not top.cells:
        raise DatasetError(f"{where} is empty.", "Give a workbook whose first sheet holds the table.")
    if asked is not None and top.lines[0] != asked - 1:
        raise DatasetError(
            f"Row {asked} of {where} is blank.", "Give the number of the row that names the columns."
        )
    above = titles_above(top.cells) if asked is None and source.header != "yes" else 0
    cells, lines = top.cells[above:], top.lines[above:]
    many = 1 if asked is not None else _rows_of_names(cells, source)
    end = lines[many - 1] + 1 if many else lines[0]
    sheet = book.load_sheet(index, header_row=None, skip_rows=end, schema_sample_rows=None)
    frame = _with_times(sheet.to_polars())
    frame = _without_comments(frame, source)
    said = on_titles(lines[0] - skipped, skipped, where, "Row")
    if many:
        frame, remarks = _named(frame, cells[:many], where)
    else:
        frame.columns, remarks = numbered(frame.width, where)
    frame = frame.filter(~pl.all_horizontal(pl.all().is_null()))
    return frame, (*filter(None, (said,)), *remarks)


def _rows_of_names(cells: list[list[str]], source: Source) -> int:
    if source.header == "no" or (source.header is None and not has_header(cells)):
        return 0
    return 1 if source.header == "yes" else name_rows(cells)


def _named(frame: pl.DataFrame, rows: list[list[str]], where: str) -> Read:
    """The table under its names, without columns that have neither a name nor anything in them."""
    given, said = names_of(rows, where)
    given = (given + [""] * frame.width)[: frame.width]
    kept = [i for i, name in enumerate(given) if name or frame[:, i].null_count() < frame.height]
    names, more = complete(given, where, kept)
    frame = frame.select(pl.nth(kept))
    frame.columns = [names[i] for i in kept]
    return frame, (*said, *more)


def _with_times(frame: pl.DataFrame) -> pl.DataFrame:
    """Times of day as such: a workbook holds them as parts of the day on which its calendar begins."""
    moments = [one for one in frame.get_columns() if isinstance(one.dtype, pl.Datetime)]
    times = [one.dt.time() for one in moments if one.dt.year().max() == CALENDAR]
    return frame.with_columns(times) if times else frame


def _without_comments(frame: pl.DataFrame, source: Source) -> pl.DataFrame:
    if source.comment is None:
        return frame
    first = pl.coalesce(pl.all().cast(pl.String, strict=False))
    return frame.filter(~first.str.starts_with(source.comment).fill_null(False))


def check_zip(data: bytes, where: str, kind: str) -> None:
    """Unpack every member of a zip file and throw it away: what a member says of its size may be a lie.

    Raises:
        DatasetError: it is damaged, cut off, or grows beyond the limits of ``packed``.
    """
    grown = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                check_growth(grown + member.file_size, len(data), where)
                with archive.open(member) as file:
                    while piece := file.read(PIECE):
                        grown += len(piece)
                        check_growth(grown, len(data), where)
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError):
        raise DatasetError(f"{where} is damaged or cut off: it is no whole {kind}.", AGAIN) from None
