"""Which rows are learned from and which test it: nothing leaks from one part into the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.split import split
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
