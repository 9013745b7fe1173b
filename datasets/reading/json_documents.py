"""JSON that is one document: records, columns, or rows, whether an array or an object holds them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.columnar import plain
from lrtui.datasets.reading.error_translation import refusing
from lrtui.datasets.reading.header import has_header
from lrtui.datasets.reading.names import numbered
from lrtui.datasets.text import listed, quote

GROWTH = 8  # times its size that JSON takes as objects of Python
DEEPEST = 3  # objects around a table
MOST_CELL = 1 << 53  # whole numbers up to here are kept as such
FIX = 'Write an array of records, [{"a": 1, "y": 0}, …], or one record a line.'

Columns = Mapping[str, Sequence[Any]]


def are_lines(text: bytes) -> bool:
    """Whether the first line is a whole object and another line follows."""
    first, _, rest = text.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def is_document(text: bytes) -> bool:
    """Whether it is an array, or an object over several lines; one object on one line is a JSON line."""
    text = text.strip()
    return text.startswith(b"[") or (text.startswith(b"{") and text[1:].lstrip(b" \t\r").startswith(b"\n"))


def read_document(text: bytes, where: str) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The table in a JSON document in UTF-8, and remarks.

    Raises:
        DatasetError: it is no JSON, and where; it holds no table, or several.
    """
    if GROWTH * len(text) > memory_limit.available():
        raise memory_limit.too_large(where)
    try:
        found = _loaded(text)
    except json.JSONDecodeError as error:
        raise _broken(error, where) from None
    except (ValueError, RecursionError):
        raise DatasetError(f"{where} cannot be read as JSON: it is nested too deeply.", FIX) from None
    with refusing(where, "JSON", FIX):
        columns, remarks = _columns_of(found, where, DEEPEST)
        frame = pl.DataFrame([series(name, values) for name, values in columns.items()])
        frame, more = plain(frame, where)
    return frame, remarks + more


def series(name: str, values: Sequence[Any]) -> pl.Series:
    """A column of values of JSON: numbers, truth values, or else text, nested ones as they are written."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {int} and all(value is None or abs(value) <= MOST_CELL for value in values):
        return pl.Series(name, values, pl.Int64)
    if kinds <= {int, float}:
        return pl.Series(name, [None if v is None else float(v) for v in values], pl.Float64)
    if kinds <= {bool}:
        return pl.Series(name, values, pl.Boolean)
    texts = [v if v is None or isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in values]
    return pl.Series(name, texts, pl.String)


def _loaded(text: bytes) -> Any:
    """The document; of arrays that stand one a line, the array of all."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data") or not text.lstrip().startswith(b"["):
            raise
        rows = [json.loads(line) for line in text.split(b"\n") if line.strip()]
        if not all(isinstance(row, list) for row in rows):
            raise
        return rows


def _broken(error: json.JSONDecodeError, where: str) -> DatasetError:
    whole = error.pos >= len(error.doc.rstrip())
    if whole:
        return DatasetError(
            f"{where} is cut off: its JSON ends in the middle, in line {error.lineno:,}.",
            "Write or fetch the file once more.",
        )
    return DatasetError(
        f"Line {error.lineno:,} of {where} is no JSON: {_said(error.msg)} at character {error.colno:,}.",
        "Mend it there, or write the file anew from the program that made it.",
    )


def _said(message: str) -> str:
    """What Python says of broken JSON, as the middle of a sentence."""
    return message[:1].lower() + message[1:] if message else "it ends"


def _columns_of(found: Any, where: str, depth: int) -> tuple[Columns, tuple[str, ...]]:
    if isinstance(found, list):
        return _of_array(found, where)
    if not isinstance(found, dict) or not found:
        raise DatasetError(f"{where} is JSON that holds no table.", FIX)
    if "data" in found and isinstance(found.get("columns"), list) and isinstance(found["data"], list):
        return _named_rows([_name(part) for part in found["columns"]], found["data"], where), ()
    values = list(found.values())
    if all(isinstance(value, list) for value in values) and not any(map(_are_records, values)):
        return _of_columns(found, where), ()
    if all(
        isinstance(value, dict) and value and not any(map(_is_list, value.values())) for value in values
    ):
        return _of_index(found, where)
    return _within(found, where, depth)


def _of_array(found: list[Any], where: str) -> tuple[Columns, tuple[str, ...]]:
    if not found:
        raise DatasetError(f"{where} is a JSON array with nothing in it.", FIX)
    if all(isinstance(row, dict) for row in found):
        return _of_records(found), ()
    if all(isinstance(row, list) for row in found):
        return _of_rows(found, where)
    odd = next((i for i, row in enumerate(found) if not isinstance(row, dict)), 0)
    raise DatasetError(f"Entry {odd + 1:,} of the array in {where} is no record.", FIX)


def _of_records(rows: Sequence[Mapping[str, Any]]) -> Columns:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _of_rows(rows: list[list[Any]], where: str) -> tuple[Columns, tuple[str, ...]]:
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows[:200]]
    words = all(cell is None or isinstance(cell, str) for cell in rows[0])
    if words and has_header(texts):
        return _named_rows([_name(cell) for cell in rows[0]], rows[1:], where), ()
    names, remarks = numbered(max(map(len, rows)), where)
    return _named_rows(names, rows, where), remarks


def _named_rows(names: list[str], rows: list[Any], where: str) -> Columns:
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) > len(names):
            what = f"has {len(row):,} values" if isinstance(row, list) else "is no array"
            raise DatasetError(f"Row {number:,} of {where} {what}; {len(names):,} are named.", FIX)
    made = {i: [row[i] if i < len(row) else None for row in rows] for i in range(len(names))}
    return _each_once(names, made)


def _each_once(names: list[str], made: Mapping[int, Sequence[Any]]) -> Columns:
    """Columns under their names; a blank more for each that is there already, which others take off."""
    found: dict[str, Sequence[Any]] = {}
    for i, name in enumerate(names):
        while name in found:
            name += " "
        found[name] = made[i]
    return found


def _of_columns(found: Mapping[str, list[Any]], where: str) -> Columns:
    lengths = {name: len(values) for name, values in found.items()}
    first, most = next(iter(lengths.items()))
    odd = next((name for name, length in lengths.items() if length != most), None)
    if odd is not None:
        raise DatasetError(
            f"The columns {listed([first, odd])} of {where} have {most:,} and {lengths[odd]:,} values.",
            "Give every column as many values.",
        )
    return found


def _of_index(found: Mapping[str, Mapping[str, Any]], where: str) -> tuple[Columns, tuple[str, ...]]:
    """Columns of values by row, as pandas writes them, or rows of values by column."""
    inner = dict.fromkeys(key for value in found.values() for key in value)
    outer_digits, inner_digits = (all(map(str.isdigit, keys)) for keys in (found, inner))
    if outer_digits and not inner_digits:
        return _of_records(list(found.values())), ()
    if not inner_digits and _are_rows(found, inner):
        name = quote(next(iter(found)))
        said = f"Each entry of {where} is a row; what it is called, such as {name}, is left out."
        return _of_records(list(found.values())), (said,)
    return {name: [values.get(key) for key in inner] for name, values in found.items()}, ()


def _are_rows(found: Mapping[str, Mapping[str, Any]], inner: Collection[str]) -> bool:
    """Whether the outer ones of two levels of words name rows: values are of one kind by inner name alone.

    Where whole numbers are a kind of their own that tells no more, a table has more rows than columns.
    """
    columns = [[values.get(key) for values in found.values()] for key in inner]
    for whole in (int, float):  # as pandas writes them, and as other programs do
        by_outer = all(_of_one_kind(values.values(), whole) for values in found.values())
        by_inner = all(_of_one_kind(values, whole) for values in columns)
        if by_outer != by_inner:
            return by_inner
    return len(found) > len(inner)


def _of_one_kind(values: Iterable[Any], whole: type) -> bool:
    """Whether values are of one kind, as far as any stand there; whole numbers count as ``whole``."""
    kinds = {whole if type(value) is int else type(value) for value in values}
    return len(kinds - {type(None)}) < 2


def _within(found: Mapping[str, Any], where: str, depth: int) -> tuple[Columns, tuple[str, ...]]:
    """The one list of records, or object with one, that stands among other things."""
    lists = [name for name, value in found.items() if _are_records(value)]
    if len(lists) > 1:
        raise DatasetError(
            f"{where} holds several lists of records: {listed(lists)}.",
            "Write the one that is meant alone.",
        )
    if lists:
        return _of_records(found[lists[0]]), ()
    inside = [value for value in found.values() if isinstance(value, dict) and value]
    if len(inside) == 1 and depth > 0:
        return _columns_of(inside[0], where, depth - 1)
    if not any(isinstance(value, dict | list) for value in found.values()):
        return _of_records([found]), ()
    raise DatasetError(f"{where} is JSON that holds no table.", FIX)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _name(value: Any) -> str:
    if isinstance(value, list):  # of columns with several rows of names
        return " ".join(map(_name, value))
    return "" if value is None else str(value)
