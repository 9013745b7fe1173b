"""A problem with its class weights, and what can be known of it without training: each once, when asked."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor.quantities.conditioning import Conditioning, conditioning
from lrtui.core.doctor.quantities.diversity import Diversity, diversity
from lrtui.core.doctor.quantities.separability import separable
from lrtui.core.doctor.reference import Reference, reference
from lrtui.core.doctor.view import Floats, View, views
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.smoothness import smoothness
from lrtui.datasets.dataset import Problem

NUMBERS = 1_000_000  # of a training part, beyond which rows are sampled for what is not training


class Ground:
    """What the doctor knows of a problem, whatever the steps that are taken on it.

    Attributes:
        problem: all of it; trials train on this.
        train, test: in float64; the training rows are a sample where there are too many.
        sampled: how many training rows were taken, or ``None`` for all.
    """

    def __init__(self, problem: Problem, config: Config) -> None:
        self.problem = problem
        self.config = config
        rows, columns = problem.design_train.shape
        most = max(2_000, NUMBERS // columns)
        self.sampled = most if rows > most else None
        self.train, self.test = views(problem, config, most=most)

    @cached_property
    def reference(self) -> Reference:
        """The best that a linear model can do here."""
        return reference(self.train)

    @cached_property
    def smoothness(self) -> Smoothness:
        """The constants behind a safe learning rate, of all rows."""
        return smoothness(self.problem, self.config)

    @cached_property
    def conditioning(self) -> Conditioning:
        """How differently the features are scaled, and how far from zero they lie."""
        return conditioning(self.train)

    @cached_property
    def diversity(self) -> Diversity:
        """How many different rows and columns there are."""
        return diversity(self.train)

    @cached_property
    def separable(self) -> bool:
        """Whether a hyperplane parts the classes of the training part."""
        return separable(self.train)

    def start_loss(self, start: Floats) -> float:
        """The training loss of first weights."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.train.loss(start)


def base_rate(view: View) -> float:
    """Share of the positive class."""
    return float(view.y.mean())
