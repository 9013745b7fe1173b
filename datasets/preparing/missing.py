"""What becomes of cells without a finite number: refused, filled in, or dropped with row or column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Floats, Indices, Mask
from lrtui.datasets.columns import Column, check_dropped
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.storage.mapped import Reader
from lrtui.datasets.tables.missing import Gap, HoleCounter, Holes, blocks
from lrtui.datasets.text import quote


@dataclass(frozen=True)
class Codes:
    """Numbers that stand for a missing cell.

    Attributes:
        values: as the table holds them, which may be in float32. columns: where they stand for it (p,).
    """

    values: Floats
    columns: Mask

    def of(self, columns: Indices) -> Codes:
        """The same for some of the columns."""
        return Codes(self.values, self.columns[columns])

    def blank(self, X: Floats) -> Floats:
        """A table (n, p) with NaN in their place; ``X`` itself where none stands in it."""
        found = np.isin(X, self.values) & self.columns
        return np.where(found, np.nan, X) if found.any() else X


@np.errstate(over="ignore")  # what float32 cannot hold stands there as infinite, and is missing anyway
def codes_of(columns: Sequence[Column], codes: Sequence[float], dtype: np.dtype[Any]) -> Codes | None:
    """The codes in a table of these columns and this type; ``None`` where there are none.

    They mean something in columns of numbers alone: a category is kept as the numbers of its levels, and
    of a flag or a date no number was ever typed.
    """
    if not codes:
        return None
    numeric = [column.kind not in ("category", "flag", "date") for column in columns]
    return Codes(np.array(codes, dtype).astype(np.float64), np.array(numeric))


def holes_beside(dataset: Dataset, codes: Codes | None, peers: Peers = ALONE) -> Holes | None:
    """Where a dataset holds no finite number, or a code for none, by column; ``None`` where nowhere."""
    if codes is None:
        return dataset.holes
    counter, reader = HoleCounter(dataset.p), Reader(dataset.X)
    for block in blocks(*dataset.X.shape):
        counter.update(codes.blank(dataset.X[block]))
        reader.done(block.start, block.stop)
    if peers.world > 1:
        told, counter = peers.gather(counter), HoleCounter(dataset.p)
        for other in told:
            counter.merge(other)
    found = counter.finish()
    return found if found.rows else None


def kept_columns(dataset: Dataset, dropped: Sequence[str]) -> Indices | None:
    """The numbers of the columns that are not dropped; ``None`` where none is.

    A column of the file is dropped with all that was made of it; one that is left out anyway may be named.

    Raises:
        DatasetError: there is no such column, or none would be left.
    """
    names = dataset.feature_names
    origins = [column.origin or column.name for column in dataset.kinds]
    check_dropped(dropped, dataset.droppable, dataset.where)
    kept = [
        number
        for number, (name, origin) in enumerate(zip(names, origins, strict=True))
        if name not in dropped and origin not in dropped
    ]
    if len(kept) == len(names):
        return None
    if not kept:
        raise DatasetError(
            f"Every column of {dataset.where} is dropped, so there is nothing to learn from.",
            "Take at least one out of drop_columns.",
        )
    return np.array(kept, dtype=np.int64)


def refusal(name: str, gap: Gap, where: str, *, coded: bool = False) -> DatasetError:
    """What is said of a column with a cell that holds no finite number, or one of the codes for that."""
    column = f"Column {quote(name)} of {gap.file or where}"
    if coded:
        return DatasetError(
            f"{column} holds {gap.text}, one of the missing codes, in row {gap.row}.",
            "Choose missing = indicator, median or drop, or take it out of missing_codes.",
        )
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


def full_rows(
    dataset: Dataset, columns: Indices, codes: Codes | None = None, peers: Peers = ALONE
) -> Indices:
    """The rows (of n) in which no cell of these columns is missing, nor holds a code for that.

    Raises:
        DatasetError: none is left, or only rows of one class.
    """
    whole = np.empty(dataset.n, np.bool_)
    codes = None if codes is None else codes.of(columns)
    for block in blocks(dataset.n, len(columns)):
        cells = np.take(dataset.X[block], columns, axis=1)
        whole[block] = np.isfinite(cells if codes is None else codes.blank(cells)).all(axis=1)
    rows = np.flatnonzero(whole)
    left = set().union(*peers.gather(set(np.unique(dataset.y[rows]).tolist())))
    if len(left) < 2:
        rest = (
            f"only rows of the class {quote(dataset.class_names[left.pop()])}" if left else "no row at all"
        )
        raise DatasetError(
            f"Without the rows in which a cell is missing, {rest} would be left of {dataset.where}.",
            "Choose missing = median, or name the columns with most missing cells in drop_columns.",
        )
    return rows


def median(values: Floats, name: str, where: str) -> float:
    """The median of the finite values of a column (n,) of the training part, which has to have some."""
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
