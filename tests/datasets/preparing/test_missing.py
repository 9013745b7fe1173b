"""Cells without a finite number, and columns that are left out: what remains, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.impute import SimpleImputer

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.missing import median
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.tables import missing as module
from lrtui.datasets.tables.missing import holes_of

HOLES = st.sampled_from([np.nan, np.inf, -np.inf])
TABLES = arrays(
    np.float64, st.tuples(st.just(24), st.integers(1, 4)), elements=st.floats(-1e6, 1e6, width=32) | HOLES
)


def made(dataset: Dataset, **options: Any) -> Problem:
    return prepare(dataset, **{"scaling": "standard", "test_size": 0.25, "split_seed": 3, **options})


def table(X: np.ndarray, y: np.ndarray | None = None) -> Dataset:
    labels = np.arange(len(X)) % 2 if y is None else y
    names = tuple(f"x{i}" for i in range(X.shape[1]))
    return Dataset(Source("t.csv", "y"), X, labels.astype(np.int8), names, ("no", "yes"))


def holey(share: float = 0.1, n: int = 200, p: int = 4) -> Dataset:
    random = np.random.default_rng(1)
    X = random.normal(size=(n, p))
    X[random.random((n, p)) < share] = np.nan
    return table(X)


def file(folder: Path, rows: list[str], header: str = "id,age,height,y") -> Dataset:
    path = folder / "data.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return load(Source(str(path), "y"))


def rows(**at: str) -> list[str]:
    """Thirty rows; ``r7="n7,,1.5,a"`` puts another in the seventh place."""
    return [at.get(f"r{i}", f"n{i},{i},{i / 2},{'ab'[i % 2]}") for i in range(1, 31)]


def same(one: Problem, two: Problem) -> None:
    """To the last bit, but for what the dataset is called."""
    assert one.feature_names == two.feature_names
    for name in ("design_train", "y_train", "design_test", "y_test", "train_rows", "test_rows"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


# --- files ---


def test_a_file_with_empty_cells_is_loaded_and_its_cells_are_counted(tmp_path: Path) -> None:
    dataset = file(tmp_path, rows(r4="n4, ,2,a", r5="n5,NaN,-inf,b"))
    assert dataset.n == 30
    assert dataset.feature_names == ("age", "height")
    assert np.isnan(dataset.X[3, 0])
    assert dataset.X[4, 1] == -np.inf
    assert dataset.remark == "3 cells missing; left out 'id'"
    assert dataset.left_out == {"id": "id-like: a different word in every row"}
    assert file(tmp_path, rows()).remark == "left out 'id'"
    days = [f"{'' if i < 4 else f'2024-0{i % 9 + 1}-1{i % 9}'},{i % 7},{'ab'[i % 2]}" for i in range(30)]
    assert file(tmp_path, days, "when,z,y").remark == "4 cells missing"  # and not of each part of a date
    plain = "weight,age,height,y"
    assert file(tmp_path, [row[1:] for row in rows(r9="n9,,1,a")], plain).remark == "1 cell missing"
    assert file(tmp_path, [row[1:] for row in rows()], plain).remark == ""


@pytest.mark.parametrize(
    ("cell", "said", "advice"),
    [
        ("", "has an empty cell in row 7.", "Fill it in, leave the row out, "),
        ("   ", "has an empty cell in row 7.", "Fill it in, leave the row out, "),
        ("NaN", "holds 'NaN' in row 7.", "Give finite numbers, leave the row out, "),
        ("inf", "holds 'inf' in row 7.", "Give finite numbers, leave the row out, "),
        ("-1e999", "holds '-1e999' in row 7.", "Give finite numbers, leave the row out, "),
    ],
)
def test_a_missing_cell_is_refused_with_its_place_and_the_ways_out(
    tmp_path: Path, cell: str, said: str, advice: str
) -> None:
    dataset = file(tmp_path, rows(r7=f"7,7,{cell},a"))
    with pytest.raises(DatasetError) as caught:
        made(dataset)
    assert caught.value.what == f"Column 'height' of 'data.csv' {said}"
    assert caught.value.fix == f"{advice}or choose missing = indicator, median or drop."


def test_a_word_among_numbers_counts_as_missing_and_is_told(tmp_path: Path) -> None:
    dataset = file(tmp_path, rows(r3="n3,three,1,a"))
    assert dataset.remarks == (
        "Column 'age' holds the text 'three' in row 3, which is no number and counts as missing.",
    )
    assert dataset.remark == "1 cell missing; left out 'id'"
    with pytest.raises(
        DatasetError, match=r"'age' of 'data\.csv' holds the text 'three' in row 3"
    ) as caught:
        made(dataset)
    assert caught.value.fix.startswith(
        "Give a number, name the column in drop_columns, or choose missing = "
    )
    assert made(dataset, drop_columns=("age",)).feature_names == ("height",)
    assert len(made(dataset, missing="drop").train_rows) == 21


def test_a_row_without_a_target_is_left_out_and_counted(tmp_path: Path) -> None:
    dataset = file(tmp_path, rows(r2="n2,,1,", r9="n9,,7,a"))
    assert dataset.n == 29
    assert dataset.remark == "1 cell missing; left out 'id'; 1 row without a target"
    assert dataset.remarks == ("1 row has no target ('y') and is left out.",)
    with pytest.raises(DatasetError, match=r"'age' of 'data\.csv' has an empty cell in row 9"):
        made(dataset)  # rows are those of the file
    with pytest.raises(DatasetError, match=r"Every cell of the target 'y' of 'data\.csv' is empty"):
        file(tmp_path, ["a,1,2,"] * 5)


def test_the_first_column_with_a_missing_cell_is_named_unless_it_is_dropped() -> None:
    X = np.ones((20, 3))
    X[5, 2], X[9, 1] = np.inf, np.nan
    with pytest.raises(DatasetError, match=r"'x1' of 't\.csv' holds 'nan' in row 10"):
        made(table(X))
    with pytest.raises(DatasetError, match=r"'x2' of 't\.csv' holds 'inf' in row 6"):
        made(table(X), drop_columns=("x1",))
    assert made(table(X), drop_columns=("x1", "x2")).feature_names == ("x0",)


# --- the check ---


@given(TABLES)
def test_holes_are_what_numpy_calls_not_finite(X: np.ndarray) -> None:
    found, mask = holes_of(X), ~np.isfinite(X)
    if not mask.any():
        assert found is None
        return
    assert found is not None
    assert found.counts.tolist() == mask.sum(axis=0).tolist()
    assert found.first.tolist() == [int(m.argmax()) if m.any() else -1 for m in mask.T]
    assert (found.rows, found.infinite) == (mask.any(axis=1).sum(), np.isinf(X).sum())
    assert found.cells == mask.sum()


def test_a_dataset_is_looked_through_once_and_block_by_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BLOCK", 7)
    looked: list[int] = []

    def look(X: np.ndarray) -> Any:
        looked.append(len(X))
        return holes_of(X)

    monkeypatch.setattr("lrtui.datasets.dataset.holes_of", look)
    dataset = holey()
    for seed in (1, 2):
        made(dataset, missing="median", split_seed=seed)
    assert looked == [200]
    assert dataset.holes is not None
    assert dataset.holes.cells == np.isnan(dataset.X).sum()
    known = Dataset(dataset.source, dataset.X, dataset.y, dataset.feature_names, ("no", "yes"),
                    counted=dataset.holes)  # fmt: skip
    made(known, missing="median")
    assert looked == [200]


# --- median ---


@given(TABLES)
def test_medians_are_those_of_scikit_learns_imputer(X: np.ndarray) -> None:
    assume(np.isfinite(X).any(axis=0).all())
    oracle = SimpleImputer(strategy="median").fit(np.where(np.isfinite(X), X, np.nan))
    found = [median(column, "x", "t") for column in X.T]
    np.testing.assert_allclose(found, oracle.statistics_, rtol=1e-12)


@given(X=TABLES, seed=st.integers(0, 99))
def test_the_training_part_fills_both_parts_in(X: np.ndarray, seed: int) -> None:
    dataset = table(X)
    try:
        found = made(dataset, scaling="none", missing="median", split_seed=seed)
    except DatasetError as error:
        assert "holds no finite number in the training part" in error.what  # noqa: PT017 - rare
        return
    clean = np.where(np.isfinite(X), X, np.nan)
    oracle = SimpleImputer(strategy="median").fit(clean[found.train_rows])
    np.testing.assert_allclose(found.X_train, oracle.transform(clean[found.train_rows]), rtol=1e-12)
    np.testing.assert_allclose(found.X_test, oracle.transform(clean[found.test_rows]), rtol=1e-12)


@pytest.mark.parametrize("features", ["linear", "poly2", "rbf"])
@pytest.mark.parametrize("single", [False, True])
def test_filled_in_first_or_on_the_way_the_problem_is_the_same_bit_by_bit(
    features: str, single: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK", 32)
    dataset = holey()
    found = made(dataset, missing="median", features=features, single=single)
    fill = np.nanmedian(dataset.X[found.train_rows], axis=0)
    X = np.where(np.isnan(dataset.X), fill, dataset.X)
    same(found, made(table(X), features=features, single=single))


def test_the_features_of_a_problem_are_a_map_from_the_rows_of_the_dataset() -> None:
    dataset = holey()
    found = made(dataset, missing="median", drop_columns=("x1",), features="poly2")
    assert np.isfinite(found.design_test).all()
    np.testing.assert_array_equal(found.features.apply(dataset.X[found.test_rows]), found.X_test)


def test_a_column_without_a_finite_number_in_the_training_part_has_no_median() -> None:
    dataset = holey(0)
    dataset.X[:, 2] = np.nan
    dataset.X[made(holey(0)).test_rows[0], 2] = 1.0  # the split is that of the rows, whatever they hold
    with pytest.raises(DatasetError) as caught:
        made(dataset, missing="median")
    assert caught.value.what == (
        "Column 'x2' of 't.csv' holds no finite number in the training part, so it has no median."
    )
    assert caught.value.fix == "Name it in drop_columns, or choose missing = drop."
    assert made(dataset, missing="median", drop_columns=("x2",)).X_train.shape == (150, 3)


def test_a_median_between_two_numbers_near_the_end_of_float64_is_finite() -> None:
    assert median(np.array([1.6e308, np.nan, 1.7e308]), "x", "t") == pytest.approx(1.65e308)


# --- drop ---


@given(share=st.floats(0, 0.3), seed=st.integers(0, 99))
def test_rows_with_a_missing_cell_are_as_if_they_had_never_been(share: float, seed: int) -> None:
    dataset = holey(share)
    whole = np.isfinite(dataset.X).all(axis=1)
    assume(whole.sum() > 12)
    found = made(dataset, missing="drop", split_seed=seed)
    oracle = made(table(dataset.X[whole], dataset.y[whole]), split_seed=seed)
    np.testing.assert_array_equal(found.design_train, oracle.design_train)
    np.testing.assert_array_equal(found.y_test, oracle.y_test)
    np.testing.assert_array_equal(found.train_rows, np.flatnonzero(whole)[oracle.train_rows])
    np.testing.assert_array_equal(found.test_rows, np.flatnonzero(whole)[oracle.test_rows])


def test_a_cell_of_a_dropped_column_drops_no_row() -> None:
    dataset = holey(0)
    dataset.X[:150, 0] = np.nan
    assert len(made(dataset, missing="drop").train_rows) == 37
    assert len(made(dataset, missing="drop", drop_columns=("x0",)).train_rows) == 150


def test_too_few_rows_or_one_class_left_is_refused() -> None:
    dataset = holey(0)
    dataset.X[dataset.y == 1, 0] = np.nan
    with pytest.raises(DatasetError) as caught:
        made(dataset, missing="drop")
    assert caught.value.what == (
        "Without the rows in which a cell is missing, only rows of the class 'no' would be left of 't.csv'."
    )
    assert "missing = median" in caught.value.fix
    dataset = holey(0)
    dataset.X[:, 0] = np.inf
    with pytest.raises(DatasetError, match="no row at all would be left"):
        made(dataset, missing="drop")
    dataset = holey(0)
    dataset.X[2:, 0] = np.nan
    with pytest.raises(DatasetError, match="of 2 rows"):
        made(dataset, missing="drop")


# --- nothing missing ---


@pytest.mark.parametrize("name", ["breast-cancer", "example-scaling"])
@pytest.mark.parametrize("missing", ["median", "drop"])
def test_where_nothing_is_missing_nothing_changes(name: str, missing: str) -> None:
    dataset = load(Source(name))
    assert dataset.holes is None
    assert dataset.remark == ""
    same(made(dataset, missing=missing), made(dataset))
    assert made(dataset, missing=missing).features.encoding.fill is None


# --- columns that are left out ---


@pytest.mark.parametrize("features", ["linear", "poly2", "rbf"])
@pytest.mark.parametrize("scaling", ["none", "standard", "robust"])
def test_a_dropped_column_is_as_if_it_had_never_been(
    features: str, scaling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BLOCK", 32)
    dataset = load(Source("iris-versicolor"))
    without = Dataset(
        dataset.source,
        np.ascontiguousarray(dataset.X[:, [0, 2]]),
        dataset.y,
        (dataset.feature_names[0], dataset.feature_names[2]),
        dataset.class_names,
    )
    dropped = (dataset.feature_names[3], dataset.feature_names[1])
    options = {"features": features, "scaling": scaling, "single": True}
    same(made(dataset, drop_columns=dropped, **options), made(without, **options))


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    with pytest.raises(DatasetError) as caught:
        made(load(Source("iris-versicolor")), drop_columns=("petal witdh",))
    assert caught.value.what == (
        "iris-versicolor has no column called 'petal witdh' that could be dropped."
    )
    assert caught.value.fix.startswith("Did you mean 'petal width'? The columns are 'sepal length', ")
    with pytest.raises(DatasetError, match="called 'x9'") as caught:
        made(load(Source("moons")), drop_columns=("x1", "x9"))
    assert caught.value.fix.endswith("The columns are 'x1', 'x2'.")


def test_the_target_is_no_column_to_drop(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no column called 'y'"):
        made(file(tmp_path, rows()), drop_columns=("id", "y"))  # a column that is left out may be dropped


def test_dropping_every_column_is_refused() -> None:
    with pytest.raises(DatasetError) as caught:
        made(load(Source("moons")), drop_columns=("x2", "x1"))
    assert caught.value.what == "Every column of moons is dropped, so there is nothing to learn from."
    assert caught.value.fix == "Take at least one out of drop_columns."


def test_a_problem_says_its_share_of_ones_in_the_training_part() -> None:
    found = made(load(Source("example-scaling")))
    assert found.base_rate == found.y_train.mean() != found.y_test.mean()
