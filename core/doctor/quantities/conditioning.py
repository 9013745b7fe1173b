"""How a training part lies: the scales of its columns, their means, and what that does to the loss."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lrtui.core.doctor.view import Floats, View, moves

SMALLEST = 1e-10  # of the largest eigenvalue: what is below counts as no direction at all


@dataclass(frozen=True)
class Conditioning:
    """The shape of the loss, as the features lie.

    Attributes:
        seen: condition number of ``X̃ᵀX̃ / n``, over the directions that hold anything.
        standardized: the same once every column has mean 0 and standard deviation 1.
        largest: ``λmax(X̃ᵀX̃) / n``; ``largest_standardized`` likewise.
        spread: largest standard deviation of a column over the smallest, constant columns left out.
        off_centre: largest ``|mean| / std`` of a column. widest: largest standard deviation.
    """

    seen: float
    standardized: float
    largest: float
    largest_standardized: float
    spread: float
    off_centre: float
    widest: float

    @property
    def worse(self) -> float:
        """How many times worse conditioned the features are than they would be standardized."""
        return self.seen / self.standardized if self.standardized > 0 else inf


@np.errstate(over="ignore", invalid="ignore")
def conditioning(train: View) -> Conditioning:
    """Measure the columns of a training part; constant columns count for nothing."""
    X = train.X[:, :-1]
    mean, deviation = X.mean(axis=0), X.std(axis=0)
    moving = moves(X)
    X, mean, deviation = X[:, moving], mean[moving], deviation[moving]
    ones = np.ones((len(X), 1))
    seen, largest = _condition(np.hstack([X, ones]))
    standardized, largest_standardized = _condition(np.hstack([(X - mean) / deviation, ones]))
    spread = float(deviation.max() / deviation.min()) if len(deviation) else 1.0
    off = float((np.abs(mean) / deviation).max()) if len(deviation) else 0.0
    widest = float(deviation.max()) if len(deviation) else 1.0
    return Conditioning(seen, standardized, largest, largest_standardized, spread, off, widest)


def _condition(X: Floats) -> tuple[float, float]:
    gram = X.T @ X / len(X)
    if not np.isfinite(gram).all():
        return inf, inf
    values = np.linalg.eigvalsh(gram)
    kept = values[values > SMALLEST * values[-1]]
    return float(kept[-1] / kept[0]), float(values[-1])
