"""The first sheet of an Excel workbook, by fastexcel, which is an extra."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from typing import Any

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.columnar import Read, plain
from lrtui.datasets.reading.dialect import is_number
from lrtui.datasets.reading.error_translation import AGAIN, refusing
from lrtui.datasets.reading.names import complete, numbered
from lrtui.datasets.reading.packed import PIECE, check_growth
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

KIND = "an Excel workbook"
FIX = "Save it anew from the program that wrote it, or as CSV."


def read_excel(data: bytes, source: Source, where: str, name: str) -> Found:
    """The first sheet; raises ``DatasetError`` also where the extra is not installed."""
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
            frame, remarks = _first_sheet(book, where, source.header)
        except fastexcel.FastExcelError:
            raise DatasetError(f"{where} cannot be read as {KIND}.", FIX) from None
        frame, more = plain(frame, where)
    sheets = book.sheet_names
    if len(sheets) > 1:
        more = (*more, f"{where} has {len(sheets)} sheets; the first, {quote(sheets[0])}, is read.")
    return frame, remarks + more, None


def _first_sheet(book: Any, where: str, header: str | None) -> Read:
    top = book.load_sheet(0, header_row=None, n_rows=1, dtypes="string").to_polars()
    if not top.width or not top.height:
        raise DatasetError(f"{where} is empty.", "Give a workbook whose first sheet holds the table.")
    cells = [(cell or "").strip() for cell in top.row(0)]
    names = not all(map(is_number, filter(None, cells))) if header is None else header != "no"
    frame = book.load_sheet(0, header_row=0 if names else None, schema_sample_rows=None).to_polars()
    if names:
        made, remarks = complete((cells + [""] * frame.width)[: frame.width], where)
    else:
        made, remarks = numbered(frame.width, where)
    frame.columns = made
    return frame.filter(~pl.all_horizontal(pl.all().is_null())), remarks


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
