"""Rows that weigh differently, between two classes: what doctor and theory say of them is still true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from lrtui.core.config import Config, changed
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.core.training.weighting import weights_of
from lrtui.datasets.dataset import Dataset
from tests.core.doctor.cases import dataset, examine
from tests.core.training.problems import noisy, weigh


def weighed(name: str = "two-gaussians") -> Dataset:
    found = dataset(name)
    weights = np.random.default_rng(0).uniform(0.2, 5.0, found.n)
    return replace(found, weights=weights)


def test_a_run_that_is_well_is_left_in_peace() -> None:
    assert examine(weighed()).status is Health.HEALTHY


def test_a_setting_that_is_wrong_is_still_named_and_healed() -> None:
    found = examine(weighed(), lr=1e-6, init="zeros", init_bias=-3.0)
    assert found.status is Health.SICK
    assert found.cause == "lr-too-low"
    assert found.findings[0].proved


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_the_reference_minimizes_the_loss_that_is_trained(class_weight: str) -> None:
    data, config = weigh(noisy(n=300)), changed(Config(), class_weight=class_weight)
    weight = weights_of(data, config)[0]
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000)
    oracle.fit(data.X_train, data.y_train, sample_weight=weight)
    theta = [*oracle.coef_[0], oracle.intercept_[0]]
    np.testing.assert_allclose(ProblemAnalysis(data, config).reference.theta, theta, rtol=0.01)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_below_the_bound_full_batch_descent_never_rises(class_weight: str) -> None:
    data = weigh(noisy(n=200))
    c = changed(Config(), batch_size=0, epochs=300, class_weight=class_weight)
    trainer = Trainer(data, changed(c, lr=0.99 * smoothness(data, c).stable_below()), dtype=torch.float64)
    assert (np.diff(np.array(trainer.advance())) <= 1e-6).all()


def test_balanced_classes_have_weights_that_are_counted_by_rows() -> None:
    data = weigh(noisy(n=100))
    train, test = weights_of(data, changed(Config(), class_weight="balanced"))
    assert train is not None
    assert test is not None
    n, ones = len(data.y_train), int(data.y_train.sum())
    table = np.array([n / (2 * (n - ones)), n / (2 * ones)])
    np.testing.assert_allclose(train, data.weights_train * table[data.y_train])
    np.testing.assert_allclose(test, data.weights_test * table[data.y_test])
    assert weights_of(noisy(), Config()) == (None, None)
