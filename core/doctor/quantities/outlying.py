"""Cells that lie far from all others of their column, and what they do to its spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.missing import codes_of, kept_columns

FAR = 10.0  # typical distances from the median: of 10 million normal numbers none lies so far out
WIDER = 2.0  # times that a column spreads more with such cells, for them to set its scale
MOST = 0.2  # of the cells: more are no exceptions, and nothing that clips takes more
CODED = 0.33  # the same where all of them are one number that codes for what is missing
BEYOND = 5.0  # times farther than any training row: what a test row holds by chance is nearer
FEWEST = 10  # cells that tell what is usual
SOME = 4_000  # rows that show whether a column is worth looking at
NORMAL = 1.4826  # from the median distance of a normal distribution to its standard deviation
OFTEN = 3  # times that a far number stands in a table, to be one number and not several
POWERS = (15, 16, 31, 32)  # of 2: the ends of whole numbers in a machine
WORDS = {-1, -7, -8, -9} | {2**k - 1 for k in POWERS} | {-(2**k) for k in POWERS}


@dataclass(frozen=True)
class FarOut:
    """The far cells of one column.

    Attributes:
        train, test: places (k,) of those in either part. low, high: how many of the training part's lie
            below and above the others. cells: the training part's, far or not.
        wider: how many times more the training part spreads (standard deviation) with them than without.
        distance: of the farthest, in typical distances from the median.
        quartiles: between which half of the training part lies.
    """

    train: Indices
    test: Indices
    low: int
    high: int
    cells: int
    wider: float
    distance: float
    quartiles: tuple[float, float]


@np.errstate(over="ignore", invalid="ignore")
def far_out(train: Floats, test: Floats) -> FarOut | None:
    """The far cells of a column, from its parts (n,) and (m,); ``None`` where there are none to tell.

    A typical distance is 1.4826 times the median distance from the median (MAD); where more than half of
    the cells hold one number, the median distance of the others: columns of two values have no far cells.
    """
    usual = train[np.isfinite(train)]
    if len(usual) < FEWEST:
        return None
    middle = float(np.median(usual))
    distances = np.abs(usual - middle)
    if not distances.any():
        return None
    least = FAR * (NORMAL * float(np.median(distances)) or float(np.median(distances[distances > 0])))
    found = np.flatnonzero(np.isfinite(train) & (np.abs(train - middle) > least))
    if len(found) > _most(train[found]) * len(usual):
        return None
    wider = _spread(usual) / _spread(usual[distances <= least]) if len(found) else 1.0
    if wider < WIDER:  # then test rows of the same kind are no news either
        found, wider = found[:0], 1.0
    beyond = least if len(found) else max(least, BEYOND * float(distances.max()))
    there = np.flatnonzero(np.isfinite(test) & (np.abs(test - middle) > beyond))
    if len(there) > _most(test[there]) * len(test) or len(found) + len(there) == 0:
        return None
    high = int((train[found] > middle).sum())
    farthest = float(np.abs(np.concatenate([train[found], test[there]]) - middle).max())
    first, third = np.percentile(usual, (25, 75)).tolist()
    return FarOut(
        found, there, len(found) - high, high, len(usual), wider, FAR * farthest / least, (first, third)
    )


def _most(far: Floats) -> float:
    """What share of a column may lie far out: more, where all of it is one code."""
    return CODED if len(far) and np.ptp(far) == 0 and like_a_code(float(far[0])) else MOST


def _spread(values: Floats) -> float:
    """The standard deviation, also of numbers whose squares are too large for a number."""
    size = float(np.abs(values).max())
    return size * float((values / size).std()) if size > 0 else 0.0


@np.errstate(over="ignore", invalid="ignore")
def worth_a_look(X: Floats, train: Indices, columns: Iterable[int]) -> list[int]:
    """Which columns of a table (n, p) may have far cells: quick, and passes over none that has."""
    some, found = X[train[:: -(-len(train) // SOME)]], []
    for column in columns:
        values = some[:, column]
        values = values[np.isfinite(values)]
        if len(values):
            first, middle, third = np.percentile(values, (25, 50, 75))
            farthest = np.abs(X[:, column] - middle).max(where=np.isfinite(X[:, column]), initial=0.0)
            if farthest > FAR / 2 * (third - first):  # a typical distance is 0.74 of that, where normal
                found.append(column)
    return found


@dataclass(frozen=True)
class Outliers:
    """The far cells of a table, by the number of their column, and the far numbers that come again."""

    table: Dataset
    parts: tuple[Indices, Indices]
    columns: dict[int, FarOut]
    codes: tuple[float, ...]

    @property
    def cells(self) -> tuple[int, int]:
        """How many stand in the training and in the test part."""
        found = self.columns.values()
        return sum(len(column.train) for column in found), sum(len(column.test) for column in found)

    @property
    def wider(self) -> float:
        """How many times more the worst column spreads with them."""
        return max(column.wider for column in self.columns.values())

    def taken_in_by(self, share: float) -> bool:
        """Whether to clip so many takes in every far cell at either end."""
        columns = self.columns.values()
        return all(int(share * column.cells) >= max(column.low, column.high, 1) for column in columns)


def outliers(
    table: Dataset, parts: tuple[Indices, Indices], dropped: Sequence[str], codes: Sequence[float]
) -> Outliers | None:
    """The far cells in the columns of numbers, of training and test rows as they stand in the table.

    ``dropped`` columns are not looked at, and ``codes`` for missing cells are none. A far number comes
    again where it stands there three times, or twice and looks like a code, and where such numbers are at
    least half of the far cells.
    """
    kept = kept_columns(table, dropped)
    numbers = [
        number
        for number in (range(table.p) if kept is None else kept.tolist())
        if table.kinds[number].kind not in ("category", "flag")
    ]
    known = codes_of(table.kinds, codes, table.X.dtype)

    def cells(number: int, rows: Indices) -> Floats:
        values = table.X[rows, number].astype(np.float64)
        return values if known is None else np.where(np.isin(values, known.values), np.nan, values)

    found, times = dict[int, FarOut](), Counter[float]()
    for number in worth_a_look(table.X, parts[0], numbers):
        if (column := far_out(*(cells(number, rows) for rows in parts))) is not None:
            found[number] = column
            for rows, far in zip(parts, (column.train, column.test), strict=True):
                times.update(table.X[rows[far], number].tolist())
    if not found:
        return None
    again = [value for value, n in times.items() if n >= OFTEN or (n > 1 and like_a_code(value))]
    most = 2 * sum(times[value] for value in again) >= times.total()
    return Outliers(table, parts, found, tuple(sorted(again)) if most else ())


def like_a_code(value: float) -> bool:
    """Whether a number looks like a word for "nothing known": -999, 88, 7777, -1, or a machine's last."""
    if value != np.rint(value) or abs(value) > 1e15:
        return False
    digits = str(abs(int(value)))
    return int(value) in WORDS or (len(digits) > 1 and set(digits) in ({"7"}, {"8"}, {"9"}))
