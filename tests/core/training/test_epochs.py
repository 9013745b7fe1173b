"""Every way of going through the rows, small, in pieces and in blocks, takes the same steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training import blocks, epochs, views
from lrtui.core.training.blocks import BlockEpochs
from lrtui.core.training.design import Part
from lrtui.core.training.epochs import Epochs, Pass, epochs_of
from lrtui.core.training.gradient import UNSATURATED, loss_of, residual
from lrtui.core.training.optimizers import Update
from lrtui.core.training.trainer import Trainer
from lrtui.core.training.views import ViewEpochs
from tests.core.training.problems import noisy, problem

ROWS, COLUMNS = 101, 5


def rows(**values: Any) -> Pass:
    """A training part of 101 rows, with what a run wants to do with it."""
    random = torch.Generator().manual_seed(1)
    X = torch.randn(ROWS, COLUMNS, generator=random, dtype=torch.float64)
    X[:, -1] = 1
    y = (torch.rand(ROWS, generator=random) > 0.4).double()
    weight = (
        torch.rand(ROWS, generator=random, dtype=torch.float64) if values.pop("weighted", False) else None
    )
    theta = torch.randn(COLUMNS, generator=random, dtype=torch.float64)
    what = {"loss": "bce-logits", "batch_size": 0, "shuffle": True, **values}
    return Pass(Part(X, y, weight), theta, generator=torch.Generator().manual_seed(5), **what)


def by_the_formula(what: Pass, count: int, lr: float, keep: float) -> tuple[torch.Tensor, list[float]]:
    """θ and losses after so many epochs of ``θ ← keep·θ − lr·X̃ᵀr/n``, batch after batch."""
    theta, part, losses = what.theta.clone(), what.part, []
    shuffler = torch.Generator().manual_seed(5)
    for _ in range(count):
        order = torch.randperm(ROWS, generator=shuffler) if what.shuffled else torch.arange(ROWS)
        total = 0.0
        for batch in order.split(what.step_rows):
            weight = None if part.weight is None else part.weight[batch]
            X, y = part.X[batch], part.y[batch]
            z = X @ theta
            total += float(loss_of(what.loss, z, y, weight)) * len(batch)
            theta = keep * theta - lr * (X.T @ residual(what.loss, z, y, weight)) / len(batch)
        losses.append(total / ROWS)
    return theta, losses


def in_pieces(what: Pass) -> Epochs:
    return ViewEpochs(what)


def in_blocks(what: Pass) -> Epochs:
    return BlockEpochs(what, 2)


@pytest.mark.parametrize("way", [ViewEpochs, in_pieces, in_blocks])
@pytest.mark.parametrize("batch_size", [0, 1, 7, 32, 100, 101, 5000])
@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("loss", ["bce-logits", "bce"])
@pytest.mark.parametrize("weighted", [False, True])
def test_every_way_takes_the_steps_of_the_formula(
    way: Any, batch_size: int, shuffle: bool, loss: str, weighted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way is in_pieces:
        monkeypatch.setattr(views, "GATHERED", 40 * COLUMNS)
    monkeypatch.setattr(blocks, "BLOCK", 6 * COLUMNS)
    monkeypatch.setattr(blocks, "GROUP", 2)
    what = rows(batch_size=batch_size, shuffle=shuffle, loss=loss, weighted=weighted)
    oracle, losses = by_the_formula(what, 3, lr=0.1, keep=0.9)
    found = way(what)
    done: list[float] = []
    while len(done) < 3:
        done += found.run(min(3 - len(done), found.longest), Update(what.theta, 0.9, -0.1, None))
    np.testing.assert_allclose(what.theta, oracle, rtol=1e-10)
    np.testing.assert_allclose(done, losses, rtol=1e-10)


def test_the_number_of_threads_changes_no_bit_of_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 6 * COLUMNS)
    found = []
    for threads in (1, 2, 3):
        what = rows(batch_size=40)
        BlockEpochs(what, threads).run(3, Update(what.theta, 1.0, -0.5, None))
        found.append(what.theta.tolist())
    assert found[0] == found[1] == found[2]


def test_an_optimizer_gets_the_mean_gradient_even_where_its_last_one_was_not_a_number() -> None:
    for way in (ViewEpochs, in_blocks):
        what = rows()
        gradient = torch.full((COLUMNS,), torch.nan, dtype=torch.float64)
        way(what).run(1, Update(gradient, 0.0, 1.0, None))
        z = what.part.X @ what.theta
        expected = what.part.X.T @ residual(what.loss, z, what.part.y, None) / ROWS
        torch.testing.assert_close(gradient, expected)


def test_large_updates_go_in_blocks_and_small_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(epochs, "LARGE", 50 * COLUMNS)
    assert isinstance(epochs_of(rows(batch_size=0), 2), BlockEpochs)
    assert isinstance(epochs_of(rows(batch_size=50), 2), BlockEpochs)
    assert isinstance(epochs_of(rows(batch_size=49), 2), ViewEpochs)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adamw"])
@pytest.mark.parametrize("batch_size", [0, 16])
def test_a_run_that_diverges_within_a_chunk_stops_where_single_steps_stop(
    optimizer: str, batch_size: int
) -> None:
    c = changed(Config(), optimizer=optimizer, epochs=500, batch_size=batch_size)
    whole, stepped = Trainer(noisy(), c), Trainer(noisy(), c)
    for trainer in (whole, stepped):
        trainer.advance(epochs=200)
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
            losses += trainer.advance(epochs=stride).losses
        found.append((trainer.snapshot().weights, losses))
    assert found[0] == found[1] == found[2]


def test_rows_that_saturate_on_the_way_take_the_steps_of_the_formula() -> None:
    what = rows(loss="bce")
    what.theta.mul_(0.1)
    oracle, losses = by_the_formula(what, 12, lr=40.0, keep=1.0)
    found = ViewEpochs(what)
    assert found.run(12, Update(what.theta, 1.0, -40.0, None)) == pytest.approx(losses, rel=1e-10)
    np.testing.assert_allclose(what.theta, oracle, rtol=1e-10)
    assert float((what.part.X @ what.theta).abs().max()) > UNSATURATED
