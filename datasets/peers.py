"""The processes that read one table together, each some of its rows. No torch in here."""

from __future__ import annotations

from typing import Any, Protocol


class Peers(Protocol):
    """Who reads a table with this process; all of them call the same methods in the same order.

    Attributes:
        rank: the number of this process, from 0. world: how many there are.
    """

    rank: int
    world: int

    def gather(self, value: Any) -> list[Any]:
        """What every process gives, in the order of their ranks; plain values and arrays of NumPy."""
        ...


class Alone:
    """One process, which has every row."""

    rank, world = 0, 1

    def gather(self, value: Any) -> list[Any]:
        """The value, which is all there is."""
        return [value]


ALONE: Peers = Alone()


def share(rows: int, rank: int, world: int) -> tuple[int, int]:
    """The first of so many rows that belongs to a rank, and the first that does not any more."""
    return rows * rank // world, rows * (rank + 1) // world
