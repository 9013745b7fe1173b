"""Faults of the data: what settings heal only by changing what the model is shown, or not at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.split import plain_split
from tests.benchmarks.doctor.config_faults import PLAIN, standardized
from tests.benchmarks.doctor.materials import CURVED, LARGE, RANDOM, SEPARABLE
from tests.benchmarks.doctor.records import Fault, Random, Setup, names, unchanged

EASY = (
    "breast-cancer", "cancer-worst", "wine-0", "wine-1", "wine-2", "digits-3-8", "digits-4-9",
    "digits-5-rest", "iris-virginica", "gaussians-200-0.7",
)  # fmt: skip
NOT_EASY = tuple(name for name in PLAIN if name not in EASY)  # a leak shows where work is left to do


def some(step: int, first: int = 0) -> tuple[str, ...]:
    """Every so manieth linear dataset; of an odd step, half of them are held apart."""
    return PLAIN[first::step]


def _non_finite(setup: Setup, level: int, random: Random) -> Setup:
    X = setup.dataset.X.copy()
    n, p = X.shape
    if level == 0:
        X[random.integers(n), random.integers(p)] = np.nan
    elif level == 1:
        X[random.random((n, p)) < 0.01] = np.nan
    elif level == 2:
        X[random.random(n) < 0.3, random.integers(p)] = np.nan
    elif level == 3:
        X[random.integers(n, size=3), random.integers(p, size=3)] = np.inf
    else:
        X[random.random((n, p)) < 0.05] = np.nan
    return setup.on(X=X).having(missing="error")


def _one_class(setup: Setup, level: int, random: Random) -> Setup:
    dataset, config = setup.dataset, setup.config
    if level < 2:
        rows = dataset.y == level
        return setup.on(X=dataset.X[rows], y=dataset.y[rows])
    # All of the rarer class, a few rows, in the test part of a plain split.
    label = level - 2
    common, rare = np.flatnonzero(dataset.y == label), np.flatnonzero(dataset.y != label)[:3]
    n = len(common) + len(rare)
    _, test = plain_split(n, config.test_size, config.split_seed)
    order = np.full(n, -1)
    order[test[: len(rare)]] = rare
    order[order < 0] = common
    return setup.on(X=dataset.X[order], y=dataset.y[order], plain_split=True)


def _coded(setup: Setup, level: int, random: Random) -> Setup:
    y = setup.dataset.y
    if level == 0:
        return setup.on(y=(y + 1).astype(np.int8))
    if level == 1:
        return setup.on(y=(2 * y - 1).astype(np.int8))
    kinds = 5 if level == 2 else 2  # values of each class: 0 to 9, or 0 to 3
    values = y * kinds + random.integers(kinds, size=len(y))
    return Setup(setup.dataset, setup.config, tuple(float(value) for value in values))


def _no_diversity(setup: Setup, level: int, random: Random) -> Setup:
    X, y = setup.dataset.X, setup.dataset.y
    n = len(y)
    if level == 0:  # one row over and over
        return setup.on(X=np.repeat(X[:1], n, axis=0))
    if level == 1:  # constant columns, but for one that says nothing
        flat = np.repeat(X[:1], n, axis=0)
        flat[:, 0] += np.arange(n) % 2
        return setup.on(X=flat, y=random.permutation(y))
    if level > 3:  # rows that differ by less than float32 can tell
        nearly = X[:1] * (1 + (1e-9, 1e-8)[level - 4] * random.normal(size=X.shape))
        return setup.on(X=nearly, y=random.permutation(y))
    distinct = (2, 4)[level - 2]  # rows, and labels that do not depend on which
    which = np.arange(n) % distinct
    return setup.on(X=X[:distinct][which], y=random.permutation(y))


def _leak(setup: Setup, level: int, random: Random) -> Setup:
    y = setup.dataset.y.astype(np.float64)
    column = (
        y,
        y + random.normal(0, 0.05, len(y)),
        1000 - 250 * y,
        2 * y - 1 + random.normal(0, 0.2, len(y)),
    )[level]
    X = np.column_stack([setup.dataset.X, column])
    return setup.on(X=X, feature_names=(*setup.dataset.feature_names, "outcome"))


def subsampled(setup: Setup, rate: float, random: Random) -> Setup:
    """Positives taken away until they are this share of the rows."""
    y = setup.dataset.y
    positive, negative = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    keep = random.permutation(positive)[: round(rate / (1 - rate) * len(negative))]
    rows = random.permutation(np.concatenate([negative, keep]))
    return setup.on(X=setup.dataset.X[rows], y=y[rows])


def _imbalance(setup: Setup, level: int, random: Random) -> Setup:
    return subsampled(setup, (0.05, 0.03, 0.02, 0.01)[level], random)


def _little(setup: Setup, level: int, random: Random) -> Setup:
    y = setup.dataset.y
    count = (10, 15, 20, 30)[level]
    rows: list[int] = []
    for label in (0, 1):  # as many of each class as there are in the whole, but three at least
        share = max(3, round(count * float((y == label).mean())))
        rows += random.permutation(np.flatnonzero(y == label))[:share].tolist()
    chosen = random.permutation(rows)
    return setup.on(X=setup.dataset.X[chosen], y=y[chosen])


def _no_signal(setup: Setup, level: int, random: Random) -> Setup:
    dataset = setup.dataset
    if dataset.source.label in names(RANDOM):
        return setup  # random as it comes
    if level == 0:
        return setup.on(y=random.permutation(dataset.y))
    return setup.on(X=random.normal(size=dataset.X.shape))


def _mismatch(setup: Setup, level: int, random: Random) -> Setup:
    """The test part alone moved or rescaled: the split depends on labels and seed, not on features."""
    c = setup.config
    problem = prepare(setup.dataset, scaling="none", test_size=c.test_size, split_seed=c.split_seed)
    X: Any = standardized(setup)
    rows = problem.test_rows
    if level == 3:
        X[rows] = X[rows] * 100 + 50
    else:
        X[rows] += (1.5, 3.0, 10.0)[level] * random.choice([-1.0, 1.0], X.shape[1])
    return setup.on(X=X)


DATA_FAULTS = {
    "non-finite": Fault(
        "non-finite", ("one cell", "1 % of the cells", "30 % of a column", "3 infinite cells", "5 %"),
        _non_finite, materials=some(3), gate="always",
    ),
    "one-class": Fault(
        "one-class", ("only 0", "only 1", "0 in training", "1 in training"),
        _one_class, materials=some(5), gate="always", repairable=False,
    ),
    "target-coding": Fault(
        "target-coding", ("1 and 2", "−1 and 1", "0 to 9, in a file", "0 to 3, in a file"),
        _coded, materials=some(5, 1), gate="always", repairable=False,
    ),
    "no-diversity": Fault(
        "no-diversity", ("one row", "constant columns", "two rows", "four rows",
                         "rows that differ by 1e-9", "by 1e-8"),
        _no_diversity, materials=some(3, 1), gate="nothing-to-learn", repairable=False,
    ),
    "leakage": Fault(
        "leakage", ("copy", "copy with noise 0.05", "1000 − 250·y", "±1 with noise 0.2"),
        _leak, materials=NOT_EASY, gate="leak",
    ),
    "imbalance": Fault(
        "imbalance", ("5 %", "3 %", "2 %", "1 %"), _imbalance, materials=names(LARGE), gate="imbalance",
        seeds=3,
    ),
    "too-little-data": Fault(
        "too-little-data", ("10 rows", "15 rows", "20 rows", "30 rows"), _little,
        materials=("linear-6", "linear-10", "linear-20", "linear-40", "linear-30", "skewed-8", "tilted-12",
                   "counts-6", "binary-10", "weak-8", "weak-12", "rarer-10", "tilted-16", "tilted-8"),
        gate="more-rows-help", repairable=False, seeds=2, also=("overfitting",),
    ),
    "non-linear": Fault(
        "non-linear", ("as made",), unchanged, materials=names(CURVED), gate="curved", seeds=5,
    ),
    "no-signal": Fault(
        "no-signal", ("permuted labels", "random features"), _no_signal,
        materials=(*PLAIN, *names(RANDOM)), gate="no-signal", repairable=False, seeds=2,
        where=dict.fromkeys(names(RANDOM), (0,)),
    ),
    "separable": Fault(
        "separable", ("as made",), unchanged, materials=names(SEPARABLE), gate="separable",
        repairable=False, seeds=6,
    ),
    "train-test-mismatch": Fault(
        "train-test-mismatch", ("1.5 deviations", "3", "10", "other units"), _mismatch,
        materials=some(3, 2), gate="wrecked", repairable=False,
    ),
}  # fmt: skip
