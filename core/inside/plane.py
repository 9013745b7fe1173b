"""Two columns of a dataset as the axes of a plane, every other column where it mostly is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.inside.record import Asked, Choice, Point
from lrtui.core.inside.trained import InsideError, Trained, chosen, evenly
from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.features import Features
from lrtui.datasets.storage.mapped import rows_of

SAMPLE = 4_000_000  # numbers of training rows that say where a column mostly is
FEWEST = 200  # of these rows
NUMBERS = 2_000_000  # of a plane that are made at a time
LOOKED_AT = 200  # of the rows that say along which columns the logits vary
MARGIN = 0.05  # of an axis, on either side of its rows


@dataclass(frozen=True)
class Axis:
    """A column as an axis.

    Attributes:
        column: its number in the dataset. name: of it. ends: the lowest and the highest in view.
        names: of levels 0, 1, … of a category.
    """

    column: int
    name: str
    ends: Point
    names: tuple[str, ...] = ()

    def steps(self, most: int) -> Floats:
        """Places along it: the levels of a category, or so many."""
        if self.names:
            return np.arange(len(self.names), dtype=np.float64)
        return np.linspace(*self.ends, most)


@dataclass(frozen=True)
class Plane:
    """One or two axes, and where all other columns stand.

    Attributes:
        base: a row of the dataset (p,): means of the training part, commonest levels of categories.
        used: the numbers of the columns that the model looks at.
    """

    axes: tuple[Axis, ...]
    base: Floats
    used: tuple[int, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What keys step through, by the place of a column among those that the model looks at."""
        places = [self.used.index(axis.column) for axis in self.axes]
        return tuple(
            Choice("x" if number == 0 else "y", place, len(self.used))
            for number, place in enumerate(places)
        )


def plane(trained: Trained, dataset: Dataset, asked: Asked) -> Plane:
    """The plane of the columns that are asked for, or of the two that weigh most.

    Raises:
        InsideError: there is no such column, or the model does not look at it.
    """
    features = trained.problem.features
    columns = features.encoding.columns
    used = tuple(range(dataset.p) if columns is None else columns.tolist())
    most = max(FEWEST, SAMPLE // max(dataset.p, 1))
    sample = rows_of(dataset.X, np.sort(evenly(trained.problem.train_rows, most))).astype(np.float64)
    base = _base(sample, dataset, features, used)
    names = tuple(dataset.feature_names[number] for number in used)
    places = [chosen(one, names, "column of the model") for one in asked.features]
    if len(set(places)) < len(places):
        raise InsideError("The two columns of a boundary are one.", "Name two, or one alone.")
    if not places:
        places = heaviest(trained, dataset, used)
    axes = tuple(_axis(used[place], sample[:, used[place]], dataset.kinds[used[place]]) for place in places)
    return Plane(axes, base, used)


def _base(sample: Floats, dataset: Dataset, features: Features, used: tuple[int, ...]) -> Floats:
    """Where each column mostly is; what is missing there is filled in as for any row."""
    base = np.full(dataset.p, np.nan)
    codes = features.encoding.codes
    looked_at = sample[:, list(used)]
    looked_at = looked_at if codes is None else codes.blank(looked_at)
    for place, number in enumerate(used):
        values = looked_at[:, place]
        values = values[np.isfinite(values)]
        if not len(values):
            continue
        if dataset.kinds[number].kind in ("category", "flag"):
            found, counts = np.unique(values, return_counts=True)
            base[number] = found[counts.argmax()]
        else:
            base[number] = values.mean()
    return base


def _axis(number: int, values: Floats, column: Column) -> Axis:
    if column.kind == "category":
        return Axis(number, column.name, (-0.5, len(column.levels) - 0.5), column.levels)
    values = values[np.isfinite(values)]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
    margin = MARGIN * (high - low) or 0.5
    return Axis(number, column.name, (low - margin, high + margin))


def heaviest(trained: Trained, dataset: Dataset, used: tuple[int, ...]) -> list[int]:
    """The places of the two columns along which the logits of training rows vary most, in their order."""
    features = trained.problem.features
    rows = np.sort(evenly(trained.problem.train_rows, LOOKED_AT))
    sample = rows_of(dataset.X, rows).astype(np.float64)
    told = _shuffled if features.expansion is not None else _linear
    moves = told(trained, sample, used)
    return sorted(np.argsort(-moves, kind="stable")[:2].tolist())


def _linear(trained: Trained, sample: Floats, used: tuple[int, ...]) -> Floats:
    """How much of the variance of the logits each column makes alone (p,)."""
    features, among = trained.problem.features, _among(trained)
    variance = features.apply(sample).var(axis=0) * np.square(among).reshape(-1, len(features.names)).sum(
        axis=0
    )
    encoder = features.encoding.encoder
    widths = [1] * len(used)
    if encoder is not None:
        widths = [1 if levels is None else len(levels.names) for levels in encoder.columns]
    starts = np.cumsum([0, *widths[:-1]])
    return np.add.reduceat(variance[: sum(widths)], starts)


def _shuffled(trained: Trained, sample: Floats, used: tuple[int, ...]) -> Floats:
    """How far the logits move where a column is shuffled, of features that are made of several (p,)."""
    features, among = trained.problem.features, _among(trained)
    z = features.apply(sample) @ among.T
    order, moves = np.random.default_rng(0).permutation(len(sample)), np.zeros(len(used))
    for place, number in enumerate(used):
        trained.check()
        shuffled = sample.copy()
        shuffled[:, number] = sample[order, number]
        moves[place] = float(np.square(features.apply(shuffled) @ among.T - z).sum())
    return moves


def _among(trained: Trained) -> Floats:
    """The weights without the bias; of many classes without what all share, which changes nothing."""
    weights: Floats = trained.weights[..., :-1]
    return weights if trained.binary else weights - weights.mean(axis=0)


def probabilities(trained: Trained, where: Plane, places: Floats) -> Floats:
    """p of each class at places on the axes (n, axes): (n, outputs), made a few at a time."""
    features, columns = trained.problem.features, [axis.column for axis in where.axes]
    z = np.empty((len(places), *trained.weights.shape[:-1]))
    each = max(1, NUMBERS // max(len(features.names), len(where.base)))
    for start in range(0, len(places), each):
        trained.check()
        there = places[start : start + each]
        X = np.repeat(where.base[None, :], len(there), axis=0)
        X[:, columns] = there
        z[start : start + each] = features.apply(X) @ trained.weights[..., :-1].T + trained.weights[..., -1]
    return trained.likelihood.probabilities(z)


def shown_rows(trained: Trained, most: int) -> Indices:
    """Test rows to be drawn, evenly spaced, in the order of the file."""
    return np.sort(evenly(trained.problem.test_rows, most))
