"""The weights of one class, as the model has them and per unit of the file, with their errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from lrtui.core.inside.information import Sureness
from lrtui.core.inside.trained import Trained
from lrtui.datasets.array_types import Floats
from lrtui.datasets.preparing.features import Features

NORMAL = 1.959963984540054  # standard errors on either side that hold 95 %


@dataclass(frozen=True)
class Coefficients:
    """Of the features and, last, the bias: all (p + 1,), NaN where a number is not known.

    Attributes:
        weight, weight_error: as trained, on scaled features; of more than two classes against the mean of
            the classes, for what all share changes nothing.
        standardized: the weight times the standard deviation of its feature.
        original, original_error: per unit of the file, the scaling undone; a level of a category against
            the mean of its levels. NaN where features are made of several columns.
    """

    names: tuple[str, ...]
    weight: Floats
    weight_error: Floats
    standardized: Floats
    original: Floats
    original_error: Floats

    @property
    def told(self) -> tuple[Floats, Floats]:
        """Estimates and errors per unit of the file, or where there are none as trained."""
        if np.isnan(self.original[:-1]).all():
            return self.weight, self.weight_error
        return self.original, self.original_error

    @property
    def z(self) -> Floats:
        """Wald's: the estimate in standard errors."""
        estimate, error = self.told
        return estimate / error

    @property
    def p(self) -> Floats:
        """The chance of such a z, to either side, of a weight that is 0 (Wald)."""
        found: Floats = 2 * ndtr(-np.abs(self.z))
        return found

    @property
    def interval(self) -> tuple[Floats, Floats]:
        """The ends of the 95 % interval (Wald)."""
        estimate, error = self.told
        return estimate - NORMAL * error, estimate + NORMAL * error


def coefficients(trained: Trained, sure: Sureness, class_: int) -> Coefficients:
    """Those of a class; of two classes that of the second against the first."""
    theta, columns = trained.weights, trained.weights.shape[-1]
    own, outputs = (0, 1) if trained.binary else (class_, len(theta))
    among = np.eye(outputs)[own] - (0.0 if trained.binary else 1 / outputs)  # (K,)
    features = trained.problem.features

    def both(combinations: Floats) -> tuple[Floats, Floats]:
        """Combinations of one class's weights (t, p + 1): their values and errors."""
        whole = (among[:, None, None] * combinations).transpose(1, 0, 2).reshape(len(combinations), -1)
        assert sure.covariance is not None
        return whole @ theta.ravel(), sure.covariance.errors(whole)

    unknown, linear = np.full(columns, np.nan), features.expansion is None
    if sure.covariance is None:  # no matrix, which many columns would make too large
        weight = theta if trained.binary else among @ theta
        original = unscaled(weight[:, None], features)[:, 0] if linear else unknown
        weight_error = original_error = unknown
    else:
        weight, weight_error = both(np.eye(columns))
        original, original_error = (
            both(unscaled(np.eye(columns), features)) if linear else (unknown, unknown)
        )
    standardized = weight * np.append(sure.moments.deviation[:-1], 0.0)
    names = (*trained.problem.feature_names, "bias")
    return Coefficients(names, weight, weight_error, standardized, original, original_error)


def unscaled(weights: Floats, features: Features) -> Floats:
    """Weights of scaled columns and the bias (p + 1, t) as those of the columns as they are in the file.

    ``z = b + Σ wⱼ(xⱼ − oⱼ)/sⱼ``. The columns of all levels of a category sum to 1, as the bias does: only
    how levels differ has a meaning. So each is told against the mean of its levels, which goes to the bias.
    """
    found = weights.copy()
    found[:-1] /= features.scaler.scale[:, None]
    found[-1] -= features.scaler.offset @ found[:-1]
    for group in level_groups(features):
        mean = found[group].mean(axis=0)
        found[group] -= mean
        found[-1] += mean
    return found


def level_groups(features: Features) -> list[slice]:
    """The encoded columns of each category that has one for every level."""
    encoder, groups, at = features.encoding.encoder, list[slice](), 0
    for levels in () if encoder is None else encoder.columns:
        width = 1 if levels is None else len(levels.names)
        if levels is not None and levels.table.min() >= 0 and width > 1:  # hashed levels have −1 too
            groups.append(slice(at, at + width))
        at += width
    return groups
