"""Whether a first line names the columns, and names that stand in several lines, or twice."""

from __future__ import annotations

import pytest

from lrtui.datasets.reading.cells import look_of
from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.header import joined, name_rows
from lrtui.datasets.reading.names import complete
from lrtui.datasets.source import Source


def read(text: str, **options: str) -> Delimited:
    return read_delimited(text.encode(), Source("a.csv", **options), "'a.csv'")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("look", "cells"),
    [
        ("missing", ["", "?", "NA", "n/a", "-", ".", "None", "null"]),
        ("number", ["1", "-0.5", "1e-3", "1,5", "$12", "12%", "1,234.5", "4,25,000", "1.234,5", ".5"]),
        ("date", ["2024-01-31", "31.12.2024", "1/22/20", "15-Jan-17", "20:53:06", "7:30 pm"]),
        ("date", ["2019-09-01T19:28:21", "2019-09-01 19:28:21.5+02:00", "31 Dec 2024", "Dec 31, 2024"]),
        ("word", ["a", "x1", "1st", "1_000", "A12", "192.168.0.1.2", "12 monkeys"]),
    ],
)
def test_the_look_of_a_cell(look: str, cells: list[str]) -> None:
    assert {cell: look_of(cell) for cell in cells} == dict.fromkeys(cells, look)


# No header


@pytest.mark.parametrize(
    "text",
    [
        "u,12.5,0.25,no\nv,?,0.75,yes\nu,17.5,1.25,no\n",  # a code for nothing below a number
        "?,12.5,g,+\nu,?,g,-\nv,17.5,h,+\nu,19,g,-\n",  # and above words
        "k,08:15:00,2001-02-03T04:05:06,1\nk,09:30:10,2002-03-04T05:06:07,0\n",
        "2020-01-01 00:00:10,INFO,ready,3\n2020-01-01 00:00:12,WARN,slow,4\n2020-01-02 00:01,INFO,up,5\n",
        "Ann,3,x,1\nBob,5,x,0\nCy,7,x,1\n",
        "25, Private, 11th, <=50K\n38, Private, HS-grad, <=50K\n28, ?, 11th, >50K\n",
        "Ann,1,2,3\nBob,3,1,2\nCy,1,1,4\nDee,2,3,3\n",
        "-,0.5,a,b\n1,0.25,a,c\n2,0.75,b,c\n",
    ],
)
def test_values_above_values_are_no_header(text: str) -> None:
    found = read(text)
    assert found.frame.columns == ["column_1", "column_2", "column_3", "column_4"]
    assert found.frame.height == text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "country,1990,1991,1992\nx,100,200,300\ny,1995,210,310\n",  # columns called by years
        "state,1/22/20,1/23/20\nx,1,2\ny,3,4\n",  # or by days
        "label,400,400.5,401,401.5\na,0.1,0.2,0.3,0.4\nb,0.5,0.6,0.7,0.8\n",  # or by wave lengths
        "when,what\n2020-01-01,x\n2020-01-02,y\n",
        "age,when\n?,08:15\n3,09:15\n",
        "name,city\nAnn,Rome\nBob,Oslo\n",
        "class,odor\ne,n\np,f\ne,n\np,f\n",
        "na,b\n1,2\n3,4\n",
        "0,1,2\n5.5,a,3\n6.5,b,4\n",  # as pandas writes columns without names
    ],
)
def test_names_above_values_are_a_header(text: str) -> None:
    found = read(text)
    assert found.frame.columns == text.split("\n")[0].split(",")
    assert found.remarks == ()


DECIMALS = ["0.5", "-1.25", "2.5", "0.75", "1e-3"]
ABOVE_DECIMALS = ["0,1,2,3,4", "1,2,3,4,5", "1990,1991,1992,1993,1994", "10,20,30,40,50", "5,4,3,2,1"]


@pytest.mark.parametrize("names", ABOVE_DECIMALS)
@pytest.mark.parametrize("separator", [",", ";"])
def test_whole_numbers_in_equal_steps_above_decimals_are_names(names: str, separator: str) -> None:
    for last in (DECIMALS, ["0", "1", "1", "0", "1"]):  # a column of 0 and 1 at the end, or none
        rows = [",".join([*(DECIMALS * 2)[i : i + 4], last[i]]) for i in range(5)]
        found = read("\n".join([names, *rows, ""]).replace(",", separator))
        assert (found.frame.columns, found.frame.height) == (names.split(","), 5)
        assert found.remarks == ()


def test_years_are_names_above_whole_numbers_that_are_no_years() -> None:
    years, rows = "1990,1991,1992,1993\n", "100,210,305,420\n130,190,,411\n90,220,310,399\n"
    assert read(years + rows).frame.columns == ["1990", "1991", "1992", "1993"]
    assert read(years + rows.replace("305", "1985")).frame.columns[0] == "column_1"


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3\n4,5,6\n7,9,8\n1,1,2\n",  # whole numbers as well
        "5,3,8\n0.5,1.5,2.5\n1.5,2.5,3.5\n0.5,0.25,0.75\n",  # no equal steps
        "0,1,2\n0.5,1,2\n1,0,0.25\n2,1,1\n0,2,1\n",  # whole numbers among decimals
        "1,2,3\n4.5,5.5,6\n",  # too few rows to tell
        "0,1\n0.5,1.5\n0.25,0.75\n1.5,2.5\n",  # two of them are no row of steps
    ],
)
def test_whole_numbers_that_may_be_data_are_no_names(text: str) -> None:
    assert read(text).frame.columns[0] == "column_1"


# Several rows of names


def test_a_second_row_of_names_is_joined_to_the_first_and_said() -> None:
    found = read(",A1,A2,B\nNo,PRICE,ROOMS,sold\n1,100,2,0\n2,120,3,1\n3,90,2,0\n")
    assert found.frame.columns == ["No", "A1 PRICE", "A2 ROOMS", "B sold"]
    assert found.frame.rows()[0] == ("1", "100", "2", "0")
    assert found.remarks == ("The first 2 rows of 'a.csv' name its columns, and are joined: 'A1 PRICE'.",)


def test_units_below_names_and_pandas_names_of_several_levels() -> None:
    assert read("who,height,weight\n,cm,kg\nAnn,170,60\nBob,180,70\n").frame.columns == [
        "who",
        "height cm",
        "weight kg",
    ]
    found = read("f,a,a,b\ns,mean,std,mean\nid,,,\n1,2,3,4\n2,3,4,5\n3,4,5,6\n")
    assert found.frame.columns == ["f s id", "a mean", "a std", "b mean"]
    assert found.frame.height == 3


@pytest.mark.parametrize("title", ["", "Report,,,,,\n"])
def test_the_name_of_a_group_goes_to_the_right_as_far_as_names_come_again(title: str) -> None:
    rows = "1,2,3,4,5,0\n2,3,4,5,6,1\n3,4,5,6,7,0\n"
    found = read(title + ",Blood,,Urine,,\nid,Sys,K,Cr,K,y\n" + rows)
    assert found.frame.columns == ["id", "Blood Sys", "Blood K", "Urine Cr", "Urine K", "y"]
    found = read(title + "id,Blood,,Urine,,\n,Sys,K,Cr,K,y\n" + rows)
    assert found.frame.columns == ["id", "Blood Sys", "Blood K", "Urine Cr", "Urine K", "y"]
    found = read(title + ",Blood,,,,\nid,Sys,K,Cr,Cl,y\n" + rows)
    assert found.frame.height == 3


@pytest.mark.parametrize(
    "text",
    [
        "a,b\nx,y\nz,w\n",  # words throughout
        "name,city,age\nAnn,Rome,unknown\nBob,Oslo,5\nCy,Bern,6\n",  # a row of data with a word for nothing
        "a,b\n?,?\n1,2\n3,4\n",  # a row in which nothing stands
        "a,b\nx,1\ny,2\n",
    ],
)
def test_a_row_of_data_is_no_second_row_of_names(text: str) -> None:
    assert read(text).frame.height == text.count("\n") - 1


def test_names_of_two_columns_in_two_rows_are_joined_and_no_title() -> None:
    assert read(",A\nNo,price\n1,20\n2,30\n").frame.columns == ["No", "A price"]


def test_a_line_that_is_said_to_name_the_columns_is_the_only_one() -> None:
    assert read("p,q\nr,s\n1,2\n3,4\n", header="1").frame.rows()[0] == ("r", "s")


def test_equal_parts_of_a_name_stand_there_once() -> None:
    assert joined([["a", "b", ""], ["a", "c", "d"]]) == ["a", "b c", "d"]
    assert name_rows([["a"], ["1"], ["2"]]) == 1


# Orange


def test_the_three_rows_of_orange_tell_the_target_and_what_is_left_out() -> None:
    text = "who\tage\tsick\tnote\nstring\tcontinuous\tno yes\tstring\nmeta\t\tclass\tignore\n"
    found = read(text + "Ann\t3\tno\tp\nBob\t5\tyes\tq\nCy\t6\tno\tr\n")
    assert found.frame.rows(named=True)[0] == {"age": "3", "sick": "no"}
    assert found.target == "sick"
    assert found.remarks[0].endswith("as Orange writes them: 'who', 'note' left out.")


def test_orange_in_short_and_with_a_blank_third_row() -> None:
    found = read("age,sick\nc,d\n,class\n3,no\n5,yes\n6,no\n")
    assert (found.frame.height, found.target) == (3, "sick")
    found = read("age,sick\ncontinuous,discrete\n,\n3,no\n5,yes\n6,no\n")
    assert (found.frame.height, found.target) == (3, None)


# Names


def test_a_name_that_comes_again_gets_a_number_of_its_own() -> None:
    found = read("a,score,score,y\n1,2,3,0\n2,3,4,1\n")
    assert found.frame.columns == ["a", "score", "score_2", "y"]
    assert found.remarks == ("'a.csv' has two columns called 'score': the second is called 'score_2'.",)


def test_made_up_names_keep_clear_of_given_ones() -> None:
    assert complete(["a", "a", "a_2", "a"], "'t'")[0] == ["a", "a_3", "a_2", "a_4"]
    assert complete(["", "unnamed_1"], "'t'")[0] == ["unnamed_1_", "unnamed_1"]
    assert complete(["x", "x", "x"], "'t'")[1] == (
        "2 columns of 't' have names of others and are called 'x_2', 'x_3'.",
    )


def test_a_name_that_polars_would_take_for_a_pattern_becomes_another_and_is_said() -> None:
    names, remarks = complete(["^b$", "b", "^b$_", "*", "^^", "$"], "'t.csv'")
    assert names == ["^b$__", "b", "^b$_", "*_", "^^", "$"]
    assert remarks == ("2 names of 't.csv' read like patterns, and become '^b$__', '*_'.",)
    _, (remark,) = complete(["*", "a"], "'t.csv'")
    assert remark == "The name '*' of 't.csv' reads like a pattern, and becomes '*_'."


def test_single_quotes_around_all_names_go() -> None:
    assert read("'a','b'\n1,2\n3,4\n").frame.columns == ["a", "b"]
    assert read("'a',b'\n1,2\n3,4\n").frame.columns == ["'a'", "b'"]


@pytest.mark.parametrize("text", ["a,b,\n1,2\n3,4\n", "a,b\n1,2,\n3,4,\n", "a,b,\n1,2,\n3,4,\n"])
def test_separators_at_line_ends_make_no_column_wherever_they_stand(text: str) -> None:
    found = read(text)
    assert found.frame.rows(named=True) == [{"a": "1", "b": "2"}, {"a": "3", "b": "4"}]
    assert found.remarks == ()
