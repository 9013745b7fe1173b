"""Rows below the names that say what the columns are: their types, or the questions of a survey."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lrtui.datasets.reading.cells import look_of_column

Row = Sequence[str]

_NUMBER = (
    r"u?int(eger|8|16|32|64)?|float(32|64)?|double|dbl|num(eric|ber)?|decimal|real|long|(big|small|tiny)int"
    r"|[iu](8|16|32|64)|f(32|64)"
)
_OTHER = (
    r"str(ing)?|utf8|text|object|obj|char(acter)?|chr|n?varchar2?|factor|fctr?|ord(inal|ered)?|nominal"
    r"|cat(egory|egorical)?|enum|bool(ean)?|logical|lgl|lgc|date|datetime(64)?|timestamp|time"
)
_TYPE = re.compile(rf"<?(?:({_NUMBER})|{_OTHER})( ?\([\d, ]+\)|\[\w+\])?>?", re.IGNORECASE)
_IMPORT_ID = re.compile(r'\{ *"ImportId" *:.*\}', re.DOTALL)  # of Qualtrics, below its questions


def described(rows: Sequence[Row]) -> int:
    """How many rows below the first say what the columns are; 0 where they may as well be data.

    Types do where columns of numbers stand below the types of numbers, and no cell comes again below.
    """
    at = next((i for i, row in enumerate(rows[:3]) if i and _are_import_ids(row)), 0)
    if at or len(rows) < 3 or not _are_types(rows[1], rows[0]):
        return at
    below = [[row[i].strip() for row in rows[2:] if i < len(row)] for i in range(len(rows[1]))]
    looks = [
        look_of_column(column) for column, cell in zip(below, rows[1], strict=True) if _is_number(cell)
    ]
    again = any(cell.strip() in column for column, cell in zip(below, rows[1], strict=True) if cell.strip())
    return int(not again and "number" in looks and set(looks) <= {"number", "missing"})


def on_described(rows: Sequence[Row], where: str) -> str:
    """A remark on rows of names of which the last says what the columns are; empty where it does not."""
    if len(rows) > 1 and _are_import_ids(rows[-1]):
        which = "row" if len(rows) == 2 else "two rows"
        hold = (
            "holds what Qualtrics asks, and is" if len(rows) == 2 else "hold what Qualtrics asks, and are"
        )
        return f"The {which} below the names of {where} {hold} skipped."
    if len(rows) == 2 and _are_types(rows[1], rows[0]):
        return f"The row below the names of {where} tells the types of its columns, and is skipped."
    return ""


def _are_types(row: Row, names: Row) -> bool:
    """Whether a type stands below each name, and nothing below no name."""
    cells = [cell.strip() for cell in row]
    named = [bool(name.strip()) for name in names]
    types = all(_TYPE.fullmatch(cell) for cell in cells if cell)
    return types and sum(named) > 1 and [bool(cell) for cell in cells] == named


def _is_number(cell: str) -> bool:
    found = _TYPE.fullmatch(cell.strip())
    return found is not None and found[1] is not None


def _are_import_ids(row: Row) -> bool:
    filled = [cell.strip() for cell in row if cell.strip()]
    return len(filled) > 1 and all(map(_IMPORT_ID.fullmatch, filled))
