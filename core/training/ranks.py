"""Processes that train one model together, each on some of the rows. Alone, nothing of it costs anything.

Every rank holds the same weights and does the same; rank 0 says first what that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from lrtui.datasets.cores import cores


class Ranks(Protocol):
    """The processes that train with this one.

    Attributes:
        rank: the number of this process, from 0. world: how many there are.
        threads: the most that this process may use.
    """

    rank: int
    world: int
    threads: int

    def gather(self, value: Any) -> list[Any]:
        """What every process gives, in the order of their ranks; plain values and arrays of NumPy."""
        ...

    def sum(self, *values: Tensor) -> Sequence[Tensor]:
        """The sums over all ranks of tensors that have one shape each on all of them.

        Added up in float64, which they are then of; the same bits on every rank.
        """
        ...

    def from_first(self, value: Tensor) -> Tensor:
        """The tensor that rank 0 has, in place of one of the same shape."""
        ...

    def lead(self, what: str, **details: Any) -> None:
        """On rank 0: tell all others what comes now, which they then do; on these nothing."""


class Alone:
    """One process, which has every row."""

    rank, world = 0, 1

    def __init__(self) -> None:
        self.threads = cores()

    def gather(self, value: Any) -> list[Any]:
        """The value, which is all there is."""
        return [value]

    def sum(self, *values: Tensor) -> Sequence[Tensor]:
        """The tensors as they are."""
        return values

    def from_first(self, value: Tensor) -> Tensor:
        """The tensor itself."""
        return value

    def lead(self, what: str, **details: Any) -> None:
        """Nobody follows."""


ALONE: Ranks = Alone()


def sum_number(ranks: Ranks, number: float) -> float:
    """The sum of a number over all ranks."""
    if ranks.world == 1:
        return number
    return float(ranks.sum(torch.tensor(number, dtype=torch.float64))[0])
