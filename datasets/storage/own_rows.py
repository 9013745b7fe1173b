"""Which places a process has in an order of rows that several share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.storage.block_shuffle import BlockShuffle


class OwnBlock(NamedTuple):
    """Of ``size`` places of a block those from ``first`` up to ``stop``; the rows lie from ``start`` on."""

    size: int
    first: int
    stop: int
    start: int


@dataclass(frozen=True)
class OwnRows:
    """Of all rows those of one process: in each block of the order a run of neighbouring places.

    Attributes:
        sizes: of the blocks (B,). first, counts: the places of this process in each (B,).
        dealt: whether rows were dealt over blocks, so that blocks are drawn first, and then their rows.
    """

    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    counts: NDArray[np.int64]
    dealt: bool

    @classmethod
    def in_memory(cls, rows: int, start: int, stop: int) -> OwnRows:
        """Rows from ``start`` up to ``stop`` of so many in one block, as they lie in memory."""
        sizes, first, counts = (np.array([number]) for number in (rows, start, stop - start))
        return cls(sizes, first, counts, dealt=False)

    @classmethod
    def of_deal(cls, deal: BlockShuffle, start: int, stop: int) -> OwnRows:
        """Rows from ``start`` up to ``stop`` of those that are dealt over blocks.

        A round gives one row to each block, so rows that follow one another have neighbouring places there.
        """
        blocks = deal.blocks
        sizes = np.diff(deal.starts)
        (before, begun), (full, rest) = (divmod(row, blocks) for row in (start, stop))
        first, last = np.full(blocks, before), np.full(blocks, full)
        first[_given(deal, before, begun)] += 1
        last[_given(deal, full, rest)] += 1
        return cls(sizes, np.minimum(first, sizes), np.maximum(last - first, 0), dealt=True)

    @property
    def rows(self) -> int:
        """How many rows there are in all."""
        return int(self.sizes.sum())

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where the rows of each block lie among those of this process (B,)."""
        return np.cumsum(self.counts) - self.counts

    def blocks(self) -> Iterator[OwnBlock]:
        """One after the other."""
        columns = (self.sizes, self.first, self.first + self.counts, self.starts)
        return map(OwnBlock._make, zip(*(column.tolist() for column in columns), strict=True))


def _given(deal: BlockShuffle, turn: int, count: int) -> NDArray[np.int64]:
    """The blocks that get the first ``count`` rows of a round."""
    return deal.blocks_of(turn * deal.blocks, count)[1]


class OwnDeal(BlockShuffle):
    """Where the rows of one process come to lie, of all that are dealt, with nothing between them.

    Rows are numbered from its first.
    """

    def __init__(self, rows: int, columns: int, start: int, stop: int) -> None:
        """Rows from ``start`` up to ``stop`` of so many."""
        self._start = 0
        super().__init__(rows, columns)
        self.own = OwnRows.of_deal(self, start, stop)
        self.bases = self.own.starts - self.own.first
        self._start = start

    def blocks_of(self, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """As for all rows."""
        return super().blocks_of(self._start + first, count)
