"""Epochs over small updates: every tensor of an epoch is a view that was made once.

On small data nearly all the time goes into calling torch, so an update is four calls and no more: logits,
sigmoid, minus labels, ``θ += share · X̃ᵀr``. Logits of many epochs are kept, and become losses in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lrtui.core.training.design import apart
from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import UNSATURATED, raw, row_losses
from lrtui.core.training.optimizers import Update

SLOT_ROWS = 65_536  # rows of logits kept before their losses are computed
CUDA_SLOT_ROWS = 64_000_000  # on a GPU, where reading a loss means waiting for it
SLOT_STEPS = 256  # updates whose views are kept
GATHERED = 2_000_000  # numbers of shuffled rows that lie ready at a time

Step = tuple[Tensor, Tensor, Tensor, Any, Any, Tensor, Any, Any, int]


class ViewEpochs:
    """Full batches, and batches of any size; the last batch may be smaller."""

    def __init__(self, what: Pass) -> None:
        self._what = what
        self._residual = what.residual
        self._saturated = False
        part, step = what.part, what.step_rows
        n, columns = part.rows, part.X.shape[1]
        piece = n
        if step < n and n * columns > GATHERED and what.theta.device.type == "cpu":
            piece = max(1, GATHERED // columns // step) * step
        self._ranges = [(start, min(start + piece, n)) for start in range(0, n, piece)]
        self.longest = 1
        if len(self._ranges) == 1:
            steps = -(-n // step)
            slot_rows = SLOT_ROWS if what.theta.device.type == "cpu" else CUDA_SLOT_ROWS
            self.longest = max(1, min(slot_rows // (n * what.outputs), SLOT_STEPS // steps))
        lengths = {stop - start for start, stop in self._ranges}
        self._desks = {rows: self._desk(rows) for rows in lengths}

    def _desk(self, rows: int) -> Desk:
        """What so many rows are laid out on."""
        return Desk(self._what, rows, self.longest)

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        if len(self._ranges) == 1:
            desk = next(iter(self._desks.values()))
            if desk.gathers:
                for slot in range(count):
                    desk.lay_out(slot, self._order())
                    self._walk(desk.steps(slot), update)
            else:
                self._in_place(desk, count, update)
            losses: list[float] = desk.losses(count).mean(-1).tolist()
            return losses
        order, total = self._order(), 0.0
        for start, stop in self._ranges:
            desk = self._desks[stop - start]
            desk.lay_out(0, order[start:stop])
            self._walk(desk.steps(0), update)
            total += float(desk.losses(1).sum())
        return [total / self._what.part.rows]

    def _in_place(self, desk: Desk, count: int, update: Update) -> None:
        """Epochs over rows that stay where they are.

        Where a sigmoid may saturate, one that does not is cheaper: that is tried, and taken back if it was
        wrong. The bits are the same either way.
        """
        steps, theta = desk.all_steps(count), self._what.theta
        if not self._residual.saturates or update.after is not None:
            self._walk(steps, update)
            return
        if not self._saturated:
            before = theta.clone()
            self._walk(steps, update, unsaturated=True)
            self._saturated = not desk.within(count, UNSATURATED)
            if not self._saturated:
                return
            theta.copy_(before)
        self._walk(steps, update)
        self._saturated = not desk.within(count, UNSATURATED)

    def _order(self) -> Tensor:
        if self._what.shuffled:
            return self._what.order()
        return torch.arange(self._what.part.rows, device=self._what.theta.device)

    def _walk(self, steps: list[Step], update: Update, *, unsaturated: bool = False) -> None:
        target, keep, share, after = update
        theta, mv, residual = self._what.theta, torch.mv, self._residual.write
        # What torch.optim keeps must be usable outside of inference mode; the weights alone may be.
        light = torch.inference_mode() if after is None else torch.no_grad()
        with light, np.errstate(all="ignore"):
            for X, X_transposed, z, y, weight, r, raw_r, raw_scratch, rows in steps:
                mv(X, theta, out=z)
                residual(z, y, weight, r, raw_r, raw_scratch, unsaturated=unsaturated)
                target.addmv_(X_transposed, r, beta=keep, alpha=share / rows)
                if after is not None:
                    after()


@dataclass(frozen=True)
class _Slots:
    """Labels, weights and logits of several passes over the same number of rows (slots, rows)."""

    y: Tensor
    weight: Tensor | None
    z: Tensor


class Desk:
    """Room for so many rows, laid out as the steps of an epoch, with slots for several epochs."""

    def __init__(self, what: Pass, rows: int, slots: int) -> None:
        self._what = what
        self.gathers = what.shuffled or rows < what.part.rows
        part = what.part
        if self.gathers:
            weight = None if part.weight is None else apart(part.y, slots, rows)
            self._kept = _Slots(apart(part.y, slots, rows), weight, apart(part.y, slots, rows))
            self._X = part.X.new_empty((rows, part.X.shape[1]))
        else:
            weight = None if part.weight is None else part.weight.expand(slots, rows)
            self._kept = _Slots(part.y.expand(slots, rows), weight, apart(part.y, slots, rows))
            self._X = part.X
        size = min(what.step_rows, rows)
        # Each batch has its own residuals from the start of a line: the same bits wherever it lies.
        room, scratch = torch.empty(2, size).to(part.y)
        self._batches = []
        for start, X in zip(range(0, rows, size), torch.split(self._X, size), strict=True):
            r = room[: len(X)]
            self._batches.append(
                (slice(start, start + len(X)), X, X.t(), r, raw(r), raw(scratch[: len(X)]))
            )
        self._raw_y = raw(self._kept.y)
        self._raw_weight = None if weight is None else raw(weight)
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
        y, weight = self._raw_y[slot], None if self._raw_weight is None else self._raw_weight[slot]
        logits = torch.split(self._kept.z[slot], len(self._batches[0][1]))
        for z, (cut, X, X_transposed, r, raw_r, raw_scratch) in zip(logits, self._batches, strict=True):
            row_weight = None if weight is None else weight[cut]
            yield X, X_transposed, z, y[cut], row_weight, r, raw_r, raw_scratch, len(X)

    def lay_out(self, slot: int, order: Tensor) -> None:
        """Put rows on the desk in this order."""
        part, kept = self._what.part, self._kept
        torch.index_select(part.X, 0, order, out=self._X)
        torch.index_select(part.y, 0, order, out=kept.y[slot])
        if kept.weight is not None and part.weight is not None:
            torch.index_select(part.weight, 0, order, out=kept.weight[slot])
        part.let_go()

    def within(self, slots: int, most: float) -> bool:
        """Whether no logit of the first slots is farther from 0; not so where one is no number."""
        return bool(self._kept.z[:slots].abs().max() <= most)

    def losses(self, slots: int) -> Tensor:
        """The loss of every row (slots, rows) of the first slots."""
        kept = self._kept
        weight = None if kept.weight is None else kept.weight[:slots]
        return row_losses(self._what.loss, kept.z[:slots], kept.y[:slots], weight)
