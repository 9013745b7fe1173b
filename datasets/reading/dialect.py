"""How a text table is written: what parts its values, and what stands around them."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lrtui.datasets.reading.preamble import AGREEING, is_short, titles_above
from lrtui.datasets.source import Source

ROWS = 200  # rows that are looked at
SEPARATORS = ("\t", ";", "|", ",")  # the earlier wins a tie: a decimal comma parts numbers as well
SPELLED = {"tab": "\t", "\\t": "\t", "space": " ", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass(frozen=True)
class Dialect:
    """How a text table is written.

    Attributes:
        separator: one character. quote: one character, or ``None`` where none is used.
        header_rows: how many rows name the columns.
        short_header: their line has one name less than the rows have values: the first column has none.
    """

    separator: str
    quote: str | None
    header_rows: int = 0
    short_header: bool = False


@dataclass(frozen=True)
class Rows:
    """The first rows of a text, blank ones left out, and the number of the line in which each begins."""

    cells: list[list[str]]
    lines: list[int]


def dialect_of(text: str, source: Source, usual: str | None, *, whole: bool) -> tuple[Dialect, bool]:
    """How a table is written, where the source does not say: by its beginning, or the ``whole`` of it.

    ``usual`` is the separator that the name of the file stands for. Also tells whether the rows agree on a
    number of values with that separator, or the source says it.
    """
    mark = _quote_of(text) if source.quote is None else source.quote
    quote = None if mark.lower() in ("", "none") else mark
    if source.separator is not None:
        return Dialect(SPELLED.get(source.separator.lower(), source.separator), quote), True
    separator, fits = separator_of(text, quote, usual, whole=whole)
    return Dialect(separator, quote), fits


def rows_of(text: str, dialect: Dialect, *, whole: bool) -> Rows:
    """The first rows, blank ones left out; the last is left out where it may be cut."""
    space = dialect.separator == " "
    options: dict[str, Any] = {"delimiter": dialect.separator, "skipinitialspace": space}
    options |= {"quoting": csv.QUOTE_NONE} if dialect.quote is None else {"quotechar": dialect.quote}
    cells: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n"), newline=""), **options)
    start = 0
    try:
        for row in reader:
            if space and row and not row[-1]:
                row = row[:-1]  # a blank at the end of a line
            if any(map(str.strip, row)):
                cells.append(row)
                lines.append(start)
            start = reader.line_num
            if len(cells) > ROWS:
                break
    except csv.Error:  # a value longer than the module takes: what came before will do
        pass
    end = len(cells) - 1 if len(cells) > 1 and not whole else len(cells)
    return Rows(cells[:end], lines[:end])


def separator_of(text: str, quote: str | None, usual: str | None, *, whole: bool) -> tuple[str, bool]:
    """The separator by which the rows have equally many values, and whether there is one."""

    def fit(separator: str, titled: float = 2) -> float:
        return _fit(rows_of(text, Dialect(separator, quote), whole=whole).cells, titled)

    if usual is not None and fit(usual):
        return usual, True
    fits = {separator: fit(separator) for separator in SEPARATORS}
    best = max(fits, key=lambda separator: round(fits[separator], 2))
    if fits[best]:
        return best, True
    blanks = fit(" ", titled=1)
    return (" " if blanks > AGREEING else usual or ","), blanks == 1


def _quote_of(text: str) -> str:
    if '"' in text:
        return '"'
    lines = [line for line in text.splitlines()[:ROWS] if line.strip()]
    quoted = [line for line in lines if re.search(r"(^|[,;\t|])'([^']|'')*'([,;\t|]|$)", line)]
    return "'" if len(quoted) > len(lines) / 2 else '"'


def _fit(rows: Sequence[Sequence[str]], titled: float) -> float:
    """How well rows agree on how many values they have, from 0 to 1; 0 where that is one.

    Divided by ``titled`` where titles have to be taken off for it.
    """
    above = titles_above(rows)
    titles, rows = rows[:above], rows[above:]
    if not rows:
        return 0.0
    first, rest = len(rows[0]), rows[1:] or rows
    width, many = Counter(map(len, rest)).most_common(1)[0]
    short = is_short(rows)
    if width < 2 or (first < 2 and not short):
        return 0.0
    # What stands inside values seldom stands inside names as well: the first line has to agree.
    agrees = first == width or short
    taken_off = any(len(row) != width for row in titles)
    return many / len(rest) / ((titled if taken_off else 1) if agrees else 2)
