"""How large a step the loss bears: smoothness constants of a problem, from its design matrix alone.

X̃ = [X, 1] has n rows; the mean logistic loss has the Hessian ``X̃ᵀ D X̃ / n`` with D ≤ 1/4. That of softmax
regression is the mean of ``(diag(p) − ppᵀ) ⊗ x̃x̃ᵀ``, where ``diag(p) − ppᵀ ≤ ½(I − 11ᵀ/K)`` (Böhning 1992),
so that ½ takes the place of ¼. Rows may weigh differently: then X̃ᵀCX̃ takes the place of X̃ᵀX̃.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.core.config import Config
from lrtui.core.training.losses import default_loss
from lrtui.core.training.stable_rate import Smoothness
from lrtui.core.training.weighting import weights_of
from lrtui.datasets.classes import is_binary
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.storage.mapped import Reader

DENSE = 2_000  # columns: up to here the matrix X̃ᵀX̃ is made; beyond, only products with it
BLOCK = 1_000_000  # numbers taken to float64 at a time

Floats = NDArray[np.float64]


@np.errstate(all="ignore")
def smoothness(problem: Problem, config: Config, *, dense: int = DENSE, block: int = BLOCK) -> Smoothness:
    """The constants of a problem, with the class weights of a config.

    X̃ᵀX̃ is made for up to ``dense`` columns, from ``block`` numbers at a time.
    """
    X, weights = problem.design_train, weights_of(problem, config)[0]
    n = X.shape[0]
    if weights is None:
        weights = np.ones(n)
    bound = default_loss(problem.classes).curvature
    curvature = _largest_eigenvalue(X, weights, dense, block) * bound / n
    largest, squares = _rows(X, weights, block)
    # E‖y − p‖² of labels drawn with the probabilities p, where these are all alike, which is the most.
    spread = 0.25 if is_binary(problem.classes) else 1 - 1 / problem.classes
    return Smoothness(curvature, largest * bound, n, squares * spread)


def _blocks(X: Any, block: int) -> Iterator[slice]:
    """Rows a block at a time; those that lie on disk are let go of afterwards."""
    rows, columns = X.shape
    each, reader = max(1, block // columns), Reader(X)
    for start in range(0, rows, each):
        yield slice(start, start + each)
        reader.done(start, min(start + each, rows))


def _rows(X: Any, weights: Floats, block: int) -> tuple[float, float]:
    """max cᵢ‖x̃ᵢ‖² and the mean of cᵢ²‖x̃ᵢ‖²."""
    largest, total = [], 0.0
    for cut in _blocks(X, block):
        weighed = np.einsum("ij,ij->i", X[cut], X[cut], dtype=np.float64) * weights[cut]
        largest.append(weighed.max())
        total += float(weighed @ weights[cut])
    return float(np.max(largest)), total / len(weights)


def _largest_eigenvalue(X: Any, weights: Floats, dense: int, block: int) -> float:
    """λmax of ``X̃ᵀCX̃``; infinite where X̃ is not finite."""
    columns = X.shape[1]
    if columns <= dense:
        gram = np.zeros((columns, columns))
        for cut in _blocks(X, block):
            rows = X[cut].astype(np.float64)
            gram += rows.T @ (rows * weights[cut, None])
        return float(np.linalg.eigvalsh(gram)[-1]) if np.isfinite(gram).all() else float("inf")
    from scipy.sparse.linalg import LinearOperator, eigsh  # takes long to import

    def product(v: Floats) -> Floats:
        found = np.zeros(columns)
        for cut in _blocks(X, block):
            rows = X[cut].astype(np.float64)
            found += rows.T @ (weights[cut] * (rows @ v.ravel()))
        return found

    operator = LinearOperator((columns, columns), matvec=product, dtype=np.float64)
    return float(eigsh(operator, k=1, tol=1e-6, return_eigenvectors=False)[0])
