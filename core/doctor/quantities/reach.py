"""How far a run can have moved: a bound that holds whatever happened on the way."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.view import Floats, View


def reach(train: View, lr: float, epochs: float, batch_size: int = 0) -> float:
    """An upper bound on ``‖θ_T − θ₀‖`` of plain SGD without weight decay.

    A residual is at most 1 in magnitude, so a batch's gradient is at most the mean of its rows' ``c·‖x̃ᵢ‖``:
    with equal batches ``lr · updates · mean(c·‖x̃ᵢ‖)``. A smaller last batch weighs its rows more; the
    bound takes the longest rows for those.
    """
    norms = np.sort(np.linalg.norm(train.X, axis=1) * train.weight)[::-1]
    size = min(batch_size or train.rows, train.rows)
    last = train.rows % size
    an_epoch = norms[last:].sum() / size + (norms[:last].sum() / last if last else 0.0)
    return lr * epochs * float(an_epoch)


def distance(start: Floats, end: Floats) -> float:
    """``‖θ_end − θ_start‖``."""
    return float(np.linalg.norm(end - start))
