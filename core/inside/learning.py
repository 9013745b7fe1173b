"""A learning curve: the best linear model of ever more training rows, and its loss on the test part."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from lrtui.core.inside.trained import Trained
from lrtui.core.lean_torch import import_torch
from lrtui.datasets.array_types import Floats, Indices

SIZES = 8  # each half of the next
FEWEST = 20  # rows
ORDERS = 5  # random orders of the rows, so that it is seen how much chance there is in it
SECONDS = 20.0  # for all fits
MUCH = 2e8  # multiplications for one Hessian: of more rows so many are the most that are tried
MOST = 200_000  # rows, of either part
WEAK = 1e-4  # ridge on standardized weights, per row: few rows too then have a best fit
WORTH = 0.005  # nats: a smaller gain hardly changes an answer


@dataclass(frozen=True)
class Fit:
    """One model.

    Attributes:
        rows: it was trained on. order: which random order these are the first of.
        train_loss: on them. test_losses: of each test row (m,), as they weigh.
    """

    rows: int
    order: int
    train_loss: float
    test_losses: Floats

    @property
    def test_loss(self) -> float:
        """The mean."""
        return float(self.test_losses.mean())


@dataclass(frozen=True)
class Gain:
    """How much lower the test loss is on twice as many rows, with its standard error, in nats."""

    rows: int
    twice: int
    nats: float
    error: float

    @property
    def helps(self) -> bool:
        """More rows were seen to help, by more than chance and by enough to matter."""
        return self.nats > 2 * self.error and self.nats >= WORTH

    @property
    def flat(self) -> bool:
        """They were seen not to help by enough to matter."""
        return abs(self.nats) + 2 * self.error < WORTH


@dataclass
class Learning:
    """The fits so far, by rows and order; ``rows`` are the training rows that are used.

    Attributes:
        sizes: to be trained on, from the smallest. whole: training rows in all. ridge: of every fit.
        seconds: spent so far.
    """

    sizes: tuple[int, ...]
    rows: int
    whole: int
    ridge: float
    fits: list[Fit]
    seconds: float = 0.0

    @property
    def planned(self) -> list[tuple[int, int]]:
        """Rows and order of every fit, first all sizes of one order; all rows have but one."""
        return [
            (size, order) for order in range(ORDERS) for size in self.sizes if size < self.rows or not order
        ]

    @property
    def left(self) -> list[tuple[int, int]]:
        """What is not there yet."""
        known = {(fit.rows, fit.order) for fit in self.fits}
        return [one for one in self.planned if one not in known]

    @property
    def ended(self) -> bool:
        """All is there, or the time is up."""
        return not self.left or self.seconds >= SECONDS

    def of(self, size: int) -> list[Fit]:
        """The fits to so many rows."""
        return [fit for fit in self.fits if fit.rows == size]

    @property
    def gain(self) -> Gain | None:
        """That of the last doubling, row by row of the test part; ``None`` where there are no two sizes.

        Its error holds what varies from test row to test row, and from order to order.
        """
        found = [size for size in self.sizes if self.of(size)]
        if len(found) < 2:
            return None
        half, twice = self.of(found[-2]), self.of(found[-1])
        lost = [np.mean([fit.test_losses for fit in fits], axis=0) for fits in (half, twice)]
        fell = lost[0] - lost[1]
        rows = len(fell)
        squared = float(fell.var(ddof=1)) / rows if rows > 1 else float("inf")
        for fits in (half, twice):
            if len(fits) > 1:
                squared += float(np.var([fit.test_loss for fit in fits], ddof=1)) / len(fits)
        return Gain(found[-2], found[-1], float(fell.mean()), sqrt(squared))


def learned(trained: Trained) -> Iterator[Learning]:
    """The curve as it grows, kept with the problem: what was found is not found again."""
    key = ("learning", trained.config.weight_decay, trained.config.class_weight)
    known = trained.kept.get(key)
    if not isinstance(known, Learning):
        known = trained.kept[key] = _planned(trained)
    if known.ended:
        yield known
        return
    import_torch()
    from lrtui.core.doctor.reference import Standardized  # brings torch, which no other view needs
    from lrtui.core.doctor.view import View, views

    train, test = views(trained.problem, trained.config, most=max(known.rows, MOST))
    orders = [_order(train.y[: known.rows].astype(np.int64), seed) for seed in range(ORDERS)]
    while not known.ended:
        trained.check()
        started = time.monotonic()
        size, order = known.left[0]
        rows = orders[order][:size]
        part = View(train.X[rows], train.y[rows], train.weight[rows], train.classes)
        space = Standardized.of(part.X[:, :-1])
        theta = space.unscaled(space.fit(part, known.ridge))
        known.fits.append(Fit(size, order, part.loss(theta), test.losses(theta)))
        known.seconds += time.monotonic() - started
        yield known


def _planned(trained: Trained) -> Learning:
    problem = trained.problem
    whole, columns = problem.design_train.shape
    outputs = 1 if trained.binary else problem.classes
    rows = min(whole, MOST, max(1_000, int(MUCH / (columns**2 * outputs * (outputs + 1) / 2))))
    counts = np.bincount(problem.y_train[:rows], minlength=problem.classes)
    least = max(FEWEST, ceil(2 * rows / counts[counts > 0].min()))
    sizes = [rows]
    while len(sizes) < SIZES and sizes[-1] // 2 >= least:
        sizes.append(sizes[-1] // 2)
    ridge = max(WEAK, trained.config.weight_decay)
    return Learning(tuple(sorted(sizes)), rows, whole, ridge, [])


def _order(y: Indices, seed: int) -> Indices:
    """A random order of the rows (n,) in which the first ones hold each class in its share."""
    random = np.random.default_rng(seed)
    key = np.empty(len(y))
    for class_ in np.unique(y):
        rows = np.flatnonzero(y == class_)
        key[rows] = (random.permutation(len(rows)) + random.random()) / len(rows)
    return np.argsort(key, kind="stable")
