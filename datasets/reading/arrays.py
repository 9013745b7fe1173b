"""NumPy's own files: an array a column, or a table an array. Never anything that is pickled."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Callable
from tokenize import TokenError
from typing import Any

import numpy as np
import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.columnar import check_shape, plain
from lrtui.datasets.reading.error_translation import AGAIN, refusing
from lrtui.datasets.reading.excel import check_zip
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

Array = np.ndarray[Any, np.dtype[Any]]

TARGETS = ("y", "target", "labels", "label")  # names of arrays that are taken to be the target
_FIX = "Save arrays of numbers or of text, such as np.savez('data.npz', X=X, y=y)."


def read_npy(data: bytes, source: Source, where: str, name: str) -> Found:
    """One array (n, p) or (n,), or a structured one whose fields are the columns."""
    with refusing(where, "NPY", _FIX), warnings.catch_warnings():
        warnings.simplefilter("error")
        file = io.BytesIO(data)
        array = _loaded(lambda: np.lib.format.read_array(file, allow_pickle=False), where)
        return _table({"": array}, where)


def read_npz(data: bytes, source: Source, where: str, name: str) -> Found:
    """Arrays with the same number of rows; one called ``y`` or ``target`` is the target."""
    check_zip(data, where, "NPZ file")
    with refusing(where, "NPZ", _FIX), warnings.catch_warnings():
        warnings.simplefilter("error")
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {member: _member(archive, member, where) for member in archive.files}
        return _table(arrays, where)


def _member(archive: Any, name: str, where: str) -> Array:
    found = _loaded(lambda: archive[name], f"The array {quote(name)} of {where}")
    if not isinstance(found, np.ndarray):  # a member that is no array comes as bytes
        raise DatasetError(f"{quote(name)} in {where} is no array.", _FIX)
    return found


def _loaded(load: Callable[[], Any], what: str) -> Any:
    try:
        return load()
    except (ValueError, SyntaxError, TokenError) as error:
        if "allow_pickle" not in str(error):
            raise DatasetError(f"{what} is damaged or cut off.", AGAIN) from None
        raise DatasetError(
            f"{what} holds Python objects (a pickle), which could run any program when they are read.", _FIX
        ) from None


def _table(arrays: dict[str, Array], where: str) -> Found:
    arrays = {name: array for name, array in arrays.items() if array.ndim}
    if not arrays:
        raise DatasetError(f"{where} holds no array with rows.", _FIX)
    rows = {name: len(array) for name, array in arrays.items()}
    if len(set(rows.values())) > 1:
        told = ", ".join(f"{quote(name)} {many:,}" for name, many in list(rows.items())[:6])
        raise DatasetError(f"The arrays of {where} differ in rows: {told}.", _FIX)
    width = sum(_width(array) for array in arrays.values())
    check_shape(next(iter(rows.values())), width, where)
    columns: list[pl.Series] = []
    for name, array in arrays.items():
        columns += _columns(name, array, where, alone=len(arrays) == 1)
    flat = [name for name, array in arrays.items() if array.ndim > 2]
    remarks = (f"Arrays of more than two dimensions are read row by row: {listed(flat)}.",) if flat else ()
    target = next((name for name in TARGETS if name in arrays and arrays[name].ndim == 1), None)
    try:
        frame = pl.DataFrame(columns)
    except pl.exceptions.DuplicateError:
        raise DatasetError(f"Two columns of {where} would have the same name.", _FIX) from None
    frame, more = plain(frame, where)
    return frame, remarks + more, target


def _width(array: Array) -> int:
    return len(array.dtype.names) if array.dtype.names else math.prod(array.shape[1:])


def _columns(name: str, array: Array, where: str, *, alone: bool) -> list[pl.Series]:
    """The columns of one array: its fields, itself, or one for each of its columns."""
    if array.dtype.names and array.ndim == 1:
        return [_series(field, array[field], where) for field in array.dtype.names]
    if array.ndim == 1:
        return [_series(name or "column_1", array, where)]
    table = array.reshape(len(array), -1)
    stem = "column" if alone or name.lower() == "x" else name
    return [_series(f"{stem}_{i + 1}", table[:, i], where) for i in range(table.shape[1])]


def _series(name: str, values: Array, where: str) -> pl.Series:
    kind = values.dtype.kind
    if kind == "S":
        values = np.char.decode(values, "latin-1")
    elif kind == "f" and values.dtype.itemsize not in (4, 8):
        values = values.astype(np.float64)
    elif kind not in "biufUM" or values.ndim != 1:
        raise DatasetError(
            f"Column {quote(name)} of {where} holds neither numbers nor text: {quote(str(values.dtype))}.",
            _FIX,
        )
    if kind in "US":
        return pl.Series(name, values.tolist(), pl.String)
    return pl.Series(name, np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="))))
