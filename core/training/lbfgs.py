"""Epochs of LBFGS, which looks at the loss of the same rows at many weights before it moves."""

from __future__ import annotations

from math import isfinite

import torch
from torch import Tensor

from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import logits, mean_loss, residuals, summed_gradient
from lrtui.core.training.optimizers import Update


class LbfgsEpochs:
    """One call of the optimizer a batch, with a closure; batches are gathered as they come."""

    longest = 1

    def __init__(self, what: EpochSpec, optimizer: torch.optim.Optimizer, weight_decay: float) -> None:
        self._what = what
        self._optimizer = optimizer
        self._decay = weight_decay
        self._targets = what.part.targets()

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        return [self._epoch() for _ in range(count)]

    def _epoch(self) -> float:
        what, total = self._what, 0.0
        part, n = what.part, what.part.rows
        order = what.order() if what.shuffled else None
        for start in range(0, n, what.step_rows):
            cut = slice(start, min(start + what.step_rows, n))
            rows = cut if order is None else order[cut]
            weight = None if part.weight is None else part.weight[rows]
            total += self._step(part.X[rows], self._targets[..., rows], weight) * (cut.stop - cut.start)
        return total / n

    def _step(self, X: Tensor, y: Tensor, weight: Tensor | None) -> float:
        theta, loss, decay = self._what.theta, self._what.loss, self._decay
        before = float(mean_loss(loss, logits(X, theta), y, weight))

        @torch.no_grad()  # LBFGS turns gradients on around it
        def closure() -> float:
            assert theta.grad is not None, "weights come with room for a gradient"
            z = logits(X, theta)
            r = residuals(loss, z, y, weight)
            summed_gradient(X, r, theta.grad).div_(len(X)).add_(theta, alpha=decay)
            return float(mean_loss(loss, z, y, weight) + decay / 2 * theta.square().sum())

        if isfinite(before):
            self._optimizer.step(closure)
        return before
