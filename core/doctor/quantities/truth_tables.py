"""Tables that hold every combination of their columns' values, so that no other row can be asked about."""

from __future__ import annotations

from math import prod

import numpy as np

from lrtui.core.doctor.quantities.smoothers import standardized
from lrtui.core.doctor.view import View, rows_as_bytes

MOST = 256  # combinations


def truth_table(train: View) -> bool:
    """Whether the rows are a whole truth table, and a row always has the same label.

    Then the labels depend on the columns, however few rows there are: nothing is left to be guessed.
    Columns that say the same as another, or the opposite, are no columns of their own.
    """
    X = np.round(standardized(train.X[:, :-1]), 6)
    if not X.shape[1] or len(np.unique(train.y)) < 2:
        return False
    X = np.unique(X * np.where(X[0] < 0, -1.0, 1.0), axis=1)
    levels = [len(np.unique(column)) for column in X.T]
    if len(levels) < 2 or prod(levels) > MOST:
        return False
    distinct = len(np.unique(rows_as_bytes(X)))
    labelled = len(np.unique(rows_as_bytes(np.column_stack([X, train.y]))))
    return distinct == prod(levels) == labelled
