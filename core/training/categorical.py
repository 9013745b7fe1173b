"""The loss of K > 2 classes: the cross entropy of K logits, whose residual is ``softmax(z) − y``.

Logits and one-hot targets are (K, n), rows of the data along the last dimension: so a softmax goes over
many of them at a time, and takes a tenth to a fortieth as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.arrays import Residual, raw


@dataclass(frozen=True)
class Categorical:
    """See ``losses.Loss``."""

    classes: int
    saturates: bool = False
    curvature: float = 1 / 2  # diag(p) − ppᵀ ≤ ½(I − 11ᵀ/K) (Böhning 1992)

    @property
    def shape(self) -> tuple[int, ...]:
        """A logit for each class."""
        return (self.classes,)

    @property
    def outputs(self) -> int:
        """A logit for each class."""
        return self.classes

    def label_type(self, dtype: torch.dtype) -> torch.dtype:
        """Whole numbers, with which one-hot targets are indexed."""
        return torch.int64

    def targets(self, y: Tensor, like: Tensor) -> Tensor:
        """Labels (n,) from 0 to K − 1 as one-hot (K, n)."""
        found = like.new_zeros((self.classes, y.numel()))
        return found.scatter_(0, y.unsqueeze(0), 1.0)

    def first_bias(self, shares: Sequence[float]) -> list[float]:
        """The logarithms of the shares, a millionth at least."""
        return [log(max(share, 1e-6)) for share in shares]

    def rows(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The cross entropy of each row (…, n) of logits (…, K, n) and one-hot targets."""
        # Of the terms of a row all but one are zero, so that any order of adding gives the same bits.
        found = torch.log_softmax(z, -2).mul_(y).sum(-2).neg_()
        return found if weight is None else found * weight

    def residual(self, like: Tensor) -> Residual:
        """``softmax(z) − y``, all (…, K, n); a softmax never saturates."""
        library = np if like.device.type == "cpu" else torch
        subtract, multiply = library.subtract, library.multiply

        def write(z: Tensor, y: Any, weight: Any, out: Tensor, raw_out: Any, _scratch: Any) -> None:
            torch.softmax(z, -2, out=out)
            subtract(raw_out, y, out=raw_out)
            if weight is not None:
                multiply(raw_out, weight, out=raw_out)

        return write

    def curve(self, z: Tensor, v: Tensor, weight: Tensor | None) -> Tensor:
        """``(diag(p) − ppᵀ)·v``."""
        p = torch.softmax(z, -2)
        found = p * (v - (p * v).sum(-2, keepdim=True))
        return found if weight is None else found * weight

    def batch_targets(self, rows: int, size: int, y: Tensor) -> CategoricalTargets:
        """One-hot targets, those of each batch together as (K, its rows)."""
        return CategoricalTargets(self, rows, size, y)

    def block_room(self, rows: int, group: int, like: Tensor) -> CategoricalBlocks:
        """Room for the logits of one block."""
        return CategoricalBlocks(self.classes, rows, like)


class CategoricalTargets:
    """One-hot targets of batches, (K · rows,); see ``losses.BatchTargets``."""

    def __init__(self, loss: Categorical, rows: int, size: int, y: Tensor) -> None:
        self._loss, self._rows, self._size = loss, rows, size
        starts = torch.arange(rows) // size * size
        # Where the one of each row stands: here, and a batch's rows further on for each class.
        self._first = (loss.classes * starts + torch.arange(rows) - starts).to(y)
        self._widths = torch.clamp(rows - starts, max=size).to(y)

    def room(self, slots: int, like: Tensor) -> Tensor:
        """Without gaps, which a softmax would have to close first."""
        return like.new_empty((slots, self._loss.classes * self._rows))

    def write(self, y: Tensor, order: Tensor, out: Tensor) -> None:
        """The targets of rows in this order."""
        out.zero_().scatter_(0, torch.addcmul(self._first, y[order], self._widths), 1.0)

    def losses(self, z: Tensor, y: Tensor, weight: Tensor | None) -> Tensor:
        """The loss of every row; batches of one size go together."""
        whole = self._rows // self._size * self._size
        found = [self._of(z, y, weight, slice(0, whole), self._size)]
        if whole < self._rows:
            found.append(self._of(z, y, weight, slice(whole, self._rows), self._rows - whole))
        return torch.cat(found, 1)

    def _of(self, z: Tensor, y: Tensor, weight: Tensor | None, rows: slice, size: int) -> Tensor:
        shape = (len(z), -1, self._loss.classes, size)
        here = slice(self._loss.classes * rows.start, self._loss.classes * rows.stop)
        of_rows = None if weight is None else weight[:, rows].view(len(z), -1, size)
        return self._loss.rows(z[:, here].view(shape), y[:, here].view(shape), of_rows).flatten(1)


class CategoricalBlocks:
    """One softmax a block gives its losses and its residuals; see ``losses.BlockRoom``."""

    def __init__(self, classes: int, rows: int, like: Tensor) -> None:
        self._classes = classes
        self._z, self._r = like.new_empty((2, classes * rows))
        self._columns = np.arange(rows)

    def begin(self, y: Tensor, weight: Tensor | None) -> None:
        """The first block of a group is next."""
        self._y, self._weight, self._at, self._total = y, weight, 0, 0.0

    def block(self, X: Any, theta: Any, gradient: Any) -> None:
        """The gradient of the next block."""
        rows, here = len(X), slice(self._at, self._at + len(X))
        z, r = (numbers[: self._classes * rows].view(self._classes, rows) for numbers in (self._z, self._r))
        raw_r, y = raw(r), self._y[here]
        np.dot(theta, X.T, out=raw(z))
        torch.log_softmax(z, 0, out=r)
        losses = r.gather(0, y.unsqueeze(0)).squeeze(0)
        r.exp_()
        raw_r[raw(y), self._columns[:rows]] -= 1
        if self._weight is not None:
            losses.mul_(self._weight[here])
            np.multiply(raw_r, raw(self._weight[here]), out=raw_r)
        np.dot(raw_r, X, out=gradient)
        self._at, self._total = here.stop, self._total - float(losses.sum())

    def end(self) -> float:
        """The sum of the losses of the group."""
        return self._total
