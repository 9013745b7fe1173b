"""What stands above a table and is no part of it: comments, and titles of fewer cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from lrtui.datasets.reading.cells import look_of, look_of_column
from lrtui.datasets.reading.header import NAME, evidence

Row = Sequence[str]

COMMENTS = "#%"
MOST_TITLES = 10  # rows above which a title may stand that looks like a row
FEW = 0.9  # share of the rows that may end before the table does
AGREEING = 0.9  # share of rows that must have as many values as most


@dataclass(frozen=True)
class Comments:
    """Lines that are comments, for they begin with one character.

    Attributes:
        mark: the character. above: the last of those above the table, without its marks; the names may
            stand there. close: whether text follows the marks of that line without a blank.
    """

    mark: str
    above: str = ""
    close: bool = False


def comments_of(lines: Sequence[str], asked: str | None) -> Comments | None:
    """The comments of a table by its first lines; ``None`` where it has none.

    They are found out where the first line that is not blank is one. The character that is ``asked`` for
    marks them in any case.
    """
    filled = [line for line in lines if line.strip()]
    mark = asked or (filled[0][0] if filled and filled[0][0] in COMMENTS else None)
    if mark is None or all(line.startswith(mark) for line in filled):
        return None if asked is None else Comments(asked)
    above = ""
    for line in filled:
        if not line.startswith(mark):
            break
        above = line
    rest = above.lstrip(mark)
    return Comments(mark, rest, bool(rest) and not rest[0].isspace())


def is_short(rows: Sequence[Row]) -> bool:
    """Whether every row has one value more than the first line, as R writes the names of rows."""
    names = len(rows[0]) if rows else 0
    rest = rows[1:]
    return (
        names > 0
        and bool(rest)
        and all(len(row) == names + 1 and row[0] for row in rest)
        and not trails(rows)
    )


def trails(rows: Sequence[Row]) -> bool:
    """Whether every row but the first ends with a separator that parts it from nothing."""
    names, rest = len(rows[0]), rows[1:]
    return bool(rest) and all(len(row) == names + 1 and not row[-1].strip() for row in rest)


def has_wide_header(rows: Sequence[Row]) -> bool:
    """Whether the first row alone ends with such a separator."""
    names, rest = len(rows[0]), rows[1:]
    blank = names > 1 and not rows[0][-1].strip()
    return bool(rest) and blank and all(len(row) == names - 1 for row in rest)


def titles_above(rows: Sequence[Row]) -> int:
    """How many of the first rows are titles: fewer cells than the rows below, which agree on a width.

    A table that is only ragged has none, nor one whose rows have names, as R writes them.
    """
    if len(rows) < 3:
        return 0
    if padded := _padded_above(rows):
        return padded
    width = Counter(map(len, rows)).most_common(1)[0][0]
    full = all(len(row) == width and _filled(row) > 1 for row in rows[:MOST_TITLES])
    if width < 2 or full or trails(rows):  # as nearly always: nothing above can be a title
        return 0
    usual = sorted(map(_filled, rows))[len(rows) // 2]
    start = min(map(_start, rows))
    titles = [_is_title(row, width, usual, start) for row in rows[: len(rows) - 2]]
    found = titles.index(False) if False in titles else len(titles)
    # A title with as many commas as the table has may stand above one with fewer.
    last = max((i + 1 for i, is_title in enumerate(titles[:MOST_TITLES]) if is_title), default=0)
    if last > found and _are_names(rows[last]) and evidence(rows[last:]) > 0:
        found = last
    table = rows[found:]
    agree = sum(len(row) == width for row in table) >= AGREEING * len(table)
    if not found or not agree or len(table[0]) != width:
        return 0
    speaks = evidence(table)
    if speaks > 0:
        return found
    lone = all(_filled(row) <= 1 and (len(row) < width or usual > 2) for row in rows[:found])
    lone = lone and width > 2 and not is_short(rows)
    columns = zip(*(row for row in table if len(row) == width), strict=True)
    numbers = any(look_of_column([cell.strip() for cell in column]) == "number" for column in columns)
    return found if lone and (speaks == 0 or numbers) else 0


def _padded_above(rows: Sequence[Row]) -> int:
    """How many first rows are titles or pairs, such as Operator and a name, where empty cells end them.

    Spreadsheets give every row as many cells as the table has, so what counts is how far a row reaches.
    Below them stands a row of names that reaches as far as the table. Words with gaps between them, which
    stand above groups of names, are part of the header.
    """
    reach = sorted(map(_end, rows))[int(FEW * (len(rows) - 1))]  # last cells may be missing in many rows
    start = min(map(_start, rows))
    top = rows[: min(MOST_TITLES + 1, len(rows) - 1)]
    named = next((i for i, row in enumerate(top) if _end(row) >= reach), 0)
    header = rows[named]
    if not named or not _may_name(header) or evidence(rows[named:]) < min(NAME, reach):
        return 0
    titles = [_is_pair(row, header, start) for row in rows[:named]]
    return named - titles[::-1].index(True) if True in titles else 0


def _is_pair(row: Row, header: Row, start: int) -> bool:
    """Whether a row is filled from its start without a gap, or holds a number, and parts no names below."""
    cells = [cell.strip() for cell in row]
    filled = [i for i, cell in enumerate(cells) if cell]
    if any(not header[i].strip() for i in filled):
        return False  # names that the row below leaves out
    return filled == list(range(start, start + len(filled))) or any(
        look_of(cells[i]) != "word" for i in filled
    )


def _may_name(row: Row) -> bool:
    """Whether a row holds words alone, each once, and hardly an empty cell."""
    names = [cell for cell in map(str.strip, row) if cell]
    return 2 * len(names) > len(row) and _are_names(names)


def _end(row: Row) -> int:
    """The place after the last cell in which something stands."""
    return next((i + 1 for i in reversed(range(len(row))) if row[i].strip()), 0)


def _are_names(row: Row) -> bool:
    names = [cell.strip() for cell in row]
    return len(set(names)) == len(names) and all(look_of(name) == "word" for name in names)


def _is_title(row: Row, width: int, usual: int, start: int) -> bool:
    """Whether a row is of another width, or holds one cell, which stands where the table begins."""
    filled = _filled(row)
    return filled == 0 or len(row) != width or (filled == 1 and usual > 1 and _start(row) == start)


def _start(row: Row) -> int:
    """The place of the first cell in which something stands."""
    return next((i for i, cell in enumerate(row) if cell.strip()), len(row))


def _filled(row: Row) -> int:
    return sum(map(bool, map(str.strip, row)))
