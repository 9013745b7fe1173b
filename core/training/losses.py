"""The loss of a linear model: Bernoulli for two classes, categorical for more, behind one interface.

A row x̃ = (x, 1) has logits z = Θx̃: one of two classes, K of more. All gradients are in closed form,
``X̃ᵀr / n`` with residuals r = ∂loss/∂z; no autograd, which is the oracle in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from lrtui.core.errors import ConfigError
from lrtui.core.training.arrays import Residual, raw
from lrtui.core.training.bernoulli import Bernoulli
from lrtui.core.training.categorical import Categorical
from lrtui.datasets.classes import is_binary


class BatchTargets(Protocol):
    """The targets of some rows, those of each batch together: (outputs · rows,)."""

    def room(self, slots: int, like: Tensor) -> Tensor:
        """Empty logits or targets of several passes (slots, outputs · rows)."""

    def write(self, y: Tensor, order: Tensor, out: Tensor) -> None:
        """Those of the labels ``y[order]`` into ``out``."""

    def losses(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The loss of every row (slots, rows), from logits and targets (slots, outputs · rows)."""


class BlockRoom(Protocol):
    """Where one thread computes the gradients of a group of blocks of rows."""

    def begin(self, y: Tensor, weight: Tensor | None) -> None:
        """Go on with the first of the rows that have these labels and weights (n,)."""

    def block(self, X: Any, theta: Any, gradient: Any) -> None:
        """The gradient of the next rows (b, p + 1), summed, into ``gradient``; all are NumPy's."""

    def end(self) -> float:
        """The sum of the losses of all blocks since ``begin``."""


class Loss(Protocol):
    """The loss of rows by their logits, of one number of classes."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of a row's logits: () of two classes, (K,) of more. Weights are (…, p + 1)."""

    @property
    def outputs(self) -> int:
        """Logits of a row."""

    @property
    def curvature(self) -> float:
        """The largest eigenvalue that the Hessian of a row's loss by its logits can have."""

    @property
    def saturates(self) -> bool:
        """Whether rows far out have no gradient, however wrong they are."""

    def label_type(self, dtype: torch.dtype) -> torch.dtype:
        """The type that labels are kept in beside rows of type ``dtype``."""

    def targets(self, y: Tensor, like: Tensor) -> Tensor:
        """What a residual is the difference to, of the type of ``like``: (n,), or one-hot (K, n)."""

    def first_bias(self, shares: Sequence[float]) -> list[float]:
        """The logits at which a model predicts the shares of the classes."""

    def rows(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The loss of each row (…, n), from logits (…, *shape, n), targets and weights (n,)."""

    def residual(self, like: Tensor) -> Residual:
        """How residuals are computed, on the device of ``like``."""

    def curve(self, z: Tensor, v: Tensor, weight: Tensor | None) -> Tensor:
        """The Hessian of each row's loss by its logits, times ``v``; all of the shape of ``z``."""
        ...

    def batch_targets(self, rows: int, size: int, y: Tensor) -> BatchTargets:
        """How so many rows are laid out in batches of ``size``, the last of them maybe smaller."""

    def block_room(self, rows: int, group: int, like: Tensor) -> BlockRoom:
        """Room for a group of so many blocks of so many rows each."""


def default_loss(classes: int) -> Loss:
    """The loss of so many classes, computed from logits."""
    return Bernoulli() if is_binary(classes) else Categorical(classes)


def find_loss(name: str, classes: int) -> Loss:
    """The loss that a config names, for so many classes.

    Raises:
        ConfigError: it has no form for so many.
    """
    if name != "bce":
        return default_loss(classes)
    if not is_binary(classes):
        raise ConfigError(
            f"The loss bce is for two classes, and this target has {classes}.",
            "Choose bce-logits: for more classes that is the cross entropy of their logits.",
        )
    return Bernoulli(saturates=True)


def mean_loss(loss: Loss, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The mean loss over the rows, the last dimension of ``z``."""
    return loss.rows(z, y, weight).mean(-1)


def residuals(loss: Loss, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
    """The derivative of each row's loss by its logits, as a new tensor of the shape of ``z``."""
    found, scratch = torch.empty_like(z), torch.empty_like(z)
    with np.errstate(all="ignore"):
        write = loss.residual(z)
        write(z, raw(y), None if weight is None else raw(weight), found, raw(found), raw(scratch))
    return found


def logits(X: Tensor, theta: Tensor) -> Tensor:
    """The logits of rows (n, p + 1): (n,) for weights (p + 1,), (K, n) for (K, p + 1)."""
    return torch.mv(X, theta) if theta.dim() == 1 else torch.mm(theta, X.t())


def summed_gradient(X: Tensor, r: Tensor, out: Tensor) -> Tensor:
    """The gradient of the summed losses into ``out``, of the shape of the weights, from residuals ``r``."""
    return torch.mv(X.t(), r, out=out) if r.dim() == 1 else torch.mm(r, X, out=out)


def row_weights(weights: Sequence[float] | None, y: Tensor) -> Tensor | None:
    """The weight of each row (n,) by its class, or ``None`` where all weigh the same."""
    if weights is None:
        return None
    dtype = y.dtype if y.is_floating_point() else torch.float64
    return torch.tensor(weights, dtype=dtype, device=y.device)[y.long()]
