"""From a table to a dataset: which columns are learned from, and what is said of the others."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source import Source
from tests.datasets.inspection.tables import inspect
from tests.datasets.passengers import passengers

N = 40
PLAIN = {"size": [i / 4 for i in range(N)], "y": ["no", "yes"] * (N // 2)}


def made(cells: dict[str, Any], *, table: dict[str, Any] | None = None, **source: Any) -> Dataset:
    given = {"target": "y", **source}
    return dataset_of(
        Source("/data/t.csv", **given), Table(pl.DataFrame(cells), "'t.csv'", **(table or {}))
    )


def test_a_passenger_list_is_understood() -> None:
    source = Source("/data/titanic.csv", "Survived")
    found = dataset_of(source, Table(passengers(), "'titanic.csv'"))
    kinds = {column.name: column.kind for column in found.columns}
    assert kinds == {
        "Pclass": "number",
        "Sex": "category",
        "Age": "number",
        "Fare": "number",
        "Cabin": "category",
        "Embarked": "category",
    }
    assert list(found.left_out) == ["PassengerId", "Name", "Ticket"]
    assert found.remark.endswith(" cells missing; left out 'PassengerId', 'Name', 'Ticket'")
    assert found.class_names == ("0", "1")
    assert found.shows == "titanic.csv, target Survived"
    assert found.X.flags.c_contiguous
    assert found.X.dtype == np.float64


def test_each_kind_becomes_numbers() -> None:
    days = [dt.datetime(2023 + i // 30, 1 + i % 12, 1 + i % 28, i % 24) for i in range(N)]
    found = made(
        {**PLAIN, "colour": ["red", "blue", None, "green"] * 10, "open": ["y", "n"] * 20, "day": days}
    )
    assert found.feature_names == (
        "size", "colour", "open", "day (year)", "day (month)", "day (weekday)", "day (hour)",
    )  # fmt: skip
    assert found.columns[1] == Column("colour", "category", ("blue", "green", "red"))
    np.testing.assert_array_equal(found.X[:4, 1], [2, 0, np.nan, 1])
    np.testing.assert_array_equal(found.X[:2, 2], [1, 0])
    assert {column.origin for column in found.columns[3:]} == {"day"}
    np.testing.assert_array_equal(found.X[:, 4], [day.month for day in days])
    np.testing.assert_array_equal(found.X[:, 5], [day.isoweekday() for day in days])
    np.testing.assert_array_equal(found.X[:, 6], [day.hour for day in days])
    years = [1970 + (day - dt.datetime(1970, 1, 1)) / dt.timedelta(days=365.2425) for day in days]
    np.testing.assert_allclose(found.X[:, 3], years, rtol=1e-12)


def test_parts_of_a_date_that_never_change_are_left_out() -> None:
    days = [dt.date(2000 + i, 5, 1) for i in range(N)]
    assert made({**PLAIN, "day": days}).feature_names == ("size", "day (year)", "day (weekday)")


def test_how_cells_were_read_is_told() -> None:
    found = made(
        {
            "y": ["no", "yes"] * 20,
            "price": [f"${i},000" for i in range(1, 41)],
            "m": [*map(str, range(39)), "x"],
        },
        table={"remarks": ("The file is in Latin-1.",)},
    )
    assert found.remarks == (
        "The file is in Latin-1.",
        "Column 'price' was read without the commas between thousands.",
        "Column 'm' holds the text 'x' in row 40, which is no number and counts as missing.",
    )


# --- the target ---


def test_without_a_target_the_likeliest_are_named() -> None:
    with pytest.raises(DatasetError, match=r"'t\.csv' needs a target column") as caught:
        dataset_of(Source("/data/t.csv"), Table(passengers(), "'t.csv'"))
    assert caught.value.fix.startswith("Give --target COLUMN. The likeliest are 'Survived', ")
    assert caught.value.fix.endswith("'Fare', 'Cabin', 'Embarked'.")


def test_the_target_that_a_format_names_is_taken_unless_another_is_given() -> None:
    columns = {**PLAIN, "z": ["a", "b"] * 20}
    found = made(columns, table={"target": "z"}, target=None)
    assert found.class_names == ("a", "b")
    assert found.shows == "t.csv, target z"
    assert made(columns, table={"target": "z"}).class_names == ("no", "yes")


def test_rows_without_a_target_are_left_out_of_everything() -> None:
    columns = {"y": ["a", None, "b", "", "a", "b"], "x": [1.5, 2, 3, 4, 5, 6], "w": [1, 2, 3, 4, 5, 6]}
    found = made(columns, weights="w", table={"test_from": 4})
    assert found.X.tolist() == [[1.5], [3], [5], [6]]
    assert found.y.tolist() == [0, 1, 0, 1]
    assert found.weights is not None
    assert found.weights.tolist() == [1, 3, 5, 6]
    assert found.in_test is not None
    assert found.in_test.tolist() == [False, False, True, True]
    assert found.unlabelled == 2
    assert found.remarks == ("2 rows have no target ('y') and are left out.",)


def test_a_gap_in_a_row_that_is_left_out_is_not_the_first() -> None:
    columns = {"y": ["a", None, "b", "b", "a"], "x": ["1", "", "3", "inf", ""]}
    assert made(columns).gaps["x"].row == 4


# --- columns ---


def test_only_the_columns_that_were_named_are_learned_from() -> None:
    columns = {**PLAIN, "a": [i % 7 for i in range(N)], "b": [i % 5 for i in range(N)]}
    found = made(columns, columns=("b", "size"))
    assert found.feature_names == ("size", "b")
    assert found.left_out == {}


def test_a_number_of_the_row_is_learned_from_only_where_it_is_asked_for_or_alone() -> None:
    columns = {"id": list(range(N)), **PLAIN}
    assert made(columns).feature_names == ("size",)
    assert made(columns, columns=("id",)).feature_names == ("id",)
    alone = made({"id": list(range(N)), "y": PLAIN["y"]})
    assert (alone.feature_names, alone.left_out) == (("id",), {})


def test_a_constant_number_stays_and_a_constant_word_goes() -> None:
    found = made({**PLAIN, "one": [1] * N, "word": ["a"] * N, "empty": [None] * N})
    assert found.feature_names == ("size", "one")
    assert found.left_out == {
        "word": "constant: every cell holds 'a'",
        "empty": "constant: every cell is empty",
    }


@pytest.mark.parametrize(
    ("columns", "source", "said"),
    [
        ({}, {"target": "z"}, r"no column called 'z'"),
        ({"Yes": [1, 2] * 20}, {"target": "yes"}, r"no column called 'yes'\. Did you mean 'Yes'\?"),
        ({}, {"columns": ("syze",)}, r"no column called 'syze'\. Did you mean 'size'\?"),
        ({}, {"weights": "y"}, "given as target and as weights"),
        ({"g": [1, 2] * 20}, {"group": "g", "columns": ("g", "size")}, "given as group and as columns"),
        (
            {"g": [1, 2] * 20, "t": [1, 2] * 20},
            {"group": "g", "time": "t"},
            "by groups and by time at once",
        ),
        ({"g": [1, 2] * 20}, {"group": "g", "test": "u.csv"}, "--test gives the test part as it is"),
        ({"w": [1.0, -1.0] * 20}, {"weights": "w"}, "holds the weight -1 in row 2"),
        ({"w": [1.0, float("inf")] * 20}, {"weights": "w"}, "holds the weight inf in row 2"),
        ({"w": [0] * 40}, {"weights": "w"}, "Every weight in column 'w' of 't.csv' is 0"),
        ({"w": ["a", "b"] * 20}, {"weights": "w"}, "cannot weigh rows"),
        ({"w": ["1", ""] * 20}, {"weights": "w"}, "says nothing in row 2, and is given as --weights"),
        ({"g": ["1", " "] * 20}, {"group": "g"}, "says nothing in row 2, and is given as --group"),
        ({"t": ["1", None] * 20}, {"time": "t"}, "says nothing in row 2, and is given as --time"),
        ({"t": ["a", "b"] * 20}, {"time": "t"}, "neither dates nor numbers"),
        ({"t": [f"a b {i}" for i in range(40)]}, {"time": "t"}, "neither dates nor numbers"),
    ],
)
def test_what_cannot_be_is_refused(columns: dict[str, Any], source: dict[str, Any], said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        made({**PLAIN, **columns}, **source)
    assert str(caught.value).isprintable()
    assert re.search(said, str(caught.value))


def test_where_nothing_is_left_the_first_reason_is_given() -> None:
    with pytest.raises(DatasetError, match=r"'name' is left out \(text: 40 different texts in 40 rows\)\."):
        made({"y": PLAIN["y"], "name": [f"Mr. {i}" for i in range(N)]})
    with pytest.raises(DatasetError, match="no column beside the target"):
        made({"y": PLAIN["y"]})


def test_groups_and_times_are_numbers_and_no_features() -> None:
    columns = {**PLAIN, "who": ["b", " a", "a ", "b"] * 10, "day": ["2024-01-02", "2024-01-01"] * 20}
    grouped = made(columns, group="who")
    assert grouped.groups is not None
    assert len(set(grouped.groups[:4])) == 2
    assert grouped.groups[0] == grouped.groups[3] != grouped.groups[1] == grouped.groups[2]
    assert "who" not in grouped.feature_names
    timed = made(columns, time="day")
    assert timed.times is not None
    assert timed.times[0] - timed.times[1] == 86_400e6
    assert "day (year)" not in timed.feature_names


@pytest.mark.parametrize(("cell", "said"), [("abc", "holds the text 'abc'"), ("", "has an empty cell")])
def test_a_cell_of_the_test_part_is_named_by_its_own_file_and_row(
    tmp_path: Path, cell: str, said: str
) -> None:
    ours, theirs = ([f"{i / 7:.3f},{'uv'[i % 2]}" for i in range(rows)] for rows in (60, 20))
    theirs[7] = f"{cell},u"
    for name, rows in (("train.csv", ours), ("test.csv", theirs)):
        (tmp_path / name).write_text("\n".join(["b,y", *rows]) + "\n")
    source = Source(str(tmp_path / "train.csv"), "y", test=str(tmp_path / "test.csv"))
    dataset = load(source)
    with pytest.raises(DatasetError) as caught:
        prepare(dataset, scaling="none", test_size=0.2, split_seed=0)
    assert str(caught.value).startswith(f"Column 'b' of 'test.csv' {said} in row 8.")
    if cell:
        told = "Column 'b' of 'test.csv' holds 'abc' in row 8, which the training part does not write so"
        odd = f"{told}: it counts as missing."
        assert odd in dataset.remarks
    assert "20 of the rows are the test part, 'test.csv'." in inspect(source).remarks
