"""Which columns of a dataset are looked at, and which of their cells hold no finite number."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.columns import Column
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import listed, quote

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

BLOCK = 16_384  # rows looked at at a time: nothing as large as the table is made
BLOCK_NUMBERS = 2**24  # the same where rows are long


@dataclass(frozen=True)
class Gap:
    """The first cell of a column of a file that holds no finite number: row from 1, and what stands there.

    Attributes:
        text: ``None`` for an empty cell. is_text: whether it is a word among numbers or dates.
    """

    row: int
    text: str | None
    is_text: bool = False


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


def holes_of(X: Floats) -> Holes | None:
    """Where a table (n, p) holds no finite number; ``None`` where it does everywhere, as it mostly does."""
    counts, first = np.zeros(X.shape[1], np.int64), np.full(X.shape[1], -1, np.int64)
    rows = infinite = 0
    for block in blocks(*X.shape):
        finite = np.isfinite(X[block])
        if finite.all():
            continue
        holes = np.logical_not(finite, out=finite)
        found = holes.sum(axis=0)
        fresh = (found > 0) & (first < 0)
        first[fresh] = block.start + holes[:, fresh].argmax(axis=0)
        counts += found
        rows += int(holes.any(axis=1).sum())
        infinite += int(np.isinf(X[block]).sum())
    return Holes(counts, first, rows, infinite) if rows else None


def kept_columns(
    names: Sequence[str],
    columns: Sequence[Column],
    left_out: Mapping[str, str],
    dropped: Sequence[str],
    where: str,
) -> Indices | None:
    """The numbers of the columns that are not dropped; ``None`` where none is.

    A column of the file is dropped with all that was made of it; one that is left out anyway may be named.

    Raises:
        DatasetError: there is no such column, or none would be left.
    """
    origins = [column.origin or column.name for column in columns] if columns else list(names)
    known = list(dict.fromkeys([*origins, *names, *left_out]))
    for name in dropped:
        if name not in known:
            near = difflib.get_close_matches(name.partition("=")[0], known, n=1)
            hint = f"Did you mean {quote(near[0])}? " if near else ""
            raise DatasetError(
                f"{where} has no column called {quote(name)} that could be dropped.",
                f"{hint}The columns are {listed(known)}.",
            )
    kept = [
        number
        for number, (name, origin) in enumerate(zip(names, origins, strict=True))
        if name not in dropped and origin not in dropped
    ]
    if len(kept) == len(names):
        return None
    if not kept:
        raise DatasetError(
            f"Every column of {where} is dropped, so there is nothing to learn from.",
            "Take at least one out of drop_columns.",
        )
    return np.array(kept, dtype=np.int64)


def refusal(name: str, gap: Gap, where: str) -> DatasetError:
    """What is said of a column with a cell that holds no finite number."""
    column = f"Column {quote(name)} of {where}"
    ways = "or choose missing = indicator, median or drop"
    if gap.text is None:
        return DatasetError(
            f"{column} has an empty cell in row {gap.row}.", f"Fill it in, leave the row out, {ways}."
        )
    if gap.is_text:
        return DatasetError(
            f"{column} holds the text {quote(gap.text)} in row {gap.row}.",
            f"Give a number, name the column in drop_columns, {ways}.",
        )
    return DatasetError(
        f"{column} holds {quote(gap.text)} in row {gap.row}.",
        f"Give finite numbers, leave the row out, {ways}.",
    )


def full_rows(X: Floats, columns: Indices, y: Labels, classes: tuple[str, ...], where: str) -> Indices:
    """The rows (of n) in which no cell of these columns is missing.

    Raises:
        DatasetError: none is left, or only rows of one class.
    """
    whole = np.empty(len(X), np.bool_)
    for block in blocks(len(X), len(columns)):
        whole[block] = np.isfinite(np.take(X[block], columns, axis=1)).all(axis=1)
    rows = np.flatnonzero(whole)
    left = set(np.unique(y[rows]).tolist())
    if len(left) < 2:
        rest = f"only rows of the class {quote(classes[left.pop()])}" if left else "no row at all"
        raise DatasetError(
            f"Without the rows in which a cell is missing, {rest} would be left of {where}.",
            "Choose missing = median, or name the columns with most missing cells in drop_columns.",
        )
    return rows


def median(values: Floats, name: str, where: str) -> float:
    """The median of the finite values of a column (n,) of the training part.

    Raises:
        DatasetError: it has none.
    """
    values = values[np.isfinite(values)]
    if not len(values):
        raise DatasetError(
            f"Column {quote(name)} of {where} holds no finite number in the training part, "
            "so it has no median.",
            "Name it in drop_columns, or choose missing = drop.",
        )
    with np.errstate(over="ignore"):
        found = float(np.median(values))
    if np.isfinite(found):
        return found
    low, high = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]]
    return float(low / 2 + high / 2)  # whose sum is too large for a number
