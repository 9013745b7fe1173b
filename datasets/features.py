"""What a model sees of a dataset's columns: scaled, and expanded where a line is not enough."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np

from lrtui.datasets.cells import Cells
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.scaling import Floats, Scaler, learn
from lrtui.datasets.text import quote

DEGREES = {"poly2": 2, "poly3": 3}
COMPONENTS = 100  # of the kernel map
MOST = 10_000  # columns
MOST_NUMBERS = 200_000_000  # in the expanded training part, which is held in float64 while it is scaled


@dataclass(frozen=True)
class Features:
    """A map from columns to features, learned on the training part alone.

    Attributes:
        names: of the features, in the order of the weights.
        scaler: for the columns. expansion: scikit-learn's transformer, or ``None``.
        after: the same scaling for what the expansion makes: products of scaled columns are not scaled.
        cells: which columns of the dataset are looked at, and what is filled in.
    """

    names: tuple[str, ...]
    scaler: Scaler
    expansion: Any | None = None
    after: Scaler | None = None
    cells: Cells = field(default_factory=Cells)

    def apply(self, X: Floats) -> Floats:
        """The features (n, q) of rows of the dataset (n, all columns)."""
        found = self.scaler.apply(self.cells.take(X))
        if self.expansion is not None and self.after is not None:
            found = self.after.apply(self.expansion.transform(found))
        return found


def learn_features(name: str, scaling: str, X: Floats, columns: tuple[str, ...], seed: int) -> Features:
    """Learn a map from the training part ``X`` (n, p).

    ``linear``: the columns. ``poly2``, ``poly3``: their products up to that degree (scikit-learn's
    PolynomialFeatures). ``rbf``: a Gaussian kernel by scikit-learn's Nystroem, 100 components.

    Raises:
        DatasetError: there would be too many features, or a column is too large for its scaling.
    """
    scaler = _usable(learn(scaling, X), X, columns)
    if name == "linear":
        return Features(columns, scaler)
    expansion = _poly(name, X, columns) if name in DEGREES else _rbf(X, seed)
    expanded = expansion.fit_transform(scaler.apply(X))
    names = tuple(map(str, expansion.get_feature_names_out(columns if name in DEGREES else None)))
    return Features(names, scaler, expansion, learn(scaling, expanded))


def _usable(scaler: Scaler, X: Floats, columns: tuple[str, ...]) -> Scaler:
    """A scale that is infinite would make every value of its column the same, and say nothing."""
    usable = np.isfinite(scaler.offset) & np.isfinite(scaler.scale)
    if not usable.all():
        column = int(usable.argmin())
        raise DatasetError(
            f"Column {quote(columns[column])} holds numbers as large as {np.abs(X[:, column]).max():.3g}, "
            f"too large for {scaler.name} scaling.",
            "Choose maxabs scaling, or divide the column by a power of ten.",
        )
    return scaler


def _poly(name: str, X: Floats, columns: tuple[str, ...]) -> Any:
    from sklearn.preprocessing import PolynomialFeatures  # a second to import: only where needed

    degree, p = DEGREES[name], X.shape[1]
    count = comb(p + degree, degree) - 1
    if count > MOST or count * len(X) > MOST_NUMBERS:
        raise DatasetError(
            f"{name} would make {count:,} features of {p:,} columns in {len(X):,} rows: too many.",
            "Choose features = rbf or linear, or bring fewer columns.",
        )
    return PolynomialFeatures(degree, include_bias=False)


def _rbf(X: Floats, seed: int) -> Any:
    from sklearn.kernel_approximation import Nystroem

    if len(X) * COMPONENTS > MOST_NUMBERS:
        raise DatasetError(
            f"rbf would make a table of {len(X) * COMPONENTS:,} numbers of {len(X):,} rows: too large.",
            "Choose features = linear or poly2, or bring fewer rows.",
        )
    return Nystroem(n_components=min(COMPONENTS, len(np.unique(X, axis=0))), random_state=seed)
