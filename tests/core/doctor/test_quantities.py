"""Measured quantities against brute force and against what training really does."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import rankdata

from lrtui.core.config import Config, changed
from lrtui.core.doctor.causes.no_diversity import diversity
from lrtui.core.doctor.causes.separable import separable
from lrtui.core.doctor.causes.start import stuck_share
from lrtui.core.doctor.causes.steps import reach
from lrtui.core.doctor.quantities.flexibility import regressed
from lrtui.core.doctor.quantities.ranks import mid_ranks
from lrtui.core.doctor.quantities.remaining import Remaining, remaining
from lrtui.core.doctor.quantities.smoothers import folds
from lrtui.core.doctor.reference import Reference
from lrtui.core.doctor.view import View, views
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from tests.core.training.problems import noisy, problem


def view(X: Floats, y: Floats) -> View:
    return View(np.column_stack([X, np.ones(len(X))]), y.astype(np.float64), np.ones(len(X)))


def theta_of(trainer: Trainer) -> Floats:
    snapshot = trainer.snapshot()
    return np.append(snapshot.weights, snapshot.bias)


# --- what remains ---


def test_what_remains_is_what_gradient_descent_leaves_of_the_way() -> None:
    data = noisy(n=200)
    config = changed(Config(), batch_size=0, lr=0.5, epochs=60, init="zeros")
    train, _ = views(data, config)
    optimum = Reference(train).theta
    for _ in range(5):  # the reference has a weak L2: Newton's steps take it off
        p = 1 / (1 + np.exp(-train.X @ optimum))
        hessian = train.X.T @ (train.X * (p * (1 - p))[:, None])
        optimum = optimum - np.linalg.solve(hessian, train.X.T @ (p - train.y))
    near = optimum + 0.01 * np.arange(1, len(optimum) + 1)  # the formula holds near the optimum
    found = remaining(train, near, optimum)
    theta, best = near.copy(), train.loss(optimum)
    for _ in range(60):
        p = 1 / (1 + np.exp(-train.X @ theta))
        theta -= 0.5 * train.X.T @ (p - train.y) / train.rows
    left = (train.loss(theta) - best) / (train.loss(near) - best)
    assert found.after(0.5, 60) == pytest.approx(left, rel=0.05)


def test_steps_that_are_needed_are_enough_and_no_more() -> None:
    found = Remaining(np.array([0.001, 0.1, 2.0]), np.array([0.3, 0.3, 0.4]))
    steps = found.steps_needed(0.5)
    assert found.after(0.5, steps) <= 0.1 < found.after(0.5, 0.99 * steps)
    assert found.steps_needed(1.01) == inf  # above 2/λ the steepest direction grows
    assert found.after(5.0, 1e6) == inf
    assert found.after(0.5, 0) == pytest.approx(1)


# --- reach ---


@settings(max_examples=12)
@given(
    lr=st.floats(1e-3, 50),
    batch_size=st.sampled_from([0, 1, 7, 32]),
    class_weight=st.sampled_from(["none", "balanced"]),
    epochs=st.integers(1, 6),
)
def test_no_run_of_plain_sgd_ends_beyond_its_reach(
    lr: float, batch_size: int, class_weight: str, epochs: int
) -> None:
    data = noisy()
    config = changed(Config(), lr=lr, batch_size=batch_size, class_weight=class_weight, epochs=epochs)
    trainer = Trainer(data, config, dtype=torch.float64)
    start = theta_of(trainer)
    trainer.advance()
    train, _ = views(data, config)
    assert train.distance(start, theta_of(trainer)) <= reach(train, lr, epochs, batch_size) + 1e-9


# --- separability ---


def test_a_gap_is_found_and_an_overlap_too() -> None:
    assert separable(views(problem("separable"), Config())[0])
    assert separable(views(problem("wine-1", "none"), Config())[0])
    assert not separable(views(problem("two-gaussians"), Config())[0])
    assert not separable(views(problem("xor"), Config())[0])


@settings(max_examples=12)
@given(st.integers(2, 12), st.integers(1, 3), st.integers(0, 10_000))
def test_separable_rows_are_those_that_a_perceptron_learns(n: int, p: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    part = view(random.normal(size=(n, p)), random.integers(0, 2, n))
    signs = np.where(part.y == 1, 1.0, -1.0)
    theta, learned = np.zeros(p + 1), False
    for _ in range(2_000):
        wrong = np.flatnonzero(signs * (part.X @ theta) <= 0)
        if not len(wrong):
            learned = True
            break
        theta += signs[wrong[0]] * part.X[wrong[0]]
    if learned:  # the other way round a perceptron can only take too long
        assert separable(part)
    if not separable(part):
        assert not learned


def test_few_random_labels_are_separable_and_many_are_not() -> None:
    random = np.random.default_rng(0)
    found = [
        separable(view(random.normal(size=(n, 10)), random.integers(0, 2, n))) for n in (12, 15, 60, 100)
    ]
    assert found == [True, True, False, False]  # Cover 1965: the border is n = 2(p + 1)


# --- saturation ---


def test_rows_are_stuck_where_autograd_finds_no_gradient() -> None:
    z = np.array([-40.0, -20.0, 5.0, 17.5, 30.0, 18.0, -3.0])
    y = np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0])
    part = view(z[:, None], y)
    theta = np.array([1.0, 0.0])
    logits = torch.tensor(z, dtype=torch.float32, requires_grad=True)
    loss = torch.nn.functional.binary_cross_entropy(torch.sigmoid(logits), torch.tensor(y).float())
    loss.backward()
    assert logits.grad is not None
    dead = (logits.grad * len(z)).abs().numpy() < 1e-3
    wrong = (z > 0) != (y == 1)
    assert stuck_share(part, theta, "bce") == pytest.approx(dead[wrong].mean())
    assert stuck_share(part, theta, "bce-logits") == 0


# --- rows and columns ---


def test_repeated_rows_and_constant_columns_are_counted() -> None:
    assert diversity(np.array([[1.0, 5], [1, 6], [1, 5], [1, 5]])) == (2, 0.5, 1)
    assert diversity(problem("duplicates").X_train)[0] == 4


@pytest.mark.parametrize("distinct", [2, 3, 4])
def test_fewer_different_rows_than_folds_are_cross_validated_all_the_same(distinct: int) -> None:
    corners = np.array([[0.0, 0.0], [1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])[:distinct]
    X = np.tile(corners, (40, 1))
    y = np.tile([0.0, 0.0, 1.0, 1.0][:distinct], 40)
    y[:8] = 1 - y[:8]
    view = View(np.column_stack([X, np.ones(len(y))]), y, np.ones(len(y)))
    assert np.isfinite(Reference(view).shrunk).all()
    assert np.isfinite(regressed(X, y.astype(np.int64), folds(X, np.random.default_rng(0)))).all()


@given(
    arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 3)), elements=st.integers(-3, 3).map(float))
)
def test_ranks_are_scipys(values: np.ndarray) -> None:
    assert mid_ranks(values) == pytest.approx(rankdata(values, axis=0))
    assert mid_ranks(values[:, 0]) == pytest.approx(rankdata(values[:, 0]))
