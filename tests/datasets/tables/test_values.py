"""Numbers, dates and times as people write them around the world; and what stays a word."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.ingest.column_encoders import encoder_of
from lrtui.datasets.tables.type_inference import Understood, understand

COMMAS = "read without the commas between thousands"


def column(cells: list[Any], dtype: Any = None) -> Understood:
    return understand(pl.Series("x", cells, dtype=dtype))


def streamed(cells: list[str]) -> list[list[float | None]]:
    """The columns that a batch of a large file becomes, whose first rows hold the same."""
    series = pl.Series("x", cells)
    encoder = encoder_of(understand(series), pl.String())
    return [list(part) for part in encoder.read(encoder, series)]


# --- numbers ---


@pytest.mark.parametrize(
    ("cells", "values", "how"),
    [
        (["4,25,000", "12,34,56,789", "950"], [425_000, 123_456_789, 950], COMMAS),
        (["₹4,25,000.50", "₹ 1,000", "₹12"], [425_000.5, 1000, 12], COMMAS),
        (["Rs. 5,000", "Rs 1,25,000", "rs.70"], [5000, 125_000, 70], COMMAS),
        (["Rs. 500/-", "Rs. 70/-"], [500, 70], "read without currency signs"),
        (["1'234.50", "99", "12'345'678"], [1234.5, 99, 12345678], COMMAS.replace("commas", "apostrophes")),
        (["1’234", "2’000’000"], [1234, 2_000_000], COMMAS.replace("commas", "apostrophes")),
        (["1 234", "12 345 678", "7"], [1234, 12_345_678, 7], COMMAS.replace("commas", "blanks")),
        (["1\u00a0234,5", "7"], [1234.5, 7], COMMAS.replace("commas", "blanks")),
        (["1\u202f234 €", "7 €"], [1234, 7], COMMAS.replace("commas", "blanks")),
        (["1.234,50", "7,5", "1.000.000"], [1234.5, 7.5, 1_000_000], COMMAS.replace("commas", "points")),
        (["(1,234)", "5,678", "(9)"], [-1234, 5678, -9], COMMAS),
        (["($1,234.50)", "$5", "$(7)"], [-1234.5, 5, -7], COMMAS),
        (["(12)", "13", "7"], [-12, 13, 7], "read with numbers in brackets as negative"),
        (["-$5", "$-6", "$7"], [-5, -6, 7], "read without currency signs"),
        (["\u22125", "6", "\u22127.5"], [-5, 6, -7.5], "read with the sign − for minus"),
        (["12 USD", "1,300 USD"], [12, 1300], COMMAS),
        (["EUR 12", "EUR 7"], [12, 7], "read without currency signs"),
        (["12 kr", "9 kr"], [12, 9], "read without currency signs"),
        (["R$ 12", "R$ 9"], [12, 9], "read without currency signs"),
        (["0,125", "1,250", "3,5"], [0.125, 1.25, 3.5], "read with decimal commas"),
        (["€ 0,99", "€ 12,50"], [0.99, 12.5], "read with decimal commas"),
        (["2.4 kg", "-3 kg", ".5 kg"], [2.4, -3, 0.5], "read without its unit, 'kg'"),
        (["12kg", "1,300kg"], [12, 1300], "read without its unit, 'kg'"),
        (["36,6 °C", "37 °C"], [36.6, 37], "read without its unit, '°C'"),
        (["120 km/h", "90 km/h"], [120, 90], "read without its unit, 'km/h'"),
        (["36 months", "60 months"], [36, 60], "read without its unit, 'months'"),
    ],
)  # fmt: skip
def test_numbers_of_all_countries(cells: list[str], values: list[float], how: str) -> None:
    found = column(cells)
    assert (found.column.kind, found.values.to_list(), found.reason) == ("number", values, how)
    assert streamed(cells) == [values]


@pytest.mark.parametrize(
    "cells",
    [
        ["4,25,00", "1,2,3"],  # a last group of two
        ["$12", "€12", "$7"],  # of different worth
        ["(12", "(13", "14"],
        ["12 34", "56 78"],
        ["1'2", "3'4"],
        ["12kg", "13g"],
        ["12 kg", "13", "14 kg"],
        ["kg 12", "kg 13"],
        ["1st", "21st"],
        ["5 pm up", "6 pm up"],
        ["3d", "4d"],
        ["A 12", "B 13"],
        ["1-2", "3-4"],
    ],
)
def test_what_is_no_number_stays_a_word(cells: list[str]) -> None:
    assert column(cells * 3).column.kind in ("category", "text")


@given(st.lists(st.integers(-(10**12), 10**12), min_size=2, max_size=30, unique=True))
def test_groups_of_any_kind_change_no_number(values: list[int]) -> None:
    for mark in (",", " ", "'", "\u00a0"):
        found = column([f"{value:,}".replace(",", mark) for value in values])
        assert found.values.to_list() == values


# --- dates ---


MONTH_NAMED = [
    ["15-Jan-17", "2-Feb-18"],
    ["15-Jan-2017", "2-Feb-2018"],
    ["15/Jan/17", "2/Feb/18"],
    ["15 Jan 17", "02 FEB 18"],
    ["15. Jan 2017", "2. Feb. 2018"],
    ["15JAN2017", "02FEB2018"],
    ["15th January 2017", "2nd February 2018"],
    ["Jan-15-2017", "Feb-02-2018"],
    ["Jan 15 2017", "Feb 2 2018"],
    ["January 15, 2017", "Feb 2, 2018"],
    ["Sun, 15 Jan 2017", "Fri, 2 Feb 2018"],
    ["2017-Jan-15", "2018-Feb-02"],
    ["2017 January 15", "2018 February 2"],
]
CLOCKS = [("", 0, 0), (" 3:45 PM", 15, 45)]
MORE_CLOCKS = [(" 15:45", 15, 45), (", 3:45:00 pm", 15, 45), (" 12:05 a.m.", 0, 5)]


@pytest.mark.parametrize(
    ("cells", "clock", "hour", "minute"),
    [(cells, *clock) for cells in MONTH_NAMED for clock in CLOCKS]
    + [(MONTH_NAMED[0], *clock) for clock in MORE_CLOCKS],
)
def test_dates_with_the_name_of_a_month(cells: list[str], clock: str, hour: int, minute: int) -> None:
    found = column([cell + clock for cell in cells])
    assert found.column.kind == "date"
    assert found.values.to_list() == [
        dt.datetime(2017, 1, 15, hour, minute),
        dt.datetime(2018, 2, 2, hour, minute),
    ]
    years = streamed([cell + clock for cell in cells])[0]
    assert [int(year or 0) for year in years] == [2017, 2018]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%d.%m.%Y", "%d-%m-%Y"])
@pytest.mark.parametrize("clock", [" 3:45 PM", " 03:45:06PM", ", 3:45 pm"])
def test_a_clock_of_twelve_hours_stands_with_every_date(form: str, clock: str) -> None:
    found = column([dt.date(2024, 3, day).strftime(form) + clock for day in (14, 25)])
    assert [value.hour for value in found.values] == [15, 15]
    assert [value.day for value in found.values] == [14, 25]


@pytest.mark.parametrize(
    "cells",
    [
        ["2017-01", "2018-11"],
        ["2017/01", "2018/11"],
        ["01/2017", "11/2018"],
        ["Jan-17", "Nov-18"],
        ["Jan 2017", "November 2018"],
        ["2017-Jan", "2018-Nov"],
    ],
)
def test_months_of_a_year_are_their_first_day(cells: list[str]) -> None:
    found = column(cells)
    assert (found.column.kind, found.reason) == ("date", "read as month and year")
    assert found.values.to_list() == [dt.datetime(2017, 1, 1), dt.datetime(2018, 11, 1)]
    assert int(streamed(cells)[0][1] or 0) == 2018


@pytest.mark.parametrize(
    "cells",
    [
        [f"Jan-{day:02}" for day in range(1, 32)],  # may be the days of a month
        ["1234-12", "0017-01"],
        ["Jan", "Feb"],
        ["Room 12", "Room 13"],
        ["mon-17", "dec-x"],
    ],
)
def test_what_may_be_something_else_is_no_date(cells: list[str]) -> None:
    assert column(cells * 2).column.kind != "date"


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["01/02/2024", "03/04/2024", "05/06/2024"], "which of day and month comes first nothing tells"),
        (["2024-01-05", "06/01/2024", "Jan 7 2024"], "they are written in several ways"),
        (["5 Jan 2024", "2024/01/06", "7.1.2024 12:30"], "they are written in several ways"),
        (["2024-02-30", "2024-01-06", "2024-01-07"], "several are no days of the calendar"),
        (
            ["13/02/2024", "02/13/2024", "01/02/2024"],
            "several are no days of the calendar, whichever of day and month comes first",
        ),
        (
            ["Mon, 22 Jan 2024 10:00:00 GMT", "Tue, 23 Jan 2024 09:00:00 GMT"],
            "what stands behind the date is no time of day, or is written in several ways",
        ),
    ],
)
def test_dates_that_cannot_be_read_are_told(cells: list[str], why: str) -> None:
    found = column(cells * 4)
    said = f"Column 'x' looks like dates and is not read as such: {why}. Write them as 2024-12-31."
    assert found.column.kind in ("category", "text")
    assert found.remark == said


def test_years_of_two_digits_that_lie_far_ahead_are_told() -> None:
    found = column([f"12-Jan-{year}" for year in (45, 69, 70, 99)] * 3)
    assert found.reason == "read with years of two digits as 1970 to 2069"
    assert column([f"12-Jan-{year}" for year in (10, 20, 30, 99)] * 3).reason == ""


def test_the_date_of_nothing_of_mysql_is_missing() -> None:
    found = column(["2024-01-05", "0000-00-00", "2024-01-06", "2024-02-07"] * 5)
    assert (found.column.kind, found.missing) == ("date", 5)
    assert column(["2024-01-05 10:00:00", "0000-00-00 00:00:00"] * 5).missing == 5


@given(st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), min_size=1, max_size=20, unique=True))
def test_a_date_is_the_same_however_its_month_is_named(days: list[dt.date]) -> None:
    for form in ("%d-%b-%y", "%d %B %Y", "%b %d, %Y", "%Y-%b-%d", "%d%b%Y"):
        found = column([day.strftime(form) for day in days] * 2)
        assert found.column.kind in ("date", "constant")
        if found.column.kind == "date":
            assert [value.date() for value in found.values] == days * 2


# --- times of day ---


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["20:53:06", "00:00:00", "7:30:00.5"], [20.885, 0, 7.5 + 0.5 / 3600]),
        (["20:53", "0:15", ""], [20 + 53 / 60, 0.25, None]),
        (["8:05 PM", "12:30 AM", "12:00pm", "9 a.m."], [20 + 5 / 60, 0.5, 12, 9]),
        (["36:15:00", "100:00:00"], [36.25, 100]),
        (["1 day, 3:45:00", "0 days 00:30:00", "2 days 03:00:00"], [27.75, 0.5, 51]),
        (["-1:30", "2:30"], [-1.5, 2.5]),
    ],
)
def test_times_are_hours(cells: list[str], values: list[float | None]) -> None:
    found = column(cells)
    assert (found.column.kind, found.reason) == ("number", "read as hours")
    assert found.values.to_list() == pytest.approx(values)
    assert streamed(cells)[0] == pytest.approx(values)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ([dt.time(20, 53, 6), dt.time(6, 30), None], [20.885, 6.5, None]),
        ([dt.timedelta(days=1, hours=2), dt.timedelta(minutes=-30), None], [26, -0.5, None]),
    ],
)
def test_times_that_come_typed_are_hours_too(cells: list[Any], values: list[float | None]) -> None:
    found = column(cells)
    assert (found.column.kind, found.reason, found.missing) == ("number", "read as hours", 1)
    assert found.values.to_list() == pytest.approx(values)
    series = pl.Series("x", cells)
    encoder = encoder_of(found, series.dtype)
    assert list(next(iter(encoder.read(encoder, series)))) == pytest.approx(values)


@pytest.mark.parametrize("cells", [["1:2", "3:4"], ["20:75", "21:80"], ["a:10", "b:20"], ["12", "13"]])
def test_what_is_no_time_is_none(cells: list[str]) -> None:
    assert column(cells * 3).reason != "read as hours"
