"""Whether the first row of a table holds the names of its columns, and how many rows hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from lrtui.datasets.reading.cells import (
    MOSTLY,
    is_measured,
    look_of,
    look_of_column,
    value_of,
)
from lrtui.datasets.reading.described import described

Row = Sequence[str]

MOST_ROWS = 3  # of names
LEAST_BELOW = 3  # rows below numbers that may be names
YEARS = (1800, 2100)

# What a first cell says by what stands below it; names where the sum is not negative.
NAME = 4  # a word above numbers
LIKELY_NAME = 1  # a word above a few words that come again, and not it
REPEATED = -2  # a word that comes again itself
MEASURED = -4  # 0.5 above numbers, a time above times
COUNTED = -1  # 12 above numbers: some tables name columns by years


def has_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: its cells could not as well stand below."""
    if not rows:
        return True
    if described(rows):
        return True
    first = _stripped(rows[0])
    if len(first) > 2 and not first[0] and first[1:] == [str(i) for i in range(len(first) - 1)]:
        return True  # as pandas writes columns without names: nothing, then 0, 1, 2 and so on
    looks = {look_of(cell) for cell in first} - {"missing"}
    if looks != {"number"}:
        return evidence(rows) >= 0
    counted = len(first) > 2 and first == [str(i) for i in range(len(first))]
    below = [row for row in map(_stripped, rows[1:]) if len(row) == len(first)]
    columns = list(zip(*below, strict=True))
    if counted and any(look_of_column(column) in ("word", "date") for column in columns):
        return True
    return len(below) >= LEAST_BELOW and _are_numbers_of_columns(first, columns)


def _are_numbers_of_columns(first: list[str], columns: Sequence[Sequence[str]]) -> bool:
    """Whether bare digits in equal steps stand above decimals, or years above what are none."""
    if len(first) < 3 or not all(map(str.isdecimal, first)):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(first)}
    if len(steps) > 1 or 0 in steps:
        return False
    decimals = sum(_share(column, _is_decimal) >= MOSTLY for column in columns)
    if decimals >= max(2, len(first) / 2):
        return True
    years = len(first) > 3 and all(_is_year(float(cell)) for cell in first)
    return years and all(
        look_of_column(column) == "number" and not any(_is_year(value_of(cell)) for cell in column)
        for column in columns
    )


def _share(cells: Sequence[str], is_one: Callable[[str], bool]) -> float:
    """The share of what is so among the cells that hold something."""
    filled = [cell for cell in cells if look_of(cell) != "missing"]
    return sum(map(is_one, filled)) / len(filled) if filled else 0.0


def _is_decimal(cell: str) -> bool:
    return look_of(cell) == "number" and not cell.lstrip("+-").isdigit()


def evidence(rows: Sequence[Row]) -> int:
    """How much speaks for names in the first row, or, below zero, for data."""
    first, *rest = map(_stripped, [rows[0], *rows[1 + described(rows) :]])
    rest = [row for row in rest if row != first]
    below = [[row[i] for row in rest if i < len(row)] for i in range(len(first))]
    row_of_numbers = _is_scale(first, below)
    return sum(
        _of_cell(cell, cells, row_of_numbers=row_of_numbers)
        for cell, cells in zip(first, below, strict=True)
    )


def _stripped(row: Row) -> list[str]:
    return [cell.strip() for cell in row]


def _of_cell(cell: str, cells: list[str], *, row_of_numbers: bool) -> int:
    cells = [other for other in cells if look_of(other) != "missing"]
    look = look_of(cell)
    if look == "missing" or not cells:
        return 0
    column = look_of_column(cells)
    if look == "word":
        if cell in cells:
            return REPEATED
        few = column == "word" and len(set(cells)) <= len(cells) / 2
        return NAME if column in ("number", "date") else LIKELY_NAME if few else 0
    if look == "date":
        return {"date": MEASURED, "number": NAME}.get(column, 0)
    if column != "number" or row_of_numbers:
        return 0
    return MEASURED if is_measured(cell) else COUNTED


def _is_scale(first: list[str], below: list[list[str]]) -> bool:
    """Whether the numbers of a row are years or equal steps, as 1990, 1991, 1992: names."""
    at = [i for i, cell in enumerate(first) if look_of(cell) == "number"]
    values = [value_of(first[i]) for i in at]
    if not values:
        return False
    steps = [after - before for before, after in pairwise(values)]
    one_way = all(step > 0 for step in steps) or all(step < 0 for step in steps)
    if all(map(_is_year, values)) and one_way:
        return not all(_is_year(value_of(cell)) for i in at for cell in below[i] if cell)
    equal = len(steps) > 1 and all(abs(step - steps[0]) <= 0.01 * abs(steps[0]) for step in steps)
    # Three values may be 1, 2, 3 by chance.
    return one_way and equal and (len(steps) > 2 or any(map(_is_beyond, values, (below[i] for i in at))))


def _is_beyond(value: float, cells: list[str]) -> bool:
    others = [value_of(cell) for cell in cells if look_of(cell) == "number"]
    return bool(others) and not min(others) <= value <= max(others)


def _is_year(value: float) -> bool:
    return YEARS[0] <= value <= YEARS[1] and value == int(value)


def name_rows(rows: Sequence[Row]) -> int:
    """How many rows hold names, the first being one: further ones are words alone, above numbers.

    Or they say what the columns are.
    """
    if below := described(rows):
        return 1 + below
    found = 1
    while found < MOST_ROWS and found + 1 < len(rows) and len(rows[found]) == len(rows[0]):
        if not _names_too(rows[found], rows[found + 1 :], found):
            break
        found += 1
    return found


def _names_too(row: Row, rest: Sequence[Row], above: int) -> bool:
    cells = _stripped(row)
    words = [i for i, cell in enumerate(cells) if cell.strip("-")]  # the unit of a bare number may be -
    if not words or any(look_of(cells[i]) != "word" for i in words):
        return False
    below = {i: [other[i].strip() for other in rest if i < len(other)] for i in range(len(cells))}
    if any(cells[i] in below[i] for i in words):
        return False
    values = [i for i in below if look_of_column(below[i]) in ("number", "date")]
    if above > 1 and words == [0]:  # the name of the rows' names, as pandas writes it below several
        return bool(values)
    return 2 * len(set(words) & set(values)) > len(words)


def joined(rows: Sequence[Row]) -> list[str]:
    """One name for each column out of several rows of names: parts that differ, with a blank between."""
    if len(rows) == 1:
        return _stripped(rows[0])
    width = max(map(len, rows))
    rows = _carried([[*_stripped(row), *[""] * (width - len(row))] for row in rows])
    names = []
    for i in range(width):
        parts = dict.fromkeys(row[i] for row in rows)
        told = [part for part in parts if part and not part.startswith("Unnamed:")]
        names.append(" ".join(told or filter(None, parts)))
    return names


def _carried(rows: list[list[str]]) -> list[list[str]]:
    """The rows with the names of groups in the first carried to the right, as merged cells lose them.

    As far as names below come again in another group: where a group ends, nothing else tells.
    """
    top, lowest = rows[0], rows[-1]
    again = {name for name, many in Counter(lowest).items() if name and many > 1}
    starts = [i for i, name in enumerate(top) if name]
    carried = list(top)
    for start, end in pairwise([*starts, len(top)]):
        last = max((i for i in range(start, end) if lowest[i] in again), default=start)
        carried[start : last + 1] = [top[start]] * (last + 1 - start)
    return [carried, *rows[1:]]
