"""Training on what lies in files: the same optimum, and every row once an epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from lrtui.core.config import Config, changed
from lrtui.core.training import design
from lrtui.core.training.batch import BatchTrainer
from lrtui.core.training.blocked import BlockedEpochs
from lrtui.core.training.epochs import Epochs, EpochSpec
from lrtui.core.training.losses import default_loss
from lrtui.core.training.optimizers import Update
from lrtui.core.training.problem import problem_of
from lrtui.core.training.small_batch import SmallBatchEpochs
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets import loading
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.storage import block_shuffle
from lrtui.datasets.storage.mapped import mapping_of

ROWS = 3000
LONG = changed(Config(), epochs=4000, lr=1.0, batch_size=0, weight_decay=0.0)


@pytest.fixture
def problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Problem:
    """A problem on disk, whose file is sorted by label; blocks and windows are small."""
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    monkeypatch.setattr(block_shuffle, "NUMBERS", 500)
    monkeypatch.setattr(design, "WINDOW", 4096)
    random = np.random.default_rng(0)
    X = random.normal(size=(ROWS, 3)) * (1, 10, 0.1) + (0, 50, 3)
    y = ((X - X.mean(0)) / X.std(0) @ (1, -1, 0.5) + random.logistic(size=ROWS) > 0.5).astype(int)
    frame = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "y": y}).sort("y")
    frame.write_csv(tmp_path / "data.csv")
    found = problem_of(load(Source(str(tmp_path / "data.csv"), target="y", positive="1")), LONG)
    assert mapping_of(found.design_train) is not None
    return found


def loaded(problem: Problem) -> Problem:
    """The same problem in memory."""
    return replace(
        problem, design_train=problem.design_train.copy(), design_test=problem.design_test.copy()
    )


@pytest.mark.parametrize("way", ["views", "blocks"])
def test_it_reaches_the_optimum_of_scikit_learn(way: str, problem: Problem) -> None:
    trainer = Trainer(problem, LONG, large=1 if way == "blocks" else 10**6)
    trainer.advance()
    oracle = LogisticRegression(C=np.inf, tol=1e-8).fit(problem.X_train, problem.y_train)
    found = trainer.snapshot()
    np.testing.assert_allclose(found.weights, oracle.coef_[0], atol=2e-3)
    assert found.bias == pytest.approx(oracle.intercept_[0], abs=2e-3)


@pytest.mark.parametrize(
    ("optimizer", "batch_size"), [("sgd", 0), ("sgd", 32), ("adam", 400), ("lbfgs", 0), ("newton", 0)]
)
def test_without_shuffling_it_takes_the_steps_of_memory(
    optimizer: str, batch_size: int, problem: Problem
) -> None:
    config = changed(LONG, batch_size=batch_size, shuffle=False, epochs=2, lr=0.1, optimizer=optimizer)
    one, other = Trainer(problem, config), Trainer(loaded(problem), config)
    assert one.advance().tolist() == other.advance().tolist()
    assert one.snapshot().weights == other.snapshot().weights


def test_what_is_measured_is_what_is_measured_in_memory(problem: Problem) -> None:
    config = changed(LONG, epochs=20)
    one, other = Trainer(problem, config), Trainer(loaded(problem), config)
    one.advance()
    other.advance()
    found, expected = one.measure(), other.measure()
    assert found.gradient_norm == pytest.approx(expected.gradient_norm, rel=1e-4)
    assert replace(found, gradient_norm=0.0) == replace(expected, gradient_norm=0.0)
    assert smoothness(problem, config) == smoothness(loaded(problem), config)


def pass_over(problem: Problem, batch_size: int, seed: int = 0) -> EpochSpec:
    train, _ = design.parts(problem, LONG, torch.device("cpu"), torch.float32)
    theta = torch.zeros(train.X.shape[1])
    return EpochSpec(train, theta, default_loss(2), batch_size, True, torch.Generator().manual_seed(seed))


def order_of(problem: Problem, seed: int) -> torch.Tensor:
    return pass_over(problem, 32, seed).order()


def test_an_epoch_takes_every_row_once_block_by_block(problem: Problem) -> None:
    order = order_of(problem, 0)
    assert sorted(order.tolist()) == list(range(len(problem.y_train)))
    bounds = block_shuffle.BlockShuffle(*problem.design_train.shape).bounds()
    at, seen = 0, []
    while at < len(order):
        start, stop = next(pair for pair in bounds if pair[0] <= order[at] < pair[1])
        here = order[at : at + stop - start]
        assert sorted(here.tolist()) == list(range(start, stop))
        assert here.tolist() != list(range(start, stop))
        seen.append(start)
        at += stop - start
    assert seen != sorted(seen)
    assert order.tolist() != order_of(problem, 1).tolist()
    assert order.tolist() == order_of(problem, 0).tolist()


def test_batches_of_a_sorted_file_hold_both_classes(problem: Problem) -> None:
    labels = problem.y_train[order_of(problem, 0).numpy()]
    batches = [labels[start : start + 50].mean() for start in range(0, len(labels) - 50, 50)]
    assert min(batches) > 0
    assert max(batches) < 1
    assert np.std(batches) < 0.12  # that of drawing 50 rows at random is 0.07


def test_pieces_and_blocks_of_an_epoch_are_let_go_of_and_change_nothing(problem: Problem) -> None:
    def trained(ways: Callable[[EpochSpec], Epochs], batch_size: int) -> torch.Tensor:
        what = pass_over(problem, batch_size)
        found = ways(what)
        for _ in range(3):
            found.run(1, Update(what.theta, 1.0, -0.1, None))
        return what.theta

    for batch_size in (16, 400):
        whole = trained(SmallBatchEpochs, batch_size)
        for way in (partial(SmallBatchEpochs, gathered=1000), partial(BlockedEpochs, threads=2, block=400)):
            torch.testing.assert_close(trained(way, batch_size), whole, rtol=1e-4, atol=1e-6)


def test_many_configs_train_together_as_they_would_alone(problem: Problem) -> None:
    configs = [changed(LONG, lr=lr, epochs=30) for lr in (0.01, 0.1, 1.0)]
    together = BatchTrainer(problem, configs)
    together.advance()
    for config, found in zip(configs, together.snapshots(), strict=True):
        alone = Trainer(problem, config)
        alone.advance()
        np.testing.assert_allclose(found.weights, alone.snapshot().weights, atol=1e-5)


def test_early_stopping_watches_rows_in_files_window_by_window(problem: Problem) -> None:
    config = changed(LONG, epochs=40, lr=4.0, patience=6)
    trainer, plain = Trainer(problem, config), Trainer(problem, changed(config, patience=0))
    trainer.advance()
    X, y, losses = problem.design_test.astype(float), problem.y_test, []
    for _ in range(trainer.epoch + 1):
        z = X @ np.array(plain.theta)
        losses.append(np.mean(np.logaddexp(0, z) - y * z))
        plain.advance(epochs=1)
    assert trainer.best is not None
    assert trainer.best.loss == pytest.approx(losses[trainer.best.epoch], abs=1e-7)
    assert trainer.best.loss == pytest.approx(min(losses), abs=1e-7)
