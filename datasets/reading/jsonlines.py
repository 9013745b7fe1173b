"""JSON lines: one object a line. polars reads them; what it refuses is named by line."""

from __future__ import annotations

import json
from typing import Any

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.columnar import plain
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source

WALKED = 1 << 28  # bytes that Python is asked to read where polars refuses
FIX = "Write one JSON object a line, each with the same names."


def read_json_lines(data: bytes, source: Source, where: str, name: str) -> Found:
    """A table of JSON lines; names that a line lacks are missing cells."""
    text, remarks = as_utf8(data, source.encoding, where)
    if not text.strip():
        raise DatasetError(f"{where} is empty.", FIX)
    try:
        with refusing(where, "JSON lines", FIX):
            frame = pl.read_ndjson(text, infer_schema_length=None)
    except DatasetError:
        frame = _walked(text, where)
    frame, more = plain(frame, where)
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
            if number == 1 and line.lstrip().startswith(b"["):
                row = []
        if isinstance(row, list) and number == 1:
            raise DatasetError(
                f"{where} is one JSON array, not JSON lines.", "Turn it round with: jq -c '.[]' FILE."
            )
        if not isinstance(row, dict):
            raise DatasetError(f"Line {number:,} of {where} is no JSON object.", FIX)
        rows.append(row)
    names = dict.fromkeys(name for row in rows for name in row)
    with refusing(where, "JSON lines", FIX):
        return pl.DataFrame([_column(name, [row.get(name) for row in rows]) for name in names])


def _column(name: str, values: list[Any]) -> pl.Series:
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int, float}:
        return pl.Series(name, [None if v is None else float(v) for v in values], pl.Float64)
    if kinds <= {bool}:
        return pl.Series(name, values, pl.Boolean)
    texts = [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
    return pl.Series(name, texts, pl.String)
