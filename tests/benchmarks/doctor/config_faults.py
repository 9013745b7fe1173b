"""Faults of the settings, and of how the features come: everything that another setting heals."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from lrtui.core.training.problem import problem_of
from lrtui.datasets.preparing.split import plain_split
from tests.benchmarks.doctor.materials import HARD, LINEAR, SEPARABLE
from tests.benchmarks.doctor.records import Fault, Random, Setup, Step, names
from tests.benchmarks.doctor.special import CATEGORIES, HEART, MULTI, REAL

PLAIN = (*names(LINEAR), *names(REAL))
ALL = (*PLAIN, *names(SEPARABLE))
SEVERAL = (
    *names(HEART),
    *names(CATEGORIES),
    *names(MULTI),
)
TOUGH = (*PLAIN[::3], *names(HARD))  # of faults that easy data forgives
# Where rows in order pull the weights to and fro; classes that lie apart hardly pull at all.
OVERLAPPING = (
    "diabetes-median", "gaussians-600-1", "gaussians-400-1.2", "gaussians-1000-1", "gaussians-2000-1.3",
    "linear-3", "linear-6", "linear-10", "counts-6", "lognormal-5", "binary-10", "skewed-8", "weak-4",
    "weak-8", "gaussians-1500-1.6", "weak-12", "cancer-error", "tilted-5",
)  # fmt: skip
BADLY_SCALED = (
    "breast-cancer", "cancer-mean", "cancer-worst", "cancer-error", "wine-1", "wine-0", "wine-2",
    "diabetes-median",
)  # fmt: skip


def smoothness(setup: Setup) -> float:
    """``L = λmax(X̃ᵀX̃) / 4n`` (of more than two classes / 2n) of the training part as the model sees it."""
    problem = problem_of(setup.dataset, setup.config, single=False)
    design = problem.design_train
    bound = 4 if problem.classes == 2 else 2
    return float(np.linalg.eigvalsh(design.T @ design)[-1]) / (bound * len(design))


def _times(setup: Setup, factor: float) -> float:
    """The learning rate that is so many times 1/L, to three digits."""
    return float(f"{factor / smoothness(setup):.3g}")


def settings(*levels: dict[str, Any]) -> Step:
    """An injection that sets fields, whatever the data."""
    return lambda setup, level, random: setup.having(**levels[level])


def standardized(setup: Setup) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The features at mean 0 and deviation 1, so that what is done to them next is all there is."""
    X = setup.dataset.X
    deviation = X.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1.0)
    found: np.ndarray[Any, np.dtype[np.float64]] = (X - X.mean(axis=0)) / scale
    return found


def _unscaled(setup: Setup, level: int, random: Random) -> Setup:
    raw = {4: 0.1, 5: 0.01, 6: 0.001}
    if level in raw:
        return setup.having(scaling="none", lr=raw[level])
    X = standardized(setup)
    p = X.shape[1]
    factors = (
        np.where(np.arange(p) == random.integers(p), 1e4, 1.0),
        10 ** random.uniform(0, 3, p),
        10 ** random.uniform(-2, 3, p),
        np.where(random.permutation(p) < (p + 1) // 2, 100.0, 1.0),
    )[level]
    return setup.on(X=X * factors).having(scaling="none")


def _uncentred(setup: Setup, level: int, random: Random) -> Setup:
    X = standardized(setup)
    shift = (10.0, 30.0, 50.0, 100.0)[level] * random.choice([-1.0, 1.0], X.shape[1])
    return setup.on(X=X + shift).having(scaling="none")


def _high(setup: Setup, level: int, random: Random) -> Setup:
    factor, batch = ((30, 0), (100, 32), (300, 0), (1000, 32))[level]
    return setup.having(lr=_times(setup, factor), batch_size=batch)


def _low(setup: Setup, level: int, random: Random) -> Setup:
    return setup.having(lr=(1e-6, 1e-5, 3e-5, 1e-4)[level])


BATCHES = ((1, 1.8), (1, 0.9), (2, 1.8), (4, 1.9))  # rows, and the learning rate in units of 1/L


def _all_rows(setup: Setup, level: int, random: Random) -> Setup:
    return setup.having(batch_size=0, lr=_times(setup, BATCHES[level][1]), epochs=300)


def _small_batch(setup: Setup, level: int, random: Random) -> Setup:
    return setup.having(batch_size=BATCHES[level][0])


def _steady(setup: Setup, level: int, random: Random) -> Setup:
    """A learning rate that no larger one could much better: what is missing then is epochs."""
    return setup.having(batch_size=0, lr=_times(setup, 1.0), epochs=1000)


def _short_budget(setup: Setup, level: int, random: Random) -> Setup:
    return setup.having(epochs=150)


def _in_order(setup: Setup, level: int, random: Random) -> Setup:
    """Rows laid so that a plain split hands over a training part sorted by label.

    A stratified split would shuffle; a plain one draws places whatever the labels, so they can be filled
    in order. The rows of both parts are those that the plain split draws anyway.
    """
    dataset, config = setup.dataset, setup.config
    train, test = plain_split(dataset.n, config.test_size, config.split_seed)
    filled = np.empty(dataset.n, np.int64)
    filled[train] = train[np.argsort(dataset.y[train], kind="stable")]
    filled[test] = test
    factor, batch = ((0.1, 8), (0.1, 4), (0.05, 4), (0.05, 2))[level]
    sorted_setup = replace(
        setup, dataset=replace(dataset, X=dataset.X[filled], y=dataset.y[filled], plain_split=True)
    )
    return sorted_setup.having(lr=_times(sorted_setup, factor), batch_size=batch, epochs=100)


def _leap(setup: Setup, level: int, random: Random) -> Setup:
    """All rows, and steps that leap over the valley: the labels may be right all the same."""
    return setup.having(lr=_times(setup, (500, 200, 800, 1500)[level]), batch_size=0, epochs=300)


def _leap_by_adam(setup: Setup, level: int, random: Random) -> Setup:
    return setup.having(optimizer="adam", lr=(10.0, 3.0, 30.0, 5.0)[level])


SATURATIONS: tuple[dict[str, Any], ...] = (
    {"init_bias": 25.0},
    {"init_bias": -40.0},
    {"init": "normal", "init_std": 8.0, "init_bias": 30.0},
    {"init": "normal", "init_std": 8.0, "init_bias": -45.0},
    {"init_bias": 50.0},  # where σ is 1 to the last bit, and nothing moves
)


def _far_start(setup: Setup, level: int, random: Random) -> Setup:
    """A start from which the loss on logits comes home, and the saturated one does not."""
    return setup.having(**SATURATIONS[level], lr=0.3, epochs=300)


CONFIG_FAULTS = {
    "unscaled": Fault(
        "unscaled",
        ("a column × 10,000", "columns × 10^U(0, 3)", "columns × 10^U(−2, 3)", "half of them × 100",
         "as it comes, lr 0.1", "as it comes, lr 0.01", "as it comes, lr 0.001"),
        _unscaled,
        materials=(*ALL, *names(HEART), *names(MULTI)),
        where={name: (0, 1, 2, 3) for name in (*ALL, *SEVERAL) if name not in BADLY_SCALED},
    ),
    "uncentred": Fault(
        "uncentred", ("10 deviations", "30", "50", "100"), _uncentred, materials=ALL
    ),
    "lr-too-high": Fault(
        "lr-too-high", ("30/L, all rows", "100/L, batches", "300/L, all rows", "1000/L, batches"),
        _high, materials=(*TOUGH, *names(MULTI)),
    ),
    "lr-too-low": Fault(
        "lr-too-low", ("1e-6", "1e-5", "3e-5", "1e-4"), _low,
        materials=(*ALL, *SEVERAL),
    ),
    "batch-too-small": Fault(
        "batch-too-small", tuple(f"batch {rows}, lr·L = {lr}" for rows, lr in BATCHES),
        _small_batch, _all_rows, materials=TOUGH, seeds=2,
    ),
    "too-few-epochs": Fault(
        "too-few-epochs", ("1", "2", "3", "5"),
        settings({"epochs": 1}, {"epochs": 2}, {"epochs": 3}, {"epochs": 5}), _steady,
        materials=(*TOUGH, *names(MULTI), *names(CATEGORIES)),
    ),
    "bad-init": Fault(
        "bad-init", ("std 100", "bias 200", "std 300", "bias −500"),
        settings({"init": "normal", "init_std": 100.0}, {"init_bias": 200.0},
                 {"init": "normal", "init_std": 300.0}, {"init_bias": -500.0}),
        _short_budget, materials=ALL,
    ),
    "saturated": Fault(
        "saturated", ("bias 25", "bias −40", "std 8, bias 30", "std 8, bias −45", "bias 50"),
        settings(*({"loss": "bce"},) * 5), _far_start, materials=ALL,
    ),
    "weight-decay-too-strong": Fault(
        "weight-decay-too-strong", ("0.3", "1", "3", "10"),
        settings(*({"weight_decay": value} for value in (0.3, 1.0, 3.0, 10.0))),
        materials=(*TOUGH, *names(MULTI), *names(CATEGORIES)),
    ),
    "not-shuffled": Fault(
        "not-shuffled", ("lr·L = 0.1, batch 8", "0.1, 4", "0.05, 4", "0.05, 2"),
        settings(*({"shuffle": False},) * 4), _in_order, materials=OVERLAPPING, seeds=2,
    ),
    "threshold": Fault(
        "threshold", ("0.9", "0.02", "0.99", "0.001"),
        settings(*({"threshold": value} for value in (0.9, 0.02, 0.99, 0.001))), materials=ALL,
    ),
    # Faults that may leave the labels fine, and spoil the probabilities alone.
    "leaps": Fault(
        "lr-too-high", ("500/L, all rows", "200/L", "800/L", "1500/L"), _leap,
        materials=(*names(HEART), *PLAIN[1::3]),
    ),
    "leaps-of-adam": Fault(
        "lr-too-high", ("lr 10", "3", "30", "5"), _leap_by_adam, materials=(*names(HEART), *PLAIN[2::3]),
    ),
    "one-epoch": Fault(
        "too-few-epochs", ("1 of 300", "2 of 300"), settings({"epochs": 1}, {"epochs": 2}),
        lambda setup, level, random: setup.having(epochs=300),
        materials=(*names(HEART), *names(MULTI), *PLAIN[1::3]),
    ),
    "decay": Fault(
        "weight-decay-too-strong", ("8", "4", "2", "16"),
        settings(*({"weight_decay": value} for value in (8.0, 4.0, 2.0, 16.0))),
        materials=(*names(HEART), *PLAIN[1::3]),
    ),
}  # fmt: skip
