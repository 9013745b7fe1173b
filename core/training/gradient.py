"""Loss and gradient of logistic regression in closed form: ``X̃ᵀ(σ(X̃w) − y) / n``, ``X̃ = [X, 1]``.

Of more than two classes the kind of loss is ``softmax``, told in ``softmax.py``: weights are (K, p + 1),
logits and one-hot labels (K, n). No autograd: it is the oracle in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from lrtui.core.errors import ConfigError
from lrtui.core.training.softmax import ClassResidual, class_losses

# torch's BCELoss clamps the denominator of its gradient at 1e-12 as a float32, in float64 as well.
BCE_EPSILON = 9.999999960041972e-13
UNSATURATED = 16.0  # σ of more is soon 1 in float32
SOFTMAX = "softmax"


def kind_of(loss: str, classes: int) -> str:
    """The kind of loss that a config's is for so many classes: itself for two, ``softmax`` for more.

    Raises:
        ConfigError: there is none for so many.
    """
    if classes <= 2:
        return loss
    if loss == "bce":
        raise ConfigError(
            f"The loss bce is for two classes, and this target has {classes}.",
            "Choose bce-logits: for more classes that is the cross entropy of their logits.",
        )
    return SOFTMAX


def row_weights(weights: Sequence[float] | None, y: Tensor) -> Tensor | None:
    """The weight of each row (n,) by its class, or ``None`` where all weigh the same."""
    if weights is None:
        return None
    if len(weights) > 2:
        return torch.tensor(weights, dtype=torch.float64, device=y.device)[y]
    negative, positive = weights
    return torch.where(y > 0.5, y.new_tensor(positive), y.new_tensor(negative))


def row_losses(kind: str, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The loss of each logit in ``z`` (…, n); ``bce`` goes through a sigmoid, and so saturates.

    Of a ``softmax`` that of each row (…, n), from ``z`` (…, K, n) and one-hot ``y`` (K, n).
    """
    if kind == SOFTMAX:
        return class_losses(z, y, weight)
    y = y.expand_as(z)
    if kind != "bce":
        return functional.binary_cross_entropy_with_logits(z, y, weight, reduction="none")
    p = torch.sigmoid(z)
    if p.device.type == "cpu" and not torch.isnan(p.sum()):
        return functional.binary_cross_entropy(p, y, weight, reduction="none")
    known = ~torch.isnan(p)  # torch raises on NaN; a diverged loss is a result
    losses = functional.binary_cross_entropy(torch.where(known, p, 0.5), y, weight, reduction="none")
    return torch.where(known, losses, torch.nan)


def loss_of(kind: str, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The mean loss over the rows, the last dimension of ``z`` (…, n), or (…, K, n) of a softmax."""
    return row_losses(kind, z, y, weight).mean(-1)


def raw(values: Tensor) -> Any:
    """The same memory as a NumPy array on the CPU, where NumPy's calls take half as long as torch's."""
    return values.numpy() if values.device.type == "cpu" else values


class Residual:
    """The derivative of each row's loss by its logit, written where it is wanted.

    ``σ(z) − y`` for logits. Through sigmoid and BCELoss: ``(p − y) / max(p(1 − p), 1e-12) · p(1 − p)``,
    zero where σ has saturated, however wrong the row. That equals ``(p − y) · min(p(1 − p) / 1e-12, 1)``,
    and needs no division. The last factor is exactly 1 for logits within ±``UNSATURATED``: there both
    losses have the same residuals, to the last bit.
    """

    def __init__(self, kind: str, like: Tensor) -> None:
        self.saturates = kind == "bce"
        library = np if like.device.type == "cpu" else torch
        self._subtract, self._multiply, self._minimum = library.subtract, library.multiply, library.minimum
        self._one, self._steep = raw(like.new_ones(())), raw(like.new_full((), 1 / BCE_EPSILON))

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
        """The residuals of logits ``z`` into ``out``; all of one shape.

        All but ``z`` and ``out`` are as ``raw`` gives them; ``raw_out`` is that of ``out``. With
        ``unsaturated`` the caller takes it upon itself that all logits are within ±``UNSATURATED``.
        """
        subtract, multiply = self._subtract, self._multiply
        torch.sigmoid(z, out=out)
        if self.saturates and not unsaturated:
            subtract(self._one, raw_out, out=raw_scratch)
            multiply(raw_scratch, raw_out, out=raw_scratch)
            multiply(raw_scratch, self._steep, out=raw_scratch)
            self._minimum(raw_scratch, self._one, out=raw_scratch)
            subtract(raw_out, y, out=raw_out)
            multiply(raw_out, raw_scratch, out=raw_out)
        else:
            subtract(raw_out, y, out=raw_out)
        if weight is not None:
            multiply(raw_out, weight, out=raw_out)


def residual_of(kind: str, like: Tensor) -> Residual | ClassResidual:
    """How residuals of a kind of loss are computed."""
    return ClassResidual(like) if kind == SOFTMAX else Residual(kind, like)


def logits(X: Tensor, theta: Tensor) -> Tensor:
    """The logits of rows (n, p + 1): (n,) for weights (p + 1,), (K, n) for (K, p + 1)."""
    return torch.mv(X, theta) if theta.dim() == 1 else torch.mm(theta, X.t())


def summed(X: Tensor, r: Tensor, out: Tensor) -> Tensor:
    """The gradient of the summed losses into ``out``, of the shape of the weights, from residuals ``r``."""
    return torch.mv(X.t(), r, out=out) if r.dim() == 1 else torch.mm(r, X, out=out)


def residual(kind: str, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The derivative of each row's loss by its logit, as a new tensor of the shape of ``z``."""
    rule = residual_of(kind, z)
    found, scratch = torch.empty_like(z), torch.empty_like(z)
    with np.errstate(all="ignore"):
        rule.write(z, raw(y), None if weight is None else raw(weight), found, raw(found), raw(scratch))
    return found
