"""Epochs over large updates: rows go through the cache in blocks, each read once.

Blocks are shared out among threads. Each block's part of the gradient is kept apart and added up in order,
so the weights do not depend on how many threads there are. Products are NumPy's: rows that come from
memory pass through them in two thirds of the time that torch takes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np
import torch
from threadpoolctl import ThreadpoolController
from torch import Tensor

from lrtui.core.training.arrays import raw
from lrtui.core.training.epochs import EpochSpec
from lrtui.core.training.optimizers import Update
from lrtui.core.training.summed import follow

BLOCK = 200_000  # numbers in a block: with float32, what a core's own cache holds
GROUP = 16  # blocks whose logits become losses in one go


class BlockedEpochs:
    """Full batches and large batches over large data."""

    longest = 1

    def __init__(self, what: EpochSpec, threads: int, block: int = BLOCK, group: int = GROUP) -> None:
        """With ``block`` numbers in a block, and ``group`` blocks whose losses are computed in one go."""
        self._what = what
        self._rows = max(1, block // what.part.X.shape[1])
        blocks = -(-min(what.step_rows, what.part.rows) // self._rows)
        self._gradients = what.theta.new_empty((blocks, *what.theta.shape))
        self._workers = [
            Worker(what, self._rows, group, self._gradients) for _ in range(max(1, min(threads, blocks)))
        ]

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        with _own_threads():
            return [self._epoch(update) for _ in range(count)]

    def _epoch(self, update: Update) -> float:
        what, total = self._what, 0.0
        order, steps = what.steps()
        for start, stop, rows in steps:
            loss = self._pass(order, start, stop) if stop > start else 0.0
            gradient = self._gradients[: -(-(stop - start) // self._rows)].sum(0)
            if what.ranks.world > 1:
                found = what.ranks.sum(gradient, torch.tensor(loss, dtype=torch.float64))
                gradient, loss = found[0].to(gradient.dtype), float(found[1])
            total += loss
            follow(update, gradient, rows)
        return total / what.part.all_rows

    def _pass(self, order: Tensor | None, start: int, stop: int) -> float:
        """Gradients by the block, and the sum of the losses; each worker takes neighbouring blocks."""
        cuts = [slice(at, min(at + self._rows, stop)) for at in range(start, stop, self._rows)]
        each = -(-len(cuts) // len(self._workers))
        first, *others = (
            (worker, order, number * each, cuts[number * each : (number + 1) * each])
            for number, worker in enumerate(self._workers)
        )
        jobs = [_pool(len(self._workers)).submit(Worker.run, *job) for job in others]
        return Worker.run(*first) + sum(job.result() for job in jobs)


class Worker:
    """The room that one thread works in."""

    def __init__(self, what: EpochSpec, rows: int, group: int, gradients: Tensor) -> None:
        self._what, self._group_size = what, group
        self._X, self._theta, self._gradients = raw(what.part.X), raw(what.theta), raw(gradients)
        self._gathered = what.theta.new_empty((rows, what.part.X.shape[1])) if what.ordered else None
        self._y, self._weight = what.part.y.new_empty(group * rows), what.theta.new_empty(group * rows)
        self._room = what.loss.block_room(rows, group, what.theta)

    @torch.no_grad()  # both are settings of each thread
    @np.errstate(all="ignore")
    def run(self, order: Tensor | None, first: int, cuts: list[slice]) -> float:
        """The gradients of blocks of rows, kept from number ``first`` on; returns the sum of the losses."""
        total = 0.0
        each = self._group_size
        for at in range(0, len(cuts), each):
            total += self._group(order, first + at, cuts[at : at + each])
        return total

    def _group(self, order: Tensor | None, first: int, cuts: list[slice]) -> float:
        room, part = self._room, self._what.part
        room.begin(*self._labels(order, slice(cuts[0].start, cuts[-1].stop)))
        for number, cut in enumerate(cuts, first):
            X = self._X[cut] if order is None else self._gather(order[cut])
            room.block(X, self._theta, self._gradients[number])
        if order is None:
            part.let_go(cuts[0].start, cuts[-1].stop)
        else:
            part.let_go()
        return room.end()

    def _labels(self, order: Tensor | None, cut: slice) -> tuple[Tensor, Tensor | None]:
        """Labels and weights of the rows of a group."""
        part = self._what.part
        if order is None:
            return part.y[cut], None if part.weight is None else part.weight[cut]
        chosen = order[cut]
        y = torch.index_select(part.y, 0, chosen, out=self._y[: len(chosen)])
        if part.weight is None:
            return y, None
        return y, torch.index_select(part.weight, 0, chosen, out=self._weight[: len(chosen)])

    def _gather(self, chosen: Tensor) -> Any:
        if self._gathered is None:
            raise ValueError("rows have an order, but no room to be gathered in")
        return raw(torch.index_select(self._what.part.X, 0, chosen, out=self._gathered[: len(chosen)]))


@cache
def _pool(workers: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, workers - 1), "lrtui-blocks", torch.set_num_threads, (1,))


@contextmanager
def _own_threads() -> Iterator[None]:
    """The threads are ours: the libraries start none inside of them."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with _libraries().limit(limits=1, user_api="blas"):
            yield
    finally:
        torch.set_num_threads(before)


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
