"""Which cells of a table hold no finite number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats, Indices

BLOCK = 16_384  # rows looked at at a time: nothing as large as the table is made
BLOCK_NUMBERS = 2**24  # the same where rows are long


@dataclass(frozen=True)
class Gap:
    """The first cell of a column of a file that holds no finite number: row from 1, and what stands there.

    Attributes:
        text: ``None`` for an empty cell. is_text: whether it is a word among numbers or dates.
        file: of the test part, as an error names it, where it stands there; else empty.
    """

    row: int
    text: str | None
    is_text: bool = False
    file: str = ""


@dataclass(frozen=True)
class Holes:
    """The cells of a table (n, p) that hold no finite number, counted.

    Attributes:
        counts: by column (p,). first: the first row of each column that has one (p,), from 0; else −1.
        rows: in which one stands. infinite: how many of them are infinite.
    """

    counts: Indices
    first: Indices
    rows: int
    infinite: int

    @property
    def cells(self) -> int:
        """All of them."""
        return int(self.counts.sum())


def blocks(rows: int, columns: int) -> Iterator[slice]:
    """Rows by the block: few where rows are long."""
    size = max(1, min(BLOCK, BLOCK_NUMBERS // max(columns, 1)))
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


class HoleCounter:
    """Counts the cells without a finite number in a table of p columns that passes by in chunks."""

    def __init__(self, columns: int) -> None:
        self._counts, self._first = np.zeros(columns, np.int64), np.full(columns, -1, np.int64)
        self._seen = self._rows = self._infinite = 0

    def update(self, chunk: Floats) -> list[tuple[int, int]]:
        """The next rows (k, p); tells the columns with their first hole among them, and its row there."""
        start = self._seen
        self._seen += len(chunk)
        finite = np.isfinite(chunk)
        if finite.all():
            return []
        holes = np.logical_not(finite, out=finite)
        found = holes.sum(axis=0)
        fresh = np.flatnonzero((found > 0) & (self._first < 0))
        rows = holes[:, fresh].argmax(axis=0)
        self._first[fresh] = start + rows
        self._counts += found
        self._rows += int(holes.any(axis=1).sum())
        self._infinite += int(np.isinf(chunk).sum())
        return list(zip(fresh.tolist(), rows.tolist(), strict=True))

    def skip(self, rows: int) -> None:
        """The next rows are known to have none."""
        self._seen += rows

    def merge(self, other: HoleCounter) -> None:
        """The next rows were counted by another."""
        fresh = (other._first >= 0) & (self._first < 0)
        self._first[fresh] = self._seen + other._first[fresh]
        self._counts += other._counts
        self._seen += other._seen
        self._rows += other._rows
        self._infinite += other._infinite

    def finish(self) -> Holes:
        """All that was counted."""
        return Holes(self._counts, self._first, self._rows, self._infinite)


def holes_of(X: Floats) -> Holes | None:
    """Where a table (n, p) holds no finite number; ``None`` where it does everywhere, as it mostly does."""
    counter = HoleCounter(X.shape[1])
    for block in blocks(*X.shape):
        counter.update(X[block])
    found = counter.finish()
    return found if found.rows else None
