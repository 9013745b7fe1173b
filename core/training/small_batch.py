"""Epochs over small updates: every tensor of an epoch is a view that was made once.

On small data nearly all the time goes into calling torch, so an update is four calls and no more: logits,
sigmoid or softmax, minus targets, ``θ += share · X̃ᵀr``.
Logits of many epochs are kept, and become losses in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.arrays import Residual, apart, raw
from lrtui.core.training.bernoulli import UNSATURATED
from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.losses import Loss
from lrtui.core.training.optimizers import Update

SLOT_ROWS = 65_536  # rows of logits kept before their losses are computed
CUDA_SLOT_ROWS = 64_000_000  # on a GPU, where reading a loss means waiting for it
SLOT_STEPS = 256  # updates whose views are kept
GATHERED = 2_000_000  # numbers of shuffled rows that lie ready at a time

Step = tuple[Tensor, Tensor, Tensor, Any, Any, Tensor, Any, Any, Tensor, Tensor, int]


class SmallBatchEpochs:
    """Full batches, and batches of any size; the last batch may be smaller."""

    def __init__(self, what: EpochSpec, gathered: int = GATHERED) -> None:
        """With ``gathered`` numbers of shuffled rows that lie ready at a time."""
        self._what = what
        self._residual, self._unsaturated = (
            loss.residual(what.theta) for loss in (what.loss, what.part.loss)
        )
        self._product = torch.mv if what.theta.dim() == 1 else torch.mm
        self._saturated = False
        part, step = what.part, what.step_rows
        n, columns = part.rows, part.X.shape[1]
        piece = n
        if step < n and n * columns > gathered and what.theta.device.type == "cpu":
            piece = max(1, gathered // columns // step) * step
        self._ranges = [(start, min(start + piece, n)) for start in range(0, n, piece)]
        self.longest = 1
        if len(self._ranges) == 1:
            steps = -(-n // step)
            slot_rows = SLOT_ROWS if what.theta.device.type == "cpu" else CUDA_SLOT_ROWS
            self.longest = max(1, min(slot_rows // (n * what.loss.outputs), SLOT_STEPS // steps))
        lengths = {stop - start for start, stop in self._ranges}
        self._buffers = {rows: BatchBuffers(what, rows, self.longest) for rows in lengths}

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        if len(self._ranges) == 1:
            buffers = next(iter(self._buffers.values()))
            if buffers.gathers:
                for slot in range(count):
                    buffers.lay_out(slot, self._order())
                    self._walk(buffers.steps(slot), update, self._residual)
            else:
                self._in_place(buffers, count, update)
            losses: list[float] = buffers.losses(count).mean(-1).tolist()
            return losses
        order, total = self._order(), 0.0
        for start, stop in self._ranges:
            buffers = self._buffers[stop - start]
            buffers.lay_out(0, order[start:stop])
            self._walk(buffers.steps(0), update, self._residual)
            total += float(buffers.losses(1).sum())
        return [total / self._what.part.rows]

    def _in_place(self, buffers: BatchBuffers, count: int, update: Update) -> None:
        """Epochs over rows that stay where they are.

        Where a sigmoid may saturate, one that does not is cheaper: that is tried, and taken back if it was
        wrong. The bits are the same either way.
        """
        steps, theta = buffers.all_steps(count), self._what.theta
        if not self._what.loss.saturates or update.after is not None:
            self._walk(steps, update, self._residual)
            return
        if not self._saturated:
            before = theta.clone()
            self._walk(steps, update, self._unsaturated)
            self._saturated = not buffers.within(count, UNSATURATED)
            if not self._saturated:
                return
            theta.copy_(before)
        self._walk(steps, update, self._residual)
        self._saturated = not buffers.within(count, UNSATURATED)

    def _order(self) -> Tensor:
        if self._what.shuffled:
            return self._what.order()
        return torch.arange(self._what.part.rows, device=self._what.theta.device)

    def _walk(self, steps: list[Step], update: Update, residual: Residual) -> None:
        target, keep, share, after = update
        product = self._product
        add = target.addmv_ if target.dim() == 1 else target.addmm_
        # What torch.optim keeps must be usable outside of inference mode; the weights alone may be.
        light = torch.inference_mode() if after is None else torch.no_grad()
        with light, np.errstate(all="ignore"):
            for left, right, z, y, weight, r, raw_r, raw_scratch, back_left, back_right, rows in steps:
                product(left, right, out=z)
                residual(z, y, weight, r, raw_r, raw_scratch)
                add(back_left, back_right, beta=keep, alpha=share / rows)
                if after is not None:
                    after()


class BatchBuffers:
    """Room for so many rows, laid out as the steps of an epoch, with slots for several epochs.

    The logits and targets of a batch lie together, as many numbers to a row as it has logits.
    """

    def __init__(self, what: EpochSpec, rows: int, slots: int) -> None:
        self._what = what
        part, loss, size = what.part, what.loss, min(what.step_rows, rows)
        self.gathers = what.shuffled or rows < part.rows
        self._targets = loss.batch_targets(rows, size, part.y)
        self._z = self._targets.room(slots, part.X)
        self._y = self._targets.room(slots if self.gathers else 1, part.X)
        self._weight = part.weight
        if self.gathers:
            self._X = part.X.new_empty((rows, part.X.shape[1]))
            self._weight = None if part.weight is None else apart(part.X, slots, rows)
        else:
            self._X = part.X
            self._targets.write(part.y, torch.arange(rows, device=part.y.device), self._y[0])
            self._y = self._y.expand(slots, -1)
            self._weight = None if part.weight is None else part.weight.expand(slots, rows)
        # Each batch has its own residuals from the start of a line: the same bits wherever it lies.
        room, scratch = part.X.new_empty((2, loss.outputs * size))
        self._batches = []
        for start, X in zip(range(0, rows, size), torch.split(self._X, size), strict=True):
            r, spare = (
                _shaped(numbers[: loss.outputs * len(X)], loss, len(X)) for numbers in (room, scratch)
            )
            self._batches.append((slice(start, start + len(X)), X, X.t(), r, raw(r), raw(spare)))
        self._raw_y = raw(self._y)
        self._raw_weight = None if self._weight is None else raw(self._weight)
        self._steps: list[list[Step]] = []
        self._joined: list[Step] = []

    def steps(self, slot: int) -> list[Step]:
        """The steps of an epoch; views are made when a slot is first used."""
        while len(self._steps) <= slot:
            self._steps.append(list(self._views(len(self._steps))))
        return self._steps[slot]

    def all_steps(self, slots: int) -> list[Step]:
        """The steps of the first slots, one after the other."""
        while len(self._joined) < slots * len(self._batches):
            self._joined += self.steps(len(self._joined) // len(self._batches))
        return self._joined[: slots * len(self._batches)]

    def _views(self, slot: int) -> Iterator[Step]:
        theta, loss, outputs = self._what.theta, self._what.loss, self._what.loss.outputs
        weight = None if self._raw_weight is None else self._raw_weight[slot]
        for cut, X, X_transposed, r, raw_r, raw_scratch in self._batches:
            here = slice(outputs * cut.start, outputs * cut.stop)
            z = _shaped(self._z[slot, here], loss, len(X))
            y = self._raw_y[slot][here].reshape(raw_r.shape)
            there, back = (
                ((X, theta), (X_transposed, r)) if r.dim() == 1 else ((theta, X_transposed), (r, X))
            )
            yield (
                *there,
                z,
                y,
                None if weight is None else weight[cut],
                r,
                raw_r,
                raw_scratch,
                *back,
                len(X),
            )

    def lay_out(self, slot: int, order: Tensor) -> None:
        """Gather rows in this order."""
        part = self._what.part
        torch.index_select(part.X, 0, order, out=self._X)
        self._targets.write(part.y, order, self._y[slot])
        if self._weight is not None and part.weight is not None:
            torch.index_select(part.weight, 0, order, out=self._weight[slot])
        part.let_go()

    def within(self, slots: int, most: float) -> bool:
        """Whether no logit of the first slots is farther from 0; not so where one is no number."""
        return bool(self._z[:slots].abs().max() <= most)

    def losses(self, slots: int) -> Tensor:
        """The loss of every row (slots, rows) of the first slots."""
        weight = None if self._weight is None else self._weight[:slots]
        return self._targets.losses(self._z[:slots], self._y[:slots], weight)


def _shaped(numbers: Tensor, loss: Loss, rows: int) -> Tensor:
    """Numbers of a batch that lie together, as its logits (rows,) or (K, rows)."""
    return numbers.view(*loss.shape, rows)
