"""A dataset, and a problem: the dataset made ready for training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.scaling import Scaler
from lrtui.datasets.source import Source

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Indices = NDArray[np.int64]


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
    """A dataset made ready: split, and scaled with what the training part alone taught."""

    dataset: Dataset
    X_train: Floats
    y_train: Labels
    X_test: Floats
    y_test: Labels
    scaler: Scaler
    train_rows: Indices
    test_rows: Indices

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Names of the columns of ``X_train``."""
        return self.dataset.feature_names
