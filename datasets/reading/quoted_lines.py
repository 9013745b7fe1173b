"""Lines that stand in quotation marks as a whole, as some programs write what has separators in it."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from lrtui.datasets.reading.header import evidence

MARKS = ('"', "'")
MOSTLY = 0.9  # share of the lines below the first
MOST_ROWS = 200  # that are looked at for names

_LINE_END = re.compile(rb"\r?\n")


@dataclass(frozen=True)
class Wrapping:
    """How lines are quoted.

    Attributes:
        mark: the quotation mark. separator: what parts the values within.
        width: how many values they have where ``some`` of the lines are quoted, and others are not.
    """

    mark: str
    separator: str
    width: int
    some: bool


def lines_of(sample: bytes, *, whole: bool) -> list[bytes]:
    """The lines in which something stands; the last is left out where it may be cut."""
    lines = _LINE_END.split(sample)
    return [line for line in (lines if whole else lines[:-1]) if line.strip()]


def are_wrapped(lines: Sequence[bytes], mark: str) -> bool:
    """Whether any line is quoted as a whole, though perhaps as the only value that it has."""
    line = _line(mark)
    return any(map(line.fullmatch, lines))


def wrapping_of(lines: Sequence[bytes], mark: str, separator: str) -> Wrapping | None:
    """How lines are quoted as a whole; ``None`` where they are not.

    Without their quotes they have as many values as most lines, and with them they have not. Where many
    others are not quoted, that goes for each that is: a cell of text has separators in it as well.
    """
    line = _line(mark)
    wrapped = [bool(line.fullmatch(one)) for one in lines]
    rows = [_values(unwrapped_line(one, mark), separator, mark) for one in lines]
    width = Counter(map(len, rows)).most_common(1)[0][0]
    told = [i for i, is_one in enumerate(wrapped) if is_one]
    told = list(dropwhile(lambda i: len(rows[i]) != width, told))  # titles, and names that are one less
    if width < 2 or all(len(_values(lines[i], separator, mark)) == width for i in told):
        return None
    agree = sum(len(rows[i]) == width for i in told)
    rest = wrapped[1:]
    if sum(rest) > MOSTLY * len(rest) if any(rest) else wrapped[0]:
        texts = width == 2 and len(rows[0]) == 1 and not _name(rows[1:])  # in one column
        title = not any(rest) and _name(rows[1:])
        is_so = agree >= MOSTLY * len(told) and not texts and not title
        return Wrapping(mark, separator, width, some=False) if is_so else None
    bare = all(lines[i].strip().endswith(mark.encode()) for i in told)
    if mark == "'" or separator == " " or not bare or agree < len(told):
        return None
    full = next(i for i, row in enumerate(rows) if len(row) == width)
    ragged = any(len(row) < width and not wrapped[i] for i, row in enumerate(rows) if i > full)
    if ragged and not all(mark.encode() * 2 in lines[i].strip()[1:-1] for i in told):
        return None  # rows that lack values, of which text alone may be left
    return Wrapping(mark, separator, width, some=True)


def _name(rows: Sequence[Sequence[str]]) -> bool:
    """Whether something speaks for names in the first of the rows."""
    return len(rows) > 1 and evidence(rows[:MOST_ROWS]) > 0


def unwrapped(text: bytes, wrapping: Wrapping) -> bytes:
    """Every line that is quoted so without these quotes, and doubled ones inside it single."""
    mark = wrapping.mark

    def bare(found: re.Match[bytes]) -> bytes:
        within = unwrapped_line(found[0], mark)
        is_row = not wrapping.some or len(_values(within, wrapping.separator, mark)) == wrapping.width
        return within if is_row else found[0]

    return _line(mark).sub(bare, text)


def unwrapped_line(line: bytes, mark: str) -> bytes:
    """The line without the quotes in which all of it stands; else as it is."""
    found = _line(mark).fullmatch(line)
    return line if found is None else found[1].replace(mark.encode() * 2, mark.encode())


def _line(mark: str) -> re.Pattern[bytes]:
    inside = rb"((?:[^%b\r\n]|%b%b)*)" % ((mark.encode(),) * 3)
    return re.compile(rb"(?m)^[ \t]*%b%b%b[ \t,;]*(?=\r?$)" % (mark.encode(), inside, mark.encode()))


def _values(line: bytes, separator: str, mark: str) -> list[str]:
    """The values in a line."""
    text = line.decode("utf-8", "replace").replace("\0", "")
    blanks = separator == " "
    try:
        return next(csv.reader([text], delimiter=separator, quotechar=mark, skipinitialspace=blanks), [])
    except csv.Error:  # a value longer than the module takes
        return []
