"""Features that give the answer away on their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from lrtui.core.doctor.view import Floats, View


@dataclass(frozen=True)
class Leak:
    """The column that ranks the classes best: its number, its AUC, and the AUC of the next best."""

    column: int
    auc: float
    next_auc: float


def single_aucs(train: View) -> Floats:
    """The AUC of every feature alone (p,), whichever way round it points: 0.5 for none to 1 for all.

    Mann and Whitney's statistic from mid-ranks, so ties count half.
    """
    positive = train.y == 1
    ones, zeros = int(positive.sum()), int((~positive).sum())
    if not ones or not zeros:
        return np.full(train.X.shape[1] - 1, 0.5)
    ranks = rankdata(train.X[:, :-1], axis=0)
    auc = (ranks[positive].sum(axis=0) - ones * (ones + 1) / 2) / (ones * zeros)
    found: Floats = np.maximum(auc, 1 - auc)
    return found


def strongest(train: View) -> Leak | None:
    """The best single feature, or ``None`` where there are no features."""
    aucs = single_aucs(train)
    if not len(aucs):
        return None
    order = np.argsort(-aucs, kind="stable")
    return Leak(int(order[0]), float(aucs[order[0]]), float(aucs[order[1]]) if len(aucs) > 1 else 0.5)
