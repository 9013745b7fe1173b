"""More than two classes: every way through the rows, and many configs together, take the same steps."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training import batch, blocks, class_metrics, epochs, views
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.class_blocks import ClassBlockEpochs
from lrtui.core.training.class_views import ClassViewEpochs
from lrtui.core.training.design import Part
from lrtui.core.training.epochs import Pass, epochs_of
from lrtui.core.training.gradient import loss_of, residual
from lrtui.core.training.optimizers import Update
from lrtui.core.training.softmax import one_hot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.dataset import Problem
from tests.core.training.problems import classes


def config(**values: Any) -> Config:
    return changed(Config(), **values)


def rows(n: int = 101, k: int = 5, *, weighted: bool = False, **values: Any) -> Pass:
    random = torch.Generator().manual_seed(1)
    X = torch.randn(n, 4, generator=random, dtype=torch.float64)
    X[:, -1] = 1
    y = torch.randint(0, k, (n,), generator=random)
    weight = torch.rand(n, generator=random, dtype=torch.float64) if weighted else None
    theta = torch.randn(k, 4, generator=random, dtype=torch.float64)
    what = {"loss": "softmax", "batch_size": 0, "shuffle": True, **values}
    return Pass(Part(X, y, weight, classes=k), theta, generator=torch.Generator().manual_seed(5), **what)


@pytest.mark.parametrize("way", ["views", "pieces", "blocks"])
@pytest.mark.parametrize("batch_size", [0, 1, 7, 32, 100, 101, 5000])
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_way_takes_the_steps_of_the_formula(
    way: str, batch_size: int, shuffle: bool, weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "pieces":
        monkeypatch.setattr(views, "GATHERED", 160)
    monkeypatch.setattr(blocks, "BLOCK", 24)
    monkeypatch.setattr(blocks, "GROUP", 2)
    what = rows(batch_size=batch_size, shuffle=shuffle, weighted=weighted)
    theta, losses, shuffler = what.theta.clone(), [], torch.Generator().manual_seed(5)
    for _ in range(3):
        order = torch.randperm(101, generator=shuffler) if what.shuffled else torch.arange(101)
        total = 0.0
        for chosen in order.split(what.step_rows):
            X, Y = what.part.X[chosen], one_hot(what.part.y[chosen], 5, theta)
            weight = None if what.part.weight is None else what.part.weight[chosen]
            z = theta @ X.t()
            total += float(loss_of("softmax", z, Y, weight)) * len(chosen)
            theta = 0.9 * theta - 0.1 * residual("softmax", z, Y, weight) @ X / len(chosen)
        losses.append(total / 101)
    found = ClassBlockEpochs(what, 2) if way == "blocks" else ClassViewEpochs(what)
    done: list[float] = []
    while len(done) < 3:
        done += found.run(min(3 - len(done), found.longest), Update(what.theta, 0.9, -0.1, None))
    np.testing.assert_allclose(what.theta, theta, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(done, losses, rtol=1e-10)


def test_the_number_of_threads_changes_no_bit_of_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 24)
    found = []
    for threads in (1, 2, 3):
        what = rows(batch_size=40)
        ClassBlockEpochs(what, threads).run(3, Update(what.theta, 1.0, -0.5, None))
        found.append(what.theta.tolist())
    assert found[0] == found[1] == found[2]


def test_an_optimizer_gets_the_mean_gradient_even_where_its_last_one_was_not_a_number() -> None:
    for way in (ClassViewEpochs, lambda what: ClassBlockEpochs(what, 2)):
        what = rows()
        gradient = torch.full_like(what.theta, torch.nan)
        way(what).run(1, Update(gradient, 0.0, 1.0, None))
        z, Y = what.theta @ what.part.X.t(), what.part.targets()
        torch.testing.assert_close(gradient, residual("softmax", z, Y, None) @ what.part.X / 101)


def test_large_updates_go_in_blocks_and_small_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epochs, "LARGE", 200)
    assert isinstance(epochs_of(rows(batch_size=50), 2), ClassBlockEpochs)
    assert isinstance(epochs_of(rows(batch_size=49), 2), ClassViewEpochs)


# --- many configs together ---


def compare(data: Problem, configs: list[Config], dtype: torch.dtype, tolerance: float) -> None:
    together = BatchTrainer(data, configs, dtype=dtype)
    together.advance()
    for c, snapshot in zip(configs, together.snapshots(), strict=True):
        alone = Trainer(data, c, dtype=dtype)
        alone.advance()
        oracle = alone.snapshot()
        np.testing.assert_allclose(snapshot.weights, oracle.weights, rtol=tolerance, atol=tolerance)
        assert snapshot.measurement.train_loss == pytest.approx(oracle.measurement.train_loss, rel=1e-5)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize("batch_size", [0, 7, 32])
@pytest.mark.parametrize("weighted", [False, True])
def test_together_they_end_where_each_ends_alone(optimizer: str, batch_size: int, weighted: bool) -> None:
    data = classes(weighted=weighted)
    base = config(
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=30,
        class_weight="balanced" if weighted else "none",
    )
    configs = [
        changed(base, lr=lr, weight_decay=decay, init=init)
        for lr, decay, init in product((0.001, 0.1, 0.3), (0.0, 0.1), ("torch", "xavier"))
    ]
    assert len({batch_key(c, len(data.y_train)) for c in configs}) == 1
    compare(data, configs, torch.float64, 1e-8)
    # RMSprop divides by what it remembers of the gradient: a large rate spreads rounding.
    compare(data, [changed(c, epochs=8) for c in configs if c.lr < 0.3], torch.float32, 2e-5)


@pytest.mark.parametrize("batch_size", [0, 9])
def test_rows_that_do_not_fit_at_once_give_the_same_steps(
    batch_size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LOGITS", 60)
    monkeypatch.setattr(batch, "GATHERED", 10)
    configs = [config(lr=lr, batch_size=batch_size, epochs=20) for lr in (0.01, 0.1, 1.0)]
    compare(classes(), configs, torch.float64, 1e-9)


def test_configs_that_diverge_are_told_apart_from_those_that_do_not() -> None:
    configs = [config(batch_size=0, lr=1.0, epochs=300, weight_decay=decay) for decay in (0.0, 10.0, 0.01)]
    trainer = BatchTrainer(classes(), configs)
    trainer.advance()
    assert trainer.diverged == {1}
    assert trainer.epoch == 300


def test_rows_are_measured_by_the_block_as_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = Trainer(classes(), config(epochs=5), dtype=torch.float64)
    trainer.advance()
    whole = trainer.measure()
    monkeypatch.setattr(class_metrics, "ROWS", 7)
    parts = trainer.measure()
    assert parts.confusion == whole.confusion
    assert parts.train_loss == pytest.approx(whole.train_loss, rel=1e-12)
    assert parts.gradient_norm == pytest.approx(whole.gradient_norm, rel=1e-12)
