"""Cells pulled in at either end of a column: SciPy's winsorizing, learned on the training part alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats.mstats import winsorize

from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.clip import learn_bounds
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

NUMBER = (Column("x", "number"),)


def made(dataset: Dataset, **options: Any) -> Problem:
    return prepare(dataset, **{"scaling": "none", "test_size": 0.25, "split_seed": 3, **options})


def table(X: np.ndarray, *columns: Column) -> Dataset:
    y = (np.arange(len(X)) % 2).astype(np.int8)
    names = tuple(column.name for column in columns) or tuple(f"x{i}" for i in range(X.shape[1]))
    return Dataset(Source("t.csv", "y"), X, y, names, ("no", "yes"), columns=columns)


def normal(n: int = 400, p: int = 3) -> np.ndarray:
    return np.random.default_rng(2).normal(size=(n, p))


@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=60, unique=True),
    percent=st.integers(0, 20),
)
def test_the_training_part_is_scipys_winsorized(values: list[float], percent: int) -> None:
    raw = np.array(values)[:, None]
    bounds = learn_bounds(raw, NUMBER, percent / 100)
    found = raw if bounds is None else bounds.apply(raw)
    cut = percent * len(values) // 100
    oracle = winsorize(raw[:, 0], limits=((cut + 0.5) / len(values),) * 2)  # cuts off what is no whole cell
    assert found[:, 0].tolist() == oracle.tolist()


@pytest.mark.parametrize("scaling", ["none", "standard", "minmax", "robust", "maxabs", "center"])
@pytest.mark.parametrize("features", ["linear", "poly2"])
def test_what_is_clipped_by_hand_gives_the_same_problem(scaling: str, features: str) -> None:
    X = normal()
    X[:3, 0], X[3, 1] = 1e7, -1e30
    problem = made(table(X), scaling=scaling, features=features, clip=0.02)
    by_hand = X.copy()
    for column in by_hand.T:
        ordered = np.sort(column[problem.train_rows])
        np.clip(column, ordered[6], ordered[-7], out=column)  # 2 % of 300 training rows are 6
    expected = made(table(by_hand), scaling=scaling, features=features)
    np.testing.assert_array_equal(problem.design_train, expected.design_train)
    np.testing.assert_array_equal(problem.design_test, expected.design_test)


def test_test_rows_teach_nothing() -> None:
    X = normal()
    before = made(table(X), clip=0.05)
    X[before.test_rows] *= 1e9
    after = made(table(X), clip=0.05)
    np.testing.assert_array_equal(before.design_train, after.design_train)
    assert np.abs(after.X_test).max() == np.abs(after.X_train).max()


def test_holes_are_filled_in_with_the_median_of_all_and_count_for_no_cell() -> None:
    X = normal()
    X[::5, 0] = np.nan
    plain, clipped = (made(table(X), missing="indicator", clip=clip) for clip in (0, 0.1))
    assert plain.feature_names == clipped.feature_names == ("x0", "x1", "x2", "x0 missing")
    holes = np.isnan(X[plain.train_rows, 0])
    assert (plain.X_train[holes, 0] == clipped.X_train[holes, 0]).all()
    left = X[plain.train_rows, 0][~holes]
    assert clipped.X_train[:, 0].max() == np.sort(left)[-1 - len(left) // 10]


def test_zeros_and_ones_flags_and_categories_stay_as_they_are() -> None:
    n = 400
    rare = (np.arange(n) % 100 < 2).astype(float)
    kinds = (Column("word", "category", ("a", "b", "c")), Column("flag", "flag"), Column("two", "number"))
    X = np.column_stack([np.where(rare, 2.0, np.arange(n) % 2), rare, 7 * rare])
    plain, clipped = made(table(X, *kinds)), made(table(X, *kinds), clip=0.2)
    assert plain.feature_names == ("word=a", "word=b", "word=c", "flag", "two")
    np.testing.assert_array_equal(plain.design_train, clipped.design_train)


def test_a_column_of_which_one_value_would_be_left_stays_as_it_is() -> None:
    counts = np.zeros(400)
    counts[[3, 50, 99, 200]] = 1, 2, 3, 4
    X = np.column_stack([counts, normal()[:, 0]])
    plain, clipped = made(table(X)), made(table(X), clip=0.05)
    np.testing.assert_array_equal(plain.X_train[:, 0], clipped.X_train[:, 0])
    assert (plain.X_train[:, 1] != clipped.X_train[:, 1]).any()


@pytest.mark.parametrize("rows", [2, 40])
def test_of_fewer_rows_than_make_one_cell_none_is_pulled_in(rows: int) -> None:
    assert learn_bounds(normal(rows, 1), NUMBER, 0.01) is None


def test_of_columns_of_nothing_nothing_is_learned() -> None:
    assert learn_bounds(np.full((9, 1), np.nan), NUMBER, 0.2) is None
    assert learn_bounds(np.full((9, 1), 5.0), NUMBER, 0.2) is None


def test_what_was_dropped_moves_no_bound() -> None:
    X = normal()
    problem = made(table(X), clip=0.1, drop_columns=("x0",))
    expected = made(replace(table(X[:, 1:].copy()), feature_names=("x1", "x2")), clip=0.1)
    np.testing.assert_array_equal(problem.design_test, expected.design_test)
