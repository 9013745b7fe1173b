"""From a target column to classes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.errors import DatasetError, TargetError
from lrtui.datasets.tables.labels import Target, target_of


def labels(cells: list[Any], dtype: Any = None, **options: Any) -> Target:
    return target_of(pl.Series("y", cells, dtype=dtype), "'t.csv'", **options)


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["a", "b", "b", "a", "b"], ("b", "a")),  # the rarer is positive
        (["b", "a", "b", "a"], ("a", "b")),  # on a tie the one that sorts last
        (["1", "1.0", "0", "0", "0"], ("0", "1")),
        ([1.0, 0.0, 0.0, 1.0], ("0", "1")),
        ([1.0, 0.0, -0.0, 1.0, 1.0, 0.0], ("0", "1")),  # −0 is 0
        ([2, 10, 2, 10], ("2", "10")),  # numbers sort as numbers
        ([True, False, False, True], ("false", "true")),
        ([-1, 1, 1, -1], ("-1", "1")),
        ([" yes", "yes ", "no", "no", "no"], ("no", "yes")),
        ([0.5, 1.5, 0.5, 1.5], ("0.5", "1.5")),
        ([dt.date(2024, 1, 1), dt.date(2024, 1, 2)] * 2, ("2024-01-01", "2024-01-02")),
    ],
)
def test_two_values_of_any_kind(cells: list[Any], classes: tuple[str, str]) -> None:
    found = labels(cells)
    assert found.classes == classes
    assert found.labelled is None
    assert found.y.dtype == "int8"
    assert found.y.sum() == min(found.y.sum(), len(cells) - found.y.sum())


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.String])
def test_one_against_the_rest(dtype: Any) -> None:
    found = labels(["a", "b", "c", "b", None, "c"], dtype, positive="b")
    assert found.classes == ("not b", "b")
    assert found.y.tolist() == [0, 1, 0, 1, 0, 0]
    assert found.labelled is not None
    assert found.labelled.tolist() == [True, True, True, True, False, True]


@pytest.mark.parametrize("positive", ["1", "1.0", " 1", "1e0"])
def test_a_positive_number_is_found_however_it_is_written(positive: str) -> None:
    assert labels(["0", "1", "0", "1"], positive=positive).classes == ("0", "1")
    assert labels([0, 1, 2, 1, 0], positive=positive).classes == ("not 1", "1")


def test_a_positive_word_is_found_in_other_letters_where_only_one_is_meant() -> None:
    assert labels([True, False] * 2, positive="True").classes == ("false", "true")
    with pytest.raises(DatasetError, match="has no value 'A'"):
        labels(["á", "b"] * 2, positive="A")


def test_every_value_a_class_in_their_order() -> None:
    found = labels(["10", "9", "10", "9.0", "2", "2"], multiclass=True)
    assert found.classes == ("2", "9", "10")
    assert found.y.tolist() == [2, 1, 2, 1, 0, 0]
    assert labels(["b", "a", "a", "b"], multiclass=True).classes == ("a", "b")


@pytest.mark.parametrize(
    ("cells", "options", "said"),
    [
        (["a", "a"], {}, "has one value, 'a', and needs two"),
        (["a", "b", "c"] * 2, {}, r"has 3 values \('a', 'b', 'c'\), and needs two"),
        (["a", "a"], {"multiclass": True}, "needs between 2 and 100 classes"),
        ([str(i) for i in range(101)] * 2, {"multiclass": True}, "has 101 values"),
    ],
)
def test_a_target_that_is_unfit_tells_its_counts(
    cells: list[str], options: dict[str, Any], said: str
) -> None:
    with pytest.raises(TargetError, match=said) as caught:
        labels(cells, **options)
    assert caught.value.target == "y"
    assert caught.value.counts == {value: cells.count(value) for value in set(cells)}


def test_a_value_that_row_1_alone_has_may_be_a_second_name() -> None:
    with pytest.raises(TargetError) as caught:
        labels(["Do you agree?", "a", "b", "a", "b"])
    assert caught.value.fix.endswith("; or, where row 1 ('Do you agree?') is no row of data, leave it out.")
    with pytest.raises(TargetError) as caught:
        labels(["a", "b", "c", "a"])
    assert "row 1" not in caught.value.fix


def test_one_value_that_is_written_in_two_ways_is_one() -> None:
    with pytest.raises(TargetError, match=r"has one value, '1', and needs two\."):
        labels(["1", "1.0"])


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (
            ["a", "?", "a", "?"],
            "'a', and needs two: its 2 other cells hold '?', a word for nothing",
        ),
        (["a", "", "a", " ", None], "'a', and needs two: its 3 other cells hold nothing"),
        (
            ["a", "na", "a"],
            "'a', and needs two: its 1 other cell holds 'na', a word for nothing",
        ),
        ([1.0, None, 1.0], "'1', and needs two: its 1 other cell holds nothing"),
    ],
)
def test_cells_that_count_as_missing_beside_one_value_are_told(cells: list[Any], said: str) -> None:
    with pytest.raises(TargetError) as caught:
        labels(cells)
    assert said in caught.value.what
    assert sum(caught.value.counts.values()) == sum(cell in ("a", 1.0) for cell in cells)


@pytest.mark.parametrize(
    ("cells", "options", "said"),
    [
        (["a", "a", "b"], {}, "Only 1 row of 't.csv' has the target 'b'"),
        (["a", "a", "b", "b", "c"], {"multiclass": True}, "Only 1 row of 't.csv' has the target 'c'"),
        (["a", "b", "a", "b"], {"positive": "c"}, "has no value 'c'"),
        ([None, "", "NA"], {}, "Every cell of the target 'y' of 't.csv' is empty"),
        (["a", "b"] * 2, {"positive": "a", "multiclass": True}, "none is the positive one"),
        ([[1], [2]], {}, "holds no single values"),
    ],
)
def test_what_cannot_be_is_refused(cells: list[Any], options: dict[str, Any], said: str) -> None:
    with pytest.raises(DatasetError, match=said) as caught:
        labels(cells, **options)
    assert caught.value.fix.endswith(".")


def test_whole_numbers_past_2_to_53_are_told_apart() -> None:
    assert labels([str(2**60), str(2**60 + 1)] * 2).classes == (str(2**60), str(2**60 + 1))


@given(st.lists(st.sampled_from(["a", "b", "c", "7", "7.0", None]), min_size=1, max_size=40))
def test_rows_and_classes_match_cell_by_cell(cells: list[str | None]) -> None:
    try:
        found = labels(cells, pl.String, multiclass=True)
    except DatasetError:
        return
    numeric = {"7", "7.0"} >= {cell for cell in cells if cell}
    for row, cell in enumerate(cells):
        if cell is None:
            assert found.labelled is not None
            assert not found.labelled[row]
        else:
            assert found.classes[found.y[row]] == ("7" if numeric else cell)
