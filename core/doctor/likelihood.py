"""Bernoulli for two classes, categorical for more, behind one interface: the doctor's, in NumPy's float64.

Logits z are (n,) of two classes and (n, K) of more; probabilities and targets are (n, outputs), in which
two classes have one column: p(y = 1).

``largest_residual``: the longest that ``p − y`` of a row can be. ``tolerance``: of the gradient, with which
a fit is within 1e-4 nats, or far closer if cheap. ``newton_columns``: up to which Newton's steps are the
fastest; their scale is nothing to them. ``hessian_size``: weights, beyond which it takes too long.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, log_expit, log_softmax, softmax

from lrtui.datasets.array_types import Floats

Integers = NDArray[np.int64]

ABSENT = -30.0  # logit of a class that no training row has
COMMONEST = 10  # of many classes, that are told from the rest


@dataclass(frozen=True)
class Bernoulli:
    """One logit: the second class against the first."""

    largest_residual: float = 1.0
    tolerance: float = 1e-8
    newton_columns: int = 100
    hessian_size: float = inf

    def losses(self, z: Floats, y: Floats) -> Floats:
        """The loss of every row (n,): ``−log σ(±z)``."""
        return -log_expit(np.where(y == 1, z, -z))

    def probabilities(self, z: Floats) -> Floats:
        """``σ(z)``."""
        return expit(z)[:, None]

    def targets(self, y: Integers) -> Floats:
        """What probabilities should be (n, 1): the labels."""
        return y[:, None].astype(np.float64)

    def predictions(self, z: Floats, threshold: float) -> Integers:
        """1 from a probability of ``threshold`` on."""
        return (expit(z) >= threshold).astype(np.int64)

    def evidence(self, z: Floats) -> Floats:
        """By what rows are ranked as of each class (n, 2): the logit, against the first, for the second."""
        return np.column_stack([-z, z])

    def told_apart(self, y: Floats) -> list[int]:
        """The classes to tell from the rest: the second, or none where there is one."""
        return [1] if 0 < int(y.sum()) < len(y) else []

    def weights(self, fitted: Floats, present: Floats) -> Floats:
        """Weights (p + 1,) from scikit-learn's (1, p + 1)."""
        found: Floats = fitted[0]
        return found


@dataclass(frozen=True)
class Categorical:
    """A logit for each class."""

    classes: int
    largest_residual: float = sqrt(2)  # p is 1 where it should be 0, and the other way round
    tolerance: float = 1e-5  # in a third of the time
    newton_columns: int = 0
    hessian_size: float = 1_500

    def losses(self, z: Floats, y: Floats) -> Floats:
        """``−log softmax(z)`` of the row's own class."""
        return -log_softmax(z, axis=1)[np.arange(len(y)), y.astype(np.int64)]

    def probabilities(self, z: Floats) -> Floats:
        """``softmax(z)``."""
        return softmax(z, axis=1)

    def targets(self, y: Integers) -> Floats:
        """One-hot (n, K), up to the last class that ``y`` holds."""
        return np.eye(int(y.max()) + 1)[y]

    def predictions(self, z: Floats, threshold: float) -> Integers:
        """The likeliest."""
        found: Integers = z.argmax(axis=1)
        return found

    def evidence(self, z: Floats) -> Floats:
        """The log-probabilities (n, K)."""
        return log_softmax(z, axis=1)

    def told_apart(self, y: Floats) -> list[int]:
        """The commonest ten."""
        counts = np.bincount(y.astype(np.int64), minlength=self.classes)
        order = np.argsort(-counts, kind="stable")[:COMMONEST]
        return [int(one) for one in order if 0 < counts[one] < len(y)]

    def weights(self, fitted: Floats, present: Floats) -> Floats:
        """(K, p + 1), in which a class without rows is as good as never predicted."""
        rows = fitted if len(fitted) == len(present) else np.vstack([np.zeros_like(fitted), fitted])
        found = np.zeros((self.classes, rows.shape[1]))
        found[:, -1] = ABSENT
        found[present.astype(np.int64)] = rows
        return found


Likelihood = Bernoulli | Categorical
