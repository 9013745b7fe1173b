"""How much there is to learn from: repeated rows and columns that say nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.view import Floats, View


@dataclass(frozen=True)
class Diversity:
    """``distinct``: different rows of features. ``repeated``: share of the rows that repeat another.

    ``constant``: numbers of the columns that hold one value.
    """

    distinct: int
    repeated: float
    constant: tuple[int, ...]


def rows_as_bytes(X: Floats) -> NDArray[np.void]:
    """Each row (n, p) as one value (n,), equal where all its numbers are: much faster to sort than rows."""
    plain = np.ascontiguousarray(X + 0.0)  # −0 is 0
    return plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()


def diversity(train: View) -> Diversity:
    """Count rows and columns of a training part."""
    X = train.X[:, :-1]
    distinct = len(np.unique(rows_as_bytes(X))) if X.shape[1] else 1
    constant = np.flatnonzero(np.ptp(X, axis=0) == 0) if X.shape[1] else np.array([], int)
    return Diversity(distinct, 1 - distinct / train.rows, tuple(int(i) for i in constant))
