"""How a text table is written: what parts and quotes its values, and whether its first line is a header."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from lrtui.datasets.source import Source

ROWS = 200  # rows that are looked at
SAMPLE = 1 << 18  # bytes that are looked at
SEPARATORS = ("\t", ";", "|", ",")  # the earlier wins a tie: a decimal comma parts numbers as well
SPELLED = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}
AGREEING = 0.9  # share of rows that must have as many values as most

_SEP_LINE = re.compile(r"sep=(.)\r?\n")  # with which Excel begins some files


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Attributes:
        separator: one character. quote: one character, or ``None`` where none is used.
        header: whether the first line names the columns.
        short_header: that line has one name less than the rows have values: the first column has none.
        skipped: characters before the first line.
    """

    separator: str
    quote: str | None
    header: bool
    short_header: bool = False
    skipped: int = 0


def dialect_of(text: str, source: Source, usual: str | None, *, whole: bool) -> Dialect:
    """How a table is written, where the source does not say: by its beginning, or the ``whole`` of it.

    ``usual`` is the separator that the name of the file stands for.
    """
    sep_line = _SEP_LINE.match(text)
    skipped = sep_line.end() if sep_line else 0
    text = text[skipped:]
    mark = _quote_of(text) if source.quote is None else source.quote
    quote = None if mark.lower() in ("", "none") else mark
    if source.separator is not None:
        separator = SPELLED.get(source.separator.lower(), source.separator)
    else:
        separator = sep_line[1] if sep_line else _separator_of(text, quote, usual, whole)
    rows = _rows(text, separator, quote, whole)
    short = _is_short(rows)
    header = source.header != "no" if source.header is not None else short or _has_header(rows)
    return Dialect(separator, quote, header, short and header, skipped)


def is_number(text: str) -> bool:
    """Whether a cell holds a number, of whatever spelling."""
    try:
        float(text.replace(",", ".", 1))
    except ValueError:
        return False
    return "_" not in text


def _rows(text: str, separator: str, quote: str | None, whole: bool) -> list[list[str]]:
    """The first rows, blank ones left out; the last is left out where it may be cut."""
    space = separator == " "
    options: dict[str, Any] = {"delimiter": separator, "quotechar": quote, "skipinitialspace": space}
    if quote is None:
        options["quoting"] = csv.QUOTE_NONE
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text.replace("\r\n", "\n"), newline=""), **options):
            if space and row and not row[-1]:
                row = row[:-1]  # a blank at the end of a line
            if any(map(str.strip, row)):
                rows.append(row)
            if len(rows) > ROWS:
                break
    except csv.Error:  # a value longer than the module takes: what came before will do
        pass
    return rows[:-1] if len(rows) > 1 and not whole else rows


def _quote_of(text: str) -> str:
    if '"' in text:
        return '"'
    lines = [line for line in text.splitlines()[:ROWS] if line.strip()]
    quoted = [line for line in lines if re.search(r"(^|[,;\t|])'([^']|'')*'([,;\t|]|$)", line)]
    return "'" if len(quoted) > len(lines) / 2 else '"'


def _separator_of(text: str, quote: str | None, usual: str | None, whole: bool) -> str:
    if usual is not None and _fit(_rows(text, usual, quote, whole)):
        return usual
    fits = {separator: _fit(_rows(text, separator, quote, whole)) for separator in SEPARATORS}
    best = max(fits, key=lambda separator: round(fits[separator], 2))
    if fits[best]:
        return best
    return " " if _fit(_rows(text, " ", quote, whole)) > AGREEING else usual or ","


def _fit(rows: list[list[str]]) -> float:
    """How well rows agree on how many values they have, from 0 to 1; 0 where that is one."""
    if not rows:
        return 0.0
    first, rest = len(rows[0]), rows[1:] or rows
    width, many = Counter(map(len, rest)).most_common(1)[0]
    short = _is_short(rows)
    if width < 2 or (first < 2 and not short):
        return 0.0
    # What stands inside values seldom stands inside names as well: the first line has to agree.
    return many / len(rest) / (1 if first == width or short else 2)


def _is_short(rows: list[list[str]]) -> bool:
    """Whether every row has one value more than the first line, as R writes the names of rows."""
    names = len(rows[0]) if rows else 0
    return names > 0 and len(rows) > 1 and all(len(row) == names + 1 and row[0] for row in rows[1:])


def _has_header(rows: list[list[str]]) -> bool:
    """Whether the first line names the columns.

    It does not where each of its cells might as well stand below: a number above numbers, or a word that
    comes again in its column, so long as one is a number or all are words that come again.
    """
    if not rows:
        return True
    first, *rest = ([cell.strip() for cell in row] for row in rows)
    if len(first) > 2 and not first[0] and first[1:] == [str(i) for i in range(len(first) - 1)]:
        return True  # as pandas writes columns without names: nothing, then 0, 1, 2 and so on
    rest = [row for row in rest if row != first]
    if all(map(is_number, filter(None, first))):
        return False
    below = [[row[i] for row in rest if i < len(row) and row[i]] for i in range(len(first))]
    return not all(
        not cell or (all(map(is_number, cells)) if is_number(cell) else cell in cells)
        for cell, cells in zip(first, below, strict=True)
    )
