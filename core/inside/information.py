"""How sure weights are: their covariance by the observed information, and why there may be none.

At the maximum of the likelihood, weights vary from sample to sample with the inverse of the information,
``I = Σᵢ Cᵢ ⊗ x̃ᵢx̃ᵢᵀ`` with Cᵢ the curvature of a row's loss by its logits (McCullagh and Nelder,
Generalized Linear Models, 1989, §4.4). Where rows weigh differently the weighted loss is no likelihood;
then the sandwich ``I⁻¹ (Σᵢ sᵢsᵢᵀ) I⁻¹`` of the rows' gradients sᵢ takes its place (White 1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.doctor.figures import short
from lrtui.core.inside.trained import Trained
from lrtui.datasets.array_types import Floats

MOST = 1_000  # weights: beyond, the matrix takes too long
MUCH = 1e7  # multiplications for it that are not made beside what trains
FLAT = 1e-10  # of the largest eigenvalue, in units that make the diagonal 1: no curvature but rounding
ROUNDING = 1e-8  # of a direction of length 1
ALONG = 1e-4  # of a combination of weights along a flat direction: its value is anybody's guess
CLOSE = 0.1  # standard errors from where the loss is lowest
STILL = 0.5  # logits that a row would yet move by: more, so near the lowest loss, means no lowest there is


@dataclass(frozen=True)
class Moments:
    """Means and standard deviations of the columns of X̃ (p + 1,)."""

    mean: Floats
    deviation: Floats


@dataclass(frozen=True)
class Covariance:
    """That of the weights (M, M), as far as directions have any curvature.

    Attributes:
        root: (M, r) with ``root @ root.T`` the inverse information. flat: (M, f), directions along which
            the loss does not change. unit: (M,), in which both are told. middle: of the sandwich, if any.
    """

    root: Floats
    flat: Floats
    unit: Floats
    middle: Floats | None = None

    def errors(self, rows: Floats) -> Floats:
        """Standard errors of combinations of the weights (t, M); NaN of those that the data leaves open."""
        told = rows * self.unit
        reach = told @ self.root
        between = reach if self.middle is None else reach @ (self.root.T @ self.middle @ self.root)
        found = np.sqrt((between * reach).sum(axis=1))
        size = np.sqrt((told**2).sum(axis=1))
        open_ = np.sqrt(((told @ self.flat) ** 2).sum(axis=1)) > ALONG * np.maximum(size, 1e-300)
        return np.where(open_, np.nan, found)


@dataclass(frozen=True)
class Sureness:
    """What is known of the errors of weights.

    Attributes:
        covariance: where there is one. why: the sentence that says why there is none.
        distance: the length of Newton's next step in standard errors, where that is known.
        robust: whether it is the sandwich.
    """

    covariance: Covariance | None
    why: str
    moments: Moments
    distance: float | None = None
    robust: bool = False


def sureness(trained: Trained) -> Sureness:
    """How sure the weights of a model are."""
    weights = trained.row_weights[0]
    moments = _moments(trained)
    if trained.busy and len(trained.problem.y_train) * trained.theta.size**2 > MUCH:
        return Sureness(
            None, "Errors are told once nothing trains: they take much of the machine.", moments
        )
    if trained.theta.size > MOST:
        why = f"No errors of {trained.theta.size:,} weights: up to {MOST:,} they are computed."
        return Sureness(None, why, moments)
    if trained.config.weight_decay > 0:
        why = (
            "No errors: weight decay pulls the weights towards zero, so they are not centred on "
            "what they estimate. Train with weight decay 0."
        )
        return Sureness(None, why, moments)
    information, middle, gradient, wrong = _sums(trained)
    if wrong == 0:
        why = (
            "No errors: the training rows are parted without a mistake (separable), so the best "
            "weights are infinite."
        )
        return Sureness(None, why, moments)
    found = _inverted(information, middle if weights is not None else None)
    step = found.unit * (found.root @ (found.root.T @ (found.unit * gradient)))
    distance = float(np.sqrt(max(float(gradient @ step), 0.0)))
    if not np.isfinite(distance):
        return Sureness(None, "No errors: the curvature of the loss is not finite.", moments)
    if distance > CLOSE:
        why = (
            "No errors yet: the loss is not lowest here, Newton's next step is of "
            f"{short(distance)} standard errors. Train longer, or with the optimizer newton."
        )
        return Sureness(None, why, moments, distance)
    if _largest_move(trained, step) > STILL or _runs_away(trained, found, moments):
        why = "No errors: some rows are parted without a mistake, so that a weight would grow without end."
        return Sureness(None, why, moments, distance)
    return Sureness(found, "", moments, distance, robust=weights is not None)


def _runs_away(trained: Trained, found: Covariance, moments: Moments) -> bool:
    """Whether a direction is flat since its rows are all sure by now, not by what its columns say."""
    size = np.hypot(moments.mean, moments.deviation)
    flat = np.where(np.abs(found.flat) > ROUNDING, found.flat, 0.0)
    for direction in (flat * found.unit[:, None]).T:
        whole = float((np.abs(direction).reshape(-1, len(size)) * size).sum())
        if _largest_move(trained, direction) > ALONG * whole:
            return True
    return False


def _moments(trained: Trained) -> Moments:
    """Those of the training part, kept with it."""
    known = trained.kept.get(Moments)
    if not isinstance(known, Moments):
        known = trained.kept[Moments] = _counted(trained)
    return known


def _counted(trained: Trained) -> Moments:
    design = trained.problem.design_train
    total, squares = np.zeros(design.shape[1]), np.zeros(design.shape[1])
    for _, X in trained.pieces(design):
        total += X.sum(axis=0)
    mean = total / len(design)
    for _, X in trained.pieces(design):
        squares += ((X - mean) ** 2).sum(axis=0)
    return Moments(mean, np.sqrt(squares / len(design)))


def _sums(trained: Trained) -> tuple[Floats, Floats, Floats, int]:
    """Sums over the training rows.

    The information (M, M), the squares of the rows' gradients (M, M), the gradient (M,), and how many rows
    are not on their own side.
    """
    problem, likelihood, theta = trained.problem, trained.likelihood, trained.weights
    outputs, columns = theta.size // theta.shape[-1], theta.shape[-1]
    size, given = theta.size, trained.row_weights[0]
    information, middle, gradient, wrong = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size), 0
    for block, X in trained.pieces(problem.design_train, size):
        y = problem.y_train[block].astype(np.int64)
        weight = np.ones(len(y)) if given is None else given[block]
        z = X @ theta.T
        p = likelihood.probabilities(z)
        right = (z > 0) == (y == 1) if trained.binary else z.argmax(axis=1) == y
        wrong += int((~right).sum())
        r = (p - (y[:, None] if trained.binary else np.eye(outputs)[y])) * weight[:, None]
        gradient += (r.T @ X).ravel()
        if trained.binary:
            information += (X * (p[:, 0] * (1 - p[:, 0]) * weight)[:, None]).T @ X
        else:  # C = diag(p) - ppᵀ
            each = _times(p * np.sqrt(weight)[:, None], X)
            information -= each.T @ each
            for a in range(outputs):
                own = slice(a * columns, (a + 1) * columns)
                information[own, own] += (X * (p[:, a] * weight)[:, None]).T @ X
        if given is not None:
            scores = _times(r, X)
            middle += scores.T @ scores
    return information, middle, gradient, wrong


def _times(factors: Floats, X: Floats) -> Floats:
    """Each row times its factors, one after the other: (n, K) and (n, p + 1) make (n, K(p + 1))."""
    return np.asarray((factors[:, :, None] * X[:, None, :]).reshape(len(X), -1))


def _inverted(information: Floats, middle: Floats | None) -> Covariance:
    """Without what has no curvature; in units that make the diagonal 1, so that scales do no harm."""
    diagonal = information.diagonal()
    unit = np.where(diagonal > 0, diagonal, np.inf) ** -0.5
    scaled = information * unit * unit[:, None]
    values, vectors = np.linalg.eigh(np.nan_to_num(scaled, nan=0.0, posinf=0.0, neginf=0.0))
    curved = values > FLAT * values[-1]
    root = vectors[:, curved] / np.sqrt(values[curved])
    # A weight whose column is zero everywhere is flat too, and has no unit of its own.
    unit = np.where(np.isfinite(unit) & (unit > 0), unit, 1.0)
    return Covariance(
        root, vectors[:, ~curved], unit, None if middle is None else middle * unit * unit[:, None]
    )


def _largest_move(trained: Trained, step: Floats) -> float:
    """By how much a step of the weights would move the logit of any training row."""
    along, most = step.reshape(trained.weights.shape), 0.0
    for _, X in trained.pieces(trained.problem.design_train):
        moved = X @ along.T
        if moved.ndim == 2:
            moved = moved - moved.mean(axis=1, keepdims=True)
        most = max(most, float(np.abs(moved).max(initial=0.0)))
    return most
