"""What the data suggests: against smoothness by hand, gradient descent, and scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import PredefinedSplit, cross_val_score
from threadpoolctl import threadpool_limits

from lrtui.core.config import Config, changed
from lrtui.core.config.allowed import limits
from lrtui.core.doctor import problem_analysis
from lrtui.core.doctor import suggestions as module
from lrtui.core.doctor.quantities.smoothers import folds
from lrtui.core.doctor.reference import Reference
from lrtui.core.doctor.suggested import FIELDS, Suggestions
from lrtui.core.doctor.suggestions import CLEARLY, DECAYS, LADDER, NONE, Adviser, filled
from lrtui.core.doctor.trials import Cancelled
from lrtui.core.doctor.view import View, views
from lrtui.core.training.model import class_shares, first_weights
from lrtui.core.training.stable_rate import MOST
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from tests.core.doctor.cases import suggest
from tests.core.training.problems import noisy, problem


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Tests run beside tests: more threads would wait for one another."""
    with threadpool_limits(1, user_api="blas"):
        yield


FULL = {"batch_size": 0, "init": "zeros"}


def rate(data: Problem, config: Config) -> float | None:
    """The learning rate that is suggested."""
    found, missing = filled(data, config, ("lr",))
    return None if missing else found.lr


def epochs(data: Problem, config: Config) -> int | None:
    """The epochs that are suggested."""
    found, missing = filled(data, config, ("epochs",))
    return None if missing else found.epochs


def optimum(train: View, decay: float = 0.0) -> Floats:
    """By Newton's method."""
    theta = np.zeros(train.X.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-train.X @ theta))
        hessian = train.X.T @ (train.X * (p * (1 - p))[:, None]) / train.rows + decay * np.eye(len(theta))
        theta = theta - np.linalg.solve(hessian, train.X.T @ (p - train.y) / train.rows + decay * theta)
    return theta


# --- learning rate ---


def largest_rung(most: float) -> float:
    """The largest of 1, 2, 5 times a power of ten up to ``most``."""
    return max(rung for e in range(-12, 7) for m in (1, 2, 5) if (rung := float(f"{m}e{e}")) <= most)


def test_the_learning_rate_is_what_smoothness_bears_by_hand() -> None:
    data = noisy()
    X = data.design_train.astype(np.float64)
    n = len(X)
    L = np.linalg.eigvalsh(X.T @ X)[-1] / (4 * n)
    worst = (X**2).sum(1).max() / 4
    of_batches = (n * 7 * L + (n - 8) * worst) / (8 * (n - 1))
    full, batches = changed(Config(), batch_size=0), changed(Config(), batch_size=8)
    assert rate(data, full) == largest_rung(1 / L)
    noise = (X**2).sum(1).mean() / 4 * (n - 8) / (8 * (n - 1))  # of gradients at p = a half
    assert rate(data, batches) == largest_rung(min(1 / (2 * of_batches), 4 * 0.01 / noise))
    for optimizer in ("momentum", "nesterov"):
        with_momentum = changed(full, optimizer=optimizer, momentum=0.9)
        assert rate(data, with_momentum) == largest_rung(0.1 / L)
    assert rate(data, changed(full, weight_decay=50.0)) == largest_rung(1 / (L + 50))


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "lbfgs"])
def test_theory_is_silent_on_other_optimizers(optimizer: str) -> None:
    found = suggest(noisy(), changed(Config(), optimizer=optimizer))
    assert found.lr is None
    assert found.epochs is None
    assert (found.weight_decay is None) == (optimizer == "adamw")  # whose decay is no part of the loss


def test_momentum_that_never_ends_leaves_nothing_to_suggest() -> None:
    found = suggest(noisy(), changed(Config(), optimizer="momentum", momentum=1.0))
    assert (found.lr, found.epochs) == (None, None)


def test_a_learning_rate_is_one_that_the_form_takes() -> None:
    assert limits("lr") == (0, MOST)
    tiny = replace(noisy(), design_train=noisy().design_train * 1e-6)
    assert rate(tiny, changed(Config(), batch_size=0)) is None


# --- epochs ---


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("lr", [0.02, 0.1, 0.7])
def test_after_the_epochs_gradient_descent_has_arrived_and_not_long_ago(lr: float, decay: float) -> None:
    data = noisy(n=300)
    config = changed(Config(), **FULL, lr=lr, weight_decay=decay)
    train, _ = views(data, config)
    best = optimum(train, decay)

    def loss(theta: Floats) -> float:
        return train.loss(theta) + decay / 2 * float(theta @ theta)

    theta = np.zeros(len(best))
    way, left = loss(theta) - loss(best), [1.0]
    while left[-1] > 0.001:
        p = 1 / (1 + np.exp(-train.X @ theta))
        theta = theta - lr * (train.X.T @ (p - train.y) / train.rows + decay * theta)
        left.append((loss(theta) - loss(best)) / way)
    fewest = next(number for number in LADDER if number >= len(left) or left[number] <= 0.01)
    found = epochs(data, config)
    # The loss is steeper where gradient descent begins than near the optimum, for which R is.
    assert found in (fewest, LADDER[LADDER.index(fewest) + 1])


@pytest.mark.parametrize("values", [{}, {"lr": 0.9}, {"init": "normal", "init_std": 3.0, "seed": 4}])
def test_near_the_optimum_the_epochs_are_those_of_brute_force(values: dict[str, Any]) -> None:
    data = noisy(n=200)
    config = changed(Config(), **{"batch_size": 0, "lr": 0.05, **values})
    train, _ = views(data, config)
    best = Reference(train).theta
    p = 1 / (1 + np.exp(-train.X @ best))
    hessian = train.X.T @ (train.X * (p * (1 - p))[:, None]) / train.rows
    error = first_weights(config, data.X_train.shape[1], class_shares(data)) - best
    way, steps = error @ hessian @ error, 0
    while error @ hessian @ error > 0.01 * way or steps not in LADDER:
        error = error - config.lr * (hessian @ error)
        steps += 1
    assert epochs(data, config) == steps


def test_epochs_count_the_updates_of_all_batches_and_what_momentum_adds_up() -> None:
    data = noisy(n=300)
    rows = len(data.y_train)
    slow = changed(Config(), **FULL, lr=0.001)
    fast = epochs(data, changed(slow, lr=0.02))
    assert epochs(data, slow) == 20 * (fast or 0)
    assert epochs(data, changed(slow, batch_size=-(-rows // 20))) == fast
    heavy = changed(slow, optimizer="momentum", momentum=0.95)
    assert epochs(data, heavy) == fast


def test_first_weights_are_those_that_a_run_begins_with() -> None:
    data = problem("diabetes-median")
    config = changed(Config(), init="normal", init_std=20.0, seed=7)
    start = first_weights(config, data.X_train.shape[1], class_shares(data))
    begun = Trainer(data, config).snapshot()
    np.testing.assert_array_equal(start, [*begun.weights, begun.bias])


@pytest.mark.parametrize("lr", [0.0, 1e-12, 1e5])
def test_a_learning_rate_that_never_gets_there_has_no_epochs(lr: float) -> None:
    assert epochs(noisy(), changed(Config(), **FULL, lr=lr)) is None


# --- weight decay ---


@cache
def crowded() -> Problem:
    """Few rows and many columns that say nothing: weight decay wins."""
    random = np.random.default_rng(3)
    X = random.normal(size=(120, 20))
    y = (X[:, 0] + random.normal(0, 1.5, 120) > 0.5).astype(np.int8)
    data = Dataset(Source("crowded"), X * 3, y, tuple(f"x{i}" for i in range(20)), ("0", "1"))
    return prepare(data, scaling="none", test_size=0.25, split_seed=1)


@pytest.mark.parametrize("data", [noisy(n=200), crowded()])
def test_the_weight_decay_is_what_cross_validation_by_scikit_learn_chooses(data: Problem) -> None:
    X, y = data.design_train.astype(np.float64), data.y_train
    split = PredefinedSplit(folds(X, np.random.default_rng(0)))

    def loss(decay: float) -> float:
        scores = []
        for train, out in split.split():
            model = LogisticRegression(
                C=1 / (decay * len(train)),
                fit_intercept=False,
                solver="newton-cg",
                tol=1e-8,
                max_iter=1_000,
            )
            whole = PredefinedSplit(np.where(np.isin(np.arange(len(y)), out), 0, -1))
            scores.append(-cross_val_score(model, X, y, cv=whole, scoring="neg_log_loss")[0] * len(out))
        return sum(scores) / len(y)

    losses = {decay: loss(decay) for decay in DECAYS}
    best = min(losses, key=losses.__getitem__)
    expected = best if loss(1e-6) - losses[best] >= CLEARLY else 0.0
    assert suggest(data, Config()).weight_decay == expected


def test_decay_is_suggested_where_it_helps_and_none_where_it_does_not() -> None:
    assert suggest(noisy(n=2_000), Config()).weight_decay == 0
    assert (suggest(crowded(), Config()).weight_decay or 0) >= 0.01
    assert suggest(problem("separable"), Config()).weight_decay == 0  # parted rows that are not seen too


def test_class_weights_are_those_of_the_loss() -> None:
    data = problem("imbalanced")
    config = changed(Config(), class_weight="balanced")
    adviser = Adviser(data, config)
    alone = Adviser(data, Config()).held_out(0.01)
    both = adviser.held_out(0.01)
    assert both > alone  # a rare row counts for many


def test_a_class_too_rare_for_folds_has_no_weight_decay() -> None:
    data = noisy()
    few = replace(data, y_train=np.where(np.arange(len(data.y_train)) < 3, 1, 0).astype(np.int8))
    found = suggest(few, Config())
    assert found.weight_decay is None
    assert found.epochs is not None
    one = replace(data, y_train=np.zeros_like(data.y_train))
    assert suggest(one, Config()) == Suggestions(lr=suggest(data, Config()).lr)


# --- many rows, many columns, odd numbers ---


def test_many_rows_are_sampled_and_suggest_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data, config = noisy(n=8_000, p=6), changed(Config(), lr=0.06)
    whole = suggest(data, config)
    monkeypatch.setattr(problem_analysis, "NUMBERS", 1)
    adviser = Adviser(data, config)
    assert adviser.numbers == 2_000 * 7
    assert adviser.smoothness.rows == 6_000
    assert adviser.suggest(config) == whole


def test_what_a_sample_wins_by_decay_is_not_what_all_rows_would(monkeypatch: pytest.MonkeyPatch) -> None:
    random, names = np.random.default_rng(0), tuple(f"x{i}" for i in range(60))
    X = random.normal(size=(5_000, 60))
    y = (X[:, 0] + random.normal(0, 3, 5_000) > 0).astype(np.int8)
    data = prepare(
        Dataset(Source("wide"), X, y, names, ("0", "1")), scaling="none", test_size=0.25, split_seed=1
    )
    assert Adviser(data, Config()).weight_decay(Config()) == 0
    monkeypatch.setattr(problem_analysis, "NUMBERS", 1)
    adviser = Adviser(data, Config())
    assert adviser.numbers == 2_000 * 61
    assert adviser.held_out(NONE) - adviser.held_out(0.1) >= CLEARLY
    assert adviser.weight_decay(Config()) == 0


def test_very_many_columns_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WIDE", 3)
    found = suggest(noisy(), Config())
    assert found.lr is not None
    assert (found.epochs, found.weight_decay) == (None, None)


@pytest.mark.filterwarnings("ignore:overflow")
@pytest.mark.parametrize("number", [np.inf, 1e36])
def test_numbers_that_nothing_can_be_computed_with_suggest_nothing(number: float) -> None:
    data = noisy()
    data.design_train[3, 1] = number
    found = suggest(data, Config())
    assert found.lr is None or found.lr < 1e-60


# --- all of it ---


def test_each_is_suggested_for_the_config_with_those_before_it() -> None:
    data, config = crowded(), changed(Config(), lr=0.001)
    alone, _ = filled(data, config, ("epochs",))
    every, missing = filled(data, config, FIELDS)
    assert missing == ()
    assert every.weight_decay == suggest(data, config).weight_decay
    assert every.lr == suggest(data, changed(config, weight_decay=every.weight_decay)).lr
    assert every.epochs == suggest(data, every).epochs
    assert alone.epochs == suggest(data, config).epochs
    assert alone.epochs > every.epochs
    assert filled(data, changed(config, optimizer="adam"), ("lr", "weight_decay"))[1] == ("lr",)


@pytest.mark.parametrize("name", ["breast-cancer", "two-gaussians", "imbalanced"])
def test_a_run_with_all_that_is_suggested_comes_near_the_best(name: str) -> None:
    data = problem(name)
    config, _ = filled(data, changed(Config(), lr=1e-5, epochs=1), FIELDS)
    trainer = Trainer(data, config)
    trainer.advance()
    train, _ = views(data, config)
    assert trainer.measure().train_loss <= train.loss(optimum(train, config.weight_decay or 1e-6)) + 0.03


def test_suggestions_travel_as_json() -> None:
    found = suggest(noisy(), Config())
    assert Suggestions.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert Suggestions.from_dict({"lr": 0.5}) == Suggestions(lr=0.5)


def test_who_asks_something_else_does_not_wait() -> None:
    with pytest.raises(Cancelled):
        Adviser(noisy(), Config()).suggest(Config(), lambda: False)
