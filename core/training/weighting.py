"""What a row weighs in the loss: its class's weight times its own. No torch in here."""

from __future__ import annotations

import numpy as np

from lrtui.core.config import Config
from lrtui.datasets.array_types import Floats
from lrtui.datasets.preparing.problem import Problem


def weights_by_class(problem: Problem, config: Config) -> tuple[float, ...] | None:
    """The weight of each class: ``n / (K·n_c)`` for ``balanced``, as in scikit-learn, else ``None``.

    K is of classes that the training part holds; another weighs 1. Rows are counted, whatever they weigh.
    """
    if config.class_weight == "none":
        return None
    counts = problem.train_counts
    rows, present = int(counts.sum()), int((counts > 0).sum())
    return tuple(rows / (present * count) if count else 1.0 for count in counts.tolist())


def weights_of(problem: Problem, config: Config) -> tuple[Floats | None, Floats | None]:
    """The weights of the rows of training and test part, (n,) each; ``None`` where all weigh 1."""
    by_class = weights_by_class(problem, config)
    found: list[Floats | None] = []
    pairs = ((problem.y_train, problem.weights_train), (problem.y_test, problem.weights_test))
    for y, given in pairs:
        weights = given
        if by_class is not None:
            table = np.array(by_class)[y]
            weights = table if given is None else given * table
        found.append(weights)
    return found[0], found[1]
