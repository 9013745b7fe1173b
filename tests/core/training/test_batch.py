"""Many configs trained together end where each ends alone."""

from __future__ import annotations

from itertools import cycle, product

import numpy as np
import pytest
import torch

from lrtui.core.config import Config, changed, knobs, stepped
from lrtui.core.training.batch import BatchTrainer, batch_key
from lrtui.core.training.trainer import Trainer
from tests.core.training.problems import noisy

OPTIMIZERS = ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop"]
DATA = noisy()
ROWS = len(DATA.y_train)


def compare(configs: list[Config], dtype: torch.dtype, tolerance: float, **sizes: int) -> None:
    together = BatchTrainer(DATA, configs, dtype=dtype, **sizes)
    together.advance()
    for config, snapshot in zip(configs, together.snapshots(), strict=True):
        alone = Trainer(DATA, config, dtype=dtype)
        alone.advance()
        oracle = alone.snapshot()
        np.testing.assert_allclose(snapshot.weights, oracle.weights, rtol=tolerance, atol=tolerance)
        np.testing.assert_allclose(snapshot.bias, oracle.bias, rtol=tolerance, atol=tolerance)
        assert snapshot.measurement.train_loss == pytest.approx(oracle.measurement.train_loss, rel=1e-5)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize(
    ("batch_size", "loss", "class_weight"), [(0, "bce", "balanced"), (32, "bce-logits", "none")]
)
def test_together_they_end_where_each_ends_alone(
    optimizer: str, batch_size: int, loss: str, class_weight: str
) -> None:
    base = changed(
        Config(),
        optimizer=optimizer,
        batch_size=batch_size,
        loss=loss,
        class_weight=class_weight,
        epochs=12,
    )
    configs = [
        changed(base, lr=lr, weight_decay=decay, init=init)
        for (lr, decay), init in zip(
            product((0.001, 0.1, 0.3), (0.0, 0.1)),
            cycle(("torch", "zeros", "xavier", "torch")),
            strict=False,
        )
    ]
    # Adaptive steps divide by the gradient. It vanishes near the optimum, and for the bias at zero weights
    # with balanced classes: there Adam's epsilon of 1e-8 divides rounding error, and the last bits count.
    compare(configs, torch.float64, 1e-8)
    short = [changed(config, epochs=10) for config in configs if config.init == "torch"]
    compare(short, torch.float32, 1e-5)


def test_seeds_share_a_batch_where_rows_are_not_shuffled() -> None:
    full = [changed(Config(), batch_size=0, seed=seed, epochs=30) for seed in range(4)]
    assert len({batch_key(config, ROWS) for config in full}) == 1
    compare(full, torch.float64, 1e-9)
    in_order = [changed(Config(), shuffle=False, batch_size=8, seed=seed, epochs=30) for seed in range(4)]
    assert len({batch_key(config, ROWS) for config in in_order}) == 1
    compare(in_order, torch.float64, 1e-9)


def test_what_cannot_share_a_batch_has_keys_of_its_own() -> None:
    base = Config()
    assert batch_key(base, ROWS) != batch_key(changed(base, seed=1), ROWS)
    assert batch_key(base, ROWS) != batch_key(changed(base, momentum=0.5), ROWS)
    assert batch_key(base, ROWS) == batch_key(changed(base, lr=3.0, init="zeros"), ROWS)
    assert batch_key(changed(base, optimizer="lbfgs"), ROWS) is None


@pytest.mark.parametrize("name", [name for name, found in knobs().items() if not found.prepares])
@pytest.mark.parametrize("optimizer", ["sgd", "momentum"])
def test_every_hyperparameter_does_together_what_it_does_alone(name: str, optimizer: str) -> None:
    one = stepped(changed(Config(), optimizer=optimizer, epochs=10), name, 1)
    if batch_key(one, ROWS) is not None:
        compare([one, changed(one, lr=0.3)], torch.float64, 1e-8)


@pytest.mark.parametrize("batch_size", [0, 9])
def test_rows_that_do_not_fit_at_once_give_the_same_steps(batch_size: int) -> None:
    compare(
        [changed(Config(), lr=lr, batch_size=batch_size, epochs=20) for lr in (0.01, 0.1, 1.0)],
        torch.float64,
        1e-9,
        logits=20,
        gathered=10,
    )


def test_configs_that_diverge_are_told_apart_from_those_that_do_not() -> None:
    grows = changed(Config(), batch_size=0, lr=1.0, epochs=300)
    configs = [changed(grows, weight_decay=decay) for decay in (0.0, 10.0, 0.01)]
    trainer = BatchTrainer(DATA, configs)
    trainer.advance()
    assert trainer.diverged == {1}
    assert trainer.epoch == 300


def test_a_batch_in_which_everything_diverged_is_finished() -> None:
    configs = [changed(Config(), lr=1.0, weight_decay=decay, epochs=10_000_000) for decay in (10.0, 20.0)]
    trainer = BatchTrainer(DATA, configs)
    trainer.advance()
    assert trainer.finished
    assert trainer.epoch < 1_000
