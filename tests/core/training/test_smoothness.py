"""Smoothness constants: against brute force, and against what training then does."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.catalogue import CATALOGUE
from tests.core.training.problems import noisy, problem


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
@pytest.mark.parametrize("dense", [True, False])
def test_l_is_the_largest_eigenvalue_of_the_bound_on_the_hessian(class_weight: str, dense: bool) -> None:
    data = noisy(n=70, p=6)
    X, y = data.design_train, data.y_train
    n = len(y)
    c = (
        np.where(y == 1, n / (2 * y.sum()), n / (2 * (n - y.sum())))
        if class_weight == "balanced"
        else np.ones(n)
    )
    found = smoothness(
        data, changed(Config(), class_weight=class_weight), dense=100 if dense else 1, block=40
    )
    assert found.full == pytest.approx(np.linalg.eigvalsh(X.T @ (X * c[:, None])).max() / (4 * n))
    assert found.row == pytest.approx((c * (X**2).sum(1)).max() / 4)


def test_the_expected_smoothness_of_a_batch_is_its_definition() -> None:
    # For rows drawn without replacement: E‖∇f_B(w) − ∇f_B(w*)‖² ≤ 2·L_b·(f(w) − f(w*)), with L_b between
    # that of one row and that of all.
    found = smoothness(noisy(), Config())
    bounds = [found.expected(b) for b in range(1, found.rows + 1)]
    assert bounds[0] == pytest.approx(found.row)
    assert bounds[-1] == found.expected(0) == found.full
    assert bounds == sorted(bounds, reverse=True)


def test_the_three_examples_have_the_stable_learning_rates_that_their_pages_tell() -> None:
    full = changed(Config(), batch_size=0)
    rate = smoothness(problem("example-learning-rate"), full).stable_below()
    assert rate == pytest.approx(5.56, abs=0.005)
    unscaled = smoothness(problem("example-scaling", scaling="none"), full).stable_below()
    assert 0.01 / unscaled > 1_000  # lr 0.01 is thousands of times too high


@pytest.mark.parametrize("name", CATALOGUE)
def test_below_the_bound_full_batch_descent_never_rises(name: str) -> None:
    data = problem(name)
    c = changed(Config(), batch_size=0, epochs=300)
    limit = smoothness(data, c).stable_below()
    trainer = Trainer(data, changed(c, lr=0.99 * limit), dtype=torch.float64)
    losses = np.array(trainer.advance())
    assert (np.diff(losses) <= 1e-6).all()


def test_above_the_bound_data_that_is_not_separable_does_not_settle() -> None:
    data = problem("example-learning-rate")
    c = changed(Config(), batch_size=0, epochs=3000)
    limit = smoothness(data, c).stable_below()
    trainer = Trainer(data, changed(c, lr=2 * limit))
    losses = np.array(trainer.advance())[-100:]
    assert np.ptp(losses) > 1e-3


def test_theory_is_silent_on_optimizers_that_it_does_not_know() -> None:
    found = smoothness(noisy(), Config())
    assert found.limit(changed(Config(), optimizer="adam")) is None
    assert found.limit(changed(Config(), batch_size=0)) == found.stable_below()
    assert found.limit(Config()) == found.safe(32)


def test_data_that_is_not_finite_has_no_stable_learning_rate() -> None:
    data = noisy()
    data.design_train[3, 1] = np.inf
    assert smoothness(data, Config()).stable_below() == 0
