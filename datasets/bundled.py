"""The real tables that scikit-learn brings along."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import datasets as bundle

Bundled = tuple[NDArray[np.float64], NDArray[np.int8], tuple[str, ...], tuple[str, str]]


def bundled(name: str) -> Bundled:
    """Features, labels, feature names and class names of a real dataset."""
    return _LOADERS[name]()


def _breast_cancer() -> Bundled:
    table: Any = bundle.load_breast_cancer()
    return table.data, table.target, tuple(map(str, table.feature_names)), ("malignant", "benign")


def _iris() -> Bundled:
    table: Any = bundle.load_iris()
    names = tuple(name.removesuffix(" (cm)") for name in table.feature_names)
    return table.data, table.target == 1, names, ("other", "versicolor")


def _wine() -> Bundled:
    table: Any = bundle.load_wine()
    return table.data, table.target == 1, tuple(table.feature_names), ("other", "class 1")


def _digits() -> Bundled:
    table: Any = bundle.load_digits()
    rows = (table.target == 3) | (table.target == 8)
    return table.data[rows], table.target[rows] == 8, tuple(table.feature_names), ("3", "8")


def _diabetes() -> Bundled:
    table: Any = bundle.load_diabetes(scaled=False)
    above = table.target > np.median(table.target)
    return table.data, above, tuple(table.feature_names), ("below", "above")


_LOADERS = {
    "breast-cancer": _breast_cancer,
    "iris-versicolor": _iris,
    "wine-1": _wine,
    "digits-3-8": _digits,
    "diabetes-median": _diabetes,
}
