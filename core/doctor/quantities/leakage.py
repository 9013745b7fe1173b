"""Features that give the answer away on their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.doctor.quantities.ranking import aucs
from lrtui.core.doctor.view import Floats, View


@dataclass(frozen=True)
class Leak:
    """The column that ranks the classes best: its number, its AUC, and the AUC of the next best."""

    column: int
    auc: float
    next_auc: float


def single_aucs(train: View) -> Floats:
    """The AUC of every feature alone (p,), whichever way round it points: 0.5 for none to 1 for all."""
    auc = aucs(train.X[:, :-1], train.y)
    return np.maximum(auc, 1 - auc)


def strongest(train: View) -> Leak | None:
    """The best single feature, or ``None`` where there are no features."""
    aucs = single_aucs(train)
    if not len(aucs):
        return None
    order = np.argsort(-aucs, kind="stable")
    return Leak(int(order[0]), float(aucs[order[0]]), float(aucs[order[1]]) if len(aucs) > 1 else 0.5)
