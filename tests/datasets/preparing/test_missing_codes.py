"""Numbers that stand for a missing cell: the same problem as if nothing stood there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

CODES = (-999.0, 9999.0)


def made(dataset: Dataset, **options: Any) -> Problem:
    given_options = {"scaling": "standard", "test_size": 0.25, "split_seed": 3, "missing": "indicator"}
    return prepare(dataset, **{**given_options, **options})


def table(X: np.ndarray, *columns: Column) -> Dataset:
    y = (np.arange(len(X)) % 2).astype(np.int8)
    names = tuple(column.name for column in columns) or tuple(f"x{i}" for i in range(X.shape[1]))
    return Dataset(Source("t.csv", "y"), X, y, names, ("no", "yes"), columns=columns)


def coded(cells: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A table with codes in some of its cells, and the same with nothing there."""
    random = np.random.default_rng(5)
    X = random.normal(size=cells.shape)
    return np.where(cells, random.choice(CODES, cells.shape), X), np.where(cells, np.nan, X)


def same(one: Problem, two: Problem) -> None:
    assert one.feature_names == two.feature_names
    for name in ("design_train", "y_train", "design_test", "y_test", "train_rows", "test_rows"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


@pytest.mark.parametrize("missing", ["indicator", "median", "drop"])
@settings(max_examples=12)
@given(cells=arrays(np.bool_, (60, 2), elements=st.integers(0, 9).map(lambda n: n == 0)))
def test_a_code_is_an_empty_cell(missing: str, cells: np.ndarray) -> None:
    with_codes, with_holes = coded(cells)
    expected: Problem | DatasetError
    try:
        expected = made(table(with_holes), missing=missing)
    except DatasetError as error:  # of few rows one class may be left
        expected = error
    if isinstance(expected, Problem):
        same(made(table(with_codes), missing=missing, missing_codes=CODES), expected)
    else:
        with pytest.raises(DatasetError):
            made(table(with_codes), missing=missing, missing_codes=CODES)


def test_codes_beside_real_holes_a_dropped_column_and_clipping() -> None:
    with_codes, with_holes = coded(np.random.default_rng(0).random((300, 3)) < 0.1)
    with_codes[7, 1] = with_holes[7, 1] = np.nan
    for options in (
        {"drop_columns": ("x0",)},
        {"clip": 0.05},
        {"features": "poly2"},
        {"missing": "median"},
    ):
        same(made(table(with_codes), missing_codes=CODES, **options), made(table(with_holes), **options))


def test_codes_that_stand_nowhere_change_no_bit() -> None:
    dataset = load(Source("breast-cancer"))
    same(made(dataset, missing_codes=CODES), made(dataset))


def test_where_missing_is_an_error_the_first_code_is_named() -> None:
    X = np.random.default_rng(0).normal(size=(60, 2))
    X[[4, 9], 1] = -999
    with pytest.raises(DatasetError) as caught:
        made(table(X), missing="error", missing_codes=CODES)
    assert caught.value.what == "Column 'x1' of 't.csv' holds -999, one of the missing codes, in row 5."
    assert caught.value.fix == (
        "Choose missing = indicator, median or drop, or take it out of missing_codes."
    )
    assert made(table(X), missing="error", missing_codes=CODES, drop_columns=("x1",)).feature_names == (
        "x0",
    )
    assert made(table(X), missing="error", missing_codes=(-99.0,)).feature_names == ("x0", "x1")


def test_a_column_of_nothing_but_codes_has_no_median() -> None:
    X = np.column_stack([np.full(60, -999.0), np.arange(60.0)])
    with pytest.raises(DatasetError, match="no finite number"):
        made(table(X), missing_codes=CODES)


def test_categories_flags_and_dates_hold_no_codes() -> None:
    n = 400
    kinds = (Column("word", "category", ("a", "b")), Column("flag", "flag"), Column("n", "number"))
    X = np.column_stack([np.arange(n) % 2, np.arange(n) // 2 % 2, np.arange(n) % 3]).astype(float)
    found = made(table(X, *kinds), missing_codes=(0.0,))
    assert found.feature_names == ("word=a", "word=b", "flag", "n", "n missing")


def test_a_file_with_dates_words_and_codes(tmp_path: Path) -> None:
    lines = [
        f"{-999 if i % 9 == 0 else i % 40},{i % 12 + 1}.06.2024,{('red', 'blue')[i % 2]},{i // 3 % 2}"
        for i in range(90)
    ]
    path = tmp_path / "data.csv"
    path.write_text("\n".join(["age,day,colour,y", *lines]) + "\n")
    found = made(load(Source(str(path), "y")), missing_codes=(-999.0, 6.0))
    assert [name for name in found.feature_names if "missing" in name] == ["age missing"]
    assert "day (weekday)" in found.feature_names
