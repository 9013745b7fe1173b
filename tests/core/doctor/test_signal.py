"""Permutation tests: they find signal where there is some, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from lrtui.core.config import Config
from lrtui.core.doctor.quantities.signal import Signal, boosted_scores, linear_scores, signal
from lrtui.core.doctor.view import View, views
from tests.core.training.problems import problem


def linear(name: str, permutations: int = 99) -> Signal:
    return signal(views(problem(name, "none"), Config())[0], linear_scores, permutations=permutations)


@pytest.mark.parametrize("name", ["breast-cancer", "diabetes-median", "two-gaussians", "wine-1"])
def test_what_a_line_can_learn_is_found(name: str) -> None:
    found = linear(name)
    assert found.p == 0.01  # the lowest that 99 permutations can give
    assert found.low > 0.5


@pytest.mark.parametrize("name", ["no-signal", "example-scaling", "example-learning-rate"])
def test_random_labels_are_no_signal_for_any_model(name: str) -> None:
    assert linear(name).p > 0.05
    part = views(problem(name, "none"), Config())[0]
    assert signal(part, boosted_scores, permutations=9).p > 0.1


def test_what_no_line_can_learn_a_flexible_model_does() -> None:
    part = views(problem("circles"), Config())[0]
    assert linear("circles").p > 0.05
    found = signal(part, boosted_scores, permutations=9)
    assert found.auc > 0.95
    assert found.p == 0.1


def test_under_no_signal_p_is_uniform_enough() -> None:
    low = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        X = np.column_stack([random.normal(size=(60, 4)), np.ones(60)])
        part = View(X, random.permutation(np.arange(60) % 2).astype(np.float64), np.ones(60))
        low += signal(part, linear_scores, permutations=19, seed=seed).p <= 0.1
    assert 1 <= low <= 14  # 6 are expected; beyond 14 chance goes once in a thousand times


def test_the_linear_scores_rank_as_logistic_regression_does() -> None:
    train, test = views(problem("breast-cancer", "none"), Config())
    X, held_out = train.X[:, :-1], test.X[:, :-1]
    scaler = StandardScaler().fit(X)
    oracle = LogisticRegression(max_iter=1000).fit(scaler.transform(X), train.y)
    mine = roc_auc_score(test.y, linear_scores(X, train.y, held_out))
    theirs = roc_auc_score(test.y, oracle.decision_function(scaler.transform(held_out)))
    assert mine == pytest.approx(theirs, abs=0.02)


def test_a_class_with_too_few_rows_for_the_folds_is_refused() -> None:
    part = View(np.ones((10, 2)), np.array([1.0, *[0.0] * 9]), np.ones(10))
    with pytest.raises(ValueError, match="fewer than 5"):
        signal(part, linear_scores, permutations=9)
