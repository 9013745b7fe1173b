"""Splitting and scaling: scikit-learn's numbers, learned on the training part alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.scale import FROM_STATISTICS, learn
from lrtui.datasets.preparing.split import plain_split, stratified_split
from lrtui.datasets.source import Source

ORACLES = {
    "standard": StandardScaler,
    "center": lambda: StandardScaler(with_std=False),
    "minmax": MinMaxScaler,
    "robust": RobustScaler,
    "maxabs": MaxAbsScaler,
}
TABLES = arrays(
    np.float64, st.tuples(st.integers(2, 30), st.integers(1, 5)), elements=st.floats(-1e6, 1e6, width=32)
)


@pytest.mark.parametrize("name", ORACLES)
@settings(max_examples=12)
@given(X=TABLES)
def test_scaling_is_scikit_learns(name: str, X: np.ndarray) -> None:
    found = learn(name, X).apply(X)
    np.testing.assert_allclose(found, ORACLES[name]().fit_transform(X), rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("name", ["none", "robust", *FROM_STATISTICS])
def test_constant_columns_do_not_divide_by_zero(name: str) -> None:
    X = np.column_stack([np.full(9, 0.1), np.zeros(9), np.arange(9.0)])
    assert np.isfinite(learn(name, X).apply(X)).all()


def with_large(top: float) -> Dataset:
    """One column of ordinary numbers, one of numbers near the end of float64."""
    large = np.where(np.arange(40) % 3 == 0, top, -top)
    X = np.column_stack([np.arange(40.0), large])
    return Dataset(
        Source("x.csv", "y"), X, (np.arange(40) % 2).astype(np.int8), ("small", "large"), ("0", "1")
    )


@pytest.mark.parametrize(
    ("name", "top"), [("standard", 1e300), ("standard", 1.7e308), ("minmax", 1.7e308), ("robust", 1.7e308)]
)
def test_numbers_too_large_for_a_scaling_are_refused_and_numpy_warns_of_nothing(
    name: str, top: float
) -> None:
    with pytest.raises(DatasetError) as caught:
        prepare(with_large(top), scaling=name, test_size=0.2, split_seed=0, single=True)
    assert caught.value.what == (
        f"Column 'large' holds numbers as large as {top:.3g}, too large for {name} scaling."
    )
    assert "maxabs" in caught.value.fix


@pytest.mark.parametrize("name", ["maxabs", "minmax", "robust"])
def test_large_numbers_are_scaled_where_they_can_be(name: str) -> None:
    problem = prepare(with_large(1e300), scaling=name, test_size=0.2, split_seed=0, single=True)
    assert np.isfinite(problem.design_train).all()
    assert len(np.unique(problem.X_train[:, 1])) == 2


def test_scaling_is_learned_on_the_training_part_alone() -> None:
    dataset = load(Source("breast-cancer"))
    problem = prepare(dataset, scaling="standard", test_size=0.3, split_seed=1)
    oracle = StandardScaler().fit(dataset.X[problem.train_rows])
    np.testing.assert_allclose(problem.X_test, oracle.transform(dataset.X[problem.test_rows]), rtol=1e-9)
    np.testing.assert_allclose(problem.X_train.mean(axis=0), 0, atol=1e-9)
    assert np.abs(problem.X_test.mean(axis=0)).max() > 0.01


def test_the_split_is_stratified_and_follows_its_seed() -> None:
    dataset = load(Source("imbalanced"))
    one = prepare(dataset, scaling="none", test_size=0.25, split_seed=1)
    two = prepare(dataset, scaling="none", test_size=0.25, split_seed=2)
    assert one.y_train.mean() == one.y_test.mean() == 0.02
    assert not np.array_equal(one.test_rows, two.test_rows)
    train, test = train_test_split(np.arange(2000), test_size=0.25, random_state=1, stratify=dataset.y)
    assert np.array_equal(one.train_rows, train)
    assert np.array_equal(one.test_rows, test)


@given(n=st.integers(20, 200), size=st.floats(0.05, 0.9), seed=st.integers(0, 2**32 - 1))
def test_the_plain_split_is_scikit_learns(n: int, size: float, seed: int) -> None:
    train, test = plain_split(n, size, seed)
    oracle_train, oracle_test = train_test_split(np.arange(n), test_size=size, random_state=seed)
    assert np.array_equal(train, oracle_train)
    assert np.array_equal(test, oracle_test)


@given(
    labels=st.lists(st.integers(0, 5), min_size=20, max_size=200),
    size=st.floats(0.05, 0.9),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_stratified_split_is_scikit_learns(labels: list[int], size: float, seed: int) -> None:
    y = np.array(labels, np.int8)
    try:
        train, test = train_test_split(np.arange(len(y)), test_size=size, random_state=seed, stratify=y)
    except ValueError:
        with pytest.raises(DatasetError, match="cannot hold"):
            stratified_split(y, size, seed)
        return
    found = stratified_split(y, size, seed)
    assert np.array_equal(found[0], train)
    assert np.array_equal(found[1], test)


@pytest.mark.parametrize("size", [0.01, 0.99])
def test_a_part_that_would_be_empty_is_refused(size: float) -> None:
    dataset = load(Source("example-small-data"))
    tiny = Dataset(
        dataset.source, dataset.X[:1], dataset.y[:1], dataset.feature_names, ("0", "1"), "", True
    )
    with pytest.raises(DatasetError, match="test size"):
        prepare(tiny, scaling="none", test_size=size, split_seed=0)


def test_a_test_part_too_small_for_both_classes_is_refused() -> None:
    dataset = load(Source("two-gaussians:n=20"))
    with pytest.raises(DatasetError, match="cannot hold both classes"):
        prepare(dataset, scaling="none", test_size=0.01, split_seed=0)


@pytest.fixture(scope="module")
def large() -> Dataset:
    """Enough rows to be prepared by the block: scales and offsets of every size, and hardly any spread."""
    random = np.random.default_rng(5)
    X = random.normal(size=(300_000, 5)) * [1, 1e-9, 1e9, 3, 1e-12] + [0, 0, 1e12, -1e6, 7]
    y = (random.random(len(X)) < 0.3).astype(np.int8)
    return Dataset(Source("x.csv", "y"), X, y, tuple("abcde"), ("0", "1"))


@pytest.mark.parametrize("name", ORACLES)
def test_large_tables_are_scaled_as_by_scikit_learn_too(name: str, large: Dataset) -> None:
    problem = prepare(large, scaling=name, test_size=0.25, split_seed=2, drop_columns=("d",))
    kept = large.X[:, [0, 1, 2, 4]]
    oracle = ORACLES[name]().fit(kept[problem.train_rows])
    for part, rows in ((problem.X_train, problem.train_rows), (problem.X_test, problem.test_rows)):
        np.testing.assert_allclose(part[:, :3], oracle.transform(kept[rows])[:, :3], rtol=1e-6, atol=1e-6)
        assert np.isfinite(part[:, 3]).all()  # what varies by less than rounding is left alone


def test_numbers_too_large_are_refused_in_large_tables_too() -> None:
    small = with_large(1.7e308)
    rows = np.arange(40).repeat(20_000)
    with pytest.raises(DatasetError, match=r"numbers as large as 1.7e\+308"):
        prepare(small.take(rows), scaling="standard", test_size=0.2, split_seed=0)
