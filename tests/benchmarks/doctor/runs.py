"""What a setup comes to: trained as its config says, or solved by scikit-learn."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import lru_cache
from math import inf, isfinite
from typing import Any

import numpy as np

from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Problem
from tests.benchmarks.doctor.records import Level, Same, Setup

WEAK = 1e-4  # L2 a row on standardized features: so that an optimum exists on separable data
ONE_LABEL = 0.98
KEPT = 16  # outcomes, about those of a case
Floats = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Outcome:
    """Of a model: its level on the test part, training loss, share of the commoner prediction, and AUC."""

    level: Level
    train_loss: float
    majority_share: float
    auc: float

    @property
    def single_label(self) -> bool:
        """Whether the test rows get one label, but for 2 % at most."""
        return self.majority_share >= ONE_LABEL


def run(setup: Setup) -> Outcome:
    """Train the config on the dataset, to its end; gate and goals ask for the same runs again."""
    return _run(Same(setup))


def optimum(setup: Setup) -> Outcome:
    """scikit-learn's LogisticRegression on the setup's features, standardized, at the setup's threshold."""
    return _optimum(Same(setup))


@lru_cache(maxsize=KEPT)
def _run(key: Same) -> Outcome:
    setup = key.setup
    problem = problem_of(setup.dataset, setup.config)
    trainer = Trainer(problem, setup.config)
    trainer.advance()
    snapshot = trainer.snapshot()
    theta = np.array([*snapshot.weights, snapshot.bias], np.float64)
    return outcome(problem, theta, threshold(setup, problem))


@lru_cache(maxsize=KEPT)
def _optimum(key: Same) -> Outcome:
    setup = key.setup
    problem = problem_of(setup.dataset, setup.config, single=False)
    return outcome(problem, solve(problem), threshold(setup, problem))


def solve(problem: Problem, weak: float = WEAK) -> Floats:
    """Weights θ (p + 1,) of the best linear model for the problem's features, bias last."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    X = np.asarray(problem.X_train, np.float64)
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    deviation = np.where(deviation > 1e-12 * (1 + np.abs(mean)), deviation, 1.0)
    model = LogisticRegression(C=1 / (weak * len(X)), max_iter=2_000, tol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # separable data under a weak L2
        model.fit((X - mean) / deviation, problem.y_train)
    weights = model.coef_[0] / deviation
    return np.append(weights, model.intercept_[0] - weights @ mean)


def threshold(setup: Setup, problem: Problem) -> float:
    """The config's threshold as a number."""
    given = setup.config.threshold
    return float(problem.y_train.mean()) if given == "base-rate" else float(given)


def outcome(problem: Problem, theta: Floats, at: float) -> Outcome:
    """Measured in float64 and without class weights, so that all configs are told on one scale."""
    from sklearn.metrics import roc_auc_score

    with np.errstate(all="ignore"):
        train, test = (
            np.asarray(design, np.float64) @ theta for design in (problem.design_train, problem.design_test)
        )
        losses = [_loss(z, y) for z, y in ((train, problem.y_train), (test, problem.y_test))]
        said = 1 / (1 + np.exp(-test)) >= at
    y = problem.y_test
    recalls = [float((said == bool(label))[y == label].mean()) for label in (0, 1) if (y == label).any()]
    share = float(said.mean())
    sound = np.isfinite(test).all() and len(recalls) == 2
    auc = float(roc_auc_score(y, test)) if sound else 0.5
    return Outcome(Level(losses[1], float(np.mean(recalls))), losses[0], max(share, 1 - share), auc)


def _loss(z: Floats, y: np.ndarray[Any, np.dtype[np.int8]]) -> float:
    found = float(np.logaddexp(0.0, np.where(y == 1, -z, z)).mean())
    return found if isfinite(found) else inf


def base_loss(setup: Setup) -> float:
    """H: the training loss of always answering the base rate."""
    rate = float(problem_of(setup.dataset, setup.config).y_train.mean())
    return 0.0 if rate in (0.0, 1.0) else float(-(rate * np.log(rate) + (1 - rate) * np.log(1 - rate)))
