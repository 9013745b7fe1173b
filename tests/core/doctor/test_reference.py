"""The reference: as good as a linear model gets, whatever the scale of the features."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from lrtui.core.config import Config, changed
from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.reference import RIDGES, Reference, slack_of
from lrtui.core.doctor.view import View, views
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import noisy, problem


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax", "center"])
def test_it_does_not_depend_on_the_scale_of_the_features(scaling: str) -> None:
    scaled = Reference(views(problem("breast-cancer", scaling), Config())[0])
    oracle = Reference(views(problem("breast-cancer"), Config())[0])
    assert scaled.loss == pytest.approx(oracle.loss, abs=1e-5)
    assert scaled.base_loss == pytest.approx(oracle.base_loss)


def test_no_training_ends_lower_where_the_classes_overlap() -> None:
    data = noisy()
    found = Reference(views(data, Config())[0])
    for optimizer, lr, epochs in (("sgd", 1.0, 3000), ("lbfgs", 0.5, 20)):
        trainer = Trainer(
            data,
            changed(Config(), optimizer=optimizer, lr=lr, batch_size=0, epochs=epochs),
            dtype=torch.float64,
        )
        trainer.advance()
        assert trainer.measure().train_loss >= found.loss - 1e-4
        assert trainer.measure().train_loss == pytest.approx(found.loss, abs=1e-3)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_its_losses_are_those_that_training_minimizes(class_weight: str) -> None:
    config = changed(Config(), class_weight=class_weight, init="zeros", epochs=40)
    data = noisy()
    trainer = Trainer(data, config, dtype=torch.float64)
    trainer.advance()
    snapshot = trainer.snapshot()
    theta = np.append(snapshot.weights, snapshot.bias)
    train, test = views(data, config)
    assert train.loss(theta) == pytest.approx(snapshot.measurement.train_loss, rel=1e-9)
    assert test.loss(theta) == pytest.approx(snapshot.measurement.test_loss, rel=1e-9)


@pytest.mark.parametrize("class_weight", ["none", "balanced"])
def test_the_base_loss_is_the_lowest_of_all_that_answer_every_row_alike(class_weight: str) -> None:
    train, _ = views(noisy(), changed(Config(), class_weight=class_weight))
    biases = np.linspace(-3, 3, 6001)
    theta = np.zeros(train.X.shape[1])
    lowest = min(train.loss(np.append(theta[:-1], bias)) for bias in biases)
    assert train.base_loss() == pytest.approx(lowest, abs=1e-6)


def test_close_enough_is_a_tenth_of_the_way_or_what_hardly_matters() -> None:
    assert slack_of(0.1, 0.7) == pytest.approx(0.06)
    assert slack_of(0.68, 0.69) == 0.03


# --- oracles: scikit-learn ---


def table(rows: int, columns: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, columns))
    return X, (random.random(rows) < 1 / (1 + np.exp(-X[:, 0] - 0.5))).astype(np.float64)


def view_of(X: np.ndarray, y: np.ndarray, classes: int = 2) -> View:
    return View(np.column_stack([X, np.ones(len(X))]), y.astype(np.float64), np.ones(len(y)), classes)


def test_it_is_the_lowest_loss_that_scikit_learn_finds() -> None:
    X, y = table(500, 8)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(X, y)
    best = log_loss(y, model.predict_proba(X))
    assert Reference(view_of(1_000 * X - 5e4, y)).loss == pytest.approx(best, abs=1e-9)


def test_two_nearly_equal_columns_whose_difference_decides_are_no_obstacle() -> None:
    random = np.random.default_rng(1)
    apart, common = random.normal(size=800), random.normal(size=800)
    y = (random.random(800) < 1 / (1 + np.exp(-2 * apart))).astype(float)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-12).fit(apart[:, None], y)
    best = log_loss(y, model.predict_proba(apart[:, None]))
    found = Reference(view_of(np.column_stack([common, common + 1e-4 * apart]), y))
    assert found.loss <= best + 1e-6  # of two columns the loss is at most that of their difference


def test_where_classes_part_the_lowest_loss_is_nought_and_the_weights_stay_in_sight() -> None:
    X, _ = table(200, 3)
    found = Reference(view_of(X, (X[:, 0] > 0).astype(float)))
    assert found.loss < 1e-8
    assert np.isfinite(found.theta).all()
    assert np.linalg.norm(found.theta) < 1_000


@pytest.mark.parametrize("classes", [2, 3])
def test_few_rows_are_held_back_as_cross_validation_would(classes: int) -> None:
    random = np.random.default_rng(2)
    X = random.normal(size=(2_120, 40))
    scores = np.column_stack([np.zeros(len(X)), 1.5 * X[:, :1], -1.5 * X[:, :1]])[:, :classes]
    y = (scores + random.gumbel(size=scores.shape)).argmax(axis=1).astype(float)
    found = Reference(view_of(X[:120], y[:120], classes))
    here = StandardScaler().fit(X[:120])
    losses = [
        log_loss(y[120:], LogisticRegression(C=1 / (ridge * 120), max_iter=5_000)
                 .fit(here.transform(X[:120]), y[:120]).predict_proba(here.transform(X[120:])))
        for ridge in RIDGES
    ]  # fmt: skip
    rest = view_of(X[120:], y[120:], classes)
    assert found.ridge > 0
    assert rest.loss(found.shrunk) < rest.loss(found.theta) - 0.1
    assert rest.loss(found.shrunk) <= min(losses) + 0.05


def test_many_rows_need_no_holding_back() -> None:
    X, y = table(2_000, 4)
    found = Reference(view_of(X, y))
    assert found.ridge == 0
    assert found.shrunk is found.theta


@settings(max_examples=12)
@given(
    rows=st.integers(12, 60),
    columns=st.integers(1, 90),
    seed=st.integers(0, 999),
    classes=st.integers(2, 4),
)
def test_no_weights_of_a_ridge_are_better_than_those_it_finds(
    rows: int, columns: int, seed: int, classes: int
) -> None:
    random = np.random.default_rng(seed)
    X, y = random.normal(size=(rows, columns)), random.integers(0, classes, rows)
    D, pull = np.column_stack([X, np.ones(rows)]), np.append(np.full(columns, 0.05), 0.0)
    found = fit_weights(D, y, None, classes, pull)
    view = view_of(X, y, classes)

    def objective(theta: np.ndarray) -> float:
        return view.loss(theta) + 0.5 * float((pull * theta**2).sum())

    for _ in range(20):
        near = found + random.normal(size=found.shape) * 10.0 ** random.uniform(-4, 0)
        assert objective(found) <= objective(near) + 1e-9
