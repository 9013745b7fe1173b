"""Which cells lie far out, and what one model wins over another, by SciPy's measures."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import median_abs_deviation, sem
from sklearn.metrics import balanced_accuracy_score

from lrtui.core.doctor.quantities.outlying import far_out, like_a_code, outliers, worth_a_look
from lrtui.core.doctor.quantities.paired import Answers, Comparison
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.source import Source

NOTHING = np.empty(0)


def normal(n: int = 400, seed: int = 4) -> np.ndarray:
    return np.random.default_rng(seed).normal(30, 4, n)


def table(X: np.ndarray, *columns: Column) -> Dataset:
    names = tuple(f"x{i}" for i in range(X.shape[1]))
    y = (np.arange(len(X)) % 2).astype(np.int8)
    return Dataset(Source("t.csv", "y"), X, y, names, ("no", "yes"), columns=columns)


@given(
    value=st.sampled_from([-999.0, 9999.0, 1e7, -1e30, 1e200]),
    places=st.sets(st.integers(0, 399), min_size=1, max_size=60),
)
def test_cells_far_out_are_found_and_measured(value: float, places: set[int]) -> None:
    cells = normal()
    rest = np.delete(cells, sorted(places))
    cells[sorted(places)] = value
    found = far_out(cells, NOTHING)
    assert found is not None
    assert found.train.tolist() == sorted(places)
    assert (found.low, found.high) == ((len(places), 0) if value < 0 else (0, len(places)))
    typical = median_abs_deviation(cells, scale="normal")
    assert found.distance == pytest.approx(abs(value - np.median(cells)) / typical, rel=1e-3)
    if abs(value) < 1e100:
        assert found.wider == pytest.approx(cells.std() / rest.std(), rel=1e-6)
    assert found.quartiles == tuple(np.percentile(cells, (25, 75)))


@pytest.mark.parametrize(
    "cells",
    [
        normal(),
        np.random.default_rng(0).lognormal(0, 1, 2_000),
        np.random.default_rng(0).standard_t(3, 2_000),
        np.random.default_rng(0).exponential(1, 2_000),
        np.random.default_rng(0).poisson(0.05, 2_000).astype(float),
        (np.arange(2_000) % 100 == 0).astype(float),
        np.where(np.arange(2_000) % 100 == 0, 1e7, 0.0),
        np.full(2_000, 5.0),
        np.full(2_000, np.nan),
        np.where(np.arange(2_000) % 3 == 0, -999.0, normal(2_000)),
        np.array([0.0, 0.1, 0.2, 1e9]),
    ],
    ids=[
        "normal", "log-normal", "t", "exponential", "counts", "zeros and ones", "two values", "constant",
        "nothing", "a third of all", "four cells",
    ],
)  # fmt: skip
def test_natural_tails_rare_events_and_frequent_codes_are_no_exceptions(cells: np.ndarray) -> None:
    assert far_out(cells, NOTHING) is None


def test_in_a_column_of_mostly_zeros_the_others_tell_what_is_far() -> None:
    cells = np.where(np.arange(1_000) % 5 == 0, np.arange(1_000) % 7 + 1.0, 0.0)
    assert far_out(cells, NOTHING) is None
    cells[[5, 10]] = 1e6
    found = far_out(cells, NOTHING)
    assert found is not None
    assert found.train.tolist() == [5, 10]


def test_in_the_test_part_alone_a_cell_must_lie_far_beyond_all_of_training() -> None:
    cells = np.random.default_rng(0).lognormal(0, 1, 2_000)
    assert far_out(cells, np.array([1.0, 3 * cells.max()])) is None
    found = far_out(cells, np.array([*cells[:20], 1e4]))
    assert found is not None
    assert (len(found.train), found.test.tolist(), found.wider) == (0, [20], 1.0)


def test_a_whole_test_part_that_moved_has_no_exceptions() -> None:
    assert far_out(normal(), normal(100) * 1e4) is None


@given(seed=st.integers(0, 2**16), size=st.sampled_from([1, 30, 1e6, 1e30]), share=st.floats(0, 0.19))
def test_the_quick_look_passes_over_no_column_with_far_cells(seed: int, size: float, share: float) -> None:
    random = np.random.default_rng(seed)
    X = np.column_stack([
        random.normal(size=300), random.lognormal(0, 2, 300), random.poisson(0.3, 300), random.random(300)
    ])  # fmt: skip
    X[random.random(X.shape) < share] *= -size
    train, test = np.arange(0, 300, 2), np.arange(1, 300, 2)
    quick = set(worth_a_look(X, train, range(4)))
    for column in range(4):
        if far_out(X[train, column], X[test, column]) is not None:
            assert column in quick


def test_far_numbers_that_come_again_are_codes_and_columns_of_other_kinds_are_not_looked_at() -> None:
    X = np.column_stack([normal(seed=1), normal(seed=2), normal(seed=3)])
    X[[1, 2], 0] = X[[3], 1] = -999
    X[9, 0] = 5e4
    train, test = np.arange(300), np.arange(300, 400)
    found = outliers(table(X), (train, test), (), ())
    assert found is not None
    assert sorted(found.columns) == [0, 1]
    assert (found.codes, found.cells) == ((-999.0,), (4, 0))
    assert found.taken_in_by(0.01)
    assert not found.taken_in_by(0.001)
    known = outliers(table(X), (train, test), (), (-999.0,))
    assert known is not None
    assert (sorted(known.columns), known.codes) == ([0], ())
    assert outliers(table(X), (train, test), ("x0", "x1"), ()) is None
    kinds = (Column("x0", "category", ("a",) * 50_001), Column("x1", "flag"), Column("x2", "number"))
    assert outliers(table(X, *kinds), (train, test), (), ()) is None


def test_what_looks_like_a_code() -> None:
    for value in (-1, -9, 99, -999, 9999, 888, 77, 2**31 - 1, -32768):
        assert like_a_code(value)
    for value in (0, 1, 9, 7, 1e6, 1e7, 98, 99.5, 123, 1e30, -2):
        assert not like_a_code(value)


@given(seed=st.integers(0, 2**16), classes=st.integers(2, 4))
def test_a_gain_is_the_mean_difference_with_its_standard_error(seed: int, classes: int) -> None:
    random = np.random.default_rng(seed)
    y = np.concatenate([np.repeat(np.arange(classes), 2), random.integers(0, classes, 60)])
    guesses = random.integers(0, classes, (2, len(y)))
    losses = random.exponential(1, (2, len(y)))
    marked = random.random(len(y)) < 0.1
    one, two = (Answers(loss, guess) for loss, guess in zip(losses, guesses, strict=True))
    found = Comparison.of(y, one, two, marked)
    assert found.loss.mean == pytest.approx(losses[0].mean() - losses[1].mean())
    assert found.loss.error == pytest.approx(sem(losses[0] - losses[1]))
    before, after = (balanced_accuracy_score(y, guess) for guess in guesses)
    assert found.labels.mean == pytest.approx(after - before)
    before_right, after_right = (guess == y for guess in guesses)
    change = after_right.astype(float) - before_right
    apart = [sem(change[y == k]) for k in range(classes)]
    assert found.labels.error == pytest.approx(np.sqrt(np.sum(np.square(apart))) / classes)
    assert found.marked == pytest.approx((losses[0] - losses[1])[marked].sum())


def test_one_row_that_was_called_impossible_is_beyond_error_and_an_unlucky_one_is_not() -> None:
    y, marked = np.arange(100) % 2, np.arange(100) == 3
    fine = Answers(np.full(100, 0.3), y)
    for cost, wins in ((5.0, False), (60.0, True)):
        worse = Answers(np.where(marked, cost, 0.3), np.where(marked, 1 - y, y))
        assert Comparison.of(y, worse, fine, marked).wins_probabilities(0.03) is wins
        assert not Comparison.of(y, worse, fine, ~marked & False).wins_probabilities(0.03)
