"""Which columns of numbers name or count the rows, and which describe them."""

from __future__ import annotations

import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.tables.two_parts import understand_parts
from lrtui.datasets.tables.type_inference import understand

IDENTIFIERS = [
    "id",
    "PassengerId",
    "user_id",
    "ID",
    "index",
    "",
    "rownames",
    "Unnamed: 0",
    "unnamed_1",
    "...1",
]
IDENTIFIERS += [
    "__index_level_0__",
    "customerid",
    "patient_nbr",
    "EmployeeNumber",
    "row.names",
    "Id Client",
    "#",
    "Unnamed: 0.1",
    "uuid",
    "UID",
    "MRN",
    "objectid",
    "IDPACIENTE",
]
VAGUE = [
    "row no",
    "key",
    "number",
    "S.No",
    "sno",
    "heat_index",
    "Nr",
    "index_col",
    "Kundennummer",
    "Número",
    "Nº",
    "序号",
    "номер",
    "Lp.",
]
WEAK = [
    "X",
    "obs",
    "observation",
    "case",
    "record",
    "sample",
    "subject",
    "serial",
    "n",
    "unnamed_7",
    "Zeile",
    "line",
    "Participant",
    "行",
]


def kind(cells: list[Any], name: str = "x", own: int | None = None) -> str:
    return understand_parts(pl.Series(name, cells), own, "'test.csv'").column.kind


def written(numbers: list[int], form: str) -> list[Any]:
    """The same whole numbers as they come out of CSV files, Excel and programs."""
    forms = {"digits": str, "point": lambda n: f"{n}.0", "whole": int, "float": float}
    return [forms[form](number) for number in numbers]


FORMS = pytest.mark.parametrize("form", ["digits", "point", "whole", "float"])


@FORMS
@pytest.mark.parametrize("name", [*IDENTIFIERS, *VAGUE])
def test_a_different_whole_number_in_every_row_under_such_a_name_is_an_identifier(
    name: str, form: str
) -> None:
    found = understand(pl.Series(name, written([17, 4, 99], form)))
    assert (found.column.kind, found.usable) == ("id-like", False)
    assert kind(written([17, 4, 4], form), name) == "number"


@FORMS
@pytest.mark.parametrize("name", IDENTIFIERS)
def test_an_identifier_may_repeat_a_little_and_have_gaps(name: str, form: str) -> None:
    numbers = [3 * i + 1000 for i in range(40)]
    assert kind([*written(numbers, form), *written(numbers[:8], form)], name) == "id-like"
    assert kind([*written(numbers, form), None, None], name) == "id-like"
    assert (
        kind(written([i * 7 % 12 for i in range(48)], form), name) == "number"
    )  # as the id of a shop may be


@pytest.mark.parametrize("name", VAGUE)
def test_a_vaguer_name_needs_numbers_that_all_differ(name: str) -> None:
    assert kind([*range(40), 7], name) == "number"


@FORMS
@pytest.mark.parametrize("name", WEAK)
def test_a_name_that_may_mean_a_row_needs_numbers_in_order(name: str, form: str) -> None:
    assert kind(written([1, 2, 3, 5, 9, 11, 40], form), name) == "id-like"  # rows were taken out
    assert kind(written([5, 3, 1, 2, 4, 6, 7], form), name) == "id-like"  # shuffled
    assert kind(written([5, 31, 12, 2, 44, 61, 7], form), name) == "number"
    assert kind(written([1, 1, 2, 3, 5, 8, 13], form), name) == "number"


@pytest.mark.parametrize("start", [0, 1])
@pytest.mark.parametrize("name", ["x", "column_1", "V1", "Dosis"])
def test_what_counts_more_than_thirty_rows_is_their_number_whatever_it_is_called(
    name: str, start: int
) -> None:
    counted = [str(i) for i in range(start, start + 31)]
    assert kind(counted, name) == "id-like"
    assert kind([*counted[:20], "", *counted[21:]], name) == "id-like"
    assert kind(counted[:30], name) == "number"  # a short list may well be a measurement
    assert kind(counted[::-1], name) == "number"
    assert kind([*counted[:20], "7", *counted[21:]], name) == "number"


@pytest.mark.parametrize("name", ["Unnamed: 0", "index", "obs", "key"])
def test_tables_that_were_put_together_count_anew(name: str) -> None:
    assert kind([*range(50), *range(30), *range(20)], name) == "id-like"
    assert kind([*range(5)] * 20, name) == "number"  # may be the day of a week


def test_rows_of_a_test_file_below_begin_anew() -> None:
    assert kind([*range(1, 121), *range(1, 41)], own=120) == "id-like"
    assert kind([*range(1, 7), 1, 2, 3], "obs", own=6) == "id-like"
    assert kind([*range(1, 121), *range(1, 41)]) == "number"


@given(seed=st.integers(0, 999), size=st.integers(12, 80))
def test_measurements_that_are_whole_stay_numbers(seed: int, size: int) -> None:
    draw = random.Random(seed)
    for name, low, high in (("age", 18, 90), ("year", 1950, 2024), ("price", 100, 90_000), ("x", 0, 10**6)):
        assert kind([draw.randint(low, high) for _ in range(size)], name) == "number"
    assert kind(sorted(draw.sample(range(10**5), size)), "income") == "number"


@pytest.mark.parametrize("name", ["acid", "humid", "paid", "valid", "fluid"])
def test_a_word_that_ends_like_one_is_none(name: str) -> None:
    assert kind([7, 19, 4, 88, 23], name) == "number"


@pytest.mark.parametrize(
    "name", ["收入", "Доход", "π", "ÉÀ", "$", "€", "%", "idé", "_", "id_score", "ID weight"]
)
def test_letters_of_any_script_are_a_name_and_a_sign_is_none_of_an_identifier(name: str) -> None:
    assert kind([*range(40_000, 900_000, 3_000), 40_000], name) == "number"


@pytest.mark.parametrize("name", ["客户ID", "收入_id", "Идентификатор id", "№"])
def test_an_identifier_may_be_named_in_any_script(name: str) -> None:
    assert kind([17, 4, 99, 12, 3], name) == "id-like"


@pytest.mark.parametrize(("name", "start"), [("X", 1), ("obs", 0), ("Unnamed: 3", 1)])
def test_a_plain_count_is_not_said_to_begin_anew(name: str, start: int) -> None:
    found = understand(pl.Series(name, range(start, start + 60)))
    assert found.reason == f"it counts the rows from {start} on"
    twice = understand(pl.Series(name, [*range(start, start + 60), *range(start, start + 40)]))
    assert twice.reason == f"it counts the rows from {start} on, and begins anew"


def test_fractions_are_never_an_identifier() -> None:
    assert kind([i + 0.5 for i in range(200)], "id") == "number"
    assert kind([*map(float, range(40)), float("inf")], "id") == "number"


# --- beyond 2^53 ---


def test_digits_that_no_float_holds_are_an_identifier_where_all_differ() -> None:
    odd = [2**60 + 3000 * i + 1 for i in range(9)]
    assert kind(odd) == kind([str(number) for number in odd]) == "id-like"
    assert kind([str(10**30 + i) for i in range(9)]) == "id-like"
    assert kind([*odd, odd[0]]) == "number"


@given(st.lists(st.floats(1e16, 1e299), min_size=3, max_size=30, unique=True))
def test_a_continuous_column_is_none_however_large(values: list[float]) -> None:
    assert kind(values) == "number"
    assert kind([repr(value) for value in values]) == "number"
    assert kind([str(int(value)) for value in values]) == "number"  # written in full
