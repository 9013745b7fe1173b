"""What the data suggests for learning rate, epochs and weight decay, before anything is trained."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property
from math import inf

import numpy as np
from threadpoolctl import threadpool_limits

from lrtui.core.config import Config, changed
from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.quantities.remaining import remaining
from lrtui.core.doctor.quantities.smoothers import FOLDS, folds, parts
from lrtui.core.doctor.reference import SURE, Reference
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.doctor.trials import Cancelled
from lrtui.core.training.model import class_shares, first_weights
from lrtui.core.training.stable_rate import Smoothness, acting_rate, has_theory, updates_per_epoch
from lrtui.datasets.array_types import Floats
from lrtui.datasets.preparing.problem import Problem

ENOUGH = 0.01  # of the way that may be left
LADDER = tuple(m * 10**e for e in range(8) for m in (1, 2, 5) if m * 10**e <= 10_000_000)  # epochs
DECAYS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
NONE = 1e-10  # L2 that stands for none: classes that can be parted have no optimum without
CLEARLY = 0.005  # nats by which a weight decay must be better than none
WIDE = 2_000  # columns, beyond which a matrix of them takes too long
ORDER = ("weight_decay", "lr", "epochs")  # in which they depend on one another

GoOn = Callable[[], bool]


def filled(problem: Problem, config: Config, names: tuple[str, ...]) -> tuple[Config, tuple[str, ...]]:
    """The config with these fields as suggested, and those of them that nothing can be suggested for.

    Each is suggested for the config with those before it: the epochs are counted at the learning rate that
    is suggested, not at the one that it replaces.

    For a process that does nothing else meanwhile: warnings are a matter of the whole process, and so is
    one thread, for more of them wait for one another longer than they work.
    """
    missing = []
    with threadpool_limits(1, user_api="blas"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of columns of which a solver makes little
        adviser = Adviser(problem, config)
        for name in filter(names.__contains__, ORDER):
            found = getattr(adviser, name)(config)
            if found is None:
                missing.append(name)
            else:
                config = changed(config, **{name: found})
    return config, tuple(missing)


class Adviser:
    """Suggestions for configs of one problem: what they share is found once, and the problem let go.

    The configs may differ in all that the problem and its class weights do not depend on. ``Cancelled`` is
    raised where ``go_on``, which is asked now and then, says no.
    """

    def __init__(self, problem: Problem, config: Config, smoothness: Smoothness | None = None) -> None:
        """``smoothness`` saves finding the constants again."""
        analysis = ProblemAnalysis(problem, config)
        self.smoothness = analysis.smoothness if smoothness is None else smoothness
        self._train = analysis.train
        self._shares = class_shares(problem)
        self._decay: float | None = None

    @property
    def numbers(self) -> int:
        """How many it looks at."""
        return self._train.X.size

    def suggest(self, config: Config, go_on: GoOn = lambda: True) -> Suggestions:
        """What is suggested for a config."""
        return Suggestions(self.lr(config), self.epochs(config), self.weight_decay(config, go_on))

    def lr(self, config: Config) -> float | None:
        """The learning rate that smoothness suggests."""
        return self.smoothness.suggested(config)

    @np.errstate(all="ignore")
    def epochs(self, config: Config) -> int | None:
        """The fewest of 1, 2, 5, 10 … epochs that leave at most a hundredth of the way from the start.

        ``None`` where none of them does: the learning rate oversteps, or is far too low.
        """
        rate = acting_rate(config)
        if not (has_theory(config) and 0 < rate < inf and self._holds(1) and self._train.hessian_fits):
            return None
        train, decay = self._train, config.weight_decay
        try:
            if decay:
                best = fit_weights(train.X, train.y, train.weight, train.classes, decay)
            else:
                best = self._undecayed
            way = remaining(train, first_weights(config, train.X.shape[1] - 1, self._shares), best, decay)
        except ValueError:
            return None  # numbers beyond what can be computed with
        each = updates_per_epoch(config, self.smoothness.rows)
        return next((number for number in LADDER if way.after(rate, number * each) <= ENOUGH), None)

    def weight_decay(self, config: Config, go_on: GoOn = lambda: True) -> float | None:
        """The one that loses least on held-out rows; 0 where none is clearly better.

        ``None`` where a class is too rare to be parted in folds, and for adamw, whose decay is none of the
        loss.
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
        return Reference(self._train).theta

    def _best_decay(self, go_on: GoOn) -> float:
        """Of a sample of rows it is told what it would be of all.

        A decay d of a mean loss of n rows pulls as hard as 3d of one of n/3. What it wins falls as 1/n²: it
        takes away a share of what overfitting costs, and both are as p/n.
        """
        share = self._train.rows / self.smoothness.rows
        none, losses = self.held_out(NONE), {}
        for decay in DECAYS:
            if not go_on():
                raise Cancelled
            losses[decay] = self.held_out(decay / share)
        best = min(DECAYS, key=losses.__getitem__)
        return best if none - losses[best] >= CLEARLY / share**2 else 0.0

    @np.errstate(all="ignore")
    def held_out(self, decay: float) -> float:
        """The mean loss on held-out rows under a weight decay, in five folds that are the same each time.

        It pulls on the bias too, as torch.optim's. A fold that leaves one class alone is passed over.
        """
        train, found = self._train, []
        for out in parts(folds(train.X, np.random.default_rng(0))):
            rest = ~out
            if len(np.unique(train.y[rest])) > 1:
                theta = fit_weights(train.X[rest], train.y[rest], train.weight[rest], train.classes, decay)
                losses = train.likelihood.losses(train.X[out] @ theta.T, train.y[out])
                found.append(train.weight[out] * np.minimum(losses, -np.log(SURE)))
        return float(np.concatenate(found).mean()) if found else 0.0
