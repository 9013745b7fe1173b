"""A problem whose training rows come sorted by label: lrtui's own split shuffles, so it is made by hand."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.pipeline import Pipeline
from lrtui.core.doctor.trials import TrialRunner
from lrtui.core.training.problem import problem_of
from lrtui.datasets.preparing.problem import Problem
from tests.core.doctor.cases import dataset


class Sorted(TrialRunner):
    """A laboratory in which the training rows lie in the order of their labels."""

    def problem(self, config: Config) -> Problem:
        """The problem, its training rows in order."""
        assert self.dataset is not None
        found = problem_of(self.dataset, config)
        order = np.argsort(found.y_train, kind="stable")
        return replace(
            found,
            design_train=np.ascontiguousarray(found.design_train[order]),
            y_train=found.y_train[order],
            train_rows=found.train_rows[order],
        )


def examine_sorted(*, shuffle: bool) -> Diagnosis:
    """A run on sorted rows with steps so long that the last batches decide."""
    data = dataset("two-gaussians:n=400")
    config = changed(Config(), shuffle=shuffle, lr=2.0, batch_size=8, epochs=50)
    return Pipeline(Sorted(data, inf, lambda: True), config, 2.0).diagnose(None)
