"""Loss and gradient of logistic regression in closed form: ``X̃ᵀ(σ(X̃w) − y) / n``.

No autograd: it is the oracle in the tests. ``X̃`` is ``[X, 1]``, n rows. The operations stand in the
order in which torch's own backward pass does them: on saturated, oscillating runs the last bit counts.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from lrtui.core.config import Config

# torch's BCELoss clamps the denominator of its gradient at 1e-12 as a float32, in float64 as well,
# and the logarithms of its loss at −100.
BCE_EPSILON = 9.999999960041972e-13


def class_weights(config: Config, y: Tensor) -> tuple[float, float] | None:
    """The weights of class 0 and 1: ``n / (2·n_c)`` for ``balanced``, learned on training labels."""
    if config.class_weight == "none":
        return None
    n, positive = y.numel(), float(y.sum())
    if positive in (0, n):
        return 1.0, 1.0
    return n / (2 * (n - positive)), n / (2 * positive)


def row_weights(weights: tuple[float, float] | None, y: Tensor) -> Tensor | None:
    """The weight of each row (n,), or ``None`` where all weigh the same."""
    if weights is None:
        return None
    negative, positive = weights
    return torch.where(y > 0.5, y.new_tensor(positive), y.new_tensor(negative))


def loss_of(kind: str, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The mean loss of logits ``z`` (n,); ``bce`` goes through a sigmoid, and so saturates."""
    if kind == "bce":
        p = torch.sigmoid(z)
        if not bool(torch.isfinite(p).all()):  # torch raises on NaN; a diverged loss is a result
            return torch.full((), float("nan"), dtype=z.dtype)
        return functional.binary_cross_entropy(p, y, weight)
    return functional.binary_cross_entropy_with_logits(z, y, weight)


def residual(kind: str, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The gradient of the mean loss by the logits (n,).

    ``(σ(z) − y) / n`` for logits. Through sigmoid and BCELoss it is
    ``(p − y) / max(p(1 − p), 1e-12) / n · p(1 − p)``: zero where σ has saturated, however wrong the row.
    """
    p = torch.sigmoid(z)
    r = p - y
    if kind == "bce":
        other = 1 - p
        r.div_((other * p).clamp_(min=BCE_EPSILON))
        if weight is not None:
            r.mul_(weight)
        return r.div_(r.numel()).mul_(other).mul_(p)
    if weight is not None:
        r.mul_(weight)
    return r.div_(r.numel())


def write_gradient(X: Tensor, r: Tensor, weight_gradient: Tensor, bias_gradient: Tensor) -> None:
    """The gradient by weights (1, p) and bias (1,) from the residual ``r`` (n,)."""
    torch.mm(r.unsqueeze(0), X, out=weight_gradient)
    torch.sum(r, dim=0, keepdim=True, out=bias_gradient)
