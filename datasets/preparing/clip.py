"""Winsorizing: the outermost cells of a column pulled in to the next ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import Column

ROUNDING = 1e-9  # of a cell: 0.07 of 100 rows are 7, though their product is a little more


class Bounds(NamedTuple):
    """The lowest and the highest number that is left in each column (p,); infinite where all are."""

    low: Floats
    high: Floats

    def apply(self, X: Floats) -> Floats:
        """A copy of ``X`` (n, p) within them."""
        return np.clip(X, self.low, self.high)


def learn_bounds(raw: Floats, columns: Sequence[Column], share: float) -> Bounds | None:
    """The bounds that training rows (n, p) teach; ``None`` where every column stays as it is.

    Of the n finite cells of a column the ``⌊share·n⌋`` lowest become the next one up, and as many of the
    highest the next one down, as by SciPy's ``mstats.winsorize``. Categories and flags stay, and so do
    columns of two values, and those of which one value would be left: there the rare cells are what counts.
    """
    if share == 0:
        return None
    low, high = np.full(len(columns), -np.inf), np.full(len(columns), np.inf)
    for number, column in enumerate(columns):
        if column.kind in ("category", "flag"):
            continue
        values = raw[:, number][np.isfinite(raw[:, number])]
        cut = int(share * len(values) + ROUNDING)
        if cut == 0 or _two_valued(values):
            continue
        first, last = np.partition(values, (cut, len(values) - 1 - cut))[[cut, len(values) - 1 - cut]]
        if first < last:
            low[number], high[number] = first, last
    return Bounds(low, high) if np.isfinite(low).any() else None


def _two_valued(values: Floats) -> bool:
    return bool(((values == values.min()) | (values == values.max())).all())
