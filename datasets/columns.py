"""What a column of a table is, and how a category becomes columns. Neither NumPy nor polars in here."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Literal

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import listed, quote

Kind = Literal["number", "flag", "category", "date", "text", "id-like", "constant"]

ONE_HOT = 100  # levels beyond which a category is hashed
HASHED = 32  # columns that it is hashed into
DEGREES = {"poly2": 2, "poly3": 3}
COMPONENTS = 100  # of the kernel map
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


def check_dropped(dropped: Sequence[str], known: Sequence[str], where: str) -> None:
    """Refuse to drop what is not there.

    Raises:
        DatasetError: there is no such column.
    """
    for name in dropped:
        if name not in known:
            near = difflib.get_close_matches(name.partition("=")[0], known, n=1)
            hint = f"Did you mean {quote(near[0])}? " if near else ""
            raise DatasetError(
                f"{where} has no column called {quote(name)} that could be dropped.",
                f"{hint}The columns are {listed(known)}.",
            )


def common_from(rows: int) -> int:
    """In how many of the training rows a level stands at least, not to be joined with other rare ones."""
    return min(COMMON, max(2, rows // COMMON**2))


def encoded_columns(columns: Sequence[Column]) -> int:
    """How many columns there are, about, once the levels of categories have their own; no flags."""
    return sum(
        1 if column.kind != "category" else HASHED if len(column.levels) > ONE_HOT else len(column.levels)
        for column in columns
    )


def expanded_columns(features: str, columns: int) -> int:
    """How many features are made of so many encoded columns."""
    if features in DEGREES:
        return comb(columns + DEGREES[features], DEGREES[features]) - 1
    return COMPONENTS if features == "rbf" else columns
