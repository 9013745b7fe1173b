"""What a column of a table is, and how a category becomes columns. Neither NumPy nor polars in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "flag", "category", "date", "text", "id-like", "constant"]

ONE_HOT = 100  # levels beyond which a category is hashed
HASHED = 32  # columns that it is hashed into
COMMON = 10  # rows from which a level is no rare one; of few rows, one in a hundred


@dataclass(frozen=True)
class Column:
    """A column as it is learned from.

    Attributes:
        name: of the column of ``X``. kind: what it is.
        levels: of a category, in the order of their numbers in ``X``.
        origin: the column of the file that it comes from, where that has another name (a part of a date).
    """

    name: str
    kind: Kind
    levels: tuple[str, ...] = ()
    origin: str = ""


def common_from(rows: int) -> int:
    """In how many of the training rows a level stands at least, not to be joined with other rare ones."""
    return min(COMMON, max(2, rows // COMMON**2))
