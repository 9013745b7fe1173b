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

from lrtui.core.training.epochs import Pass
from lrtui.core.training.gradient import raw, row_losses
from lrtui.core.training.optimizers import Update

BLOCK = 200_000  # numbers in a block: with float32, what a core's own cache holds
GROUP = 16  # blocks whose logits become losses in one go


Room = tuple[slice, Tensor, Any, Tensor, Any, Any]


class BlockEpochs:
    """Full batches and large batches over large data."""

    longest = 1

    def __init__(self, what: Pass, threads: int) -> None:
        self._what = what
        self._residual = what.residual
        self._rows = max(1, BLOCK // what.part.X.shape[1])
        blocks = -(-what.step_rows // self._rows)
        self._gradients = what.theta.new_empty((blocks, *what.theta.shape))
        self._workers = [self._worker() for _ in range(min(threads, blocks))]

    def _worker(self) -> Worker:
        """Who goes through a share of the blocks."""
        return Worker(self._what, self._rows, self._gradients)

    def run(self, count: int, update: Update) -> list[float]:
        """So many epochs; the loss of each as it passed, the mean over its rows."""
        with _own_threads():
            return [self._epoch(update) for _ in range(count)]

    def _epoch(self, update: Update) -> float:
        what, total = self._what, 0.0
        order = what.order() if what.shuffled else None
        n, size = what.part.rows, what.step_rows
        for start in range(0, n, size):
            stop = min(start + size, n)
            total += self._pass(order, start, stop)
            gradient = self._gradients[: -(-(stop - start) // self._rows)].sum(0)
            share = update.share / (stop - start)
            if update.keep == 0:  # what stood in the target may not be a number
                torch.mul(gradient, share, out=update.target)
            else:
                update.target.mul_(update.keep).add_(gradient, alpha=share)
            if update.after is not None:
                update.after()
        return total / n

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
    """The room that one thread works in, as tensors and as NumPy arrays of the same memory."""

    def __init__(self, what: Pass, rows: int, gradients: Tensor) -> None:
        self._what = what
        self._residual = what.residual
        self._X, self._theta, self._gradients = raw(what.part.X), raw(what.theta), raw(gradients)
        self._rows = rows
        room = what.theta.new_empty
        self._gathered = room((rows, what.theta.numel())) if what.shuffled else None
        self._y, self._weight, self._z = (room(GROUP * rows) for _ in range(3))
        self._r, self._scratch = room(rows), room(rows)
        self._rooms: dict[tuple[int, int], Room] = {}

    @torch.no_grad()  # both are settings of each thread
    @np.errstate(all="ignore")
    def run(self, order: Tensor | None, first: int, cuts: list[slice]) -> float:
        """The gradients of blocks of rows, kept from number ``first`` on; returns the sum of the losses."""
        total = 0.0
        for group in range(0, len(cuts), GROUP):
            total += self._group(order, first + group, cuts[group : group + GROUP])
        return total

    def _group(self, order: Tensor | None, first: int, cuts: list[slice]) -> float:
        y, weight = self._labels(order, slice(cuts[0].start, cuts[-1].stop))
        raw_y, raw_weight, at = raw(y), None if weight is None else raw(weight), 0
        for number, cut in enumerate(cuts):
            here, z, raw_z, r, raw_r, raw_scratch = self._room(number, cut.stop - cut.start)
            X = self._X[cut] if order is None else self._gather(order[cut])
            np.dot(X, self._theta, out=raw_z)
            rows_weight = None if raw_weight is None else raw_weight[here]
            self._residual.write(z, raw_y[here], rows_weight, r, raw_r, raw_scratch)
            np.dot(raw_r, X, out=self._gradients[first + number])
            at = here.stop
        if order is None:
            self._what.part.let_go(cuts[0].start, cuts[-1].stop)
        else:
            self._what.part.let_go()
        return float(row_losses(self._what.loss, self._z[:at], y, weight).sum())

    def _room(self, number: int, rows: int) -> Room:
        """Where a block of a group works: its place among the logits, and what every block shares."""
        if (number, rows) not in self._rooms:
            here = slice(number * self._rows, number * self._rows + rows)
            z, r = self._z[here], self._r[:rows]
            self._rooms[number, rows] = here, z, raw(z), r, raw(r), raw(self._scratch[:rows])
        return self._rooms[number, rows]

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
