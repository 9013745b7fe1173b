"""What a column of a table is, and how a category becomes columns. Neither NumPy nor polars in here."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import comb
from typing import Any, Literal

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import listed, quote

How = Literal["number", "hours", "flag", "date", "category"]
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


@dataclass(frozen=True)
class TextLayout:
    """A way to write the cells of a column.

    Attributes:
        shape: the pattern of a whole cell; of a number, its one group holds the digits.
        plain: of a date, what is made of it, with the groups of the pattern, before ``format`` reads it;
            empty where the cell is read as it stands.
        format: of a date, as ``strptime`` has it; empty for a number.
        groups, comma: of a number, the pattern of what parts thousands, and the decimal comma.
        unit: of a number, what stands beside it in all cells: kg, %, or a currency in small letters.
    """

    shape: str
    plain: str = ""
    format: str = ""
    groups: str = ""
    comma: str = ""
    unit: str = ""


@dataclass(frozen=True)
class CellReading:
    """How a column of a file was understood in training.

    Attributes:
        name: of the column of the file. how: what its cells are read as.
        layout: how its texts are written, where they are more than plain numbers.
        parts: of a date, those that are learned from.
        levels: of a category, in the order of their numbers; of a flag, what stands for 0 and for 1.
    """

    name: str
    how: How
    layout: TextLayout | None = None
    parts: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CellReading:
        """What ``to_dict`` told."""
        layout = data["layout"]
        return cls(
            data["name"],
            data["how"],
            None if layout is None else TextLayout(**layout),
            tuple(data["parts"]),
            tuple(data["levels"]),
        )


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
