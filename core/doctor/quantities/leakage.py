"""Features that give the answer away on their own."""

from __future__ import annotations

from collections.abc import Sequence
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


def strongest(train: View, origins: Sequence[str] = ()) -> Leak | None:
    """The best single feature, or ``None`` where there are no features.

    The next best is one of another column, where ``origins`` tells the column that each feature comes from.
    """
    aucs = single_aucs(train)
    if not len(aucs):
        return None
    best = int(np.argmax(aucs))
    others = [auc for number, auc in enumerate(aucs.tolist()) if not _same(origins, number, best)]
    return Leak(best, float(aucs[best]), max(others, default=0.5))


def _same(origins: Sequence[str], one: int, other: int) -> bool:
    return origins[one] == origins[other] if origins else one == other
