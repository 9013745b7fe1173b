"""Kernel ridge regressions of the labels, cross-validated in closed form.

For a linear smoother S (which depends on the features alone) the residuals of held-out rows F are
``(I − S_FF)⁻¹ (y − Sy)_F``: no model is fitted again, and thousands of label vectors cost one product.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lrtui.core.doctor.view import moves, rows_as_bytes
from lrtui.datasets.array_types import Floats

FOLDS = 5
FLEXIBLE = ("poly2", "poly3", "rbf")
STRENGTHS = (0.001, 0.03, 1.0)  # of the ridge, against the sum of the kernel's eigenvalues
WIDTHS = (1.0, 4.0)  # of the Gaussian kernel: γ = width / p on standardized columns
COPIED = 0.75  # of the distinct rows that one column alone tells apart, where they are copies
LANDMARKS = 100  # rows that stand for all in a kernel (Nystroem): its rank


@dataclass(frozen=True)
class Smoother:
    """``S = U diag(d) Uᵀ + 1/n``: U (n, r) orthonormal, d (r,) from 0 to 1; the intercept is free."""

    U: Floats
    d: Floats

    def held_out(self, fold: NDArray[np.int64], Y: Floats) -> Floats:
        """Scores of every row by a model that has not seen it, for each column of labels Y (n, k): (n, k).

        Over the mean of the labels that the model has seen: what the folds happen to hold is no signal.
        """
        root = np.column_stack([self.U * np.sqrt(self.d), np.full(len(Y), len(Y) ** -0.5)])  # S = RRᵀ
        residuals: Floats = Y - root @ (root.T @ Y)
        found = np.empty_like(residuals)
        for out in parts(fold):
            found[out] = Y[out] - _without_own(root[out], residuals[out]) - Y[~out].mean(axis=0)
        return found


def _without_own(root: Floats, right: Floats) -> Floats:
    """``(I − RRᵀ)⁻¹ b``; of more rows than columns by Woodbury's identity, which is cheaper."""
    small = len(root) <= root.shape[1]
    block = np.eye(len(root)) - root @ root.T if small else np.eye(root.shape[1]) - root.T @ root
    solved = np.linalg.solve(block, right if small else root.T @ right)
    return np.asarray(solved if small else right + root @ solved, dtype=np.float64)


def standardized(X: Floats) -> Floats:
    """Columns with mean 0 and standard deviation 1; constant ones are left out."""
    kept = X[:, moves(X)]
    found: Floats = (kept - kept.mean(axis=0)) / kept.std(axis=0)
    return found


def sample(y: Floats, most: int, random: np.random.Generator) -> NDArray[np.int64]:
    """The rows to look at, in random order: the rarer of two classes is spared, as far as half of them.

    Which rows are taken depends on the labels alone, so permuted ones stay exchangeable.
    """
    order = random.permutation(len(y))
    if len(y) <= most or y.max() > 1:
        return order[:most]
    ones = y[order] == 1
    rarer = ones if ones.sum() * 2 <= len(y) else ~ones
    few = order[rarer][: most // 2]
    return random.permutation(np.concatenate([few, order[~rarer][: most - len(few)]]))


def folds(X: Floats, random: np.random.Generator) -> NDArray[np.int64]:
    """A fold for each row of X (n, p), drawn without a look at the labels: permuted ones stay exchangeable.

    Rows that are copies of each other fall into one fold: who has seen one has seen all. Rows that are
    alike because columns hold few values are no copies: other rows will be like them too; and where fewer
    differ than there are folds, each stands for a group that is asked about again and again.
    """
    if not X.shape[1]:
        return random.permutation(np.arange(len(X)) % FOLDS)
    _, which = np.unique(rows_as_bytes(X), return_inverse=True)
    distinct = int(which.max()) + 1
    if distinct < FOLDS or (distinct < len(X) and not copies(X, distinct)):
        return random.permutation(np.arange(len(X)) % FOLDS)
    return random.permutation(np.arange(distinct) % FOLDS)[which.ravel()]


def copies(X: Floats, distinct: int) -> bool:
    """Whether rows of X (n, p) that are alike were copied: a column of many values tells nearly all apart.

    Of columns that hold few values each, several together make the rows, which then repeat by chance. One
    column alone has no rows beside its values.
    """
    most = max(len(np.unique(column)) for column in X.T)
    return X.shape[1] > 1 and most >= COPIED * distinct


def parts(fold: NDArray[np.int64]) -> Iterator[NDArray[np.bool_]]:
    """The rows (n,) of each fold, as a mask; a fold that nothing fell into is none."""
    return (fold == number for number in np.unique(fold))


def smoothers(name: str, X: Floats) -> Iterator[Smoother]:
    """One kind of model on standardized features X (n, p), with a few strengths of ridge each."""
    for features in _features(name, X):
        U, s, _ = np.linalg.svd(features - features.mean(axis=0), full_matrices=False)
        kept = s > 1e-9 * s[0] if len(s) and s[0] > 0 else np.zeros(len(s), bool)
        U, values = U[:, kept], s[kept] ** 2
        for strength in STRENGTHS:
            yield Smoother(U, values / (values + strength * values.sum()))


def _features(name: str, X: Floats) -> Iterator[Floats]:
    """Features (n, r) whose products are the kernel, or near it."""
    if name == "linear":
        yield X
        return
    n, p = X.shape
    landmarks = X[:: max(1, -(-n // LANDMARKS))]  # rows come in random order
    gram, own = X @ landmarks.T / p, landmarks @ landmarks.T / p
    if name in ("poly2", "poly3"):
        degree = 2 if name == "poly2" else 3
        yield _nystroem((1 + gram) ** degree, (1 + own) ** degree)
        return
    squares, lengths = (X**2).sum(axis=1) / p, np.diag(own)
    for width in WIDTHS:
        yield _nystroem(
            np.exp(-width * (squares[:, None] + lengths - 2 * gram)),
            np.exp(-width * (lengths[:, None] + lengths - 2 * own)),
        )


def _nystroem(across: Floats, own: Floats) -> Floats:
    """``K_nm K_mm^(−1/2)`` (Williams and Seeger 2001)."""
    values, vectors = np.linalg.eigh(own)
    kept = values > 1e-10 * values[-1]
    found: Floats = across @ (vectors[:, kept] / np.sqrt(values[kept]))
    return found
