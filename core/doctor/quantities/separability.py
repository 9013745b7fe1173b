"""Whether a hyperplane has all rows of one class on one side and all of the other on the other."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.view import View


def separable(train: View) -> bool:
    """Whether the linear program ``∃θ: sᵢ·x̃ᵢθ ≥ 1`` is feasible, with s = ±1 by class (scipy's HiGHS).

    Columns are put to a common scale first, which changes no answer and keeps the solver accurate.
    """
    from scipy.optimize import linprog

    if len(np.unique(train.y)) < 2:
        return True
    scale = np.abs(train.X).max(axis=0)
    X = train.X / np.where(scale > 0, scale, 1.0)
    X[:, :-1] -= X[:, :-1].mean(axis=0)  # the bias takes up what centring takes away
    signs = np.where(train.y == 1, 1.0, -1.0)
    found = linprog(
        np.zeros(X.shape[1]),
        A_ub=-signs[:, None] * X,
        b_ub=-np.ones(train.rows),
        bounds=(None, None),
        method="highs",
    )
    return bool(found.status == 0)
