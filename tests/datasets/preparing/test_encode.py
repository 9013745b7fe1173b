"""Categories, holes and hashes as numbers: what scikit-learn's own pipeline makes of the same rows."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import FeatureHasher
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from lrtui.datasets.columns import HASHED, Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.preparing import fit
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from lrtui.datasets.tables import missing
from tests.datasets.passengers import passengers

NUMBERS, WORDS = ("Pclass", "Age", "Fare"), ("Sex", "Cabin", "Embarked")


def titanic(n: int = 891, seed: int = 0) -> Dataset:
    return dataset_of(Source("titanic.csv", "Survived"), Table(passengers(n, seed), "'titanic.csv'"))


def made(dataset: Dataset, **options: Any) -> Problem:
    given_options = {
        "scaling": "standard",
        "test_size": 0.2,
        "split_seed": 7,
        "missing": "indicator",
        **options,
    }
    return prepare(dataset, **given_options)


def table(codes: list[float], levels: tuple[str, ...], **more: Any) -> Dataset:
    """One category beside a number."""
    X = np.column_stack([codes, np.arange(len(codes)) % 11]).astype(float)
    columns = (Column("c", "category", levels), Column("n", "number"))
    y = (np.arange(len(codes)) // 3 % 2).astype(np.int8)
    return Dataset(Source("t.csv", "y"), X, y, ("c", "n"), ("0", "1"), columns=columns, **more)


# --- the oracle ---


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("missing", ["indicator", "median"])
def test_the_design_matrix_is_that_of_a_pipeline_fit_on_the_same_rows(missing: str, seed: int) -> None:
    frame = passengers(seed=seed)
    found = made(titanic(seed=seed), missing=missing, split_seed=seed)
    numbers = frame.select(pl.col(NUMBERS).cast(pl.Float64)).to_numpy()
    words = frame.select(pl.col(WORDS).fill_null("missing")).to_numpy()
    cells_of_all = np.empty((frame.height, 6), dtype=object)
    cells_of_all[:, :3], cells_of_all[:, 3:] = numbers, words
    encoder = OneHotEncoder(handle_unknown="ignore", min_frequency=len(found.train_rows) // 100)
    oracle = make_pipeline(
        ColumnTransformer(
            [
                (
                    "numbers",
                    SimpleImputer(strategy="median", add_indicator=missing == "indicator"),
                    [0, 1, 2],
                ),
                ("words", encoder, [3, 4, 5]),
            ],
            sparse_threshold=0,
        ),
        StandardScaler(),
    ).fit(cells_of_all[found.train_rows])
    names = [
        name.replace("numbers__", "").replace("words__", "")
        for name in oracle[0].get_feature_names_out([*NUMBERS, *WORDS])
    ]
    ours = {
        "missingindicator_Age": "Age missing",
        "Cabin_infrequent_sklearn": "Cabin=rare",
        "Embarked_infrequent_sklearn": "Embarked=missing",
    }
    order = [found.feature_names.index(ours.get(name, name.replace("_", "="))) for name in names]
    assert sorted(order) == list(range(len(found.feature_names)))
    for X, rows in ((found.X_train, found.train_rows), (found.X_test, found.test_rows)):
        np.testing.assert_allclose(X[:, order], oracle.transform(cells_of_all[rows]), rtol=1e-9, atol=1e-9)


def test_a_passenger_list_is_learned_from_end_to_end() -> None:
    found = made(titanic(2000), single=True)
    model = LogisticRegression(max_iter=1000).fit(found.X_train, found.y_train)
    share = max(found.y_test.mean(), 1 - found.y_test.mean())
    assert model.score(found.X_test, found.y_test) > share + 0.08


# --- levels ---


def test_features_are_named_after_their_levels_and_know_their_column() -> None:
    found = made(table([0, 1, 2, np.nan] * 20, ("a", "b", "c")))
    assert found.feature_names == ("c=a", "c=b", "c=c", "c=missing", "n")
    assert found.features.origins == ("c", "c", "c", "c", "n")
    taken = table([0, 1, 2, np.nan] * 20, ("missing", "b", "c"))
    assert made(taken).feature_names[:4] == ("c=missing", "c=b", "c=c", "c=(missing)")


def test_rare_levels_are_joined_and_a_lone_one_keeps_its_name() -> None:
    common = [0, 1] * 200
    one = made(table([*common, 2, 2, 2, 2], tuple("abc")), split_seed=1)
    assert one.feature_names == ("c=a", "c=b", "c=c", "n")
    many = made(table([*common, *[2] * 2, *[3] * 2, *[4] * 2], tuple("abcde")))
    assert many.feature_names == ("c=a", "c=b", "c=rare", "n")


def test_few_rows_keep_levels_that_stand_there_twice() -> None:
    assert made(table([0, 1, 2, 3] * 6, tuple("abcd"))).feature_names[:4] == ("c=a", "c=b", "c=c", "c=d")


def test_a_level_that_training_never_saw_has_0_everywhere() -> None:
    codes = np.array([0, 1] * 40, dtype=float)
    in_test = np.arange(80) >= 60
    codes[60:70] = 2
    found = made(table(list(codes), tuple("abc"), in_test=in_test), scaling="none")
    assert found.feature_names == ("c=a", "c=b", "n")
    assert (found.X_test[:10, :2] == 0).all()
    assert (found.X_test[10:, :2].sum(axis=1) == 1).all()


def test_a_category_of_many_levels_is_hashed_into_few_columns() -> None:
    n = 6000
    codes = np.arange(n) % 300
    levels = tuple(f"zip {i}" for i in range(300))
    found = made(table(list(codes), levels), scaling="none")
    assert found.feature_names == (*(f"c#{i}" for i in range(1, HASHED + 1)), "n")
    hasher = FeatureHasher(HASHED, input_type="string")
    oracle = hasher.transform([[f"={levels[code]}"] for code in codes[found.train_rows]]).toarray()
    np.testing.assert_array_equal(found.X_train[:, :HASHED], oracle)


def test_what_encoding_would_make_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fit, "MOST_ENCODED", 400)
    with pytest.raises(DatasetError, match=r"the 2 columns of 't\.csv' would be 5 in 99 rows") as caught:
        made(table([0, 1, 2, 3] * 31, tuple("abcd")))
    assert caught.value.fix == "Name columns in drop_columns: 'c' has 4 levels."
    made(table([0, 1, 2, 3] * 31, tuple("abcd")), drop_columns=("c",))


# --- holes ---


@pytest.mark.parametrize(
    ("missing", "names"),
    [
        ("indicator", ("c=a", "c=b", "c=missing", "n", "n missing")),
        ("median", ("c=a", "c=b", "c=missing", "n")),
        ("drop", ("c=a", "c=b", "n")),
    ],
)
def test_each_way_with_missing_cells(missing: str, names: tuple[str, ...]) -> None:
    data = table([0, 1, np.nan, 1] * 25, ("a", "b"))
    data.X[1::5, 1] = np.nan
    found = made(data, missing=missing)
    assert found.feature_names == names
    assert np.isfinite(found.design_train).all()
    with pytest.raises(DatasetError, match=r"Column 'c' of 't\.csv'"):
        made(data, missing="error")


def test_an_indicator_stands_for_holes_of_the_training_part_alone() -> None:
    data = table([0, 1] * 50, ("a", "b"), in_test=np.arange(100) >= 80)
    data.X[90, 1] = np.nan
    found = made(data, scaling="none")
    assert found.feature_names == ("c=a", "c=b", "n")
    assert found.X_test[10, 2] == np.median(data.X[:80, 1])
    data.X[3, 1] = np.inf
    found = made(data, scaling="none")
    assert found.feature_names[-1] == "n missing"
    assert found.X_test[:, -1].tolist() == [float(i == 10) for i in range(20)]


def test_the_parts_of_a_date_share_one_indicator_and_are_dropped_together() -> None:
    days = [f"20{10 + i % 9}-0{1 + i % 8}-1{i % 9}" if i % 7 else "" for i in range(90)]
    frame = pl.DataFrame({"day": days, "x": [i / 3 for i in range(90)], "y": ["a", "b"] * 45})
    data = dataset_of(Source("t.csv", "y"), Table(frame, "'t.csv'"))
    names = made(data).feature_names
    assert names == ("day (year)", "day (month)", "day (weekday)", "x", "day missing")
    assert made(data).features.origins == ("day", "day", "day", "x", "day")
    assert made(data, drop_columns=("day",)).feature_names == ("x",)
    assert "day (year)" not in made(data, drop_columns=("day (year)",)).feature_names
    with pytest.raises(DatasetError, match=r"Column 'day' of 't\.csv' has an empty cell in row 1"):
        made(data, missing="error")


def test_a_level_is_no_column_to_drop_and_its_column_is_named() -> None:
    with pytest.raises(DatasetError) as caught:
        made(titanic(), drop_columns=("Sex=female",))
    assert caught.value.fix.startswith("Did you mean 'Sex'?")
    assert "Sex=male" not in made(titanic(), drop_columns=("Sex", "Name")).feature_names


# --- blocks, samples, memory ---


@pytest.mark.parametrize("block", [7, 64])
@pytest.mark.parametrize(("features", "single"), [("linear", False), ("poly2", True)])
def test_blocks_change_no_bit(
    block: int, features: str, single: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = titanic(90)
    whole = made(dataset, features=features, single=single)
    monkeypatch.setattr(missing, "BLOCK", block)
    found = made(dataset, features=features, single=single)
    np.testing.assert_array_equal(found.design_train, whole.design_train)
    np.testing.assert_array_equal(found.design_test, whole.design_test)


def test_what_was_learned_holds_for_new_rows_and_travels() -> None:
    dataset = titanic()
    found = made(dataset, features="poly2")
    np.testing.assert_array_equal(found.features.apply(dataset.X[found.test_rows]), found.X_test)
    again = pickle.loads(pickle.dumps(found.features))
    np.testing.assert_array_equal(again.apply(dataset.X[found.test_rows]), found.X_test)


def test_of_a_large_table_a_sample_teaches_and_rows_keep_their_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dataset = titanic(4000)
    whole = made(dataset)
    monkeypatch.setattr(fit, "LARGE", 10_000)
    monkeypatch.setattr(fit, "LEARNED", 6 * 2000)
    found = made(dataset)
    assert (np.diff(found.train_rows) > 0).all()
    assert sorted(found.train_rows) == sorted(whole.train_rows)
    named = [
        found.feature_names.index(name) for name in ("Pclass", "Sex=male", "Age", "Fare", "Age missing")
    ]
    assert found.X_train[:, named].mean(axis=0) == pytest.approx(0, abs=0.1)
    assert found.X_train[:, named].std(axis=0) == pytest.approx(1, abs=0.15)
    again = made(dataset)
    np.testing.assert_array_equal(found.design_train, again.design_train)


def test_numbers_in_float32_are_read_as_they_are() -> None:
    dataset = titanic()
    single = Dataset(
        dataset.source, dataset.X.astype(np.float32), dataset.y, dataset.feature_names, dataset.class_names,
        columns=dataset.columns,
    )  # fmt: skip
    one, two = made(dataset), made(single)
    assert one.feature_names == two.feature_names
    assert two.design_train.dtype == np.float64
    np.testing.assert_allclose(one.design_train, two.design_train, atol=1e-5)


def test_design_matrices_are_written_where_they_are_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = made(titanic(), single=True).design_train
    rooms: list[np.ndarray] = []

    def room(rows: int, columns: int, dtype: np.dtype[Any]) -> np.ndarray:
        rooms.append(np.full((rows, columns), np.nan, dtype))
        return rooms[-1]

    monkeypatch.setattr("lrtui.datasets.preparing.prepare.aligned", room)
    found = made(titanic(), single=True)
    assert [found.design_train is rooms[0], found.design_test is rooms[1]] == [True, True]
    np.testing.assert_array_equal(found.design_train, usual)
