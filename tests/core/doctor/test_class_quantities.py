"""What the doctor measures at more than two classes, against oracles, and what is suggested there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from lrtui.core.config import Config, changed
from lrtui.core.doctor.causes.start import runs_by_chance
from lrtui.core.doctor.causes.steps import reach
from lrtui.core.doctor.problem_analysis import ProblemAnalysis
from lrtui.core.doctor.quantities.flexibility import flexibility
from lrtui.core.doctor.quantities.remaining import remaining
from lrtui.core.doctor.quantities.signal import signal
from lrtui.core.doctor.view import View, views
from lrtui.core.training.model import class_shares, first_weights
from lrtui.core.training.trainer import Trainer
from tests.core.doctor.cases import suggest
from tests.core.doctor.many_classes import rings
from tests.core.training.problems import classes, weigh


def part(weighted: bool = False) -> View:
    return views(classes(n=200, weighted=weighted), changed(Config(), class_weight="balanced"))[0]


@pytest.mark.parametrize("weighted", [False, True])
def test_losses_of_a_view_are_scikit_learns(weighted: bool) -> None:
    train = part(weighted)
    theta = np.random.default_rng(0).normal(size=(4, 4))
    p = softmax(train.X @ theta.T, axis=1)
    expected = log_loss(train.y, p, sample_weight=train.weight) * train.weight.mean()
    assert train.loss(theta) == pytest.approx(expected)
    total = np.array([train.weight[train.y == k].sum() for k in range(4)]) / train.weight.sum()
    base = log_loss(train.y, np.tile(total, (train.rows, 1)), sample_weight=train.weight)
    assert train.base_loss() == pytest.approx(base * train.weight.mean())


def test_the_reference_is_the_lowest_loss_on_the_features_as_they_are() -> None:
    data = weigh(classes(n=300))
    analysis = ProblemAnalysis(data, Config())
    oracle = LogisticRegression(C=1e6, tol=1e-10, max_iter=20_000)
    oracle.fit(data.X_train, data.y_train, sample_weight=data.weights_train)
    p = oracle.predict_proba(data.X_train)
    best = float((data.weights_train * -np.log(p[np.arange(len(p)), data.y_train])).mean())
    assert analysis.reference.theta.shape == (4, 4)
    assert best - 1e-6 <= analysis.reference.loss <= best + 1e-3


def test_a_class_without_training_rows_is_never_the_references_answer() -> None:
    data = classes(n=200)
    there = data.y_train != 3
    data = replace(data, design_train=data.design_train[there], y_train=data.y_train[there])
    theta = ProblemAnalysis(data, Config()).reference.theta
    assert theta.shape == (4, 4)
    assert not ((data.design_test @ theta.T).argmax(1) == 3).any()


def test_what_is_left_of_the_way_is_what_gradient_descent_leaves_near_the_optimum() -> None:
    data = classes(n=200)
    train = views(data, Config())[0]
    best = ProblemAnalysis(data, Config()).reference.theta
    start = best + 0.01 * np.random.default_rng(0).normal(size=best.shape)
    way, theta, lr = remaining(train, start, best), start.copy(), 0.3
    gradient_at_best = _gradient(train, best)
    for _ in range(40):
        theta = theta - lr * (_gradient(train, theta) - gradient_at_best)

    def height(theta: np.ndarray) -> float:
        return train.loss(theta) - train.loss(best) - float((gradient_at_best * (theta - best)).sum())

    assert way.after(lr, 40) == pytest.approx(height(theta) / height(start), rel=0.05)
    assert way.after(lr, 0) == pytest.approx(1)


def _gradient(train: View, theta: np.ndarray) -> np.ndarray:
    p = softmax(train.X @ theta.T, axis=1)
    p[np.arange(train.rows), train.y.astype(int)] -= 1
    return (train.weight[:, None] * p).T @ train.X / train.rows


@pytest.mark.parametrize("lr", [0.1, 100.0])
def test_no_run_gets_farther_than_its_reach(lr: float) -> None:
    data = weigh(classes(n=150))
    config = changed(Config(), lr=lr, epochs=5, batch_size=16)
    trainer = Trainer(data, config, dtype=torch.float64)
    start = np.array(trainer.theta)
    trainer.advance()
    moved = float(np.linalg.norm(np.array(trainer.theta) - start))
    assert moved <= reach(views(data, config)[0], lr, 5, 16)


def test_what_all_classes_share_is_no_distance() -> None:
    theta = np.random.default_rng(0).normal(size=(4, 3))
    assert part().distance(theta, theta + np.array([5.0, -2.0, 1.0])) == pytest.approx(0, abs=1e-12)


def test_runs_by_chance_are_those_of_shuffled_labels() -> None:
    random, labels = np.random.default_rng(0), np.repeat([0, 1, 2], [50, 30, 7])
    seen = [int((np.diff(random.permutation(labels)) != 0).sum()) + 1 for _ in range(4000)]
    mean, deviation = runs_by_chance(np.bincount(labels))
    assert mean == pytest.approx(np.mean(seen), rel=0.01)
    assert deviation == pytest.approx(np.std(seen), rel=0.05)
    n, ones = 50, 20  # of two classes it is Wald and Wolfowitz's
    mu = 2 * ones * (n - ones) / n + 1
    assert runs_by_chance(np.array([n - ones, ones])) == pytest.approx(
        (mu, np.sqrt((mu - 1) * (mu - 2) / (n - 1)))
    )


def test_signal_is_found_where_it_is_and_not_where_labels_are_shuffled() -> None:
    train = part()
    assert signal(train).p <= 0.01
    shuffled = replace(train, y=np.random.default_rng(3).permutation(train.y))
    found = signal(shuffled)
    assert found.p > 0.05
    assert found.low < 0.5 < found.high


def test_a_flexible_model_wins_where_lines_cannot_and_not_elsewhere() -> None:
    bent = flexibility(View(np.c_[rings().X, np.ones(600)], rings().y.astype(float), np.ones(600), 3))
    assert bent.matters
    assert not flexibility(part()).matters
    assert not flexibility(
        View(np.c_[rings().X, np.ones(600)], rings().y.astype(float), np.ones(600), 3), permuted=True
    ).matters


# --- suggestions ---


def test_suggestions_are_those_of_softmax_regression() -> None:
    data, config = classes(n=200), changed(Config(), batch_size=0)
    found = suggest(data, config)
    assert found.lr is not None
    assert found.weight_decay is not None
    few = suggest(data, changed(config, lr=found.lr)).epochs
    assert few is not None
    trainer = Trainer(data, changed(config, lr=found.lr, epochs=few), dtype=torch.float64)
    trainer.advance()
    analysis = ProblemAnalysis(data, config)
    start = analysis.train.loss(first_weights(config, 3, class_shares(data)))
    left = (trainer.measure().train_loss - analysis.reference.loss) / (start - analysis.reference.loss)
    assert left <= 0.05


def test_nothing_is_suggested_for_a_class_of_too_few_rows() -> None:
    data = classes(n=100)
    y = data.y_train.copy()
    y[y == 3] = 0
    y[:2] = 3
    assert suggest(replace(data, y_train=y), Config()).weight_decay is None
