"""A problem with its class weights, and what can be known of it without training: each once, when asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from lrtui.core.config import Config
from lrtui.core.doctor.quantities.dependence import dependence
from lrtui.core.doctor.quantities.products import missing_product
from lrtui.core.doctor.quantities.signal import Signal, linear_auc, lowest, signal
from lrtui.core.doctor.quantities.truth_tables import truth_table
from lrtui.core.doctor.reference import Reference
from lrtui.core.doctor.view import View, views
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.stable_rate import Smoothness
from lrtui.datasets.preparing.problem import Problem

NUMBERS = 1_000_000  # of a training part, beyond which rows are sampled for what is not training
ALPHA = 0.01  # p from which on labels are said to depend on nothing
RARELY = 0.001  # the same of the best of many products

Quantity = TypeVar("Quantity")


class ProblemAnalysis:
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
        self._measured: dict[Callable[[View], Any], Any] = {}

    @cached_property
    def reference(self) -> Reference:
        """The best that a linear model can do here."""
        return Reference(self.train)

    @cached_property
    def smoothness(self) -> Smoothness:
        """The constants behind a safe learning rate, of all rows."""
        return smoothness(self.problem, self.config)

    @cached_property
    def linear_p(self) -> float:
        """How likely labels that depend on nothing fit a linear model so well, of both parts' rows."""
        return dependence(self.train, self.test)

    @cached_property
    def unlearnable(self) -> Signal | None:
        """How it was seen that nothing, by any model here, shows that the labels depend on the features.

        ``None`` where anything does: test rows ranked beyond chance, a likelihood ratio, a product of
        columns, labels that are a function of a whole table's rows, or a flexible model.
        """
        if linear_auc(self.train)[1] > 0.5 or lowest(self.test, self.reference.theta) > 0.5:
            return None
        if self.linear_p < ALPHA or self.measured(missing_product).p <= RARELY:
            return None
        if self.measured(truth_table):
            return None
        found = self.measured(signal)
        return None if found.shown else found

    def measured(self, quantity: Callable[[View], Quantity]) -> Quantity:
        """What a function measures of the training part; it is called once."""
        if quantity not in self._measured:
            self._measured[quantity] = quantity(self.train)
        found: Quantity = self._measured[quantity]
        return found


def same_test_rows(one: ProblemAnalysis, other: ProblemAnalysis) -> tuple[View, View]:
    """The test part of one dataset as two sets of features see it, row by row the same.

    Of many rows an analysis keeps a sample, and of wider features a smaller one.
    """
    if one.test.rows == other.test.rows:
        return one.test, other.test
    most = min(one.test.rows, other.test.rows)
    first, second = (views(seen.problem, seen.config, most=most)[1] for seen in (one, other))
    return first, second
