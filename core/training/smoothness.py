"""How large a step the loss bears: smoothness constants of a problem, from its design matrix alone.

X̃ = [X, 1] has n rows; the mean logistic loss has the Hessian ``X̃ᵀ D X̃ / n`` with D ≤ 1/4. Rows may be
weighted (class weights c): then X̃ᵀCX̃ takes the place of X̃ᵀX̃.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.core.config import Config
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.weighting import class_weights
from lrtui.datasets.dataset import Problem

DENSE = 2_000  # columns: up to here the matrix X̃ᵀX̃ is made; beyond, only products with it
BLOCK = 1_000_000  # numbers taken to float64 at a time

Floats = NDArray[np.float64]


@np.errstate(all="ignore")
def smoothness(problem: Problem, config: Config) -> Smoothness:
    """The constants of a problem, with the class weights of a config."""
    X, weights = problem.design_train, _row_weights(problem, config)
    n = X.shape[0]
    norms = np.einsum("ij,ij->i", X, X, dtype=np.float64) * weights
    return Smoothness(_largest_eigenvalue(X, weights) / (4 * n), float(norms.max()) / 4, n)


def _row_weights(problem: Problem, config: Config) -> Floats:
    y = problem.y_train
    weights = class_weights(config, len(y), int(y.sum())) or (1.0, 1.0)
    return np.where(y == 1, weights[1], weights[0])


def _largest_eigenvalue(X: Any, weights: Floats) -> float:
    """λmax of ``X̃ᵀCX̃``; infinite where X̃ is not finite."""
    rows, columns = X.shape
    each = max(1, BLOCK // columns)
    blocks = [slice(start, start + each) for start in range(0, rows, each)]
    if columns <= DENSE:
        gram = np.zeros((columns, columns))
        for cut in blocks:
            block = X[cut].astype(np.float64)
            gram += block.T @ (block * weights[cut, None])
        return float(np.linalg.eigvalsh(gram)[-1]) if np.isfinite(gram).all() else float("inf")
    from scipy.sparse.linalg import LinearOperator, eigsh

    def product(v: Floats) -> Floats:
        found = np.zeros(columns)
        for cut in blocks:
            block = X[cut].astype(np.float64)
            found += block.T @ (weights[cut] * (block @ v.ravel()))
        return found

    operator = LinearOperator((columns, columns), matvec=product, dtype=np.float64)
    return float(eigsh(operator, k=1, tol=1e-6, return_eigenvectors=False)[0])
