"""A problem: a dataset made ready for training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from lrtui.datasets.array_types import Design, Floats, Indices, Labels
from lrtui.datasets.dataset import Dataset, base_rate
from lrtui.datasets.preparing.features import Features, PrepareOptions
from lrtui.datasets.preparing.preparation import Preparation, preparation_of
from lrtui.datasets.source import Source


class Part(NamedTuple):
    """The rows of one part: their design matrix, labels, numbers and weights."""

    design: Design
    y: Labels
    rows: Indices
    weights: Floats | None


@dataclass(frozen=True)
class Problem:
    """A dataset made ready: split, scaled and expanded with what the training part alone taught.

    A design matrix is X̃ = [X, 1]: the features as the model sees them and a column of ones for the bias,
    (n, p + 1). It is made once, and trained on where it lies. Row weights (n,) have mean 1 on the training
    part; ``None`` where every row weighs the same. ``validation`` are rows kept apart from both parts;
    ``preparation`` takes other rows in the same way. Of ``labelled`` rows all parts were taken.
    """

    source: Source
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    design_train: Design
    y_train: Labels
    design_test: Design
    y_test: Labels
    features: Features
    train_rows: Indices
    test_rows: Indices
    weights_train: Floats | None = None
    weights_test: Floats | None = None
    validation: Part | None = None
    preparation: Preparation | None = None
    labelled: int = 0

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def rows(self) -> int:
        """Rows of all parts together."""
        apart = 0 if self.validation is None else len(self.validation.y)
        return len(self.y_train) + len(self.y_test) + apart

    @property
    def base_rate(self) -> float:
        """Share of the positive class in the training part; of more than two, of the commonest."""
        return base_rate(self.y_train, self.classes)

    @property
    def X_train(self) -> Design:
        """The features of the training part (n, p), a view."""
        return self.design_train[:, :-1]

    @property
    def X_test(self) -> Design:
        """The features of the test part (n, p), a view."""
        return self.design_test[:, :-1]


def problem_of(
    dataset: Dataset,
    asked: PrepareOptions,
    learned: Features,
    train: Part,
    test: Part,
    validation: Part | None = None,
) -> Problem:
    """The problem whose parts were made of a dataset by what was learned from the first."""
    return Problem(
        dataset.source,
        learned.names,
        dataset.class_names,
        train.design,
        train.y,
        test.design,
        test.y,
        learned,
        train.rows,
        test.rows,
        train.weights,
        test.weights,
        validation,
        preparation_of(dataset, asked, learned, train.rows),
        dataset.n,
    )
