"""A dataset, and a problem: the dataset made ready for training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.cells import Gap, Mask, missing_of
from lrtui.datasets.features import Features
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote, safe

Floats = NDArray[np.float64]
Labels = NDArray[np.int8]
Indices = NDArray[np.int64]
Design = NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Dataset:
    """A table with a target.

    ``X`` is (n, p) float64, C-contiguous, and may hold NaN and infinities; ``y`` is (n,) int8, 1 for the
    positive class; ``gaps`` says of columns of a file what stands where they hold no number.
    """

    source: Source
    X: Floats
    y: Labels
    feature_names: tuple[str, ...]
    class_names: tuple[str, str]  # negative, positive
    shows: str = ""
    plain_split: bool = False
    gaps: Mapping[str, Gap] = field(default_factory=dict)

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

    @property
    def where(self) -> str:
        """The dataset as an error names it."""
        return (quote if self.source.is_file else safe)(self.source.label)

    @cached_property
    def missing(self) -> Mask | None:
        """Where ``X`` holds no finite number (n, p), or ``None``; looked for once."""
        return missing_of(self.X)

    @property
    def remark(self) -> str:
        """``12 cells missing``, and which columns hold text; empty where all is well."""
        if self.missing is None:
            return ""
        texts = [name for name, gap in self.gaps.items() if gap.is_text]
        numeric = [name not in texts for name in self.feature_names]
        many = int(self.missing[:, numeric].sum())
        words = [f"{many:,} cell{'' if many == 1 else 's'} missing"] if many else []
        return "; ".join(words + ([f"text in {listed(texts)}"] if texts else []))


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
    def base_rate(self) -> float:
        """Share of the positive class in the training part."""
        return float(self.y_train.mean())

    @property
    def X_train(self) -> Design:
        """The features of the training part (n, p), a view."""
        return self.design_train[:, :-1]

    @property
    def X_test(self) -> Design:
        """The features of the test part (n, p), a view."""
        return self.design_test[:, :-1]
