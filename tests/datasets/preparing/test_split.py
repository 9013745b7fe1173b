"""Which rows are learned from and which test it: nothing leaks from one part into the other."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.model_selection import train_test_split

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.split import ascending, split
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source

SEEDS = st.integers(0, 999)
SIZES = st.floats(0.1, 0.6)


def dataset(y: np.ndarray, classes: int = 2, **more: Any) -> Dataset:
    X = np.arange(len(y), dtype=float)[:, None]
    return Dataset(
        Source("t.csv", "y"), X, y.astype(np.int8), ("x",), tuple(map(str, range(classes))), **more
    )


def parts(
    data: Dataset, size: float, seed: int, rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    train, test = split(data, rows, size, seed)
    together = np.sort(np.concatenate([train, test]))
    expected = np.arange(data.n) if rows is None else rows
    np.testing.assert_array_equal(together, expected)  # each row once
    return train, test


@settings(max_examples=15)
@given(groups=st.lists(st.integers(0, 15), min_size=30, max_size=120), size=SIZES, seed=SEEDS)
def test_no_group_stands_in_both_parts(groups: list[int], size: float, seed: int) -> None:
    which = np.array(groups)
    y = np.random.default_rng(seed).integers(0, 2, len(which))
    data = dataset(y, groups=which)
    try:
        train, test = parts(data, size, seed)
    except DatasetError as error:
        assert error.fix  # noqa: PT017 - so few groups that a part has none, or lacks a class
        return
    assert not set(which[train]) & set(which[test])
    assert set(y[train]) == set(y[test]) == {0, 1}


def test_of_many_groups_the_test_part_is_as_large_as_asked_and_as_mixed_as_the_whole() -> None:
    random = np.random.default_rng(0)
    which = random.integers(0, 60, 3000)
    y = (random.random(3000) < 0.1 + 0.3 * (which % 2)).astype(int)
    train, test = parts(dataset(y, groups=which), 0.25, 3)
    assert len(test) / 3000 == pytest.approx(0.25, abs=0.03)
    assert y[test].mean() == pytest.approx(y.mean(), abs=0.03)
    again = parts(dataset(y, groups=which), 0.25, 3)
    np.testing.assert_array_equal(train, again[0])


@settings(max_examples=15)
@given(
    times=st.lists(st.integers(0, 40) | st.floats(-1e6, 1e6), min_size=20, max_size=90),
    size=SIZES,
    seed=SEEDS,
)
def test_the_latest_rows_are_the_test_part_and_ties_stay_together(
    times: list[float], size: float, seed: int
) -> None:
    when = np.array(times, dtype=float)
    y = np.random.default_rng(seed).integers(0, 2, len(when))
    try:
        train, test = parts(dataset(y, times=when), size, seed)
    except DatasetError as error:
        assert error.fix  # noqa: PT017 - one time alone, or a part without a class
        return
    assert when[train].max() < when[test].min()


def test_without_ties_the_test_part_is_exactly_as_large_as_asked() -> None:
    when = np.random.default_rng(0).permutation(200).astype(float)
    train, test = parts(dataset(np.arange(200) % 2, times=when), 0.25, 0)
    assert sorted(when[test]) == list(range(150, 200))
    assert not np.array_equal(train, np.sort(train))  # what is sorted by time may be sorted by class


def test_a_test_part_that_was_given_stays_as_it_is() -> None:
    given_part = np.arange(60) >= 45
    data = dataset(np.arange(60) % 2, in_test=given_part)
    for size in (0.1, 0.9):
        _, test = parts(data, size, 0)
        np.testing.assert_array_equal(test, np.arange(45, 60))
    train, test = parts(data, 0.5, 0, rows=np.arange(0, 60, 3))
    assert set(test) == {45, 48, 51, 54, 57}
    inner = data.take(train)  # only rows of the training part: split as if nothing had been given
    assert len(split(inner, None, 0.25, 0)[1]) == 4


@given(seed=SEEDS, classes=st.integers(2, 5))
def test_both_parts_hold_the_classes_in_the_same_shares(seed: int, classes: int) -> None:
    y = np.random.default_rng(seed).permutation(np.repeat(np.arange(classes), 20))
    train, test = parts(dataset(y, classes), 0.25, seed)
    assert np.bincount(y[train]).tolist() == [15] * classes
    assert np.bincount(y[test]).tolist() == [5] * classes


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"groups": np.zeros(20, int)}, "All rows are of one group"),
        ({"times": np.zeros(20)}, "Every row has the same time"),
        ({"times": np.arange(20.0)}, "The training part of 't.csv' would hold no row of the class '1'"),
        ({"groups": np.arange(20) // 10}, "part of 't.csv' would hold no row of the class"),
        (
            {"in_test": np.arange(20) < 10},
            "The training part of 't.csv' would hold no row of the class '0'",
        ),
        ({"in_test": np.ones(20, bool)}, "The training part"),
    ],
)
def test_a_part_without_a_class_is_refused(more: dict[str, Any], said: str) -> None:
    data = dataset(np.arange(20) >= 10, **more)
    with pytest.raises(DatasetError, match=said) as caught:
        split(data, None, 0.5, 0)
    assert caught.value.fix.endswith(".")


def test_too_few_rows_of_one_of_many_classes() -> None:
    with pytest.raises(DatasetError, match="cannot hold all 3 classes: the smallest class has 1 rows"):
        split(dataset(np.array([0] * 10 + [1] * 10 + [2]), 3), None, 0.2, 0)


# --- row weights ---


def test_weights_have_mean_1_on_the_training_part_and_the_same_measure_on_the_other() -> None:
    weights = np.random.default_rng(0).uniform(0, 9, 50)
    found = prepare(
        dataset(np.arange(50) % 2, weights=weights), scaling="none", test_size=0.2, split_seed=1
    )
    assert found.weights_train is not None
    assert found.weights_test is not None
    assert found.weights_train.mean() == pytest.approx(1)
    scale = weights[found.train_rows].mean()
    np.testing.assert_allclose(found.weights_train, weights[found.train_rows] / scale)
    np.testing.assert_allclose(found.weights_test, weights[found.test_rows] / scale)


def test_a_training_part_without_weight_is_refused() -> None:
    weights = (np.arange(50) >= 40).astype(float)
    data = dataset(np.arange(50) % 2, weights=weights, times=np.arange(50.0))
    with pytest.raises(DatasetError, match="has the weight 0"):
        prepare(data, scaling="none", test_size=0.2, split_seed=1)


# --- whatever is called positive ---

VALUES = st.lists(st.sampled_from("abcde"), min_size=60, max_size=90)


def rows_tested(values: list[str], **asked: Any) -> list[int]:
    """The rows of the test part of a table with such a target."""
    columns = {
        "x": [i / 7 for i in range(len(values))],
        "y": values,
        "g": [i // 7 for i in range(len(values))],
    }
    table = Table(pl.DataFrame(columns), "'t.csv'")
    found = dataset_of(Source("t.csv", "y", **asked), table)
    return sorted(split(found, None, 0.3, 5)[1].tolist())


@given(VALUES)
@settings(max_examples=15)
def test_each_class_against_the_rest_is_tested_on_the_rows_that_all_are(values: list[str]) -> None:
    counts = Counter(values)
    assume(len(counts) > 2 and min(counts.values()) > 1)
    every = rows_tested(values, multiclass=True)
    assert {values[row] for row in every} == set(values)
    for positive in counts:
        assert rows_tested(values, positive=positive) == every


@given(st.lists(st.sampled_from(["no", "yes"]), min_size=40, max_size=90), SEEDS)
@settings(max_examples=15)
def test_of_two_values_the_rows_are_those_that_scikit_learn_draws(values: list[str], seed: int) -> None:
    ones = values.count("yes")
    assume(5 <= ones <= len(values) - 5)
    rarer = "yes" if ones <= len(values) - ones else "no"
    y = np.array([value == rarer for value in values], int)
    _, drawn = train_test_split(np.arange(len(y)), test_size=0.3, random_state=5, stratify=y)
    for asked in ({}, {"positive": "yes"}, {"positive": "no"}, {"multiclass": True}):
        assert rows_tested(values, **asked) == sorted(drawn.tolist())


def test_groups_are_divided_alike_too() -> None:
    random = np.random.default_rng(2)
    values = random.choice(list("abc"), 200, p=[0.6, 0.3, 0.1]).tolist()
    every = rows_tested(values, group="g", multiclass=True)
    assert all(rows_tested(values, group="g", positive=one) == every for one in "abc")


def test_values_of_one_row_are_divided_together() -> None:
    values = [*(["a"] * 30), *(["b"] * 30), "c", "d", "e", "f", "c"]
    assert (
        rows_tested(values, positive="a")
        == rows_tested(values, positive="b")
        == rows_tested(values, positive="c")
    )
    many = [str(i % 35) for i in range(80)]  # more values than the test part has rows
    assert len(rows_tested(many, positive="3")) == 24
    rare = dataset_of(
        Source("t.csv", "y", positive="34"), Table(pl.DataFrame({"x": range(80), "y": many}), "'t.csv'")
    )
    lacks_it = next(seed for seed in range(99) if not _stands_in_both(rare, seed))
    with pytest.raises(DatasetError, match="would hold no row of the class '34'") as caught:
        split(rare, None, 0.3, lacks_it)
    assert "another split seed" in caught.value.fix


def _stands_in_both(data: Dataset, seed: int) -> bool:
    try:
        split(data, None, 0.3, seed)
    except DatasetError:
        return False
    return True


@given(st.sets(st.integers(0, 199), max_size=200), st.randoms())
def test_rows_in_ascending_order_are_what_sorting_gives(rows: set[int], random: Random) -> None:
    shuffled = sorted(rows)
    random.shuffle(shuffled)
    assert ascending(np.array(shuffled, np.int64), 200).tolist() == sorted(rows)
