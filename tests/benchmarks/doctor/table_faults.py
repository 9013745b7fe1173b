"""Faults of tables: cells far out, codes for what is missing, leaks, wrecked test parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lrtui.core.training.problem import problem_of
from tests.benchmarks.doctor.config_faults import PLAIN, standardized
from tests.benchmarks.doctor.data_faults import NOT_EASY
from tests.benchmarks.doctor.records import Fault, Random, Setup, names, unchanged
from tests.benchmarks.doctor.special import HEART, MANY, OVERFIT, PAIRED

SOME = (*PLAIN[1::3], *names(HEART))


def strongest(setup: Setup) -> int:
    """The column that differs most between the classes, in deviations."""
    X, y = standardized(setup), setup.dataset.y
    return int(np.abs(X[y == 1].mean(axis=0) - X[y == 0].mean(axis=0)).argmax())


def _as_it_comes(setup: Setup, level: int, random: Random) -> Setup:
    """Columns that can be trained on as they come, at the first severity; as they are, at the others."""
    return setup.on(X=standardized(setup)).having(scaling="none") if level == 0 else setup


def _far_cells(setup: Setup, level: int, random: Random) -> Setup:
    X = setup.dataset.X.copy()
    n, p = X.shape
    column, deviation = strongest(setup), X.std(axis=0)
    if level == 0:
        X[random.permutation(n)[:4], column] = 1e7
    elif level == 1:
        cells = random.random((n, p)) < 0.01
        X[cells] += 1_000 * np.broadcast_to(deviation, X.shape)[cells]
    elif level == 2:
        X[random.permutation(n)[:3], column] += 1e6 * deviation[column]
    else:
        for j in range(p):
            X[random.permutation(n)[:3], j] += 1e5 * deviation[j] * random.choice([-1.0, 1.0])
    return setup.on(X=X)


def _as_people_measure(setup: Setup, level: int, random: Random) -> Setup:
    return setup.on(X=standardized(setup) * 10 + 40)


def _codes(setup: Setup, level: int, random: Random) -> Setup:
    X, column = setup.dataset.X.copy(), strongest(setup)
    if level == 3:
        X[random.random(len(X)) < 0.1, column] = 9_999
        return setup.on(X=X)
    share, code = ((0.01, -999.0), (0.05, -999.0), (0.03, 99_999.0))[level]
    X[random.random(X.shape) < share] = code
    return setup.on(X=X)


def _leaks(setup: Setup, level: int, random: Random) -> Setup:
    y = setup.dataset.y.astype(np.float64)
    n = len(y)
    flips = random.random(n) < 0.002
    base = random.normal(0, 3, n)
    columns = (
        [y, 5 - 2 * y],  # a copy, and its mirror
        [np.where(flips, 1 - y, y)],
        [y + random.normal(0, 0.12, n)],
        [base, base + y],  # neither says a thing alone
        [3 * y + 1, y + random.normal(0, 0.1, n)],
    )[level]
    given = tuple(f"outcome_{number + 1}" for number in range(len(columns)))
    X = np.column_stack([setup.dataset.X, *columns])
    return setup.on(X=X, feature_names=(*setup.dataset.feature_names, *given))


def _test_part_given(setup: Setup, level: int, random: Random) -> Setup:
    """The rows that a split draws for testing, as a file of their own would give them."""
    given = np.zeros(setup.dataset.n, np.bool_)
    given[problem_of(setup.dataset, setup.config).test_rows] = True
    return setup.on(in_test=given)


def _wreck(setup: Setup, level: int, random: Random) -> Setup:
    X, y, test = setup.dataset.X.copy(), setup.dataset.y.copy(), setup.dataset.in_test
    assert test is not None, "prepared so"
    column, deviation = strongest(setup), X.std(axis=0)
    if level == 0:
        X[test, column] += 3 * deviation[column]
    elif level == 1:
        X[test, column] /= 100
    elif level == 2:
        y[test] = 1 - y[test]
    elif level == 3:
        X[test, column] -= 5 * deviation[column]
    else:
        X[test] = X[test] * 2.54
    return setup.on(X=X, y=y)


def _constant(setup: Setup, level: int, random: Random) -> Setup:
    """A column of one large number beside the bias, all of them as they come."""
    value = (1e6, 1e4, -1e6, 1e5)[level]
    X = np.column_stack([standardized(setup), np.full(setup.dataset.n, value)])
    named = replace(setup.dataset, X=X, feature_names=(*setup.dataset.feature_names, "constant"))
    return replace(setup, dataset=named).having(scaling="none")


TABLE_FAULTS = {
    "far-cells": Fault(
        "outliers", ("4 cells of 1e7, scaling none", "1 % of the cells 1,000 deviations out",
                     "3 cells of a column 1e6 out", "3 cells of each column 1e5 out"),
        _far_cells, _as_it_comes, materials=SOME,
    ),
    "missing-codes": Fault(
        "outliers", ("1 % −999", "5 % −999", "3 % 99,999", "10 % of a column 9,999"), _codes,
        _as_people_measure, materials=SOME,
    ),
    "leaks": Fault(
        "leakage", ("a copy and its mirror", "0.2 % flipped", "noise 0.12", "a difference of two",
                    "a copy and a noisy one"),
        _leaks, materials=(*NOT_EASY[::2], *names(HEART)), gate="leak",
    ),
    "wrecked-test": Fault(
        "train-test-mismatch", ("a column 3 deviations up", "a column ÷ 100", "labels reversed",
                                "a column 5 deviations down", "inches as centimetres"),
        _wreck, _test_part_given, materials=(*PLAIN[::3], *names(HEART)), gate="wrecked", repairable=False,
    ),
    "constant-column": Fault(
        "unscaled", ("1e6", "1e4", "−1e6", "1e5"), _constant,
        materials=("gaussians-500-0.8", "gaussians-1000-1", "gaussians-600-1", "linear-3", "linear-6",
                   "heart-300-2.5", "weak-4", "rarer-4"),
    ),
    "overfitting": Fault(
        "overfitting", ("as made",), unchanged, materials=names(OVERFIT), gate="overfits", seeds=4,
        also=("too-little-data",),
    ),
    "ill-conditioned": Fault(
        "too-few-epochs", ("as made",), unchanged, materials=names(PAIRED), gate="stiff", seeds=3,
        also=("lr-too-low",),
    ),
    "interactions": Fault(
        "non-linear", ("as made",), unchanged, materials=names(MANY), gate="curved", seeds=3,
    ),
}  # fmt: skip
