"""What a model sees of a dataset's columns: scaled, and expanded where a line is not enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Design, Floats, Indices
from lrtui.datasets.columns import COMPONENTS, DEGREES, expanded_columns
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.encode import Encoding
from lrtui.datasets.preparing.scale import Scaler, learn
from lrtui.datasets.tables.missing import blocks
from lrtui.datasets.tables.statistics import Statistics
from lrtui.datasets.text import quote

MOST = 10_000  # columns
MOST_NUMBERS = 200_000_000  # in the expanded training part, which is held in float64 while it is scaled


@dataclass(frozen=True)
class PrepareOptions:
    """What a preparation depends on; the words are those of ``prepare``."""

    scaling: str
    test_size: float
    split_seed: int
    features: str
    missing: str
    drop_columns: tuple[str, ...]
    clip: float = 0.0
    missing_codes: tuple[float, ...] = ()
    validation: float = 0.0


@dataclass(frozen=True)
class Features:
    """A map from columns to features, learned on the training part alone.

    Attributes:
        names: of the features, in the order of the weights.
        encoding: from the dataset's columns to encoded ones: holes filled in, a column for each level.
        scaler: for the encoded columns. expansion: scikit-learn's transformer, or ``None``.
        after: the same scaling for what the expansion makes: products of scaled columns are not scaled.
    """

    names: tuple[str, ...]
    encoding: Encoding
    scaler: Scaler
    expansion: Any | None = None
    after: Scaler | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """The column of the file that each encoded column comes from; linear features are these."""
        return self.encoding.origins

    def apply(self, X: Floats) -> Floats:
        """The features (n, q) of rows of the dataset (n, all columns)."""
        return self.expand(self.encoding.take(X))

    def expand(self, encoded: Floats) -> Floats:
        """The features (n, q) of encoded columns."""
        found = self.scaler.apply(encoded)
        if self.expansion is not None and self.after is not None:
            found = self.after.apply(self.expansion.transform(found))
        return found

    def write(self, X: Floats, rows: Indices, design: Design) -> None:
        """X̃ of some rows of the dataset (n, all columns) into ``design`` (len(rows), q + 1)."""
        design[:, -1] = 1
        with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and training says so
            for block in blocks(*design.shape):
                design[block, :-1] = self.apply(X[rows[block]])


def learn_features(
    asked: PrepareOptions, X: Floats, encoding: Encoding, rows: int, exact: Statistics | None
) -> Features:
    """Learn a map from the encoded training part ``X`` (n, p), which may be a sample of ``rows`` rows.

    ``exact`` are the statistics of all of them, where those are known.

    ``linear``: the columns. ``poly2``, ``poly3``: their products up to that degree (scikit-learn's
    PolynomialFeatures). ``rbf``: a Gaussian kernel by scikit-learn's Nystroem, 100 components.

    Raises:
        DatasetError: there would be too many features, or a column is too large for its scaling.
    """
    columns, name = encoding.names, asked.features
    told = X if exact is None else exact
    scaler = _usable(learn(asked.scaling, told), told, columns)
    if name == "linear":
        return Features(columns, encoding, scaler)
    expansion = _poly(name, rows, columns) if name in DEGREES else _rbf(X, rows, asked.split_seed)
    expanded = expansion.fit_transform(scaler.apply(X))
    names = tuple(map(str, expansion.get_feature_names_out(columns if name in DEGREES else None)))
    return Features(names, encoding, scaler, expansion, learn(asked.scaling, expanded))


def _usable(scaler: Scaler, X: Floats | Statistics, columns: tuple[str, ...]) -> Scaler:
    """A scale that is infinite would make every value of its column the same, and say nothing."""
    usable = np.isfinite(scaler.offset) & np.isfinite(scaler.scale)
    if not usable.all():
        column = int(usable.argmin())
        low, high = (X.low, X.high) if isinstance(X, Statistics) else (X.min(axis=0), X.max(axis=0))
        largest = max(abs(low[column]), abs(high[column]))
        raise DatasetError(
            f"Column {quote(columns[column])} holds numbers as large as {largest:.3g}, "
            f"too large for {scaler.name} scaling.",
            "Choose maxabs scaling, or divide the column by a power of ten.",
        )
    return scaler


def _poly(name: str, rows: int, columns: tuple[str, ...]) -> Any:
    from sklearn.preprocessing import PolynomialFeatures  # a second to import: only where needed

    p = len(columns)
    count = expanded_columns(name, p)
    if count > MOST or count * rows > MOST_NUMBERS:
        raise DatasetError(
            f"{name} would make {count:,} features of {p:,} columns in {rows:,} rows: too many.",
            "Choose features = rbf or linear, or bring fewer columns.",
        )
    return PolynomialFeatures(DEGREES[name], include_bias=False)


def _rbf(X: Floats, rows: int, seed: int) -> Any:
    from sklearn.kernel_approximation import Nystroem  # rarely needed

    if rows * COMPONENTS > MOST_NUMBERS:
        raise DatasetError(
            f"rbf would make a table of {rows * COMPONENTS:,} numbers of {rows:,} rows: too large.",
            "Choose features = linear or poly2, or bring fewer rows.",
        )
    return Nystroem(n_components=min(COMPONENTS, len(np.unique(X, axis=0))), random_state=seed)
