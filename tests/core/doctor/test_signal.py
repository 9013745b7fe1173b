"""Permutation tests and smoothers: they find signal where there is some, and none where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.metrics import roc_auc_score

from lrtui.core.config import Config
from lrtui.core.doctor.quantities.flexibility import Flexibility, flexibility
from lrtui.core.doctor.quantities.signal import LINEAR_ROWS, Signal, linear_auc, signal
from lrtui.core.doctor.quantities.smoothers import (
    FLEXIBLE,
    FOLDS,
    STRENGTHS,
    folds,
    sample,
    smoothers,
    standardized,
)
from lrtui.core.doctor.view import View, views
from tests.core.training.problems import problem


def train(name: str) -> View:
    return views(problem(name, "none"), Config())[0]


def found(name: str, kinds: tuple[str, ...] = ("linear", *FLEXIBLE)) -> Signal:
    return signal(train(name), kinds, permutations=99)


@pytest.mark.parametrize("name", ["diabetes-median", "two-gaussians"])
def test_what_a_line_can_learn_is_found(name: str) -> None:
    assert found(name).p == 0.01  # the lowest that 99 permutations can give
    assert found(name).low > 0.5
    assert linear_auc(train(name))[1] > 0.5


@pytest.mark.parametrize("name", ["no-signal", "example-scaling"])
def test_random_labels_are_no_signal_for_any_model(name: str) -> None:
    assert found(name).p > 0.05
    assert linear_auc(train(name))[1] < 0.5


@pytest.mark.parametrize("name", ["circles", "xor"])
def test_what_no_line_can_learn_a_flexible_model_does(name: str) -> None:
    assert found(name, ("linear",)).p > 0.05
    assert found(name).auc > 0.95
    assert found(name).p == 0.01


def test_under_no_signal_p_is_uniform_enough() -> None:
    low = 0
    for seed in range(60):
        random = np.random.default_rng(seed)
        X = np.column_stack([random.normal(size=(60, 4)), np.ones(60)])
        part = View(X, random.permutation(np.arange(60) % 2).astype(np.float64), np.ones(60))
        low += signal(part, permutations=19, seed=seed).p <= 0.1
    assert 1 <= low <= 14  # 6 are expected; beyond 14 chance goes once in a thousand times


def test_an_unlikely_few_of_a_class_are_not_lost_in_the_sample() -> None:
    y = (np.arange(5_000) < 60).astype(np.float64)
    rows = sample(y, 400, np.random.default_rng(0))
    assert len(rows) == len(set(rows.tolist())) == 400
    assert y[rows].sum() == 60


def test_held_out_scores_are_those_of_models_fitted_again() -> None:
    part = train("breast-cancer")
    X, y = standardized(part.X[:, :-1]), part.y
    fold = folds(X, np.random.default_rng(1))
    for smoother, strength in zip(smoothers("linear", X), STRENGTHS, strict=True):
        mine = smoother.held_out(fold, y[:, None])[:, 0]
        for number in range(FOLDS):
            out = fold == number
            model = Ridge(alpha=strength * float((X**2).sum())).fit(X[~out], y[~out])
            assert mine[out] == pytest.approx(model.predict(X[out]) - y[~out].mean(), abs=1e-8)


def test_the_auc_is_that_of_scikit_learn() -> None:
    part = train("diabetes-median")
    auc, _ = linear_auc(part)
    X, y = standardized(part.X[:, :-1]), part.y
    random = np.random.default_rng(0)
    kept = sample(y, LINEAR_ROWS, random)
    best = 0.0
    fold = folds(standardized(part.X[kept, :-1]), random)
    for smoother in smoothers("linear", standardized(part.X[kept, :-1])):
        best = max(best, roc_auc_score(y[kept], smoother.held_out(fold, y[kept, None])[:, 0]))
    assert auc == pytest.approx(best)
    assert len(X) <= LINEAR_ROWS


def compared(name: str) -> Flexibility:
    return flexibility(train(name))


@pytest.mark.parametrize("name", ["circles", "xor", "iris-versicolor"])
def test_curves_and_interactions_matter_where_there_are_some(name: str) -> None:
    result = compared(name)
    assert result.matters
    assert result.linear_loss - result.flexible_loss > 0.05
    assert result.t > 3
    assert not flexibility(train(name), permuted=True).matters


@pytest.mark.parametrize("name", ["two-gaussians", "diabetes-median", "digits-3-8", "no-signal"])
def test_where_a_line_is_as_good_a_flexible_model_does_not_matter(name: str) -> None:
    assert not compared(name).matters
