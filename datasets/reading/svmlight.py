"""SVMlight and libsvm files: a label and pairs of number and value a line, made dense."""

from __future__ import annotations

import io
import re

import numpy as np
import polars as pl
from sklearn.datasets import load_svmlight_file

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.columnar import CELL, check_shape
from lrtui.datasets.reading.delimited import MOST_COLUMNS
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

TARGET = "target"
_LINE = re.compile(r"\s*(?P<label>[^\s:]+)(\s+(qid:\d+|\d+:\S+))*\s*")
_PAIR = re.compile(r"(?<=\s)(\d+):(\S+)")
_FIX = "Write each line as: label number:value number:value, the numbers rising."


def read_svmlight(data: bytes, source: Source, where: str, name: str) -> Found:
    """A dense table: the column ``target`` and one for each number, ``column_1`` and on."""
    text, remarks = as_utf8(data, source.encoding, where)
    if not text.strip():
        raise DatasetError(f"{where} is empty.", _FIX)
    try:
        with refusing(where, "SVMlight", _FIX):
            X, y = load_svmlight_file(io.BytesIO(text), zero_based="auto")
    except DatasetError as error:
        raise _line_at_fault(text, where) or error from None
    rows, columns = X.shape
    if columns > MOST_COLUMNS or rows * columns * CELL > memory_limit.available() // 2:
        raise DatasetError(
            f"{where} has {rows:,} rows and {columns:,} columns, too many to hold without their gaps.",
            f"Keep the most frequent columns, {MOST_COLUMNS:,} at most.",
        )
    check_shape(rows, columns, where)
    with refusing(where, "SVMlight", _FIX):
        table = X.toarray(order="F")
        whole = bool(np.isfinite(y).all() and (y == np.round(y)).all() and np.abs(y).max() < 2**53)
        named = {TARGET: y.astype(np.int64) if whole else y}
        named |= {f"column_{i + 1}": table[:, i] for i in range(columns)}
        return pl.DataFrame(named), remarks, TARGET


def _line_at_fault(text: bytes, where: str) -> DatasetError | None:
    """The first line that is not as it should be."""
    for number, line in enumerate(text.decode().split("\n"), start=1):
        line = line.partition("#")[0]
        if not line.strip():
            continue
        why = _fault(line)
        if why:
            return DatasetError(f"Line {number:,} of {where} {why}.", _FIX)
    return None


def _fault(line: str) -> str:
    found = _LINE.fullmatch(line)
    if found is None:
        odd = next((part for part in line.split()[1:] if not re.fullmatch(r"\d+:\S+", part)), line)
        return f"holds {quote(odd.strip())}, which is no pair of number and value"
    if not _is_float(found["label"]):
        return f"begins with {quote(found['label'])}, which is no label"
    last = -1
    for pair in _PAIR.finditer(line):
        if int(pair[1]) <= last:
            return f"names column {quote(pair[1])} after column {last}"
        if not _is_float(pair[2]):
            return f"holds {quote(pair[2])} for column {pair[1]}, which is no number"
        last = int(pair[1])
    return "" if last < 2**31 else f"names column {last}, which is too large a number"


def _is_float(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
