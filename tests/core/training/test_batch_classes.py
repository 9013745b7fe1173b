"""More than two classes: many configs trained together take the steps that each takes alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.multiclass_metrics import measure_multiclass
from lrtui.core.training.scoring import WeightsAt
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem
from tests.core.training.problems import classes


def config(**values: Any) -> Config:
    return changed(Config(), **values)


def compare(
    data: Problem, configs: list[Config], dtype: torch.dtype, tolerance: float, **sizes: int
) -> None:
    together = BatchTrainer(data, configs, dtype=dtype, **sizes)
    together.advance()
    for c, snapshot in zip(configs, together.snapshots(), strict=True):
        alone = Trainer(data, c, dtype=dtype)
        alone.advance()
        oracle = alone.snapshot()
        np.testing.assert_allclose(snapshot.weights, oracle.weights, rtol=tolerance, atol=tolerance)
        assert snapshot.measurement.train_loss == pytest.approx(oracle.measurement.train_loss, rel=1e-5)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"])
@pytest.mark.parametrize(("batch_size", "weighted"), [(0, False), (0, True), (32, True)])
def test_together_they_end_where_each_ends_alone(optimizer: str, batch_size: int, weighted: bool) -> None:
    data = classes(weighted=weighted)
    base = config(
        optimizer=optimizer,
        batch_size=batch_size,
        epochs=10,
        class_weight="balanced" if weighted else "none",
    )
    configs = [
        changed(base, lr=lr, weight_decay=decay, init=init)
        for lr, decay, init in (
            (0.001, 0.0, "torch"),
            (0.1, 0.1, "xavier"),
            (0.1, 0.0, "torch"),
            (0.3, 0.1, "xavier"),
        )
    ]
    assert len({batch_key(c, len(data.y_train)) for c in configs}) == 1
    compare(data, configs, torch.float64, 1e-8)
    # RMSprop divides by what it remembers of the gradient: a large rate spreads rounding.
    compare(data, [changed(c, epochs=8) for c in configs if c.lr < 0.3], torch.float32, 2e-5)


@pytest.mark.parametrize("batch_size", [0, 9])
def test_rows_that_do_not_fit_at_once_give_the_same_steps(batch_size: int) -> None:
    configs = [config(lr=lr, batch_size=batch_size, epochs=20) for lr in (0.01, 0.1, 1.0)]
    compare(classes(), configs, torch.float64, 1e-9, logits=60, gathered=10)


def test_configs_that_diverge_are_told_apart_from_those_that_do_not() -> None:
    configs = [config(batch_size=0, lr=1.0, epochs=300, weight_decay=decay) for decay in (0.0, 10.0, 0.01)]
    trainer = BatchTrainer(classes(), configs)
    trainer.advance()
    assert trainer.diverged == {1}
    assert trainer.epoch == 300


def test_rows_are_measured_by_the_block_as_all_at_once() -> None:
    trainer = Trainer(classes(), config(epochs=5), dtype=torch.float64)
    trainer.advance()
    mark = WeightsAt(5, trainer.model.flatten(), 0.5)
    whole, parts = (measure_multiclass(mark, trainer.train, trainer.test, rows) for rows in (10_000, 7))
    assert parts.confusion == whole.confusion
    assert parts.train_loss == pytest.approx(whole.train_loss, rel=1e-12)
    assert parts.gradient_norm == pytest.approx(whole.gradient_norm, rel=1e-12)
