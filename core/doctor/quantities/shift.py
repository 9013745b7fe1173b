"""How far the test part lies from the training part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.doctor.view import View


@dataclass(frozen=True)
class Shift:
    """``median``: over the columns, of ``|mean_test − mean_train|`` in training standard deviations.

    ``expected``: what that is where both parts come from one source, ``0.6745·√(1/n + 1/m)``.
    """

    median: float
    expected: float


def shift(train: View, test: View) -> Shift:
    """Compare the columns' means; constant columns count where they differ, in their own size."""
    A, B = train.X[:, :-1], test.X[:, :-1]
    if not A.shape[1] or not len(B):
        return Shift(0.0, 0.0)
    deviation = A.std(axis=0)
    size = np.where(deviation > 0, deviation, np.maximum(np.abs(A.mean(axis=0)), 1.0))
    moved = np.abs(B.mean(axis=0) - A.mean(axis=0)) / size
    return Shift(float(np.median(moved)), 0.6745 * float(np.sqrt(1 / len(A) + 1 / len(B))))
