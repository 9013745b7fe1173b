"""The trainer: torch's own trajectories, bit by bit the same however the time is sliced."""

from __future__ import annotations

import math
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from lrtui.core.config import Config, changed
from lrtui.core.errors import ConfigError, EngineError
from lrtui.core.training.snapshotter import next_snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.preparing.problem import Problem
from tests.core.training.problems import noisy, problem, tolerances

OPTIMIZERS = ["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "lbfgs"]


def weights(trainer: Trainer) -> list[float]:
    return [*trainer.model.linear.weight.flatten().tolist(), trainer.model.linear.bias.item()]


def config(**values: Any) -> Config:
    return changed(Config(), **values)


# --- against plain PyTorch ---


def plain_loop(data: Problem, c: Config, dtype: torch.dtype) -> tuple[list[float], list[float]]:
    """The loop that people write: autograd, torch.optim, a permutation an epoch."""
    X, y = torch.tensor(data.X_train, dtype=dtype), torch.tensor(data.y_train, dtype=dtype)
    torch.manual_seed(c.seed)
    layer = torch.nn.Linear(X.shape[1], 1, dtype=dtype)
    shuffler = torch.Generator().manual_seed(c.seed)
    rows = torch.ones_like(y)
    if c.class_weight == "balanced":
        for label in (0, 1):
            rows[y == label] = len(y) / (2 * float((y == label).sum()))
    decay = {"lr": c.lr, "weight_decay": c.weight_decay}
    make: dict[str, Any] = {
        "sgd": lambda q: torch.optim.SGD(q, **decay),
        "momentum": lambda q: torch.optim.SGD(q, momentum=c.momentum, **decay),
        "nesterov": lambda q: torch.optim.SGD(q, momentum=c.momentum, nesterov=True, **decay),
        "adam": lambda q: torch.optim.Adam(q, **decay),
        "adamw": lambda q: torch.optim.AdamW(q, **decay),
        "rmsprop": lambda q: torch.optim.RMSprop(q, **decay),
        "lbfgs": lambda q: torch.optim.LBFGS(q, lr=c.lr),
    }
    optimizer = make[c.optimizer](layer.parameters())
    losses = []
    for _ in range(c.epochs):
        n, size = len(y), c.batch_size or len(y)
        full = size >= n
        order = torch.arange(n) if full or not c.shuffle else torch.randperm(n, generator=shuffler)
        total = 0.0
        for batch in order.split(size):

            def objective(batch: torch.Tensor = batch) -> torch.Tensor:
                z = layer(X[batch]).squeeze(-1)
                if c.loss == "bce":
                    function = torch.nn.BCELoss(weight=rows[batch])
                    return function(torch.sigmoid(z), y[batch])
                return torch.nn.BCEWithLogitsLoss(weight=rows[batch])(z, y[batch])

            def closure() -> torch.Tensor:
                optimizer.zero_grad()
                loss = objective()
                if c.optimizer == "lbfgs" and c.weight_decay:
                    loss = loss + c.weight_decay / 2 * sum(q.square().sum() for q in layer.parameters())
                loss.backward()
                return loss

            total += objective().item() * len(batch)
            optimizer.step(closure)
        losses.append(total / n)
    return [*layer.weight.flatten().tolist(), layer.bias.item()], losses


@pytest.mark.filterwarnings("ignore:Converting a tensor")  # torch's own LBFGS does so
@pytest.mark.parametrize(
    ("optimizer", "loss", "batch_size"),
    [
        *product(OPTIMIZERS, ["bce-logits"], [0, 32]),
        *product(["sgd", "adam", "lbfgs"], ["bce"], [0]),
        *(("sgd", "bce-logits", 1), ("adam", "bce", 1)),
    ],
)
def test_every_optimizer_takes_torchs_path(optimizer: str, loss: str, batch_size: int) -> None:
    data, epochs = noisy(), 2 if optimizer == "lbfgs" or batch_size == 1 else 4
    base = config(optimizer=optimizer, loss=loss, batch_size=batch_size, lr=0.05, epochs=epochs)
    for class_weight, decay in (("none", 0.0), ("balanced", 0.1)):
        c = changed(base, class_weight=class_weight, weight_decay=decay)
        for dtype, tolerance in tolerances(c)[-1:] if decay else tolerances(c):
            trainer = Trainer(data, c, dtype=dtype)
            trained = trainer.advance()
            oracle, losses = plain_loop(data, c, dtype)
            np.testing.assert_allclose(weights(trainer), oracle, rtol=tolerance, atol=tolerance)
            if loss == "bce-logits" and decay == 0:
                np.testing.assert_allclose(trained, losses, rtol=max(tolerance, 1e-5))


USUAL = {"loss": "bce", "init": "torch", "optimizer": "sgd", "batch_size": 0, "lr": 0.01, "seed": 0}


def usual_script(data: Problem, epochs: int) -> tuple[list[float], float, float]:
    """What people write: its weights, the loss of its last epoch, its accuracy on the test part."""
    torch.manual_seed(0)
    X, y = torch.tensor(data.X_train, dtype=torch.float32), torch.tensor(data.y_train, dtype=torch.float32)
    model = torch.nn.Sequential(torch.nn.Linear(6, 1), torch.nn.Sigmoid())
    criterion = torch.nn.BCELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = criterion(model(X).squeeze(), y)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        predicted = model(torch.tensor(data.X_test, dtype=torch.float32)).squeeze() >= 0.5
    accuracy = float(np.mean(predicted.numpy() == data.y_test))
    return [*model[0].weight.flatten().tolist(), model[0].bias.item()], loss.item(), accuracy


def test_the_usual_script_on_example_scaling_gives_the_same_weights() -> None:
    data = problem("example-scaling", scaling="standard")
    trainer = Trainer(data, config(**USUAL, scaling="standard", epochs=1000))
    losses = trainer.advance()
    theta, loss, accuracy = usual_script(data, 1000)
    np.testing.assert_allclose(weights(trainer), theta, rtol=1e-4)
    assert losses[-1] == pytest.approx(loss, rel=1e-5)
    assert trainer.measure().test_accuracy == accuracy
    # As the script was seen to end, elsewhere, before there was any code here.
    told = [0.0472, 0.0113, 0.3076, -0.0591, 0.0768, -0.2128, 0.0446]
    np.testing.assert_allclose(weights(trainer), told, rtol=0, atol=5.5e-5)
    assert (losses[-1], accuracy) == (pytest.approx(0.66511, abs=5e-6), 0.50)


def test_unscaled_the_usual_script_is_followed_for_as_long_as_rounding_allows() -> None:
    # The learning rate is 43,000 times too high there: what two ways of adding up round differently
    # grows from epoch to epoch, so that only some twenty can be compared.
    data = problem("example-scaling", scaling="none")
    trainer = Trainer(data, config(**USUAL, scaling="none", epochs=20))
    trainer.advance()
    np.testing.assert_allclose(weights(trainer), usual_script(data, 20)[0], rtol=1e-4)


@pytest.mark.parametrize("name", ["two-gaussians", "diabetes-median"])
def test_the_long_run_ends_at_scikit_learns_optimum(name: str) -> None:
    data = problem(name)
    c = config(batch_size=0, lr=1.0, epochs=8_000)
    trainer = Trainer(data, c, dtype=torch.float64)
    trainer.advance()
    oracle = LogisticRegression(C=np.inf, tol=1e-10, max_iter=10_000).fit(data.X_train, data.y_train)
    np.testing.assert_allclose(weights(trainer), [*oracle.coef_[0], oracle.intercept_[0]], atol=1e-3)


@pytest.mark.parametrize("name", [name for name in CATALOGUE if name != "example-small-data"])  # 16 rows
def test_the_defaults_train_every_dataset_close_to_the_best_a_linear_model_can_do(name: str) -> None:
    data = problem(name)
    trainer = Trainer(data, Config())
    trainer.advance()
    reference = LogisticRegression(C=1e4, max_iter=10_000).fit(data.X_train, data.y_train)
    p = reference.predict_proba(data.X_train)[np.arange(len(data.y_train)), data.y_train]
    best = -np.log(p).mean()
    rate = data.y_train.mean()
    always = -(rate * math.log(rate) + (1 - rate) * math.log(1 - rate))
    assert trainer.measure().train_loss <= best + max(0.1 * (always - best), 0.03)


# --- time and state ---

CHANGES = {5: {"lr": 0.3}, 11: {"batch_size": 5, "weight_decay": 0.01}, 17: {"momentum": 0.5}}


def run_in_slices(c: Config, slices: list[int], *, resume: bool = False) -> tuple[Trainer, list[float]]:
    """Advance in slices, with changes at their epochs; with ``resume``, through bytes in between."""
    data = noisy()
    trainer, losses = Trainer(data, c), []
    stops = sorted({*CHANGES, c.epochs, *(sum(slices[:i]) for i in range(1, len(slices) + 1))})
    for stop in stops:
        if stop > c.epochs:
            break
        losses += trainer.advance(epochs=stop - trainer.epoch).tolist() if stop > trainer.epoch else []
        if stop in CHANGES:
            trainer.change(**CHANGES[stop])
        if resume:
            trainer = Trainer.resume(data, c, trainer.state())
    return trainer, losses


@pytest.mark.parametrize("optimizer", [o for o in OPTIMIZERS if o != "lbfgs"])
@settings(max_examples=2)
@given(slices=st.lists(st.integers(1, 9), min_size=2, max_size=6))
def test_slicing_and_resuming_never_change_a_bit(optimizer: str, slices: list[int]) -> None:
    assert_slices_end_as_the_whole(config(optimizer=optimizer, lr=0.05, batch_size=8, epochs=25), slices)


def test_slicing_and_resuming_never_change_a_bit_of_lbfgs() -> None:
    c = config(optimizer="lbfgs", lr=0.05, batch_size=30, epochs=6)
    assert_slices_end_as_the_whole(c, [1, 3])


def assert_slices_end_as_the_whole(c: Config, slices: list[int]) -> None:
    whole, whole_losses = run_in_slices(c, [])
    for resume in (False, True):
        sliced, losses = run_in_slices(c, slices, resume=resume)
        assert weights(sliced) == weights(whole)
        assert losses == whole_losses
        assert sliced.changes == whole.changes
        assert sliced.config == whole.config


def test_slices_of_time_give_the_same_weights_as_one_advance() -> None:
    c = config(epochs=300)
    whole = Trainer(noisy(), c)
    whole.advance()
    sliced = Trainer(noisy(), c)
    while not sliced.finished:
        sliced.advance(seconds=0.001)
        sliced.measure()
    assert weights(sliced) == weights(whole)


def test_an_advance_trains_at_least_one_epoch_however_little_time_it_has() -> None:
    trainer = Trainer(noisy(), config(epochs=5))
    assert len(trainer.advance(seconds=0.0)) >= 1


def test_broken_states_are_refused_with_a_sentence() -> None:
    trainer = Trainer(noisy(), Config())
    for blob in (b"", b"nonsense", trainer.state()[:-500], Trainer(noisy(p=5), Config()).state()):
        with pytest.raises(EngineError, match="Start the run anew"):
            Trainer.resume(noisy(), Config(), blob)


def test_two_seeds_differ_and_one_seed_does_not() -> None:
    found = []
    for seed in (1, 1, 2):
        trainer = Trainer(noisy(), config(seed=seed, epochs=3))
        trainer.advance()
        found.append(weights(trainer))
    assert found[0] == found[1] != found[2]


def test_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    Trainer(noisy(), config(epochs=3)).advance()
    assert torch.equal(before, torch.random.get_rng_state())


# --- changes ---


def test_a_fixed_field_cannot_change_in_a_run() -> None:
    with pytest.raises(ConfigError, match="scaling"):
        Trainer(noisy(), Config()).change(scaling="none")


def test_a_change_out_of_limits_changes_nothing() -> None:
    trainer = Trainer(noisy(), Config())
    with pytest.raises(ConfigError):
        trainer.change(lr=0.2, threshold=2)
    assert trainer.config == Config()
    assert trainer.changes == []


def test_the_threshold_moves_predictions_and_not_weights() -> None:
    trainer, other = (Trainer(noisy(), config(epochs=20)) for _ in range(2))
    trainer.advance(epochs=10)
    trainer.change(threshold=0.0)
    trainer.advance()
    other.advance()
    assert weights(trainer) == weights(other)
    positives = [sum(one.measure().confusion[1::2]) for one in (trainer, other)]
    assert positives[0] == trainer.test.rows > positives[1]


def test_epochs_can_be_raised_and_lowered_while_it_trains() -> None:
    trainer = Trainer(noisy(), config(epochs=10))
    trainer.advance(epochs=8)
    trainer.change(epochs=20)
    trainer.advance(epochs=7)
    assert (trainer.epoch, trainer.finished) == (15, False)
    trainer.change(epochs=3)
    assert (trainer.config.epochs, trainer.finished) == (15, True)


# --- snapshots and divergence ---


def test_snapshots_are_dense_at_first_and_about_three_hundred_at_most() -> None:
    epochs = [0]
    while epochs[-1] < 10_000_000:
        epochs.append(next_snapshot(epochs[-1]))
    assert epochs[:51] == list(range(51))
    assert len(epochs) <= 300
    assert all(b / a < 1.1 for a, b in pairwise(epochs[30:]))


def test_a_run_keeps_its_first_and_last_epoch_with_weights() -> None:
    trainer = Trainer(noisy(), config(epochs=77))
    trainer.advance(epochs=30)
    snapshots = trainer.snapshots()
    trainer.advance()
    snapshots += trainer.snapshots()
    epochs = [s.measurement.epoch for s in snapshots]
    assert epochs == sorted(set(epochs))
    assert (epochs[0], epochs[-1]) == (0, 77)
    assert [*snapshots[-1].weights, snapshots[-1].bias] == weights(trainer)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_divergence_ends_the_run_and_names_the_epoch(optimizer: str) -> None:
    data = noisy()
    data.X_train[:] *= 1e34
    c = config(optimizer=optimizer, lr=1e6, epochs=50, batch_size=0)
    trainer = Trainer(data, c)
    trained = trainer.advance()
    assert trainer.finished
    assert trainer.diverged_at is not None
    assert trainer.epoch == trainer.diverged_at < 50
    assert not math.isfinite(trained[-1])
    trainer.measure()


def test_a_setting_lets_a_diverged_run_go_on() -> None:
    data = noisy()
    data.X_train[:] *= 1e34
    trainer = Trainer(data, config(lr=1e6, epochs=50, batch_size=8, stop_on_divergence=False))
    trainer.advance()
    assert trainer.epoch == 50
    assert trainer.diverged_at is not None


def test_a_gpu_that_is_not_there_is_a_sentence() -> None:
    if torch.cuda.is_available():
        assert len(Trainer(noisy(), config(device="cuda", epochs=2)).advance()) == 2
    else:
        with pytest.raises(ConfigError, match="no GPU here"):
            Trainer(noisy(), config(device="cuda"))
