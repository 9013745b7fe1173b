"""Mid-ranks, as ``scipy.stats.rankdata`` gives them: that package takes half a second to import."""

from __future__ import annotations

import numpy as np

from lrtui.datasets.array_types import Floats


def mid_ranks(values: Floats) -> Floats:
    """The ranks from 1 of values (n,), or in each column of (n, k); equal ones share their mean rank."""
    if values.ndim > 1:
        return np.column_stack([mid_ranks(column) for column in values.T]) if values.size else values * 1.0
    ordered = np.sort(values)
    below, to = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    found: Floats = (below + to + 1) / 2
    return found
