"""ARFF files: their header says what each column is; the rows below it are read as CSV."""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.charset import as_utf8
from lrtui.datasets.reading.columnar import check_shape
from lrtui.datasets.reading.names import complete
from lrtui.datasets.reading.table import Found
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

_NUMERIC = ("numeric", "real", "integer")
_TEXT = ("string", "date")
_ATTRIBUTE = re.compile(
    r"""@attribute\s+('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s{]+)\s*(.*)""", re.IGNORECASE
)
_TOKEN = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|([^,]*?))\s*(,|$)""")
_FIX = "Mend it, or save the table as CSV."


@dataclass(frozen=True)
class Attribute:
    """A column as the header declares it; ``values`` are those of a nominal one, else ``None``."""

    name: str
    kind: str
    values: tuple[str, ...] | None = None


def read_arff(data: bytes, source: Source, where: str, name: str) -> Found:
    """Numbers as Float64, all else as text, ``null`` for ``?``."""
    text, remarks = as_utf8(data, source.encoding, where)
    attributes, body = _header(text.decode().replace("\r\n", "\n"), where)
    names, more = complete([attribute.name for attribute in attributes], where)
    rows = [line for line in body if line.strip() and not line.lstrip().startswith("%")]
    check_shape(len(rows), len(names), where)
    if rows[0].lstrip().startswith("{"):
        raise DatasetError(f"{where} is sparse ARFF, which is not read.", "Save it dense, or as CSV.")
    cells = _cells(rows, len(names), where)
    columns = [
        _typed(pl.Series(name, values, pl.String), attribute, where)
        for name, values, attribute in zip(names, cells, attributes, strict=True)
    ]
    return pl.DataFrame(columns), remarks + more, _target(attributes, names)


def _target(attributes: list[Attribute], names: list[str]) -> str | None:
    """The column to predict, as is the custom: one called class, else the last, where it is nominal."""
    for name, attribute in zip(names, attributes, strict=True):
        if name.lower() == "class" and attribute.values is not None:
            return name
    return names[-1] if attributes[-1].values is not None else None


def _header(text: str, where: str) -> tuple[list[Attribute], list[str]]:
    """What is declared, and the lines below ``@data``."""
    attributes: list[Attribute] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        line = line.strip()
        word = line.split(maxsplit=1)[0].lower() if line else ""
        if word == "@data":
            if not attributes:
                raise DatasetError(f"{where} declares no attributes before @data.", _FIX)
            return attributes, lines[number:]
        if word == "@attribute":
            attributes.append(_attribute(line, number, where))
        elif word and word != "@relation" and not word.startswith("%"):
            raise DatasetError(f"Line {number:,} of {where} is no ARFF: {quote(line[:40])}.", _FIX)
    raise DatasetError(f"{where} has no line @data, so it is cut off or no ARFF.", _FIX)


def _attribute(line: str, number: int, where: str) -> Attribute:
    found = _ATTRIBUTE.fullmatch(line)
    kind = found[2].strip() if found else ""
    if found is not None:
        name = _unescaped(found[1][1:-1]) if found[1][0] in "'\"" else found[1]
        if kind.startswith("{") and kind.endswith("}"):
            return Attribute(name, "nominal", tuple(v for v in _split(kind[1:-1]) if v is not None))
        word = kind.split(maxsplit=1)[0].lower() if kind else ""
        if word in (*_NUMERIC, *_TEXT):
            return Attribute(name, "number" if word in _NUMERIC else "text")
    raise DatasetError(
        f"Line {number:,} of {where} declares no attribute that is known: {quote(line[:60])}.", _FIX
    )


def _cells(rows: list[str], width: int, where: str) -> list[list[str | None]]:
    """The cells by column."""
    columns: list[list[str | None]] = [[] for _ in range(width)]
    for number, row in enumerate(rows, start=1):
        plain = "'" not in row and '"' not in row
        cells = [cell.strip() for cell in row.split(",")] if plain else _split(row)
        if len(cells) != width:
            raise DatasetError(
                f"Row {number:,} of {where} has {len(cells):,} values; its header declares {width:,}.",
                "Give every row as many values, or quote those that hold commas.",
            )
        for column, cell in zip(columns, cells, strict=True):
            column.append(None if cell in ("?", "") else cell)
    return columns


def _split(row: str) -> list[str | None]:
    """The values between commas, without their quotes."""
    values: list[str | None] = []
    position = 0
    while True:
        found = _TOKEN.match(row, position)
        if found is None:
            return []
        values.append(_unescaped(next(g for g in found.groups()[:3] if g is not None)))
        position = found.end()
        if found[4] != ",":
            return values


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text) if "\\" in text else text


def _typed(column: pl.Series, attribute: Attribute, where: str) -> pl.Series:
    if attribute.kind == "number":
        typed = column.cast(pl.Float64, strict=False)
        wrong, what = typed.is_null() & column.is_not_null(), "which is no number"
    elif attribute.values is not None:
        typed = column
        wrong = column.is_not_null() & ~column.is_in(list(attribute.values))
        what = f"which is none of {listed(attribute.values)}"
    else:
        return column
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        raise DatasetError(
            f"Row {row + 1:,} of {where} has {quote(column[row])} in column {quote(column.name)}, {what}.",
            _FIX,
        )
    return typed
