"""What could be had: scikit-learn's best linear model on the rows and features that a run has.

Of the training part the maximum-likelihood fit (on separable data its infimum); of the test part the same
model with the ridge that cross-validation on the training rows chooses, for a fit of few rows overfits.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from math import inf
from typing import Any

import numpy as np
from scipy.special import entr

from lrtui.core.training.problem import problem_of
from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.doctor.records import Level, Same, Setup
from tests.benchmarks.doctor.runs import (
    Answers,
    Floats,
    Labels,
    answers,
    balanced_accuracy,
    labels,
    row_losses,
)

RIDGES = (0.3, 0.1, 0.03, 0.01, 3e-3, 1e-3, 1e-4, 1e-6, 1e-9)  # L2 a row on standardized features
FOLDS = 5
FEW_RIDGES, FEW_FOLDS = (0.3, 0.1, 0.03, 0.01, 1e-3), 3  # where each fit takes long
FAR = 20.0  # robust deviations from the median: a cell so far out sets the scale of its column
CLIPPED = 5.0  # to so many of them
MANY = 150  # weights beyond which Newton's method takes too long, here
SHOWS = 0.05  # of balanced accuracy on the training rows: so much more must another threshold show
KEPT = 128


@dataclass(frozen=True)
class Reference:
    """Of a setup's features, split, class weights and threshold.

    Attributes:
        loss: L_ref, the lowest training loss. base: H, that of always answering the base rates.
        ridge: the answers of the model with a ridge. ``held_out``: its loss on each training row while that
            was held out (n,).
        as_likely: the test losses with ridges that cross-validation does not tell from the chosen one.
    """

    loss: float
    base: float
    ridge: Answers
    held_out: Floats
    as_likely: tuple[float, ...] = ()

    @property
    def slack(self) -> float:
        """How far above it a loss is still close: a tenth of the way, or 0.03 nats."""
        return max(0.1 * (self.base - self.loss), 0.03)

    @cached_property
    def level(self) -> Level:
        """On the test part, at whichever threshold the training rows show to be the better."""
        here = self.ridge
        if here.train.ndim > 1:
            return here.level
        at = [here.threshold, 0.5, float(np.mean(here.y_train == 1))]
        shown = [balanced_accuracy(labels(here.train, t), here.y_train) for t in at]
        best = int(np.argmax(shown))
        chosen = at[best] if shown[best] - shown[0] >= SHOWS else here.threshold
        return replace(here, threshold=chosen).level


def reference(setup: Setup) -> Reference:
    """The reference of a setup; settings of the training alone are nothing to it."""
    config = setup.config
    plain = {name: getattr(config, name) for name in ("missing", "features", "drop_columns", "test_size")}
    plain |= {"split_seed": config.split_seed, "class_weight": config.class_weight}
    plain["scaling"] = "standard" if config.features != "rbf" else config.scaling
    bare = Setup(setup.dataset, type(config)(**plain))
    found = _reference(Same(bare))
    at = setup.config.threshold
    rate = float(np.mean(found.ridge.y_train == 1))
    return replace(found, ridge=replace(found.ridge, threshold=rate if at == "base-rate" else float(at)))


@lru_cache(maxsize=KEPT)
def _reference(key: Same) -> Reference:
    setup = key.setup
    problem = problem_of(setup.dataset, setup.config, single=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of convergence, on separable data
        return _fitted(setup, problem)


def _fitted(setup: Setup, problem: Problem) -> Reference:
    train, test = standardized(np.asarray(problem.X_train), np.asarray(problem.X_test))
    bare = answers(setup, problem, np.zeros(len(train)), np.zeros(len(test)))
    y, weight = problem.y_train, bare.train_weight
    ways = [(train, test)]
    if (near := clipped(train, test)) is not None:
        ways.append(near)
    tried = [(_cross_validated(one, y, weight), one, other) for one, other in ways]
    ridges, train, test = min(tried, key=lambda found: found[0].lowest)

    def with_ridge(ridge: float) -> Answers:
        model = _model(train, y, ridge).fit(train, y, sample_weight=weight)
        seen, unseen = (_logits(model, part, problem.classes) for part in (train, test))
        return replace(bare, train=seen, test=unseen)

    best = with_ridge(ridges.best)
    lowest = min(_lowest(train, y, weight, problem.classes), best.train_loss)
    others = tuple(with_ridge(ridge).level.loss for ridge in ridges.as_likely)
    return Reference(lowest, _base_loss(y, weight), best, ridges.losses[ridges.best], others)


@dataclass(frozen=True)
class Ridges:
    """What each training row loses with each ridge while it is held out, (n,) each."""

    losses: dict[float, Floats]

    @cached_property
    def best(self) -> float:
        """That of the lowest mean loss."""
        return min(self.losses, key=lambda ridge: float(self.losses[ridge].mean()))

    @property
    def lowest(self) -> float:
        """Its mean loss."""
        return float(self.losses[self.best].mean())

    @property
    def as_likely(self) -> list[float]:
        """The others whose mean loss is within a standard error of it, row by row."""
        found = []
        for ridge, losses in self.losses.items():
            apart = losses - self.losses[self.best]
            if ridge != self.best and apart.mean() <= apart.std() / np.sqrt(len(apart)):
                found.append(ridge)
        return found


def standardized(train: Floats, test: Floats) -> tuple[Floats, Floats]:
    """By the training part; constant columns become 0."""
    mean, deviation = train.mean(axis=0), train.std(axis=0)
    moves = deviation > 1e-12 * (1 + np.abs(mean))
    scale = np.where(moves, deviation, 1.0)
    return (train - mean) / scale * moves, (test - mean) / scale * moves


def clipped(train: Floats, test: Floats) -> tuple[Floats, Floats] | None:
    """Both parts with far cells brought near, and standardized again; ``None`` where none is far."""
    low, middle, high = np.quantile(train, (0.25, 0.5, 0.75), axis=0)
    deviation = np.where(high > low, (high - low) / 1.349, inf)  # columns of one value mostly: left alone
    if not (np.abs(train - middle) > FAR * deviation).any():
        return None
    reach = CLIPPED * deviation
    return standardized(*(np.clip(part, middle - reach, middle + reach) for part in (train, test)))


def _model(X: Floats, y: Labels, ridge: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    size = X.shape[1] * (1 if y.max() < 2 else int(y.max()) + 1)
    solver, most = ("newton-cholesky", 100) if size <= MANY else ("lbfgs", 300)
    return LogisticRegression(C=1 / (ridge * len(X)), solver=solver, max_iter=most, tol=1e-5)


def _cross_validated(X: Floats, y: Labels, weight: Floats) -> Ridges:
    from sklearn.model_selection import KFold, StratifiedKFold

    rarest = int(np.bincount(y)[np.unique(y)].min())
    kinds = StratifiedKFold if rarest > 1 else KFold
    classes = 2 if y.max() < 2 else int(y.max()) + 1
    long = X.shape[1] * max(classes - 1, 1) > MANY
    folds = kinds(max(2, min(FEW_FOLDS if long else FOLDS, rarest)), shuffle=True, random_state=0)
    found: dict[float, Floats] = {}
    lowest = inf
    for ridge in FEW_RIDGES if long else RIDGES:
        losses = np.zeros(len(y))
        for kept, out in folds.split(X, y):
            model = _model(X[kept], y, ridge).fit(X[kept], y[kept], sample_weight=weight[kept])
            losses[out] = weight[out] * row_losses(_logits(model, X[out], classes), y[out])
        found[ridge], mean = losses, float(losses.mean())
        if mean > 1.05 * lowest + 0.005:
            break  # weaker ridges lose ever more
        lowest = min(lowest, mean)
    return Ridges(found)


def _logits(model: Any, X: Floats, classes: int) -> Floats:
    """(n,) of two classes, (n, K) of more; a class that the model does not know is all but impossible."""
    found = np.asarray(model.decision_function(X), np.float64)
    if classes == 2:
        return found
    if found.ndim == 1:
        found = np.column_stack([-found / 2, found / 2])
    whole = np.full((len(X), classes), -30.0)
    whole[:, model.classes_] = found
    return whole


def _lowest(X: Floats, y: Labels, weight: Floats, classes: int) -> float:
    """L_ref: without any ridge, on whitened features, so that no condition is bad."""
    from sklearn.linear_model import LogisticRegression

    left, size, _ = np.linalg.svd(X, full_matrices=False)
    white = left[:, size > 1e-9 * max(size.max(), 1e-300)] * np.sqrt(len(X))
    if white.shape[1] == 0:
        return inf
    many = white.shape[1] * (1 if classes == 2 else classes) > MANY
    model = (
        LogisticRegression(C=1e9, solver="lbfgs", max_iter=1_000)
        if many
        else LogisticRegression(C=inf, solver="newton-cholesky", tol=1e-8, max_iter=100)
    )
    model.fit(white, y, sample_weight=weight)
    return float((weight * row_losses(_logits(model, white, classes), y)).mean())


def _base_loss(y: Labels, weight: Floats) -> float:
    shares = np.bincount(y, weight) / weight.sum()
    return float(entr(shares).sum() * weight.mean())
