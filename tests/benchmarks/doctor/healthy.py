"""Healthy runs, each with something that looks suspicious and is not: an alarm here is a false one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.benchmarks.doctor.config_faults import PLAIN, smoothness, standardized
from tests.benchmarks.doctor.data_faults import subsampled
from tests.benchmarks.doctor.generated import linear
from tests.benchmarks.doctor.materials import LARGE, SEPARABLE
from tests.benchmarks.doctor.records import Random, Setup, names
from tests.benchmarks.doctor.special import CATEGORIES, FAINT, HEART, MULTI, TRUTH, WIDE

Change = Callable[[Setup, Random], Setup]


def _with(**values: Any) -> Change:
    return lambda setup, random: setup.having(**values)


def _nearly_unstable(setup: Setup, random: Random) -> Setup:
    return setup.having(lr=float(f"{1.5 / smoothness(setup):.3g}"), batch_size=0, epochs=300)


def _flipped(setup: Setup, random: Random) -> Setup:
    y = setup.dataset.y
    return setup.on(y=np.where(random.random(len(y)) < 0.2, 1 - y, y).astype(np.int8))


def _scales_apart(setup: Setup, random: Random) -> Setup:
    p = setup.dataset.p
    factors = np.where(np.arange(p) == random.integers(p), 3.0, 1.0)
    return setup.on(X=standardized(setup) * factors).having(scaling="none", lr=0.05, epochs=300)


def _rare(setup: Setup, random: Random) -> Setup:
    found = subsampled(setup, 0.08, random)
    return found.having(threshold=0.08)


def _wide(setup: Setup, random: Random) -> Setup:
    made = linear(setup.dataset.source.label, int(random.integers(1000)), n=250, p=40, strength=2.5)
    return Setup(made, setup.config)


def _hard(setup: Setup, random: Random) -> Setup:
    """Two clouds so close that the best answer is wrong for 30 % of the rows: Φ(−1/1.9)."""
    n = 1500
    y = (np.arange(n) % 2).astype(np.int8)
    X = random.normal(0, 1.9, (n, 2)) + np.where(y == 1, 1, -1)[:, None] * np.sqrt(0.5)
    return setup.on(X=X, y=y, feature_names=("x1", "x2"))


def _plain(setup: Setup, random: Random) -> Setup:
    return setup


def _repeated(setup: Setup, random: Random) -> Setup:
    """A table of few distinct rows, each of them many times: no fault where the answers are there."""
    X = standardized(setup)
    return setup.on(X=np.sign(X[:, :4]), feature_names=setup.dataset.feature_names[:4])


def _test_file(setup: Setup, random: Random) -> Setup:
    return setup.on(in_test=random.permutation(setup.dataset.n) % 4 == 0)


def _tiny_spread(setup: Setup, random: Random) -> Setup:
    """Columns whose values differ in the sixth digit, and tell the classes apart by it."""
    return setup.on(X=100.0 + 1e-4 * standardized(setup))


TABLES = (*names(HEART), *names(CATEGORIES), *names(TRUTH), *names(MULTI), *names(WIDE))
ROWS_ENOUGH = tuple(name for name in PLAIN if name.split("-")[0] not in ("wine", "iris"))

CONTROLS: dict[str, tuple[Change, tuple[str, ...], int]] = {
    # kind: what is changed, on which datasets, with how many seeds
    "plain": (_plain, (*PLAIN, *names(SEPARABLE), *names(LARGE)), 2),
    "zeros": (_with(init="zeros"), PLAIN, 1),
    "lr-1.5": (_nearly_unstable, PLAIN, 1),
    "large-lr-separable": (_with(lr=20.0), names(SEPARABLE), 4),
    "label-noise": (_flipped, (*ROWS_ENOUGH[::2], *names(LARGE)), 1),
    "rare-tuned": (_rare, names(LARGE), 3),
    "scales-by-3": (_scales_apart, PLAIN, 1),
    "wide": (_wide, ("linear-40", "linear-30"), 6),
    "hard": (_hard, ("gaussians-600-1", "gaussians-1000-1"), 6),
    "adam": (_with(optimizer="adam", lr=0.01), PLAIN[::3], 1),
    "momentum": (_with(optimizer="momentum", lr=0.01), PLAIN[1::3], 1),
    "lbfgs": (_with(optimizer="lbfgs", lr=0.5, epochs=20, batch_size=0, weight_decay=1e-3), PLAIN[2::3], 1),
    "weak-decay": (_with(weight_decay=1e-3), PLAIN[::3], 1),
    "bce": (_with(loss="bce"), PLAIN[1::3], 1),
    "tiny-init": (_with(init="normal", init_std=1e-3), PLAIN[2::3], 1),
    "all-rows": (_with(batch_size=0, lr=0.5, epochs=300), PLAIN[::3], 1),
    "robust": (_with(scaling="robust", lr=0.05), PLAIN[1::3], 1),
    "unshuffled": (_with(shuffle=False), PLAIN[2::3], 1),
    "balanced": (_with(class_weight="balanced"), PLAIN[::3], 1),
    "tables": (_plain, TABLES, 6),
    "weak": (_plain, names(FAINT), 6),
    "few-distinct-rows": (_repeated, PLAIN[1::3], 2),
    "given-test-part": (_test_file, (*PLAIN[::3], *names(HEART)), 2),
    "tiny-spread": (_tiny_spread, PLAIN[2::3], 2),
    "newton": (_with(optimizer="newton", epochs=20, weight_decay=1e-3), (*PLAIN[::2], *names(HEART)), 1),
    "decayed": (_with(weight_decay=1e-2), (*names(WIDE), *names(HEART)), 3),
}
