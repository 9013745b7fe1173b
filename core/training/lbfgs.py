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
        what, part, total = self._what, self._what.part, 0.0
        order, steps = what.steps()
        for start, stop, rows in steps:
            cut = slice(start, stop) if order is None else order[start:stop]
            weight = None if part.weight is None else part.weight[cut]
            total += self._step(part.X[cut], self._targets[..., cut], weight, rows) * rows
        return total / part.all_rows

    def _step(self, X: Tensor, y: Tensor, weight: Tensor | None, rows: int) -> float:
        """One call of the optimizer, for ``rows`` rows of which some are on other ranks."""
        theta, loss, decay, ranks = self._what.theta, self._what.loss, self._decay, self._what.ranks
        before = self._mean(logits(X, theta), y, weight, rows)

        @torch.no_grad()  # LBFGS turns gradients on around it
        def closure() -> float:
            assert theta.grad is not None, "weights come with room for a gradient"
            z = logits(X, theta)
            r = residuals(loss, z, y, weight)
            theta.grad.copy_(ranks.sum(summed_gradient(X, r, theta.grad))[0])
            theta.grad.div_(rows).add_(theta, alpha=decay)
            return self._mean(z, y, weight, rows) + float(decay / 2 * theta.square().sum())

        if isfinite(before):
            self._optimizer.step(closure)
        return before

    def _mean(self, z: Tensor, y: Tensor, weight: Tensor | None, rows: int) -> float:
        loss, ranks = self._what.loss, self._what.ranks
        if ranks.world == 1:
            return float(mean_loss(loss, z, y, weight))
        return float(ranks.sum(loss.rows(z, y, weight).sum(dtype=torch.float64))[0]) / rows
