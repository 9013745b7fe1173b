"""How well scores rank the classes."""

from __future__ import annotations

import numpy as np
from scipy.stats import rankdata

from lrtui.core.doctor.view import Floats


def aucs(scores: Floats, y: Floats) -> Floats:
    """The area under the ROC curve of each column of scores (n, k): (k,); 0.5 where one class is missing.

    Mann and Whitney's statistic from mid-ranks, so ties count half.
    """
    positive = y == 1
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return np.full(scores.shape[1], 0.5)
    ranks = rankdata(scores, axis=0)
    found: Floats = (ranks[positive].sum(axis=0) - ones * (ones + 1) / 2) / (ones * zeros)
    return found
