"""What the data suggests for learning rate, epochs and weight decay, before anything is trained."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from math import inf
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from lrtui.core.config import Config, changed
from lrtui.core.doctor.case import WIDEST
from lrtui.core.doctor.ground import Ground
from lrtui.core.doctor.quantities.held_out import cross_validated
from lrtui.core.doctor.quantities.remaining import Remaining, remaining
from lrtui.core.doctor.quantities.smoothers import FOLDS
from lrtui.core.doctor.reference import reference
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.doctor.trials import Cancelled
from lrtui.core.doctor.view import Floats
from lrtui.core.training.limits import Smoothness, acting_rate, has_theory, updates_per_epoch
from lrtui.core.training.model import first_weights, rates_of
from lrtui.datasets.dataset import Problem

ENOUGH = 0.01  # of the way that may be left
LADDER = tuple(m * 10**e for e in range(8) for m in (1, 2, 5) if m * 10**e <= 10_000_000)  # epochs
DECAYS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
NONE = 1e-10  # L2 that stands for none: classes that can be parted have no optimum without
CLEARLY = 0.005  # nats by which a weight decay must be better than none
WIDE = 2_000  # columns, beyond which a matrix of them takes too long
NARROW = 100  # columns, up to which Newton's steps are the fastest; their scale is nothing to them

ORDER = ("weight_decay", "lr", "epochs")  # in which they depend on one another

GoOn = Callable[[], bool]


def suggest(problem: Problem, config: Config) -> Suggestions:
    """What a problem suggests for a config."""
    with _alone():
        return Adviser(problem, config).suggest(config)


def filled(problem: Problem, config: Config, names: tuple[str, ...]) -> tuple[Config, tuple[str, ...]]:
    """The config with these fields as suggested, and those of them that nothing can be suggested for.

    Each is suggested for the config with those before it: the epochs are counted at the learning rate that
    is suggested, not at the one that it replaces.
    """
    missing = []
    with _alone():
        adviser = Adviser(problem, config)
        for name in filter(names.__contains__, ORDER):
            found = getattr(adviser, name)(config)
            if found is None:
                missing.append(name)
            else:
                config = changed(config, **{name: found})
    return config, tuple(missing)


@contextmanager
def _alone() -> Iterator[None]:
    """For a process that does nothing else meanwhile, for these are settings of the whole process.

    One thread, for more of them wait for one another longer than they work; and no warnings of columns of
    which a solver makes little.
    """
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class Adviser:
    """Suggestions for configs of one problem: what they share is found once, and the problem let go.

    The configs may differ in all that the problem and its class weights do not depend on.
    """

    def __init__(self, problem: Problem, config: Config, smoothness: Smoothness | None = None) -> None:
        """``smoothness`` saves finding the constants again."""
        ground = Ground(problem, config)
        self.smoothness = ground.smoothness if smoothness is None else smoothness
        self._train = ground.train
        self._rates = rates_of(problem)
        self._decay: float | None = None

    @property
    def numbers(self) -> int:
        """How many it looks at."""
        return self._train.X.size

    def suggest(self, config: Config, go_on: GoOn = lambda: True) -> Suggestions:
        """What is suggested for a config.

        Raises:
            Cancelled: ``go_on`` said no.
        """
        lr, epochs = self.lr(config), self.epochs(config)
        return Suggestions(lr, epochs, self.weight_decay(config, go_on))

    def lr(self, config: Config) -> float | None:
        """The learning rate that smoothness calls safe."""
        return self.smoothness.suggested(config)

    def epochs(self, config: Config) -> int | None:
        """The fewest of 1, 2, 5, 10 … epochs that leave at most a hundredth of the way from the start.

        ``None`` where none of them does: the learning rate oversteps, or is far too low.
        """
        rate = acting_rate(config)
        if not (has_theory(config) and 0 < rate < inf and self._holds(1)):
            return None
        if self._train.classes > 2 and self._train.classes * self._train.X.shape[1] > WIDEST:
            return None
        try:
            way = self._way(config)
        except ValueError:
            return None  # numbers beyond what can be computed with
        each = updates_per_epoch(config, self.smoothness.rows)
        return next((number for number in LADDER if way.after(rate, number * each) <= ENOUGH), None)

    def weight_decay(self, config: Config, go_on: GoOn = lambda: True) -> float | None:
        """The one that loses least on held-out rows; 0 where none is clearly better.

        ``None`` where a class is too rare to be parted in folds, and for adamw, whose decay is none of the
        loss.

        Raises:
            Cancelled: ``go_on`` said no.
        """
        if config.optimizer == "adamw" or not self._holds(FOLDS):
            return None
        if self._decay is None:
            self._decay = self._best_decay(go_on)
        return self._decay

    def _holds(self, rows: float) -> bool:
        """Whether each class has so many rows, in columns that a matrix can be made of."""
        train = self._train
        enough = train.rarest >= rows
        return enough and train.X.shape[1] <= WIDE and self.smoothness.full < inf

    @cached_property
    def _undecayed(self) -> Floats:
        """The best weights without weight decay."""
        return reference(self._train).theta

    @np.errstate(all="ignore")
    def _way(self, config: Config) -> Remaining:
        """What a run of a config has before it, from its first weights to the best under its decay."""
        train, decay = self._train, config.weight_decay
        start = first_weights(config, train.X.shape[1] - 1, self._rates)
        if decay == 0:
            return remaining(train, start, self._undecayed)
        fitted = self._model(decay)(train.rows).fit(train.X, train.y, sample_weight=train.weight)
        best = fitted.coef_ if train.classes > 2 else fitted.coef_[0]
        return remaining(train, start, best, decay)

    def _best_decay(self, go_on: GoOn) -> float:
        """Of a sample of rows it is told what it would be of all.

        A decay d of a mean loss of n rows pulls as hard as 3d of one of n/3. What it wins falls as 1/n²: it
        takes away a share of what overfitting costs, and both are as p/n.
        """
        share = self._train.rows / self.smoothness.rows
        none, losses = self._held_out(NONE), {}
        for decay in DECAYS:
            if not go_on():
                raise Cancelled
            losses[decay] = self._held_out(decay / share)
        best = min(DECAYS, key=losses.__getitem__)
        return best if none - losses[best] >= CLEARLY / share**2 else 0.0

    @np.errstate(all="ignore")
    def _held_out(self, decay: float) -> float:
        train = self._train
        return cross_validated(train.X, train.y, self._model(decay), train.weight)

    def _model(self, decay: float) -> Callable[[int], Any]:
        """Logistic regression of design matrices: the decay pulls on the bias too, as torch.optim's."""
        from sklearn.linear_model import LogisticRegression

        narrow = self._train.X.shape[1] <= NARROW and self._train.classes <= 2
        solver = "newton-cholesky" if narrow else "lbfgs"
        return lambda rows: LogisticRegression(
            C=1 / (decay * rows), fit_intercept=False, solver=solver, max_iter=300
        )
