"""Epochs of softmax regression over large updates: as ``blocks``, with a matrix of logits a block."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.blocks import BlockEpochs, Worker
from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import raw


class ClassWorker(Worker):
    """The room that one thread works in."""

    def __init__(self, what: Pass, rows: int, gradients: Tensor) -> None:
        self._what = what
        self._X, self._theta, self._gradients = raw(what.part.X), raw(what.theta), raw(gradients)
        room = what.theta.new_empty
        self._gathered = room((rows, what.part.X.shape[1])) if what.shuffled else None
        self._z, self._r = room((2, what.part.classes * rows))
        self._columns = np.arange(rows)

    def _group(self, order: Tensor | None, first: int, cuts: list[slice]) -> float:
        part, total = self._what.part, 0.0
        for number, cut in enumerate(cuts, first):
            rows = cut if order is None else order[cut]
            X = self._X[cut] if order is None else self._gather(order[cut])
            weight = None if part.weight is None else part.weight[rows]
            total += self._block(X, part.y[rows], weight, number)
        if order is None:
            part.let_go(cuts[0].start, cuts[-1].stop)
        else:
            part.let_go()
        return total

    def _block(self, X: np.ndarray, y: Tensor, weight: Tensor | None, number: int) -> float:
        """The gradient of a block of rows; returns the sum of their losses."""
        shape = (self._what.part.classes, len(X))
        z, r = (numbers[: shape[0] * shape[1]].view(shape) for numbers in (self._z, self._r))
        raw_r = raw(r)
        np.dot(self._theta, X.T, out=raw(z))
        torch.log_softmax(z, 0, out=r)
        losses = r.gather(0, y.unsqueeze(0)).squeeze(0)
        r.exp_()
        raw_r[raw(y), self._columns[: len(X)]] -= 1
        if weight is not None:
            losses.mul_(weight)
            np.multiply(raw_r, raw(weight), out=raw_r)
        np.dot(raw_r, X, out=self._gradients[number])
        return -float(losses.sum())


class ClassBlockEpochs(BlockEpochs):
    """Full batches and large batches over large data with more than two classes."""

    def _worker(self) -> Worker:
        return ClassWorker(self._what, self._rows, self._gradients)
