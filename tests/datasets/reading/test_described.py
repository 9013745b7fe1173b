"""Rows below the names that tell types of the columns, or what a survey asked: they are no data."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source
from tests.datasets.reading.making import Cell, workbook

NAMES = ["age", "x", "who", "y"]
BODY = "20,0.5,ann,no\n30,0.7,bob,yes\n,0.1,cy,no\n50,0.2,di,yes\n"
TYPES = "The row below the names of {} tells the types of its columns, and is skipped."


def read(text: str, **options: str) -> Delimited:
    return read_delimited(text.encode(), Source("a.csv", **options), "'a.csv'")  # type: ignore[arg-type]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "types",
    [
        "int,float,str,str",
        "int64,float64,object,category",
        "numeric,numeric,factor,factor",
        "<int>,<dbl>,<chr>,<fct>",
        "INTEGER,DOUBLE,VARCHAR(20),BOOLEAN",
        "i64,f64,str,bool",
    ],
)
def test_types_right_below_the_names_are_skipped_and_said(types: str, separator: str) -> None:
    for above in ("", "Operator,Smith,,\n"):
        found = read(f"{above}{','.join(NAMES)}\n{types}\n{BODY}".replace(",", separator))
        assert (found.frame.columns, found.frame.height) == (NAMES, 4)
        assert TYPES.format("'a.csv'") in found.remarks


def test_types_in_a_workbook(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["a", "y"], ["int", "str"], [1, "no"], [2, "yes"], [3, "no"]]
    (tmp_path / "a.xlsx").write_bytes(workbook(rows))
    table = read_table(Source(str(tmp_path / "a.xlsx")))
    assert table.frame.rows() == [(1.0, "no"), (2.0, "yes"), (3.0, "no")]
    assert table.remarks == (TYPES.format("'a.xlsx'"),)


@pytest.mark.parametrize(
    "text",
    [
        "lang,kind,y\nc,int,text\npy,str,text\nrb,int,no\n",
        "a,b\nint,text\nfloat,date\nint,text\n",  # a table of types
        "name,type\nx,int\ny,str\n",
        "a,b\ntext,date\nu,v\nw,z\n",  # no type of numbers
        "a,b\nint,text\nu,v\nw,z\n",  # and no numbers below one
        "a,b,y\nint,NA,str\n1,u,v\n2,w,v\n",  # a cell that is no type
    ],
)
def test_words_that_may_be_data_are_no_types(text: str) -> None:
    assert read(text).frame.height == text.count("\n") - 1


ASKED = '"Start Date","How old, in years?","Do you\nsmoke?"\n'
MARKS = '"{""ImportId"":""start"",""zone"":""x""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2""}"\n'
ANSWERS = "2024-01-01 10:00,30,Yes\n2024-01-02 10:00,35,No\n2024-01-02 11:00,36,No\n"


@pytest.mark.parametrize("asked", [ASKED, ""])
def test_what_qualtrics_asks_is_skipped_and_said(asked: str) -> None:
    found = read(f"StartDate,Q1,Q2\n{asked}{MARKS}{ANSWERS}")
    assert (found.frame.columns, found.frame.height) == (["StartDate", "Q1", "Q2"], 3)
    which = "two rows below the names of 'a.csv' hold" if asked else "row below the names of 'a.csv' holds"
    assert found.remarks[0].startswith(f"The {which} what Qualtrics asks, and ")


def test_who_says_that_the_first_line_names_the_columns_means_that_line_alone() -> None:
    assert read(f"{','.join(NAMES)}\nint,float,str,str\n{BODY}", header="yes").frame.height == 5
