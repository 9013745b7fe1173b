"""How much of the way to the optimum T steps of full-batch gradient descent leave, near the optimum."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np

from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats


@dataclass(frozen=True)
class Remaining:
    """The directions in which a run has to go, each with its curvature and its share of the way.

    Attributes:
        curvature: λᵢ, eigenvalues of the loss's Hessian at the optimum, shape (p + 1,).
        share: ``λᵢcᵢ² / Σ λⱼcⱼ²`` with ``c = Vᵀ(θ₀ − θ*)``: of the loss that is to be lost, shape (p + 1,).
    """

    curvature: Floats
    share: Floats

    def after(self, lr: float, steps: float) -> float:
        """``R = Σ shareᵢ·(1 − lr·λᵢ)^(2T)``: 1 at the start, 0 at the optimum; grows where it diverges."""
        with np.errstate(over="ignore"):
            left = np.power(np.abs(1 - lr * self.curvature), 2 * steps)
        return float(self.share[self.share > 0] @ left[self.share > 0])

    def steps_needed(self, lr: float, enough: float = 0.1) -> float:
        """The fewest steps after which R is at most ``enough``; infinite where no number of them is."""
        last = self.curvature[self.share > 1e-12]
        if self.after(lr, 0) <= enough:
            return 0.0
        if not len(last) or np.any(np.abs(1 - lr * last) >= 1):
            return inf
        low, high = 0.0, 1.0
        while self.after(lr, high) > enough:
            low, high = high, 2 * high
            if high > 1e18:
                return inf
        while high - low > max(0.5, 1e-9 * high):
            middle = (low + high) / 2
            low, high = (low, middle) if self.after(lr, middle) <= enough else (middle, high)
        return high


def remaining(train: View, start: Floats, optimum: Floats, weight_decay: float = 0.0) -> Remaining:
    """What is left to do from ``start`` to ``optimum`` (both θ, shape (p + 1,) or (K, p + 1)).

    The Hessian of the mean loss is ``X̃ᵀ diag(c·σ(1 − σ)) X̃ / n + decay``, and of more than two classes
    the mean of ``c·(diag(p) − ppᵀ) ⊗ x̃x̃ᵀ``; along its eigenvectors gradient descent shrinks each error by
    ``1 − lr·λᵢ`` a step.
    """
    hessian = _hessian(train, optimum)
    start, optimum = start.ravel(), optimum.ravel()
    curvature, vectors = np.linalg.eigh(hessian + weight_decay * np.eye(len(optimum)))
    curvature = np.maximum(curvature, 0.0)
    way = curvature * (vectors.T @ (start - optimum)) ** 2
    total = way.sum()
    return Remaining(curvature, way / total if total > 0 else np.zeros_like(way))


def _hessian(train: View, theta: Floats) -> Floats:
    """(outputs·(p + 1))² at θ, the weights of an output together."""
    p, columns = train.likelihood.probabilities(train.X @ theta.T), train.X.shape[1]
    outputs = p.shape[1]
    found = np.empty((outputs, columns, outputs, columns))
    for one in range(outputs):
        for other in range(one, outputs):
            curve = train.weight * p[:, one] * ((one == other) - p[:, other])
            block = train.X.T @ (train.X * curve[:, None]) / train.rows
            found[one, :, other] = block
            found[other, :, one] = block
    return found.reshape(outputs * columns, -1)
