"""Models to look inside, trained as runs are."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.inside.trained import Trained
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source

TO_THE_END = {"optimizer": "newton", "epochs": 30}


def table(
    X: Floats,
    y: Any,
    classes: tuple[str, ...] = ("no", "yes"),
    columns: tuple[Column, ...] = (),
    **more: Any,
) -> Dataset:
    """A dataset of these numbers."""
    names = tuple(column.name for column in columns) or tuple(f"x{i}" for i in range(1, X.shape[1] + 1))
    labels = np.asarray(y, dtype=np.int8)
    return Dataset(
        Source("moons"),
        np.asarray(X, float),
        labels,
        names,
        classes,
        columns=columns,
        plain_split=True,
        **more,
    )


def noisy(rows: int = 300, classes: int = 2, columns: int = 3, seed: int = 0) -> Dataset:
    """Columns of different scales and classes that overlap."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns)) * 10.0 ** np.arange(columns) + 5
    Z = (X - 5) / 10.0 ** np.arange(columns)
    scores = Z @ random.normal(size=(columns, classes)) + random.gumbel(size=(rows, classes))
    y = scores.argmax(axis=1)
    y[:classes] = np.arange(classes)
    return table(X, y, tuple(f"c{i}" for i in range(classes)) if classes > 2 else ("no", "yes"))


def trained(dataset: Dataset, **config: Any) -> Trained:
    """A run of the dataset to its end, looked at."""
    asked = changed(Config(), **{**TO_THE_END, **config})
    problem = problem_of(dataset, asked)
    trainer = Trainer(problem, asked)
    trainer.advance()
    theta = np.array(trainer.theta)
    return Trained(problem, trainer.config, theta, trainer.epoch, lambda: dataset)
