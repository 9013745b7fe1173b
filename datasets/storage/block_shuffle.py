"""How rows lie on disk: dealt over blocks like cards, so that every block is a fair sample of the file.

A file is often sorted, by label or by time. Training draws blocks in a random order, and rows within each:
that shuffles well only where each block holds rows from everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

NUMBERS = 4_000_000  # in a block: 16 MB of float32, read and shuffled at a time
SORTED_FAST = 2**16  # blocks whose numbers NumPy sorts by their digits


class BlockShuffle:
    """Where each of ``rows`` rows of ``columns`` numbers comes to lie.

    A round gives one row to each block, from another block on each time: where the file itself has a
    period, blocks would all take the same rows of it otherwise.
    """

    def __init__(self, rows: int, columns: int) -> None:
        self.rows = rows
        self.blocks = max(1, min(-(-rows * columns // NUMBERS), max(rows, 1)))
        full, rest = divmod(rows, self.blocks)
        lengths = np.full(self.blocks, full, np.int64)
        lengths[:rest] += 1
        self.starts: NDArray[np.int64] = np.concatenate(([0], np.cumsum(lengths)))
        self.bases = self.starts[:-1]  # where the row of round 0 of each block lies
        # The last round gives to the first blocks: it may not go round.
        self._turns = np.random.default_rng(0).integers(self.blocks, size=full + 1)
        self._turns[full] = 0

    def places(self, first: int, count: int) -> NDArray[np.int64]:
        """Where ``count`` rows from number ``first`` on lie (count,)."""
        turn, block = self.blocks_of(first, count)
        found: NDArray[np.int64] = self.bases[block] + turn
        return found

    def blocks_of(self, first: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The round in which each of ``count`` rows from number ``first`` on is dealt, and its block."""
        start, seat = divmod(first, self.blocks)
        rounds = -(-(seat + count) // self.blocks)
        turn = np.repeat(np.arange(start, start + rounds), self.blocks)[seat : seat + count]
        block = np.add.outer(self._turns[start : start + rounds], np.arange(self.blocks))
        block[block >= self.blocks] -= self.blocks
        return turn, block.ravel()[seat : seat + count]

    def laid_out(self, first: int, count: int) -> tuple[list[int], NDArray[np.int64], list[int]]:
        """How ``count`` rows from number ``first`` on are written, block by block.

        Returns where the first row of each block lies; the rows in their order on disk (count,), numbered
        from 0; and where in this order each block begins, and the last ends.
        """
        turn, block = self.blocks_of(first, count)
        small = block.astype(np.uint16) if self.blocks <= SORTED_FAST else block
        order = np.argsort(small, kind="stable")
        counts = np.bincount(block, minlength=self.blocks)
        used = np.flatnonzero(counts)
        cuts = np.concatenate(([0], np.cumsum(counts[used])))
        places = self.bases[used] + turn[order[cuts[:-1]]]
        return places.tolist(), order, cuts.tolist()

    def bounds(self) -> list[tuple[int, int]]:
        """The first row of each block, and the one after its last."""
        return list(zip(self.starts[:-1].tolist(), self.starts[1:].tolist(), strict=True))
