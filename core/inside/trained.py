"""A trained model with its data, as a view looks at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor.likelihood import Bernoulli, Categorical, Likelihood
from lrtui.core.inside.record import Asked, Choice, Seen
from lrtui.core.training.measurement import threshold_of
from lrtui.core.training.weighting import weights_of
from lrtui.datasets.array_types import Design, Floats, Indices, Labels
from lrtui.datasets.classes import is_binary
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import LrtuiError
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import Cancelled
from lrtui.datasets.storage.mapped import Reader
from lrtui.datasets.tables.missing import blocks
from lrtui.datasets.text import listed, quote


class InsideError(LrtuiError):
    """What was asked to be looked at is not there."""

    title = "Inside"


@dataclass
class Trained:
    """A model at an epoch.

    Attributes:
        theta: the weights, row after row as they are kept; ``weights`` has them in their shape.
        load: the dataset as it was read, which may take long.
        go_on: whether somebody still waits. tell: hears of what is there before all is.
        kept: what views found of the problem, whatever the weights. busy: something trains beside.
    """

    problem: Problem
    config: Config
    theta: Floats
    epoch: int
    load: Callable[[], Dataset] = field(repr=False)
    go_on: Callable[[], bool] = lambda: True
    tell: Callable[[Seen], None] = lambda _: None
    kept: dict[object, object] = field(default_factory=dict, repr=False)
    busy: bool = False

    def __post_init__(self) -> None:
        """Refuse weights that say nothing.

        Raises:
            InsideError: they are not finite, or belong to other data.
        """
        weights = self.problem.design_train.shape[1] * (1 if self.binary else self.problem.classes)
        if len(self.theta) != weights:
            raise InsideError(
                f"The run has {len(self.theta):,} weights, and its data takes {weights:,}: it has changed.",
                "Bring the data back as it was, or train anew.",
            )
        if not np.isfinite(self.theta).all():
            raise InsideError(
                f"The weights are not finite after epoch {self.epoch:,}: the run diverged.",
                "Train with a smaller learning rate, or with scaled features.",
            )

    @property
    def binary(self) -> bool:
        """Whether there are two classes."""
        return is_binary(self.problem.classes)

    @cached_property
    def weights(self) -> Floats:
        """θ (p + 1,), or (K, p + 1) of more than two classes; the bias last."""
        return self.theta if self.binary else self.theta.reshape(self.problem.classes, -1)

    @property
    def likelihood(self) -> Likelihood:
        """Of so many classes."""
        return Bernoulli() if self.binary else Categorical(self.problem.classes)

    @cached_property
    def row_weights(self) -> tuple[Floats | None, Floats | None]:
        """What the rows of training and test part weigh in the loss; ``None`` where all weigh 1."""
        return weights_of(self.problem, self.config)

    def check(self) -> None:
        """Stop where nobody waits any more.

        Raises:
            Cancelled: nobody does.
        """
        if not self.go_on():
            raise Cancelled

    def pieces(self, design: Design, width: int = 0) -> Iterator[tuple[slice, Floats]]:
        """The rows of a design matrix in float64, by the block; those on disk are let go of.

        ``width`` numbers a row are made of each, where that is more than it has.
        """
        reader = Reader(design)
        for block in blocks(len(design), max(width, design.shape[1])):
            self.check()
            yield block, design[block].astype(np.float64)
            reader.done(block.start, block.stop)

    def logits(self, design: Design) -> Floats:
        """Those of all rows (n,), or (n, K)."""
        found = np.empty((len(design), *self.weights.shape[:-1]))
        for block, X in self.pieces(design):
            found[block] = X @ self.weights.T
        return found

    @cached_property
    def test_logits(self) -> Floats:
        """Those of the test part (n,), or (n, K)."""
        return self.logits(self.problem.design_test)

    @cached_property
    def test_probabilities(self) -> Floats:
        """p(y = 1) of the test part (n,), or of each class (n, K)."""
        found = self.likelihood.probabilities(self.test_logits)
        return found[:, 0] if self.binary else found

    @cached_property
    def test_losses(self) -> Floats:
        """The loss of each test row (n,), whatever it weighs."""
        return self.likelihood.losses(self.test_logits, self.problem.y_test.astype(np.float64))

    def threshold(self, asked: Asked) -> float:
        """From which p(y = 1) on a row is predicted 1."""
        config = self.config
        if asked.threshold is not None:
            config = config.model_copy(update={"threshold": asked.threshold})
        return threshold_of(config, self.problem.base_rate)

    def predictions(self, asked: Asked) -> Labels:
        """The class that each test row is predicted to be of (n,)."""
        found = self.test_probabilities
        labels = found >= self.threshold(asked) if self.binary else found.argmax(axis=1)
        return np.asarray(labels, dtype=np.int8)

    def one_class(self, asked: Asked) -> int:
        """The class that is told against the rest: of two the second.

        Raises:
            InsideError: there is none of this name.
        """
        names = self.problem.class_names
        if asked.class_ is None:
            return 1 if self.binary else 0
        found = chosen(asked.class_, names, "class")
        if self.binary and found != 1:
            raise InsideError(
                f"Of two classes {quote(names[1])} is told; of {quote(names[0])} it is the other way.",
                "Leave the class out.",
            )
        return found

    def against_rest(self, asked: Asked) -> tuple[Floats, Labels, str]:
        """p of one class for each test row (n,), which rows are of it (n,), and its name."""
        number, p = self.one_class(asked), self.test_probabilities
        own = np.asarray(self.problem.y_test == number, dtype=np.int8)
        return (p if self.binary else p[:, number]), own, self.problem.class_names[number]

    def class_choices(self, asked: Asked) -> tuple[Choice, ...]:
        """What keys step through: nothing of two classes."""
        return () if self.binary else (Choice("class", self.one_class(asked), self.problem.classes),)


def chosen(what: int | str, names: tuple[str, ...], called: str) -> int:
    """The number of what was asked for by number or by name.

    Raises:
        InsideError: there is no such thing.
    """
    if isinstance(what, int) and 0 <= what < len(names):
        return what
    if isinstance(what, str) and what in names:
        return names.index(what)
    raise InsideError(
        f"There is no {called} called {quote(str(what))}.", f"There are {listed(list(names))}."
    )


def evenly(rows: Indices, most: int) -> Indices:
    """At most so many of some rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
