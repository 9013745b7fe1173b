"""What a setup comes to, trained as its config says and measured without any of the doctor's code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf, isfinite
from typing import Any

import numpy as np
from scipy.special import expit, logsumexp

from lrtui.core.training.model import shaped
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.doctor.records import Level, Same, Setup

ALL_BUT = 0.98  # of the test rows with one label
RARE = 0.1  # a label given to less than a tenth as many rows as have it is hardly given at all
KEPT = 16  # outcomes, about those of a case
Floats = np.ndarray[Any, np.dtype[np.float64]]
Labels = np.ndarray[Any, np.dtype[np.int8]]


@dataclass(frozen=True)
class Answers:
    """Logits (n,), or (n, K) of more than two classes, on both parts, beside the labels.

    Attributes:
        train_weight, test_weight: of each row in the loss, as the config's class weights have it.
        threshold: from which p(y = 1) on a row is called 1; of more than two classes the likeliest is said.
    """

    train: Floats
    test: Floats
    y_train: Labels
    y_test: Labels
    train_weight: Floats
    test_weight: Floats
    threshold: float

    @cached_property
    def train_loss(self) -> float:
        """Mean log-loss in nats; infinite where it is no number."""
        return mean_loss(self.train, self.y_train, self.train_weight)

    @cached_property
    def level(self) -> Level:
        """Loss and balanced accuracy on the test part."""
        loss = mean_loss(self.test, self.y_test, self.test_weight)
        return Level(loss, balanced_accuracy(self.said, self.y_test))

    @property
    def said(self) -> np.ndarray[Any, Any]:
        """The label of each test row."""
        return labels(self.test, self.threshold)

    @cached_property
    def single_label(self) -> bool:
        """Whether nearly all test rows get one label, though clearly more have another."""
        said, classes = self.said, 2 if self.test.ndim == 1 else self.test.shape[1]
        counts = np.bincount(said, minlength=classes)
        others, have = len(said) - int(counts.max()), int((self.y_test != counts.argmax()).sum())
        hardly = have > 0 and others < max(1, RARE * have)
        return hardly or (others <= (1 - ALL_BUT) * len(said) and 2 * others <= have)

    @cached_property
    def auc(self) -> float:
        """Area under the ROC curve of two classes; of more, the mean of each against the rest."""
        return auc(self.test, self.y_test)


def run(setup: Setup) -> Answers:
    """Train the config on the dataset, to its end; gate and goals ask for the same runs again."""
    return _run(Same(setup))


@lru_cache(maxsize=KEPT)
def _run(key: Same) -> Answers:
    setup = key.setup
    problem = problem_of(setup.dataset, setup.config)
    trainer = Trainer(problem, setup.config)
    trainer.advance()
    theta = shaped(np.asarray(trainer.theta, np.float64), problem.classes)
    with np.errstate(all="ignore"):
        designs = problem.design_train, problem.design_test
        parts = [np.asarray(design, np.float64) @ theta.T for design in designs]
    return answers(setup, problem, *parts)


def answers(setup: Setup, problem: Problem, train: Floats, test: Floats) -> Answers:
    """Logits on both parts of a problem, with the weights and the threshold of the setup's config."""
    weights = row_weights(problem.y_train, problem.y_test, setup.config.class_weight, problem.classes)
    return Answers(train, test, problem.y_train, problem.y_test, *weights, threshold(setup, problem))


def row_weights(train: Labels, test: Labels, how: str, classes: int) -> tuple[Floats, Floats]:
    """1 each, or scikit-learn's ``balanced``: ``n / (K·n_c)``, by the counts of the training part."""
    if how == "none":
        return np.ones(len(train)), np.ones(len(test))
    counts = np.bincount(train, minlength=classes)
    each = len(train) / ((counts > 0).sum() * np.maximum(counts, 1))
    return each[train], each[test]


def threshold(setup: Setup, problem: Problem) -> float:
    """The config's threshold as a number."""
    given = setup.config.threshold
    return float(np.mean(problem.y_train == 1)) if given == "base-rate" else float(given)


def row_losses(z: Floats, y: Labels) -> Floats:
    """The log-loss of each row (n,) from logits, in float64."""
    with np.errstate(all="ignore"):
        if z.ndim == 1:
            return np.asarray(np.logaddexp(0.0, np.where(y == 1, -z, z)))
        return np.asarray(logsumexp(z, axis=1) - z[np.arange(len(y)), y])


def mean_loss(z: Floats, y: Labels, weight: Floats) -> float:
    """The weighted mean; infinite where it is no number."""
    found = float((weight * row_losses(z, y)).mean())
    return found if isfinite(found) else inf


def labels(z: Floats, at: float) -> np.ndarray[Any, Any]:
    """The label of each row."""
    found = (expit(z) >= at).astype(np.int64) if z.ndim == 1 else np.nan_to_num(z).argmax(axis=1)
    return np.asarray(found)


def balanced_accuracy(said: np.ndarray[Any, Any], y: Labels) -> float:
    """The mean over the classes at hand of the share of their rows that is found."""
    return float(np.mean([(said == label)[y == label].mean() for label in np.unique(y)]))


def auc(z: Floats, y: Labels) -> float:
    """scikit-learn's; 0.5 where it is not defined."""
    from sklearn.metrics import roc_auc_score

    if not np.isfinite(z).all() or len(np.unique(y)) < 2:
        return 0.5
    if z.ndim == 1:
        return float(roc_auc_score(y, z))
    scores = z - logsumexp(z, axis=1, keepdims=True)
    return float(np.mean([roc_auc_score(y == k, scores[:, k]) for k in np.unique(y)]))
