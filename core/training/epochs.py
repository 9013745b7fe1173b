"""What epochs go through, what every way of going through it is asked, and how many fit into a time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss
from lrtui.core.training.optimizers import Update
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.datasets.storage.block_shuffle import BlockShuffle
from lrtui.datasets.storage.own_rows import OwnRows

CLOCK_SECONDS = 0.002  # epochs between two looks at the clock take about so long


class Epochs(Protocol):
    """Passes over the training rows."""

    longest: int  # epochs that one call of ``run`` can take

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""


@dataclass(frozen=True)
class EpochSpec:
    """What all ways need: the rows, the weights θ, the loss, how rows are drawn, and who has others.

    θ is (p + 1,), or (K, p + 1) where there are K > 2 classes.
    """

    part: Part
    theta: Tensor
    loss: Loss
    batch_size: int
    shuffle: bool
    generator: torch.Generator
    ranks: Ranks = ALONE

    @property
    def step_rows(self) -> int:
        """Rows of an update, on all ranks together."""
        return min(self.batch_size or self.part.all_rows, self.part.all_rows)

    @property
    def shuffled(self) -> bool:
        """Every epoch draws a new order; with all rows in one update there is none to draw."""
        return self.shuffle and self.step_rows < self.part.all_rows

    @property
    def ordered(self) -> bool:
        """Whether an epoch goes through the rows here in another order than that in which they lie."""
        return self.shuffled or (self.part.own is not None and self.step_rows < self.part.all_rows)

    def steps(self) -> tuple[Tensor | None, list[tuple[int, int, int]]]:
        """An epoch: the order of the rows here, ``None`` where it is as they lie, and its updates.

        Of each update where its rows begin and end in this order, and how many it has on all ranks.
        """
        n, size = self.part.all_rows, self.step_rows
        starts = range(0, n, size)
        if self.part.own is None or not self.ordered:
            order = self.order() if self.shuffled else None
            return order, [(at, min(at + size, self.part.rows), min(size, n - at)) for at in starts]
        order, places = self._own_order(self.part.own)
        ends = torch.searchsorted(places, torch.tensor([*starts, n])).tolist()
        cuts = zip(ends[:-1], ends[1:], starts, strict=True)
        return order.to(self.theta.device), [(first, last, min(size, n - at)) for first, last, at in cuts]

    def order(self) -> Tensor:
        """A new order of the rows; on disk, of the blocks that rows were dealt over, and within each."""
        if self.part.disk is not None:
            return self._by_blocks()
        found = torch.randperm(self.part.rows, generator=self.generator)
        return found.to(self.theta.device, non_blocking=True)

    def _by_blocks(self) -> Tensor:
        bounds = BlockShuffle(*self.part.X.shape).bounds()
        found, at = torch.empty(self.part.rows, dtype=torch.int64), 0
        for number in torch.randperm(len(bounds), generator=self.generator).tolist():
            start, stop = bounds[number]
            here = found[at : at + stop - start]
            torch.randperm(stop - start, generator=self.generator, out=here)
            here += start
            at += stop - start
        return found

    def _own_order(self, own: OwnRows) -> tuple[Tensor, Tensor]:
        """The rows here in the order of all, and the places (n,) that they have in it.

        All ranks together have the order that one process draws: each draws all of it.
        """
        blocks, rows, places, at = list(own.blocks()), list[Tensor](), list[Tensor](), 0
        numbers = list(range(len(blocks)))
        if own.dealt and self.shuffled:
            numbers = torch.randperm(len(blocks), generator=self.generator).tolist()
        for size, first, stop, start in map(blocks.__getitem__, numbers):
            if self.shuffled:
                drawn = torch.randperm(size, generator=self.generator)
                here = torch.nonzero((drawn >= first) & (drawn < stop)).squeeze(1)
                rows.append(drawn[here] + (start - first))
            else:
                here = torch.arange(first, stop)
                rows.append(here + (start - first))
            places.append(here + at)
            at += size
        return torch.cat(rows), torch.cat(places)


class TimeBudget:
    """Says how many epochs to run before the next look at the clock: many where epochs are short.

    ``seconds`` is the budget, or ``None``; ``epochs`` is a first guess, and holds the newest afterwards.
    """

    def __init__(self, seconds: float | None, epochs: int) -> None:
        self.epochs = epochs
        self._started = self._looked_at = time.perf_counter()
        self._until = None if seconds is None else self._started + seconds

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    def over(self, done: int) -> bool:
        """Called after so many epochs: is the budget used up?"""
        now = time.perf_counter()
        fitting = int(done * CLOCK_SECONDS / max(now - self._looked_at, 1e-9))
        self.epochs = max(1, min(2 * max(done, self.epochs), fitting))
        self._looked_at = now
        return self._until is not None and now >= self._until
