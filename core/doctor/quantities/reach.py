"""How far a run can have moved: a bound that holds whatever happened on the way."""

from __future__ import annotations

from math import sqrt

import numpy as np

from lrtui.core.doctor.view import Floats, View


def reach(train: View, lr: float, epochs: float, batch_size: int = 0) -> float:
    """An upper bound on ``‖θ_T − θ₀‖`` of plain SGD without weight decay.

    A residual is at most 1 in magnitude, and √2 of more than two classes (p is 1 where it should be 0, and
    the other way round), so a batch's gradient is at most the mean of its rows' ``c·‖x̃ᵢ‖`` times that:
    with equal batches ``lr · updates · mean(c·‖x̃ᵢ‖)``. A smaller last batch weighs its rows more; the
    bound takes the longest rows for those.
    """
    norms = np.sort(np.linalg.norm(train.X, axis=1) * train.weight)[::-1]
    size = min(batch_size or train.rows, train.rows)
    last = train.rows % size
    an_epoch = norms[last:].sum() / size + (norms[:last].sum() / last if last else 0.0)
    return lr * epochs * float(an_epoch) * (1.0 if train.classes <= 2 else sqrt(2))


def distance(start: Floats, end: Floats) -> float:
    """``‖θ_end − θ_start‖``.

    Of more than two classes (K, p + 1) without what all have in common: it changes no prediction, and no
    gradient.
    """
    way = end - start
    return float(np.linalg.norm(way if way.ndim == 1 else way - way.mean(axis=0)))
