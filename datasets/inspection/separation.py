"""How well one column alone tells two classes apart, cheaply: for finding what gives the answer away."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.array_types import Floats, Indices, Mask

FEWEST = 10  # rows of each class: with fewer a column separates them by chance
SAMPLE = 10_000  # rows drawn for a first look
SEEN = 200  # rows of each class in it, with which it errs by less than MARGIN (five standard errors)
MARGIN = 0.05


def auc(scores: Floats, positive: Mask) -> float:
    """The area under the ROC curve of scores (n,) without NaN; ties count half.

    The rank form: P(score of a positive > score of a negative) (Hanley and McNeil, 1982).
    """
    _, place = np.unique(scores, return_inverse=True)
    ones = np.bincount(place, weights=positive)
    zeros = np.bincount(place, weights=~positive)
    below = np.cumsum(zeros) - zeros
    pairs = ones.sum() * zeros.sum()
    return float((ones * (below + zeros / 2)).sum() / pairs) if pairs else 0.5


def auc_of_numbers(values: Floats, positive: Mask, *, least: float = 0.0) -> float:
    """That of numbers (n,), whichever way they point; NaN stands below or above all others.

    Where a sample says that it is far below ``least``, that of the sample.
    """
    if _too_few(positive):
        return 0.5
    if len(values) > 2 * SAMPLE:
        drawn = np.random.default_rng(0).integers(len(values), size=SAMPLE)
        if not _too_few(positive[drawn], SEEN):
            area = _either_way(values[drawn], positive[drawn])
            if area < least - MARGIN:
                return area
    return _either_way(values, positive)


def _either_way(values: Floats, positive: Mask) -> float:
    found = []
    for stand_in in (-np.inf, np.inf) if np.isnan(values).any() else (0.0,):
        area = auc(np.where(np.isnan(values), stand_in, values), positive)
        found.append(max(area, 1 - area))
    return max(found)


def auc_of_levels(codes: Indices, positive: Mask) -> float:
    """That of levels (n,), numbered from 0: learned from every second row, measured on the others.

    On the rows that it was learned from, a column of names would separate anything.
    """
    learned, measured = slice(0, None, 2), slice(1, None, 2)
    if _too_few(positive[learned]) or _too_few(positive[measured]):
        return 0.5
    size = int(codes.max()) + 1
    rows = np.bincount(codes[learned], minlength=size)
    ones = np.bincount(codes[learned], weights=positive[learned], minlength=size)
    base = positive[learned].mean()
    rates = (ones + base) / (rows + 1)  # a level that was not seen has the rate of all
    return auc(rates[codes[measured]], positive[measured])


def _too_few(positive: Mask, fewest: int = FEWEST) -> bool:
    ones = int(positive.sum())
    return min(ones, len(positive) - ones) < fewest
