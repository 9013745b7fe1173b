"""The three rows above the tables of Orange: names; kinds or lists of values; what each column is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Row = Sequence[str]

_KINDS = frozenset(
    ("c", "continuous", "numeric", "n", "d", "discrete", "s", "string", "text", "t", "time", "datetime")
)
_CLASS = ("class", "c")
_FLAGS = {"class", "c", "meta", "m", "ignore", "i", "weight", "w"}
_LEFT_OUT = {"meta", "m", "ignore", "i"}


@dataclass(frozen=True)
class Roles:
    """What the rows below the names say.

    Attributes:
        rows: how many there are below the names, blank ones not counted.
        target: the number of the column that is the class, or ``None``.
        left_out: the numbers of columns that nothing is to be learned from.
    """

    rows: int
    target: int | None
    left_out: tuple[int, ...]


def roles_of(rows: Sequence[Row]) -> Roles | None:
    """What the second and third row say of the columns; ``None`` where they are none of Orange's.

    The third may be blank and so be missing here.
    """
    if len(rows) < 3 or not _are_kinds([cell.strip() for cell in rows[1]]):
        return None
    flags = [cell.strip().lower() for cell in rows[2]]
    if not all(not flag or "=" in flag or set(flag.split()) <= _FLAGS for flag in flags):
        return Roles(1, None, ())
    classes = [i for i, flag in enumerate(flags) if set(flag.split()) & set(_CLASS)]
    out = [i for i, flag in enumerate(flags) if set(flag.split()) & _LEFT_OUT]
    return Roles(2, classes[0] if len(classes) == 1 else None, tuple(out))


def _are_kinds(cells: list[str]) -> bool:
    """Kinds, or for a column of classes its values with blanks between; most are kinds."""
    kinds = [cell.lower() in _KINDS for cell in cells]
    others = [cell for cell, is_kind in zip(cells, kinds, strict=True) if cell and not is_kind]
    long = any(len(cell) > 1 for cell, is_kind in zip(cells, kinds, strict=True) if is_kind)
    return sum(kinds) >= max(1, len(others)) and all(" " in cell for cell in others) and (
        long or len(cells) == sum(kinds) > 1
    )  # fmt: skip
