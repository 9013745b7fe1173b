"""Rows that are answered wrongly and yet pull at nothing: the sigmoid has saturated in float32."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.view import Floats, View

ALIVE = 1e-3  # of the pull that the row would have from its logit: less moves nothing in a run


def stuck_share(train: View, theta: Floats, loss: str) -> float:
    """Share of the wrong rows whose gradient is (as good as) zero; 0 where no row is wrong, or for logits.

    Through a sigmoid and BCELoss in float32, σ(z) is exactly 1 above 16.6 and p(1 − p) is clamped at 1e-12.
    """
    if loss != "bce":
        return 0.0
    z = (train.X @ theta).astype(np.float32)
    with np.errstate(over="ignore"):
        p = (1 / (1 + np.exp(-z, dtype=np.float32))).astype(np.float32)
    wrong = (z > 0) != (train.y == 1)
    pull = np.abs(p - train.y) * np.minimum(p * (1 - p) / np.float32(1e-12), 1)
    return float((pull[wrong] < ALIVE).mean()) if wrong.any() else 0.0
