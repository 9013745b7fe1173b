"""A problem: a dataset made ready for training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lrtui.datasets.array_types import Design, Floats, Indices, Labels
from lrtui.datasets.classes import is_binary
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.features import Features, PrepareOptions
from lrtui.datasets.preparing.preparation import Preparation, preparation_of
from lrtui.datasets.source import Source
from lrtui.datasets.storage.own_rows import OwnRows


class Part(NamedTuple):
    """The rows of one part: their design matrix, labels, numbers and weights."""

    design: Design
    y: Labels
    rows: Indices
    weights: Floats | None


@dataclass(frozen=True)
class Whole:
    """Of what a problem is a share: the rows of each class (K,) in the parts of all processes together.

    ``own`` are the places of the training rows of this one.
    """

    train: Indices
    test: Indices
    validation: Indices | None
    own: OwnRows


@dataclass(frozen=True)
class Problem:
    """A dataset made ready: split, scaled and expanded with what the training part alone taught.

    A design matrix is X̃ = [X, 1]: the features as the model sees them and a column of ones for the bias,
    (n, p + 1). It is made once, and trained on where it lies. Row weights (n,) have mean 1 on the training
    part; ``None`` where every row weighs the same. ``validation`` are rows kept apart from both parts;
    ``preparation`` takes other rows in the same way. Of ``labelled`` rows all parts were taken.
    Where several processes share the rows, ``whole`` says of what these are some.
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
    whole: Whole | None = None

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return len(self.class_names)

    @property
    def train_counts(self) -> Indices:
        """How many training rows each class has (K,), in all processes."""
        return self._counts(self.y_train) if self.whole is None else self.whole.train

    @property
    def all_train_rows(self) -> int:
        """How many training rows there are, in all processes."""
        return len(self.y_train) if self.whole is None else int(self.whole.train.sum())

    @property
    def test_counts(self) -> Indices:
        """The same of the test part."""
        return self._counts(self.y_test) if self.whole is None else self.whole.test

    @property
    def validation_counts(self) -> Indices | None:
        """The same of the rows that are kept apart, where there are any."""
        if self.whole is not None:
            return self.whole.validation
        return None if self.validation is None else self._counts(self.validation.y)

    def _counts(self, labels: Labels) -> Indices:
        return np.bincount(labels, minlength=self.classes)

    @property
    def rows(self) -> int:
        """Rows of all parts together, in all processes."""
        parts = (self.train_counts, self.test_counts, self.validation_counts)
        return sum(0 if counts is None else int(counts.sum()) for counts in parts)

    @property
    def base_rate(self) -> float:
        """Share of the positive class in the training part; of more than two, of the commonest."""
        counts = self.train_counts
        return int(counts[1] if is_binary(self.classes) else counts.max()) / int(counts.sum())

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
    peers: Peers = ALONE,
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
        preparation_of(dataset, asked, learned, train.rows, peers),
        dataset.n if dataset.shares is None else dataset.shares.rows,
    )
