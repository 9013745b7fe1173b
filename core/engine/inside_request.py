"""A run as a view looks at it: its weights at an epoch, what they were measured to lose, and its data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lrtui.core.config import Config
from lrtui.core.errors import EngineError
from lrtui.core.store import Run, Store
from lrtui.core.store.messages import LookInside
from lrtui.core.store.run_rows import measurement_of
from lrtui.core.training.problem import problem_of
from lrtui.datasets.array_types import Floats
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress

if TYPE_CHECKING:
    from lrtui.core.inside.trained import Trained


@dataclass
class InsideRequest:
    """What is needed to look into a run.

    Attributes:
        names: of the features that the weights belong to, and of the classes; empty where nobody kept them.
        test_loss: as it was measured with these weights; ``None`` where the data is surely the same.
        problem, dataset: where they are at hand; else they are loaded when they are needed.
    """

    run: Run
    config: Config
    theta: Floats
    epoch: int
    names: tuple[list[str], list[str]] = ([], [])
    test_loss: float | None = None
    problem: Problem | None = None
    dataset: Dataset | None = None

    def load(self, watch: Progress = NOBODY) -> Dataset:
        """The dataset as it was read.

        Raises:
            DatasetError: it is not to be had. Cancelled: the watcher says so.
        """
        if self.dataset is None:
            self.dataset = load(self.run.source, watch)
        return self.dataset

    def trained(self, watch: Progress = NOBODY) -> Trained:
        """The model with its data, which is checked to be what the run was trained on.

        Raises:
            LrtuiError: the data is not to be had, or another. Cancelled: the watcher says so.
        """
        from lrtui.core.inside.looking import check_same_data  # scipy and polars: an engine trains before
        from lrtui.core.inside.trained import Trained

        if self.problem is None:
            self.problem = problem_of(self.load(watch), self.config, watch=watch)
        problem = self.problem
        features, classes = self.names
        if (features and features != list(problem.feature_names)) or (
            classes and classes != list(problem.class_names)
        ):
            raise EngineError(
                f"The columns or classes of run {self.run.id} are not those of its data now.",
                "Bring the data back as it was, or train anew.",
            )
        found = Trained(problem, self.config, self.theta, self.epoch, lambda: self.load(watch), watch.go_on)
        if self.test_loss is not None:
            check_same_data(found, self.test_loss)
        return found


def stored_request(store: Store, asked: LookInside) -> InsideRequest:
    """A run as the store has it: the snapshot nearest to an epoch, or that by which it is judged.

    Raises:
        StoreError: there is no such run. EngineError: it is a script, or has no such weights.
    """
    run = store.runs.get(asked.run)
    if run.watched:
        raise EngineError(
            f"Run {run.id} is a script, which keeps its model to itself.",
            "Only runs of lrtui can be looked into: take its data to the form, and train there.",
        )
    history = store.history
    found = history.shown_snapshot(run) if asked.epoch is None else history.nearest(run.id, asked.epoch)
    if found is None:
        when = "" if asked.epoch is None else f" of epoch {asked.epoch:,}"
        raise EngineError(f"Run {run.id} has no weights{when} to look at.", "Train it first.")
    names = store.features.get(run.id), [] if run.problem is None else list(run.problem.class_names)
    theta = np.array([*found.weights, found.bias], dtype=np.float64)
    loss = measurement_of(found.measurement).test_loss
    return InsideRequest(run, run.config, theta, found.epoch, names, loss)
