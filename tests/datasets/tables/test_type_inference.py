"""What kind a column is: as a person would say who looks at its cells."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.tables.missing import Gap
from lrtui.datasets.tables.type_inference import Understood, understand

MANY = [str(i / 4) for i in range(60)]


def column(cells: list[Any], name: str = "x", dtype: Any = None) -> Understood:
    return understand(pl.Series(name, cells, dtype=dtype))


def kind(cells: list[Any], name: str = "x") -> str:
    return column(cells, name).column.kind


# --- numbers ---


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", " 2.5 ", "-3e2", "+4"], [1, 2.5, -300, 4]),
        (["1", "", "2", " ", "NA", "n/a", "NaN", "null", "None", "?", "-", "."], [1, None, 2, *[None] * 9]),
        (["1,234", "12", "1,234,567.5"], [1234, 12, 1234567.5]),
        (["1,5", "0,25", "-3"], [1.5, 0.25, -3]),
        (["$12", "$1,300.50", "$7"], [12, 1300.5, 7]),
        (["12%", "13.5 %", "7%"], [12, 13.5, 7]),
        (["0,125", "1,250", "3,5"], [0.125, 1.25, 3.5]),
    ],
)
def test_numbers_as_people_write_them(cells: list[str], values: list[float | None]) -> None:
    found = column(cells)
    assert found.column.kind == "number"
    assert found.values.to_list() == values
    assert found.missing == values.count(None)


@pytest.mark.parametrize(
    "cells", [["12%", "0.3", "7%", "0.5"], ["1.2.3", "4.5.6", "1.2.3"], ["12px", "3em"]]
)
def test_what_could_mean_anything_is_no_number(cells: list[str]) -> None:
    assert column(cells).column.kind != "number"


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        (["7a", "7b", "9a"], "category"),  # subjects that were split in two
        (["7 A", "9 C"], "category"),
        (["7k", "9k"], "number"),  # thousands, or a slip: no names
        (["7a"], "number"),
        (["7a", "tall"], "number"),
    ],
)
def test_whole_numbers_with_letters_behind_are_names_that_repeat(odd: list[str], expected: str) -> None:
    assert kind([str(i % 40) for i in range(200)] + odd * 2) == expected
    assert kind([*(f"{i % 40}.5" for i in range(200)), *odd * 2]) == "number"


def test_a_few_odd_words_among_numbers_count_as_missing_and_the_first_is_named() -> None:
    found = column([*MANY, "tall", "short"])
    assert (found.column.kind, found.missing) == ("number", 2)
    assert found.gap == Gap(61, "tall", is_text=True)
    assert found.remark == (
        "Column 'x' holds the text 'tall' in row 61, and 1 more that are no numbers: "
        "all of them count as missing."
    )
    assert column([*MANY[:12], "tall"]).column.kind == "number"
    assert column([*MANY[:9], "tall"]).column.kind != "number"
    assert column([*MANY, *"abcdef"]).column.kind != "number"  # more than one in twenty


@pytest.mark.parametrize(
    ("cells", "gap"),
    [
        (["1", "", "inf"], Gap(2, None)),
        (["1", "2", "NaN"], Gap(3, "NaN")),
        (["1", "-inf", "3"], Gap(2, "-inf")),
        ([1.0, float("nan"), 2.0], Gap(2, "nan")),
        ([1, None, 2], Gap(2, None)),
        (["1", "2", "3"], None),
    ],
)
def test_the_first_cell_without_a_finite_number_is_remembered(cells: list[Any], gap: Gap | None) -> None:
    assert column(cells).gap == gap


def test_whole_numbers_past_2_to_53_are_told_to_be_rounded() -> None:
    found = column([str(2**60), "5", "5"])
    assert found.column.kind == "number"
    assert "beyond 2^53" in found.remark
    assert column([2.0**60, 5.0, 5.0]).remark == ""  # nothing was rounded that was not before


@given(st.lists(st.floats(allow_nan=False, width=32), min_size=3, max_size=40))
def test_text_and_numbers_are_understood_alike(values: list[float]) -> None:
    typed, text = column(values), column([repr(value) for value in values])
    np.testing.assert_array_equal(typed.values.to_numpy(), text.values.to_numpy())
    assert typed.distinct == text.distinct == len({float(value) for value in values})


# --- flags ---


@pytest.mark.parametrize(
    ("cells", "values", "levels"),
    [
        (["yes", "no", "yes"], [1, 0, 1], ("no", "yes")),
        (["Yes", "NO", "no", None], [1, 0, 0, None], ("no", "yes")),
        (["True", "False"], [1, 0], ("False", "True")),
        (["t", "f", "f"], [1, 0, 0], ("f", "t")),
        (["n", "y"], [0, 1], ("n", "y")),
        (["0", "1", "1"], [0, 1, 1], ("0", "1")),
        ([0, 1, None, 1], [0, 1, None, 1], ("0", "1")),
        ([1.0, 0.0], [1, 0], ("0", "1")),
        ([True, None, False], [1, None, 0], ("false", "true")),
    ],
)
def test_flags(cells: list[Any], values: list[float | None], levels: tuple[str, str]) -> None:
    found = column(cells)
    assert (found.column.kind, found.column.levels) == ("flag", levels)
    assert found.values.to_list() == values
    assert found.distinct == 2


# --- dates ---

DAY = dt.datetime(2024, 3, 14)


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-03-14", "2023-12-31", ""], DAY),
        (["2024/03/14", "2023/12/31"], DAY),
        (["14.03.2024", "31.12.2023"], DAY),
        (["14/3/2024", "1/2/2023"], DAY),
        (["3/14/2024", "1/2/2023"], DAY),
        (["14-03-24".replace("-", "/"), "01/02/23"], DAY),
        (["14 Mar 2024", "1 January 2023"], DAY),
        (["14-Mar-2024", "1-Jan-2023"], DAY),
        (["March 14, 2024", "Jan 1, 2023"], DAY),
        (["2024-03-14T10:20:30", "2023-01-01T00:00:00.5"], DAY.replace(hour=10, minute=20, second=30)),
        (["2024-03-14 10:20", "2023-01-01 00:00"], DAY.replace(hour=10, minute=20)),
        (["2024-03-14T10:20:30Z", "2023-01-01T00:00:00+01:00"], DAY.replace(hour=10, minute=20, second=30)),
        ([dt.date(2024, 3, 14), dt.date(2023, 1, 1)], DAY),
        ([DAY, None, dt.datetime(2023, 1, 1)], DAY),
        ([DAY.replace(tzinfo=dt.UTC), dt.datetime(2023, 1, 1, tzinfo=dt.UTC)], DAY),
    ],
)
def test_dates(cells: list[Any], first: dt.datetime) -> None:
    found = column(cells)
    assert found.column.kind == "date"
    assert found.values.dtype == pl.Datetime("us")
    assert found.values[0] == first


def test_day_and_month_are_told_apart_by_the_cells_or_not_at_all() -> None:
    assert column(["13/04/2024", "01/02/2024"]).reason == "read as day before month"
    assert column(["04/13/2024", "01/02/2024"]).reason == "read as month before day"
    assert kind(["03/04/2024", "01/02/2024", "03/04/2024"]) == "category"


def test_a_word_among_many_dates_counts_as_missing() -> None:
    found = column([f"2024-01-{i:02}" for i in range(1, 31)] + ["soon"])
    assert (found.column.kind, found.missing) == ("date", 1)
    assert found.remark.endswith("which is no date and counts as missing.")


# --- words ---


def test_words_that_repeat_are_categories_numbered_in_the_order_of_the_alphabet() -> None:
    found = column(["red", " blue", "red ", None, "?", "green"] * 4)
    assert (found.column.kind, found.column.levels) == ("category", ("blue", "green", "red"))
    assert found.values.to_list()[:6] == [2, 0, 2, None, None, 1]
    assert (found.missing, found.distinct, found.gap) == (8, 3, Gap(4, None))


def test_one_word_beside_empty_cells_says_something() -> None:
    assert kind(["pool", "", "", "pool"]) == "category"
    assert kind(["pool", "pool"]) == "constant"


def test_names_and_prose_are_left_out_with_a_reason() -> None:
    names = column([f"Mr. {i}" for i in range(50)])
    assert (names.column.kind, names.usable) == ("text", False)
    assert names.reason == "50 different texts in 50 rows"
    prose = column([f"{'once upon a time ' * 5}{i % 30}" for i in range(90)])
    assert (prose.column.kind, prose.usable) == ("text", False)
    assert prose.reason.startswith("long texts, ")
    many = column([f"u{i}" for i in range(10_001)] * 2)
    assert not many.usable
    assert "too many for categories" in many.reason


@pytest.mark.parametrize("dtype", [pl.Categorical, pl.Enum(["1", "2", "3"])])
def test_declared_categories_stay_categories(dtype: Any) -> None:
    assert column(["1", "3", "1", "2"], dtype=dtype).column.levels == ("1", "2", "3")


# --- nothing to learn from ---


@pytest.mark.parametrize("cells", [["", " ", "NA"], [None, None, None]])
def test_an_empty_column(cells: list[Any]) -> None:
    found = column(cells)
    assert (found.column.kind, found.usable, found.reason) == ("constant", False, "every cell is empty")
    assert found.missing == 3


def test_constant_numbers_stay_constant_words_do_not() -> None:
    assert (kind(["5", "5.0"]), column(["5", "5.0"]).usable) == ("constant", True)
    assert (kind(["a", "a"]), column(["a", "a"]).usable) == ("constant", False)
    assert kind(["5", None, "5"]) == "number"
    assert column([True, True]).values.to_list() == [1, 1]


@pytest.mark.parametrize("cells", [[[1], [2]], [{"a": 1}, {"a": 2}], [b"1", b"2"]])
def test_cells_of_many_values_are_of_no_use(cells: list[Any]) -> None:
    found = column(cells)
    assert not found.usable
    assert found.reason.startswith("its cells hold no single value")


@given(st.lists(st.text(max_size=12) | st.none(), max_size=30), st.text(max_size=8))
def test_any_text_is_understood_and_counted(cells: list[str | None], name: str) -> None:
    found = understand(pl.Series(name, cells, dtype=pl.String))
    assert found.column.name == name
    assert 0 <= found.missing <= len(cells)
    assert found.missing + found.distinct <= len(cells)
    assert (found.reason + found.remark).isprintable()
    if found.usable:
        assert found.values.dtype == (pl.Datetime("us") if found.values.dtype.is_temporal() else pl.Float64)
        assert len(found.values) == len(cells)


@given(
    st.lists(
        st.none() | st.sampled_from([0.0, -0.0, 1.5, -2.0, 7.0]) | st.floats(allow_nan=False), min_size=1
    )
)
def test_what_is_told_of_numbers_is_what_brute_force_says(cells: list[float | None]) -> None:
    found = column(cells, dtype=pl.Float64)
    filled = [cell for cell in cells if cell is not None]
    finite = sorted(cell for cell in filled if np.isfinite(cell))
    assert found.distinct == len(set(filled))
    if not filled:
        return
    order = found.order
    assert (order.low, order.high) == ((finite[0], finite[-1]) if finite else (None, None))
    assert order.median == (finite[(len(finite) - 1) // 2] if finite else None)
    if finite and max(map(abs, finite)) < 1e200:
        assert order.mean == pytest.approx(
            sum(finite) / len(finite), rel=1e-9, abs=1e-9 * max(map(abs, finite))
        )
