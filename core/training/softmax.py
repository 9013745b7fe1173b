"""Loss and gradient of softmax regression in closed form: ``(softmax(Z) − Y)·X̃ / n`` with ``Z = Θ·X̃ᵀ``.

Θ is (K, p + 1), a row for each class, bias last. Z and the one-hot Y are (K, n), rows of the data along
the last dimension: so a softmax goes over many of them at a time, and takes a tenth to a fortieth as long.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


def one_hot(y: Tensor, classes: int, like: Tensor) -> Tensor:
    """Labels (n,) from 0 to K − 1 as (K, n), of the type and device of ``like``."""
    found = like.new_zeros((classes, y.numel()))
    return found.scatter_(0, y.unsqueeze(0), 1.0)


def class_losses(z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The cross entropy of each row (…, n) of logits (…, K, n) and one-hot labels (…, K, n)."""
    # Of the terms of a row all but one are zero, so that any order of adding gives the same bits.
    found = torch.log_softmax(z, -2).mul_(y).sum(-2).neg_()
    return found if weight is None else found * weight


class ClassResidual:
    """The derivative of each row's cross entropy by its logits, ``softmax(z) − y``; all (…, K, n)."""

    saturates = False

    def __init__(self, like: Tensor) -> None:
        library = np if like.device.type == "cpu" else torch
        self._subtract, self._multiply = library.subtract, library.multiply

    def write(
        self,
        z: Tensor,
        y: Any,
        weight: Any,
        out: Tensor,
        raw_out: Any,
        raw_scratch: Any,
        *,
        unsaturated: bool = False,
    ) -> None:
        """The residuals of logits ``z`` into ``out``, as ``gradient.Residual`` does; weights are (n,)."""
        torch.softmax(z, -2, out=out)
        self._subtract(raw_out, y, out=raw_out)
        if weight is not None:
            self._multiply(raw_out, weight, out=raw_out)
