"""What a row weighs in the loss: its class's weight times its own. No torch in here."""

from __future__ import annotations

import numpy as np

from lrtui.core.config import Config
from lrtui.datasets.dataset import Floats, Problem


def class_weights(config: Config, rows: float, positive: float) -> tuple[float, float] | None:
    """The weights of class 0 and 1: ``n / (2·n_c)`` for ``balanced``, as in scikit-learn; else ``None``.

    ``rows`` and ``positive`` are counted on the training part. Where it holds one class, both weigh 1.
    """
    if config.class_weight == "none":
        return None
    if positive in (0, rows):
        return 1.0, 1.0
    return rows / (2 * (rows - positive)), rows / (2 * positive)


def weights_by_class(problem: Problem, config: Config) -> tuple[float, ...] | None:
    """The weight of each class: ``n / (K·n_c)`` for ``balanced``, else ``None``.

    K is of classes that the training part holds; another weighs 1. Rows are counted, whatever they weigh.
    """
    y = problem.y_train
    if config.class_weight == "none":
        return None
    if problem.classes <= 2:
        return class_weights(config, len(y), int(y.sum()))
    counts = class_counts(y, problem.classes)
    present = int((counts > 0).sum())
    return tuple(len(y) / (present * count) if count else 1.0 for count in counts.tolist())


def weights_of(problem: Problem, config: Config) -> tuple[Floats | None, Floats | None]:
    """The weights of the rows of training and test part, (n,) each; ``None`` where all weigh 1."""
    by_class = weights_by_class(problem, config)
    found: list[Floats | None] = []
    pairs = ((problem.y_train, problem.weights_train), (problem.y_test, problem.weights_test))
    for y, given in pairs:
        weights = given
        if by_class is not None:
            table = np.array(by_class)[y if problem.classes > 2 else (y == 1).astype(np.int8)]
            weights = table if given is None else given * table
        found.append(weights)
    return found[0], found[1]


def class_counts(y: np.ndarray, classes: int) -> np.ndarray:
    """How many rows (K,) each class has."""
    return np.bincount(y, minlength=classes)
