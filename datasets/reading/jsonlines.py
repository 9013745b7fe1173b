"""JSON: one object a line, which polars reads, what it refuses being named by line; or one document."""

from __future__ import annotations

import json

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.columnar import plain
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.json_documents import FIX as DOCUMENT
from lrtui.datasets.reading.json_documents import are_lines, is_document, read_document, series
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source

WALKED = 1 << 28  # bytes that Python is asked to read where polars refuses
FIX = "Write one JSON object a line, each with the same names."


def read_json_lines(data: bytes, source: Source, where: str, name: str) -> Found:
    """A table of JSON lines; names that a line lacks are missing cells."""
    text, remarks = as_utf8(data, source.encoding, where)
    if not text.strip():
        raise DatasetError(f"{where} is empty.", FIX)
    if not are_lines(text) and is_document(text):
        frame, more = read_document(text, where)
        return frame, remarks + more, None
    try:
        with refusing(where, "JSON lines", FIX):
            frame = pl.read_ndjson(text, infer_schema_length=None)
    except DatasetError:
        frame = _walked(text, where)
    frame, more = plain(frame, where)
    return frame, remarks + more, None


def read_json(data: bytes, source: Source, where: str, name: str) -> Found:
    """A table of one JSON document; one that holds JSON lines is read as those."""
    text, remarks = as_utf8(data, source.encoding, where)
    del data
    if not text.strip():
        raise DatasetError(f"{where} is empty.", DOCUMENT)
    if are_lines(text):
        return read_json_lines(text, Source(source.name), where, name)
    frame, more = read_document(text, where)
    return frame, remarks + more, None


def _walked(text: bytes, where: str) -> pl.DataFrame:
    """The same by Python: it says which line is wrong, knows NaN, and takes values of any kind."""
    if len(text) > WALKED:
        raise DatasetError(f"{where} cannot be read as JSON lines.", FIX)
    rows = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise DatasetError(f"Line {number:,} of {where} is no JSON object.", FIX)
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    with refusing(where, "JSON lines", FIX):
        return pl.DataFrame([series(name, [row.get(name) for row in rows]) for name in names])
