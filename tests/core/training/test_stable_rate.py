"""Advised learning rates keep what is said of them: training by brute force is the oracle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from lrtui.core.config import Config, changed
from lrtui.core.training.smoothness import smoothness
from lrtui.core.training.stable_rate import Smoothness
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Floats
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.preparing.problem import Problem
from tests.core.training.problems import classes, noisy, problem

known: Callable[[str, str], Problem] = cache(problem)
MOMENTUM = ("momentum", "nesterov")
# Rows few and many, columns of one scale and of many, far from zero, parted, repeated.
VARIED = (
    "example-scaling", "example-small-data", "two-gaussians", "separable", "duplicates", "uncentred",
    "breast-cancer",
)  # fmt: skip
EVEN = ("no-signal", "xor", "circles")  # p stays near a half: the loss is nearly quadratic, as curved as L


def loss(theta: Floats, X: Floats, y: Floats, decay: float) -> float:
    """The mean loss, with the part of weight decay."""
    return float(
        np.logaddexp(0.0, np.where(y == 1, -1, 1) * (X @ theta)).mean() + decay / 2 * theta @ theta
    )


def descended(data: Problem, lr: float, decay: float = 0.0, steps: int = 100) -> Floats:
    """The losses of gradient descent with all rows, in float64, from weights of a standard normal."""
    X, y = data.design_train.astype(np.float64), data.y_train.astype(np.float64)
    theta = np.random.default_rng(0).normal(size=X.shape[1]) / np.abs(X).max()
    losses = [loss(theta, X, y, decay)]
    for _ in range(steps):
        theta = theta - lr * (X.T @ (expit(X @ theta) - y) / len(y) + decay * theta)
        losses.append(loss(theta, X, y, decay))
    return np.array(losses)


def with_momentum(data: Problem, config: Config, lr: float, steps: int = 80) -> tuple[Floats, Floats]:
    """The losses of torch.optim's own momentum, and with them the energy that its last update still has."""
    X, y = (torch.from_numpy(part.astype(np.float64)) for part in (data.design_train, data.y_train))
    start = np.random.default_rng(0).normal(size=X.shape[1]) / np.abs(data.design_train).max()
    theta = torch.from_numpy(start).requires_grad_()
    m, nesterov = config.momentum, config.optimizer == "nesterov"
    optimizer = torch.optim.SGD([theta], lr=lr, momentum=m, nesterov=nesterov)
    losses, energies = [], []
    for _ in range(steps):
        optimizer.zero_grad()
        found = torch.nn.functional.binary_cross_entropy_with_logits(X @ theta, y)
        buffer = optimizer.state[theta].get("momentum_buffer")
        moving = 0.0 if buffer is None else float(buffer @ buffer)
        losses.append(found.item())
        energies.append(found.item() + lr / 2 * (m**2 if nesterov else m) * moving)
        found.backward()
        optimizer.step()
    return np.array(losses), np.array(energies)


def never_rises(losses: Floats) -> bool:
    """But for what rounding adds."""
    return bool((np.diff(losses) <= 1e-12 * (1 + losses[:-1])).all())


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("scaling", ["standard", "none"])
@pytest.mark.parametrize("name", VARIED)
def test_at_every_advised_rate_the_loss_of_full_batches_never_rises(
    name: str, scaling: str, decay: float
) -> None:
    data = known(name, scaling)
    config = changed(Config(), batch_size=0, weight_decay=decay)
    for lr in smoothness(data, config).advised(config)[:3]:  # the others are smaller
        assert never_rises(descended(data, lr, decay))


@pytest.mark.parametrize("name", EVEN)
def test_a_little_above_the_limit_a_loss_that_is_nearly_quadratic_rises(name: str) -> None:
    data, config = known(name, "standard"), changed(Config(), batch_size=0)
    limit = smoothness(data, config).limit(config) or 0.0
    assert never_rises(descended(data, 0.99 * limit))
    assert not never_rises(descended(data, 1.05 * limit))


@pytest.mark.parametrize(("optimizer", "momentum"), [("momentum", 0.3), ("nesterov", 0.9)])
@pytest.mark.parametrize("name", VARIED)
def test_with_momentum_the_energy_falls_and_the_loss_stays_below_where_it_began(
    name: str, optimizer: str, momentum: float
) -> None:
    data = known(name, "standard")
    config = changed(Config(), batch_size=0, optimizer=optimizer, momentum=momentum)
    found = smoothness(data, config)
    for lr in (found.suggested(config) or 0.0, 0.999 * (found.limit(config) or 0.0)):
        losses, energies = with_momentum(data, config, lr)
        assert never_rises(energies)
        assert losses.max() <= losses[0]


@pytest.mark.parametrize("name", EVEN)
def test_far_above_its_limit_momentum_raises_the_loss(name: str) -> None:
    data = known(name, "standard")
    config = changed(Config(), batch_size=0, optimizer="momentum", momentum=0.5)
    limit = smoothness(data, config).limit(config) or 0.0
    # Heavy balls on a quadratic bear up to 2·(1 + m)/L, which is three times what is proved of all losses.
    losses, _ = with_momentum(data, config, 3.2 * limit)
    assert losses.max() > losses[0]


@pytest.mark.parametrize(
    ("optimizer", "batch_size"), [("sgd", 4), ("sgd", 32), ("momentum", 32), ("nesterov", 32)]
)
@pytest.mark.parametrize("name", VARIED)
def test_batches_settle_near_the_best_at_the_suggested_rate(
    name: str, optimizer: str, batch_size: int
) -> None:
    data = known(name, "standard")
    config = changed(Config(), optimizer=optimizer, batch_size=batch_size, epochs=100)
    trainer = Trainer(data, changed(config, lr=smoothness(data, config).suggested(config)))
    trainer.advance(epochs=90)
    ends = []
    while not trainer.finished:
        trainer.advance(epochs=1)
        ends.append(trainer.measure().train_loss)
    share = data.y_train.mean()
    way = -share * np.log(share) - (1 - share) * np.log1p(-share) - best(name)
    # The doctor calls a loss close that has come nine tenths of the way, or nearer than 0.03 nats.
    assert np.mean(ends) <= best(name) + max(0.1 * way, 0.03)


@cache
def best(name: str) -> float:
    """The lowest training loss, by scipy."""
    data = known(name, "standard")
    X, y = data.design_train.astype(np.float64), data.y_train.astype(np.float64)

    def slope(theta: Floats) -> Floats:
        found: Floats = X.T @ (expit(X @ theta) - y) / len(y)
        return found

    found = minimize(loss, np.zeros(X.shape[1]), args=(X, y, 0.0), jac=lambda theta, *_: slope(theta))
    return float(found.fun)


def test_the_noise_of_batches_is_that_of_labels_drawn_by_chance() -> None:
    data, random = noisy(n=4_000), np.random.default_rng(0)
    X = data.design_train.astype(np.float64)
    coins = random.integers(0, 2, len(X))  # p is a half for every row, and the optimum is zero
    gradients = X * (0.5 - coins)[:, None]
    found = smoothness(replace(data, y_train=coins.astype(np.int8)), Config())
    assert found.noise == pytest.approx(float((gradients**2).sum(axis=1).mean()), rel=1e-9)
    of_batches = np.array([gradients[random.choice(len(X), 8, False)].mean(axis=0) for _ in range(4_000)])
    spread = found.noise * (len(X) - 8) / (8 * (len(X) - 1))
    assert (of_batches**2).sum(axis=1).mean() == pytest.approx(spread, rel=0.1)


def test_of_many_classes_the_loss_never_rises_at_an_advised_rate() -> None:
    data, config = classes(n=200), changed(Config(), batch_size=0, epochs=300)
    for lr in smoothness(data, config).advised(config):
        trainer = Trainer(data, changed(config, lr=lr), dtype=torch.float64)
        assert never_rises(np.array(trainer.advance()))


# --- one authority ---


@given(
    full=st.floats(1e-9, 1e12),
    uneven=st.floats(1, 1e4),
    rows=st.integers(2, 100_000),
    batch_size=st.integers(0, 200_000),
    decay=st.floats(0, 100),
    momentum=st.floats(0, 1),
    optimizer=st.sampled_from(["sgd", *MOMENTUM]),
)
def test_nothing_is_advised_beyond_the_limit(
    full: float,
    uneven: float,
    rows: int,
    batch_size: int,
    decay: float,
    momentum: float,
    optimizer: str,
) -> None:
    found = Smoothness(full, full * uneven, rows)
    config = changed(
        Config(), optimizer=optimizer, momentum=momentum, batch_size=batch_size, weight_decay=decay
    )
    suggested, advised = found.suggested(config), found.advised(config)
    assert all(found.allows(config, rate) for rate in advised)
    assert (suggested is None) == (advised == ())
    if suggested is not None:
        safe, limit = found.most_safe(config) or 0.0, found.limit(config) or 0.0
        assert advised[0] == suggested <= safe <= limit
        assert suggested >= safe / 2.5 * (1 - 1e-9)  # the next of 1, 2 and 5 would be too large
        assert len(set(advised)) == len(advised)


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "rmsprop", "lbfgs", "newton"])
def test_where_theory_is_silent_nothing_is_limited_or_advised(optimizer: str) -> None:
    found, config = Smoothness(1.0, 2.0, 100), changed(Config(), optimizer=optimizer)
    assert found.limit(config) is found.most_safe(config) is found.suggested(config) is None
    assert found.advised(config) == ()
    assert found.allows(config, 1e6)


def test_momentum_takes_its_share_of_every_number() -> None:
    found, plain = Smoothness(1.0, 2.0, 100), changed(Config(), batch_size=8)
    for optimizer in MOMENTUM:
        config = changed(plain, optimizer=optimizer, momentum=0.75)
        assert found.limit(config) == pytest.approx(0.25 * (found.limit(plain) or 0.0))
        assert found.most_safe(config) == pytest.approx(0.25 * (found.most_safe(plain) or 0.0))
    never = changed(plain, optimizer="momentum", momentum=1.0)
    assert (found.limit(never), found.advised(never)) == (0.0, ())


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_default_learning_rate_is_safe_on_every_dataset_of_the_catalogue(name: str) -> None:
    found = smoothness(known(name, "standard"), Config())
    assert found.allows(Config(), Config().lr)
    assert (found.suggested(Config()) or 0.0) >= Config().lr
