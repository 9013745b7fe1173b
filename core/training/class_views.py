"""Epochs of softmax regression over small updates: as ``views``, with a matrix of logits for each batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.design import apart
from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import raw
from lrtui.core.training.optimizers import Update
from lrtui.core.training.softmax import class_losses
from lrtui.core.training.views import Desk, Step, ViewEpochs


class ClassDesk(Desk):
    """Room for so many rows; logits and one-hot labels of each batch lie together as (K, rows of it)."""

    def __init__(self, what: Pass, rows: int, slots: int) -> None:
        self._what, part = what, what.part
        self.gathers = what.shuffled or rows < part.rows
        classes, size = part.classes, min(what.step_rows, rows)
        self._rows, self._size, self._classes = rows, size, classes
        starts = torch.arange(rows) // size * size
        widths = torch.clamp(rows - starts, max=size)
        # Where the one of each row stands among the numbers of a slot: here, and a batch on for each class.
        self._first = (classes * starts + torch.arange(rows) - starts).to(part.y)
        self._widths = widths.to(part.y)
        self._z = part.X.new_zeros((slots, classes * rows))
        self._weight: Tensor | None = None
        if self.gathers:
            self._y = part.X.new_zeros((slots, classes * rows))
            self._X = part.X.new_empty((rows, part.X.shape[1]))
            if part.weight is not None:
                self._weight = apart(part.X, slots, rows)
        else:
            self._y = part.X.new_zeros((1, classes * rows))
            self._mark(self._y[0], part.y)
            self._y = self._y.expand(slots, classes * rows)
            self._X = part.X
            self._weight = None if part.weight is None else part.weight.expand(slots, rows)
        room = part.X.new_empty(classes * size)
        self._batches = []
        for start, X in zip(range(0, rows, size), torch.split(self._X, size), strict=True):
            r = room[: classes * len(X)].view(classes, len(X))
            self._batches.append((slice(start, start + len(X)), X, X.t(), r, raw(r), None))
        self._steps: list[list[Step]] = []
        self._joined: list[Step] = []

    def _mark(self, numbers: Tensor, labels: Tensor) -> None:
        """Labels (rows,) as the one-hot numbers (K · rows,) of a slot."""
        numbers.zero_().scatter_(0, torch.addcmul(self._first, labels, self._widths), 1.0)

    def _views(self, slot: int) -> Iterator[Step]:
        for cut, X, X_transposed, r, raw_r, raw_scratch in self._batches:
            here = slice(self._classes * cut.start, self._classes * cut.stop)
            z, y = (numbers[slot, here].view_as(r) for numbers in (self._z, self._y))
            weight = None if self._weight is None else raw(self._weight[slot, cut])
            yield X, X_transposed, z, raw(y), weight, r, raw_r, raw_scratch, len(X)

    def lay_out(self, slot: int, order: Tensor) -> None:
        """Put rows on the desk in this order."""
        part = self._what.part
        torch.index_select(part.X, 0, order, out=self._X)
        self._mark(self._y[slot], part.y[order])
        if self._weight is not None and part.weight is not None:
            torch.index_select(part.weight, 0, order, out=self._weight[slot])
        part.let_go()

    def within(self, slots: int, most: float) -> bool:
        """Whether no logit of the first slots is farther from 0."""
        return bool(self._z[:slots].abs().max() <= most)

    def losses(self, slots: int) -> Tensor:
        """The loss of every row (slots, rows) of the first slots."""
        whole = self._rows // self._size * self._size
        found = [self._losses(slots, slice(0, whole), self._size)]
        if whole < self._rows:
            found.append(self._losses(slots, slice(whole, self._rows), self._rows - whole))
        return torch.cat(found, 1)

    def _losses(self, slots: int, rows: slice, size: int) -> Tensor:
        """Those of some rows that lie in batches of one size."""
        shape = (slots, -1, self._classes, size)
        here = slice(self._classes * rows.start, self._classes * rows.stop)
        z, y = (numbers[:slots, here].view(shape) for numbers in (self._z, self._y))
        weight = None if self._weight is None else self._weight[:slots, rows].view(slots, -1, size)
        return class_losses(z, y, weight).flatten(1)


class ClassViewEpochs(ViewEpochs):
    """Full batches, and batches of any size, of a problem with more than two classes."""

    def _desk(self, rows: int) -> Desk:
        return ClassDesk(self._what, rows, self.longest)

    def _walk(self, steps: list[Step], update: Update, *, unsaturated: bool = False) -> None:
        target, keep, share, after = update
        theta, mm, residual, add = self._what.theta, torch.mm, self._residual.write, target.addmm_
        light = torch.inference_mode() if after is None else torch.no_grad()
        with light, np.errstate(all="ignore"):
            for X, X_transposed, z, y, weight, r, raw_r, raw_scratch, rows in steps:
                mm(theta, X_transposed, out=z)
                residual(z, y, weight, r, raw_r, raw_scratch)
                add(r, X, beta=keep, alpha=share / rows)
                if after is not None:
                    after()
