"""Early stopping, against a loop in NumPy that knows nothing of ours: where it stops, and what it keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from scipy.special import expit, log_softmax, softmax

from lrtui.core.config import Config, changed
from lrtui.core.sweep.plan import Axis, SweepPlan
from lrtui.core.sweep.runner import SweepRunner
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from tests.core.training.problems import blobs

# Many columns beside few rows, which soon learns them by heart: the test loss has a lowest point.
QUICK: dict[str, Any] = {"lr": 0.5, "batch_size": 0, "epochs": 400, "scaling": "none", "patience": 15}


def overfitted(k: int = 2) -> Dataset:
    random = np.random.default_rng(3)
    if k > 2:
        found = blobs(100, 12, k)
        return replace(found, X=found.X + random.normal(0, 2, found.X.shape))
    X = random.normal(size=(120, 25))
    y = (X[:, 0] + random.normal(0, 1.5, 120) > 0.3).astype(np.int8)
    return Dataset(Source("noisy"), X, y, tuple(f"x{i}" for i in range(25)), ("0", "1"))


def made(k: int = 2, validation: float = 0.0) -> Problem:
    return prepare(overfitted(k), scaling="none", test_size=0.3, split_seed=1, validation=validation)


def watched(data: Problem) -> tuple[np.ndarray, np.ndarray]:
    return (data.design_test, data.y_test) if data.validation is None else data.validation[:2]


def plain_loop(data: Problem, config: Config, theta: np.ndarray) -> tuple[int, int, float, np.ndarray]:
    """Gradient descent on all rows: the epoch at which it ends, the best one, its loss and its weights."""
    X, y = data.design_train, data.y_train
    rows, labels = watched(data)
    many = data.classes > 2

    def loss() -> float:
        z = rows @ theta.T
        if many:
            return float(-log_softmax(z, 1)[np.arange(len(labels)), labels].mean())
        return float(np.mean(np.logaddexp(0, z) - labels * z))

    best = 0, loss(), theta
    for epoch in range(1, config.epochs + 1):
        z = X @ theta.T
        residual = softmax(z, 1) - np.eye(data.classes)[y] if many else expit(z) - y
        theta = theta - config.lr * (residual.T @ X / len(y) + config.weight_decay * theta)
        if (now := loss()) < best[1]:
            best = epoch, now, theta
        if epoch - best[0] >= config.patience:
            break
    return epoch, *best


@pytest.mark.parametrize("k", [2, 4])
@pytest.mark.parametrize("validation", [0.0, 0.25])
def test_it_stops_where_a_plain_loop_stops_and_keeps_its_best_weights(k: int, validation: float) -> None:
    data, config = made(k, validation), changed(Config(), **QUICK, weight_decay=0.001)
    trainer = Trainer(data, config, dtype=torch.float64)
    first = np.array(trainer.theta).reshape(-1, data.design_train.shape[1]).squeeze()
    last, epoch, loss, theta = plain_loop(data, config, first)
    trainer.advance()
    assert 0 < epoch < last < config.epochs
    assert (trainer.epoch, trainer.stopped_early) == (last, True)
    assert trainer.best is not None
    assert (trainer.best.epoch, trainer.best.loss) == (epoch, pytest.approx(loss, rel=1e-9))
    np.testing.assert_allclose(trainer.best.theta.numpy(), theta, rtol=1e-7)
    shown = trainer.shown()
    np.testing.assert_allclose([*shown.weights, shown.bias], theta.flatten(), rtol=1e-7)
    assert shown.measurement.epoch == epoch
    assert shown.measurement.test_loss == pytest.approx(loss, rel=1e-6) or validation


def test_without_a_lowest_point_before_the_end_the_best_of_all_epochs_is_shown() -> None:
    data, config = made(), changed(Config(), **QUICK | {"patience": 1000, "epochs": 60})
    trainer = Trainer(data, config, dtype=torch.float64)
    _, epoch, _, theta = plain_loop(data, config, np.array(trainer.theta))
    trainer.advance()
    assert (trainer.epoch, trainer.stopped_early) == (60, False)
    assert epoch < 60
    assert trainer.shown().measurement.epoch == epoch
    np.testing.assert_allclose(trainer.shown().weights, theta[:-1], rtol=1e-7)


def test_a_run_that_only_gets_worse_keeps_the_weights_that_it_began_with() -> None:
    data = made()
    away = replace(data, y_test=(1 - data.y_test).astype(np.int8))  # what is learned is wrong there
    trainer = Trainer(away, changed(Config(), **QUICK, init="zeros"))
    trainer.advance()
    assert (trainer.epoch, trainer.shown().measurement.epoch) == (15, 0)
    assert trainer.shown().weights == (0.0,) * 25


@pytest.mark.parametrize(
    ("optimizer", "batch_size"), [("sgd", 16), ("momentum", 0), ("adam", 16), ("lbfgs", 0), ("newton", 0)]
)
def test_slices_and_stored_states_change_neither_the_end_nor_a_bit(optimizer: str, batch_size: int) -> None:
    values = {**QUICK, "optimizer": optimizer, "batch_size": batch_size, "lr": 0.05, "patience": 4}
    data, config = made(validation=0.2), changed(Config(), **values, weight_decay=0.01)
    whole = Trainer(data, config)
    whole.advance()
    sliced = Trainer(data, config)
    while not sliced.finished:
        sliced.advance(epochs=3)
        sliced = Trainer.resume(data, config, sliced.state())
    assert whole.best is not None
    assert sliced.best is not None
    assert (sliced.epoch, sliced.best[:2], sliced.theta) == (whole.epoch, whole.best[:2], whole.theta)
    assert torch.equal(sliced.best.theta, whole.best.theta)
    plain = Trainer(data, changed(config, patience=0, epochs=whole.epoch))
    plain.advance()
    assert plain.theta == whole.theta  # to watch is not to touch


def test_patience_that_is_changed_on_the_way_counts_from_there() -> None:
    data, config = made(), changed(Config(), **QUICK | {"patience": 0, "epochs": 300})
    trainer = Trainer(data, config)
    trainer.advance(epochs=100)  # long past the best
    assert trainer.best is None
    trainer.change(patience=7)
    assert trainer.best is not None
    assert trainer.best.epoch == 100
    again = Trainer.resume(data, config, trainer.state())
    for one in (trainer, again):
        one.advance()
        assert (one.epoch, one.stopped_early) == (107, True)
    trainer.change(patience=0)
    assert (trainer.finished, trainer.best) == (False, None)


def test_more_epochs_after_an_early_end_go_on_from_the_last_state_and_count_anew() -> None:
    data, config = made(), changed(Config(), **QUICK)
    trainer = Trainer(data, config)
    trainer.advance()
    first, best = trainer.epoch, trainer.best
    trainer = Trainer.resume(data, config, trainer.state())
    trainer.change(epochs=config.epochs)
    trainer.advance()
    assert trainer.epoch == first + 15
    assert trainer.best is not None
    assert best is not None
    assert trainer.best.epoch == best.epoch
    plain = Trainer(data, changed(config, patience=0, epochs=first + 15))
    plain.advance()
    assert plain.theta == trainer.theta


def test_one_that_diverges_is_shown_as_it_ended() -> None:
    far = replace(made(), design_train=made().design_train * 1e20)
    trainer = Trainer(far, changed(Config(), **QUICK | {"lr": 1e6}, weight_decay=1.0))
    trainer.advance()
    assert trainer.diverged_at is not None
    assert trainer.best is None
    assert trainer.shown().measurement.epoch == trainer.epoch


def test_a_sweep_lets_each_config_end_when_it_likes() -> None:
    data = overfitted()
    config = changed(Config(), **QUICK, test_size=0.3, split_seed=1)
    runner = SweepRunner(
        data, SweepPlan(data.source, config, (Axis("lr", (0.05, 0.5)),)), dtype=torch.float64
    )
    runner.run()
    for point in runner.points:
        one = changed(config, **point.values)
        problem = made()
        first = np.array(Trainer(problem, one, dtype=torch.float64).theta)
        last, epoch, _, _ = plain_loop(problem, one, first)
        assert point.measured is not None
        assert (point.done, point.epoch, point.measured.epoch) == (True, last, epoch)
