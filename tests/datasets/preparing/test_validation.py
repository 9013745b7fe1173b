"""Rows kept apart from training for early stopping: the test part does not see any of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

N = 200


def dataset(**more: Any) -> Dataset:
    random = np.random.default_rng(5)
    X = random.normal(3, 2, (N, 2))
    y = (np.arange(N) % 4 == 0).astype(np.int8)
    return Dataset(Source("t.csv", "y"), X, y, ("a", "b"), ("no", "yes"), **more)


def made(data: Dataset, validation: float) -> Problem:
    return prepare(data, scaling="standard", test_size=0.2, split_seed=7, validation=validation)


GROUPS = {"groups": np.arange(N) // 8}
TIMES = {"times": np.random.default_rng(1).permutation(N).astype(float)}
GIVEN = {"in_test": np.arange(N) >= 150}


@pytest.mark.parametrize("more", [{}, GROUPS, TIMES, GIVEN], ids=["plain", "groups", "times", "given"])
def test_they_are_training_rows_and_the_test_rows_stay_the_same(more: dict[str, Any]) -> None:
    data = dataset(**more)
    whole, parted = made(data, 0.0), made(data, 0.25)
    assert whole.validation is None
    assert parted.validation is not None
    np.testing.assert_array_equal(parted.test_rows, whole.test_rows)
    together = np.sort([*parted.train_rows, *parted.validation.rows])
    np.testing.assert_array_equal(together, np.sort(whole.train_rows))
    assert len(parted.validation.rows) == pytest.approx(0.25 * len(whole.train_rows), rel=0.2)
    np.testing.assert_array_equal(parted.validation.y, data.y[parted.validation.rows])
    assert parted.rows == N


def test_nothing_is_learned_from_them() -> None:
    data, parted = dataset(), made(dataset(), 0.25)
    assert parted.validation is not None
    train = data.X[parted.train_rows]
    oracle = (data.X[parted.validation.rows] - train.mean(0)) / train.std(0)
    np.testing.assert_allclose(parted.validation.design[:, :-1], oracle, rtol=1e-9)
    np.testing.assert_array_equal(parted.validation.design[:, -1], 1)


def test_they_are_the_latest_of_the_training_rows_and_whole_groups() -> None:
    parted = made(dataset(**TIMES), 0.25)
    assert parted.validation is not None
    times = TIMES["times"]
    assert times[parted.train_rows].max() < times[parted.validation.rows].min()
    assert times[parted.validation.rows].max() < times[parted.test_rows].min()
    parted = made(dataset(**GROUPS), 0.25)
    assert parted.validation is not None
    groups = [set(GROUPS["groups"][rows]) for rows in (parted.train_rows, parted.validation.rows)]
    assert not groups[0] & groups[1]


def test_too_few_rows_to_keep_apart_are_refused_in_two_sentences() -> None:
    with pytest.raises(DatasetError, match=r"validation share of 0.001 .* 160 training rows") as told:
        made(dataset(), 0.001)
    assert told.value.fix == "Choose a validation share nearer to 0.5, or 0."
