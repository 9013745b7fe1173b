"""Which columns of a dataset are looked at, and what becomes of cells that hold no finite number."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import listed, quote

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

BLOCK = 16_384  # rows looked at at a time: nothing as large as the table is made


@dataclass(frozen=True)
class Gap:
    """The first cell of a column of a file that holds no finite number: row from 1, and what stands there.

    Attributes:
        text: ``None`` for an empty cell. is_text: whether it is a word; no setting makes a number of that.
    """

    row: int
    text: str | None
    is_text: bool = False


@dataclass(frozen=True)
class Cells:
    """The columns that are looked at, and what is filled in.

    Attributes:
        columns: their numbers among those of the dataset; ``None`` where all are.
        fill: what stands in place of a cell without a finite number, by column that is looked at (p,);
            ``None`` where there is none.
    """

    columns: Indices | None = None
    fill: Floats | None = None

    def take(self, X: Floats) -> Floats:
        """Those columns of rows (n, all columns), filled in; ``X`` itself where all is as it should be."""
        found = X if self.columns is None else np.take(X, self.columns, axis=1)
        return found if self.fill is None else np.where(np.isfinite(found), found, self.fill)

    def rows(self, X: Floats, rows: Indices) -> Floats:
        """The same of some rows of a table, as a copy, with no other copy beside it."""
        if self.columns is None and self.fill is None:
            return X[rows]
        found = np.empty((len(rows), X.shape[1] if self.columns is None else len(self.columns)))
        for start in range(0, len(rows), BLOCK):
            found[start : start + BLOCK] = self.take(X[rows[start : start + BLOCK]])
        return found


def missing_of(X: Floats) -> Mask | None:
    """Where a table (n, p) holds no finite number; ``None`` where it does everywhere, as it mostly does."""
    blocks = (X[start : start + BLOCK] for start in range(0, len(X), BLOCK))
    if all(np.isfinite(block).all() for block in blocks):
        return None
    found: Mask = np.isfinite(X)
    return np.logical_not(found, out=found)


def kept_columns(names: Sequence[str], dropped: Sequence[str], where: str) -> Indices | None:
    """The numbers of the columns that are not dropped; ``None`` where none is.

    Raises:
        DatasetError: there is no such column, or none would be left.
    """
    for name in dropped:
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"Did you mean {quote(near[0])}? " if near else ""
            raise DatasetError(
                f"{where} has no column called {quote(name)} that could be dropped.",
                f"{hint}The columns are {listed(names)}.",
            )
    if not dropped:
        return None
    kept = [number for number, name in enumerate(names) if name not in dropped]
    if not kept:
        raise DatasetError(
            f"Every column of {where} is dropped, so there is nothing to learn from.",
            "Take at least one out of drop_columns.",
        )
    return np.array(kept, dtype=np.int64)


def refusal(name: str, gap: Gap, where: str) -> DatasetError:
    """What is said of a column with a cell that holds no finite number."""
    column = f"Column {quote(name)} of {where}"
    ways = "or choose missing = median or drop"
    if gap.text is None:
        return DatasetError(
            f"{column} has an empty cell in row {gap.row}.", f"Fill it in, leave the row out, {ways}."
        )
    if gap.is_text:
        return DatasetError(
            f"{column} holds the text {quote(gap.text)} in row {gap.row}.",
            "Columns must be numeric: encode the text as numbers, or name the column in drop_columns.",
        )
    return DatasetError(
        f"{column} holds {quote(gap.text)} in row {gap.row}.",
        f"Give finite numbers, leave the row out, {ways}.",
    )


def full_rows(missing: Mask, y: Labels, classes: tuple[str, ...], where: str) -> Indices:
    """The rows (of n) in which no looked-at cell is missing.

    Raises:
        DatasetError: none is left, or only rows of one class.
    """
    rows = np.flatnonzero(~missing.any(axis=1))
    left = set(y[rows].tolist())
    if len(left) < 2:
        rest = f"only rows of the class {quote(classes[left.pop()])}" if left else "no row at all"
        raise DatasetError(
            f"Without the rows in which a cell is missing, {rest} would be left of {where}.",
            "Choose missing = median, or name the columns with most missing cells in drop_columns.",
        )
    return rows


def medians(X: Floats, names: Sequence[str], where: str) -> Floats:
    """The median of the finite values of each column (n, p) of the training part.

    Raises:
        DatasetError: a column has no finite value there.
    """
    found = np.empty(X.shape[1])
    for number, name in enumerate(names):
        values = X[:, number]
        values = values[np.isfinite(values)]
        if not len(values):
            raise DatasetError(
                f"Column {quote(name)} of {where} holds no finite number in the training part, "
                "so it has no median.",
                "Name it in drop_columns, or choose missing = drop.",
            )
        found[number] = _median(values)
    return found


def _median(values: Floats) -> float:
    with np.errstate(over="ignore"):
        found = float(np.median(values))
    if np.isfinite(found):
        return found
    low, high = np.sort(values)[[(len(values) - 1) // 2, len(values) // 2]]
    return float(low / 2 + high / 2)  # whose sum is too large for a number
