"""Epochs of ranks together, rows of an update as they come: an update waits for the sum of all ranks."""

from __future__ import annotations

import torch
from torch import Tensor

from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import logits, residuals, summed_gradient
from lrtui.core.training.optimizers import Update


class SummedEpochs:
    """Full batches, and batches of any size, of which each rank has some rows, or none."""

    longest = 1

    def __init__(self, what: EpochSpec) -> None:
        self._what = what
        self._gradient = torch.empty_like(what.theta)

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        return [self._epoch(update) for _ in range(count)]

    def _epoch(self, update: Update) -> float:
        what, total = self._what, 0.0
        order, steps = what.steps()
        for start, stop, rows in steps:
            loss = self._pass(slice(start, stop) if order is None else order[start:stop])
            gradient, loss = what.ranks.sum(self._gradient, loss)
            total += float(loss)
            follow(update, gradient.to(what.theta.dtype), rows)
        return total / what.part.all_rows

    def _pass(self, rows: slice | Tensor) -> Tensor:
        """The gradient of rows of this rank into its place, and the sum of their losses."""
        what, part = self._what, self._what.part
        X, weight = part.X[rows], None if part.weight is None else part.weight[rows]
        z = logits(X, what.theta)
        y = what.loss.targets(part.y[rows], X)
        summed_gradient(X, residuals(what.loss, z, y, weight), self._gradient)
        part.let_go()
        return what.loss.rows(z, y, weight).sum(dtype=torch.float64)


def follow(update: Update, gradient: Tensor, rows: int) -> None:
    """Let the weights follow a gradient that was summed over so many rows."""
    share = update.share / rows
    if update.keep == 0:  # what stood in the target may not be a number
        torch.mul(gradient, share, out=update.target)
    else:
        update.target.mul_(update.keep).add_(gradient, alpha=share)
    if update.after is not None:
        update.after()
