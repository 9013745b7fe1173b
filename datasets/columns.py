"""What a column of a table is: records that travel as JSON. Neither NumPy nor polars in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "flag", "category", "date", "text", "id-like", "constant"]


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
