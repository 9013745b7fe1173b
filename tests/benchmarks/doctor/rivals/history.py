"""What the rivals see of a run: losses, accuracies, weights, gradients and logits after every epoch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from tests.benchmarks.doctor.records import Same, Setup

Symptoms = tuple[tuple[str, ...], ...]
Array = np.ndarray[Any, np.dtype[np.float64]]
MOST_EPOCHS = 1_000


@dataclass(frozen=True)
class Epoch:
    """After one epoch. ``weights``, ``gradient``: of the features (p,); ``logits``: of the rows (n,)."""

    train_loss: float
    test_loss: float
    train_accuracy: float
    test_accuracy: float
    weights: Array
    gradient: Array
    bias: float
    logits: Array


@dataclass(frozen=True)
class History:
    """A run: its config, the features as the model sees them, the labels, and its epochs."""

    config: Config
    X: Array
    y: Array
    epochs: tuple[Epoch, ...]


def record(setup: Setup) -> History:
    """Train, and look at every epoch; the last run is kept, since all rivals ask for the same."""
    return _record(Same(setup))


@lru_cache(maxsize=1)
def _record(key: Same) -> History:
    setup = key.setup
    problem = problem_of(setup.dataset, setup.config)
    config = changed(setup.config, epochs=min(setup.config.epochs, MOST_EPOCHS))
    trainer = Trainer(problem, config)
    X = np.asarray(problem.design_train, np.float64)
    y = problem.y_train.astype(np.float64)
    epochs = []
    while not trainer.finished:
        trainer.advance(epochs=1)
        snapshot = trainer.snapshot()
        theta = np.array([*snapshot.weights, snapshot.bias])
        epochs.append(_epoch(snapshot.measurement, X, y, theta))
    return History(config, X[:, :-1], y, tuple(epochs))


def _epoch(measured: Any, X: Array, y: Array, theta: Array) -> Epoch:
    with np.errstate(all="ignore"):
        logits = X @ theta
        gradient = X.T @ (1 / (1 + np.exp(-logits)) - y) / len(y)
    return Epoch(
        measured.train_loss,
        measured.test_loss,
        measured.train_accuracy,
        measured.test_accuracy,
        theta[:-1],
        gradient[:-1],
        float(theta[-1]),
        logits,
    )
