"""Every way of going through the rows, small, in pieces and in blocks, takes the same steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.bernoulli import UNSATURATED
from lrtui.core.training.blocked import BlockedEpochs
from lrtui.core.training.design import Part
from lrtui.core.training.epochs import Epochs, EpochSpec
from lrtui.core.training.losses import (
    Loss,
    default_loss,
    find_loss,
    logits,
    residuals,
    summed_gradient,
)
from lrtui.core.training.optimizers import Update
from lrtui.core.training.small_batch import SmallBatchEpochs
from lrtui.core.training.trainer import Trainer
from lrtui.core.training.ways import epochs_of
from tests.core.training.problems import noisy, problem

ROWS, COLUMNS = 101, 5
LOSSES = (find_loss("bce-logits", 2), find_loss("bce", 2), default_loss(5))


def rows(loss: Loss = LOSSES[0], *, weighted: bool = False, **values: Any) -> EpochSpec:
    """A training part of 101 rows, with what a run wants to do with it."""
    random = torch.Generator().manual_seed(1)
    X = torch.randn(ROWS, COLUMNS, generator=random, dtype=torch.float64)
    X[:, -1] = 1
    y = torch.randint(0, max(loss.outputs, 2), (ROWS,), generator=random).to(loss.label_type(torch.float64))
    weight = torch.rand(ROWS, generator=random, dtype=torch.float64) if weighted else None
    theta = torch.randn((*loss.shape, COLUMNS), generator=random, dtype=torch.float64)
    what = {"loss": loss, "batch_size": 0, "shuffle": True, **values}
    part = Part(X, y, weight, classes=max(loss.outputs, 2))
    return EpochSpec(part, theta, generator=torch.Generator().manual_seed(5), **what)


def gradient_of(what: EpochSpec, theta: torch.Tensor, chosen: torch.Tensor) -> tuple[float, torch.Tensor]:
    """The summed loss of some rows, and its gradient."""
    part, loss = what.part, what.loss
    X, y = part.X[chosen], loss.targets(part.y[chosen], theta)
    weight = None if part.weight is None else part.weight[chosen]
    z = logits(X, theta)
    r = residuals(loss, z, y, weight)
    return float(loss.rows(z, y, weight).sum()), summed_gradient(X, r, torch.empty_like(theta))


def by_the_formula(what: EpochSpec, count: int, lr: float, keep: float) -> tuple[torch.Tensor, list[float]]:
    """θ and losses after so many epochs of ``θ ← keep·θ − lr·g/n``, batch after batch."""
    theta, losses = what.theta.clone(), []
    shuffler = torch.Generator().manual_seed(5)
    for _ in range(count):
        order = torch.randperm(ROWS, generator=shuffler) if what.shuffled else torch.arange(ROWS)
        total = 0.0
        for batch in order.split(what.step_rows):
            loss, gradient = gradient_of(what, theta, batch)
            total, theta = total + loss, keep * theta - lr * gradient / len(batch)
        losses.append(total / ROWS)
    return theta, losses


WAYS: dict[str, Callable[[EpochSpec], Epochs]] = {
    "whole": SmallBatchEpochs,
    "pieces": partial(SmallBatchEpochs, gathered=40 * COLUMNS),
    "blocks": partial(BlockedEpochs, threads=2, block=6 * COLUMNS, group=2),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("batch_size", "shuffle"), [(0, False), (1, True), (32, True), (100, False)])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("weighted", [False, True])
def test_every_way_takes_the_steps_of_the_formula(
    way: str, batch_size: int, shuffle: bool, loss: Loss, weighted: bool
) -> None:
    what = rows(loss, batch_size=batch_size, shuffle=shuffle, weighted=weighted)
    oracle, losses = by_the_formula(what, 3, lr=0.1, keep=0.9)
    found = WAYS[way](what)
    done: list[float] = []
    while len(done) < 3:
        done += found.run(min(3 - len(done), found.longest), Update(what.theta, 0.9, -0.1, None))
    np.testing.assert_allclose(what.theta, oracle, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(done, losses, rtol=1e-10)


@pytest.mark.parametrize("loss", LOSSES)
def test_the_number_of_threads_changes_no_bit_of_the_weights(loss: Loss) -> None:
    found = []
    for threads in (1, 2, 3):
        what = rows(loss, batch_size=40)
        BlockedEpochs(what, threads, block=6 * COLUMNS).run(3, Update(what.theta, 1.0, -0.5, None))
        found.append(what.theta.tolist())
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("loss", LOSSES)
def test_an_optimizer_gets_the_mean_gradient_even_where_its_last_one_was_not_a_number(
    way: str, loss: Loss
) -> None:
    what = rows(loss)
    gradient = torch.full_like(what.theta, torch.nan)
    WAYS[way](what).run(1, Update(gradient, 0.0, 1.0, None))
    expected = gradient_of(what, what.theta, torch.arange(ROWS))[1] / ROWS
    torch.testing.assert_close(gradient, expected)


def test_large_updates_go_in_blocks_and_small_ones_do_not() -> None:
    large = 50 * COLUMNS
    for loss in LOSSES:
        assert isinstance(epochs_of(rows(loss, batch_size=0), 2, large), BlockedEpochs)
        assert isinstance(epochs_of(rows(loss, batch_size=50), 2, large), BlockedEpochs)
        assert isinstance(epochs_of(rows(loss, batch_size=49), 2, large), SmallBatchEpochs)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adamw"])
@pytest.mark.parametrize("batch_size", [0, 16])
def test_a_run_that_diverges_within_a_chunk_stops_where_single_steps_stop(
    optimizer: str, batch_size: int
) -> None:
    c = changed(Config(), optimizer=optimizer, epochs=500, batch_size=batch_size)
    whole, stepped = Trainer(noisy(), c), Trainer(noisy(), c)
    for trainer in (whole, stepped):
        trainer.advance(epochs=60)
        trainer.change(lr=1.0, weight_decay=10.0)  # from here on weights grow ninefold a step
    whole.advance()
    while not stepped.finished:
        stepped.advance(epochs=1)
    assert whole.diverged_at == stepped.diverged_at == whole.epoch
    for mine, other in zip(whole.model.parameters(), stepped.model.parameters(), strict=True):
        torch.testing.assert_close(mine, other, rtol=0, atol=0, equal_nan=True)


def test_training_copies_no_data() -> None:
    data = noisy()
    trainer = Trainer(data, Config(), dtype=torch.float64)
    assert trainer.train.X.data_ptr() == data.design_train.ctypes.data
    assert trainer.test.X.data_ptr() == data.design_test.ctypes.data


@pytest.mark.parametrize(("scaling", "lr"), [("standard", 0.1), ("standard", 300.0), ("none", 0.01)])
def test_saturation_is_the_same_to_the_last_bit_however_many_epochs_are_run_at_once(
    scaling: str, lr: float
) -> None:
    data = problem("breast-cancer", scaling)
    config = changed(Config(), loss="bce", lr=lr, batch_size=0, epochs=120, scaling=scaling)
    found = []
    for stride in (1, 7, 120):
        trainer = Trainer(data, config)
        losses: list[float] = []
        while not trainer.finished:
            losses += trainer.advance(epochs=stride)
        found.append((trainer.snapshot().weights, losses))
    assert found[0] == found[1] == found[2]


def test_rows_that_saturate_on_the_way_take_the_steps_of_the_formula() -> None:
    what = rows(find_loss("bce", 2))
    what.theta.mul_(0.1)
    oracle, losses = by_the_formula(what, 12, lr=40.0, keep=1.0)
    found = SmallBatchEpochs(what)
    assert found.run(12, Update(what.theta, 1.0, -40.0, None)) == pytest.approx(losses, rel=1e-10)
    np.testing.assert_allclose(what.theta, oracle, rtol=1e-10)
    assert float((what.part.X @ what.theta).abs().max()) > UNSATURATED
