"""What can be known of a problem without the doctor: counts, and what gradient descent bears."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil, inf, log

import numpy as np
from scipy.special import entr

from lrtui.core.config import Config
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.problem import Problem
from tests.benchmarks.doctor.records import Setup


@dataclass(frozen=True)
class Facts:
    """Of a setup."""

    setup: Setup

    @cached_property
    def problem(self) -> Problem | None:
        """As the config makes it; ``None`` where it makes none."""
        dataset = self.setup.dataset
        if len(dataset.class_names) == 2 and not set(np.unique(dataset.y).tolist()) <= {0, 1}:
            dataset = replace(dataset, y=(dataset.y == dataset.y.max()).astype(np.int8))  # as 0 and 1
        try:
            return problem_of(dataset, self.setup.config, single=False)
        except DatasetError:
            return None

    @property
    def names(self) -> tuple[str, ...]:
        """Words of the data that may look like numbers."""
        return (*self.setup.dataset.class_names, *self.setup.dataset.feature_names)

    @cached_property
    def numbers(self) -> tuple[float, ...]:
        """Counts of rows, columns, classes and updates, and the learning rates that are stable or safe."""
        dataset, config, problem = self.setup.dataset, self.setup.config, self.problem
        counted = [dataset.n, dataset.p, len(dataset.class_names)]
        if problem is None:
            return tuple(map(float, counted))
        rows = len(problem.y_train)
        a_pass = ceil(rows / config.batch_size) if 0 < config.batch_size < rows else 1
        classes = np.bincount(problem.y_train, minlength=problem.classes)
        columns = problem.X_train.shape[1]
        counted += [rows, len(problem.y_test), columns, columns + 1, a_pass, a_pass * config.epochs]
        shares = [log(max(problem.classes, 2)), *(classes / rows), *classes, *np.bincount(problem.y_test)]
        shares.append(config.lr * config.weight_decay)  # what an update takes off the weights
        shares.append(float(entr(classes / rows).sum()))  # H, of always answering the base rates
        return (*map(float, counted), *map(float, shares), *self._rates(problem, config))

    @cached_property
    def diverged_at(self) -> float:
        """The epoch in which training diverges; infinite where it does not."""
        trainer = Trainer(problem_of(self.setup.dataset, self.setup.config), self.setup.config)
        trainer.advance()
        return inf if trainer.diverged_at is None else float(trainer.diverged_at)

    def stable_below(self, config: Config) -> float | None:
        """2 / (L + weight decay) for full batches of plain gradient descent; ``None`` for anything else."""
        try:
            problem = problem_of(self.setup.dataset, config, single=False)
        except DatasetError:
            return None
        whole = config.batch_size == 0 or config.batch_size >= len(problem.y_train)
        if config.optimizer != "sgd" or not whole:
            return None
        full, _ = _smoothness(problem, config)
        return 2 / (full + config.weight_decay)

    @staticmethod
    def _rates(problem: Problem, config: Config) -> tuple[float, ...]:
        """Stable below, and safe in batches (Gower et al. 2019); and the rate as momentum adds it up."""
        full, row = _smoothness(problem, config)
        n, b = len(problem.y_train), config.batch_size
        some = 0 < b < n
        expected = (n * (b - 1) * full + (n - b) * row) / (b * (n - 1)) if some else full
        decay = config.weight_decay
        stable, safe = 2 / (full + decay), 0.5 / (expected + decay)
        return stable, stable / 2, safe, config.lr / max(1 - config.momentum, 1e-12)


def _smoothness(problem: Problem, config: Config) -> tuple[float, float]:
    """L of the mean loss and L_max of the worst row, with the config's class weights."""
    X = np.asarray(problem.design_train, np.float64)
    bound = 4 if problem.classes == 2 else 2
    weight = np.ones(len(X))
    if config.class_weight == "balanced":
        counts = np.bincount(problem.y_train, minlength=problem.classes)
        weight = (len(X) / ((counts > 0).sum() * np.maximum(counts, 1)))[problem.y_train]
    size = np.linalg.svd(X * np.sqrt(weight)[:, None], compute_uv=False)[0] ** 2
    row = float((weight * (X**2).sum(axis=1)).max())
    return max(float(size) / (bound * len(X)), 1e-300), row / bound
