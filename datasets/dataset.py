"""A dataset, and a problem: the dataset made ready for training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.features import Features
from lrtui.datasets.source import Source

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Design = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Dataset:
    """A table with a target.

    ``X`` is (n, p) float64, C-contiguous; ``y`` is (n,) int8, 1 for the positive class.
    """

    source: Source
    X: Floats
    y: Labels
    feature_names: tuple[str, ...]
    class_names: tuple[str, str]  # negative, positive
    shows: str = ""
    plain_split: bool = False

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.X.shape[0])

    @property
    def p(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @property
    def base_rate(self) -> float:
        """Share of the positive class."""
        return float(self.y.mean())


@dataclass(frozen=True)
class Problem:
    """A dataset made ready: split, scaled and expanded with what the training part alone taught.

    A design matrix is X̃ = [X, 1]: the features as the model sees them and a column of ones for the bias,
    (n, p + 1). It is made once, and trained on where it lies.
    """

    source: Source
    feature_names: tuple[str, ...]
    class_names: tuple[str, str]
    design_train: Design
    y_train: Labels
    design_test: Design
    y_test: Labels
    features: Features
    train_rows: Indices
    test_rows: Indices

    @property
    def X_train(self) -> Design:
        """The features of the training part (n, p), a view."""
        return self.design_train[:, :-1]

    @property
    def X_test(self) -> Design:
        """The features of the test part (n, p), a view."""
        return self.design_test[:, :-1]
