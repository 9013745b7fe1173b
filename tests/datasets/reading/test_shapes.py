"""Text whose lines are quoted as a whole, or whose columns only blanks align."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.fixed_width import columns_of
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source

ROWS = [("1", "a", "x;y"), ("2", "b", "z"), ("3", "a", "w")]
SOME = "Some lines of 'a.csv' stand in quotation marks as a whole, and are read without them."
SAID = "Lines of 'a.csv' stand in quotation marks as a whole, and are read without them."


def read(text: str) -> Delimited:
    return read_delimited(text.encode(), Source("a.csv"), "'a.csv'")


@pytest.mark.parametrize(
    "text",
    [
        '"n,k,t"\n"1,a,x;y"\n"2,b,z"\n"3,a,w"\n',
        'n,k,t\n"1,""a"",x;y"\n"2,b,z"\n"3,a,w"\n',  # the rows alone, with doubled quotes
        '"n,k,t"\n1,a,x;y\n2,b,z\n3,a,w\n',  # the header alone
        '"n,""k"",t",,\r\n"1,""a"",x;y",,\r\n"2,b,z"\r\n"3,a,w"\r\n',
        '"n;k;t"\n"1;a;""x;y"""\n"2;b;z"\n"3;a;w"\n',
        "'n,k,t'\n'1,a,x;y'\n'2,b,z'\n'3,a,w'\n",
        "'n;k;t'\n'1;a;''x;y'''\n'2;b;z'\n'3;a;w'\n",
    ],
)
def test_lines_that_are_quoted_as_a_whole_are_read_and_said(text: str) -> None:
    found = read(text)
    assert found.frame.columns == ["n", "k", "t"]
    assert found.frame.rows() == ROWS
    assert found.remarks == (SAID,)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "text",
    [
        'n,k,t\n"1,a,""x,y"""\n2,b,z\n3,a,w\n',  # only the lines that hold a quote
        'n,k,t\n"1,a,""x,y"""\n2,b,z\n3,a,w',
        '"n,k,t"\n1,a,"x,y"\n"2,b,z"\n3,a,w\n',
        'Report\n\nn,k,t\n1,a,"x,y"\n2,b,z\n"3,a,w"\n',
    ],
)
def test_some_lines_may_be_quoted_as_a_whole(text: str, end: str, separator: str) -> None:
    found = read(text.replace("\n", end).replace(",", separator))
    assert found.frame.columns == ["n", "k", "t"]
    assert found.frame.rows() == [("1", "a", f"x{separator}y"), *ROWS[1:]]
    assert found.remarks[0] == SOME


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('name,y\n"Smith, J",\nBob,1\nCy,0\n', [("Smith, J", None), ("Bob", "1"), ("Cy", "0")]),
        ('name,y\n"Smith, J",\n"May, A",\nBob,1\n', [("Smith, J", None), ("May, A", None), ("Bob", "1")]),
        ('a,b,c\n"x, y"\n1,2,3\n4,5,6\n', [("x, y", None, None), ("1", "2", "3"), ("4", "5", "6")]),
        ('a,b\n1,2\n"x, y"\n3\n4,5\n', [("1", "2"), ("x, y", None), ("3", None), ("4", "5")]),
        ('text\n"a, b"\n"c, d"\n"e, f"\n', [("a, b",), ("c, d",), ("e, f",)]),
    ],
)
def test_a_cell_with_separators_in_it_is_no_quoted_line(text: str, rows: list[tuple[str | None]]) -> None:
    found = read(text)
    assert found.frame.rows() == rows
    assert not {SAID, SOME} & set(found.remarks)


@pytest.mark.parametrize(
    "title", ['"Report of sales",,', '"Report of sales"', '"Report, of, sales"', '"",,']
)
def test_a_quoted_title_says_nothing_of_the_lines_below(title: str) -> None:
    found = read(title + '\n"name","x","y"\n"a","1","0"\n"b","2","1"\n')
    assert found.frame.columns == ["name", "x", "y"]
    assert found.remarks == ("Line 1 of 'a.csv' stands above the table, and is skipped.",)


@pytest.mark.parametrize(
    "text",
    [
        '"text"\n"well, so"\n"no"\n"a, b, c"\n',  # one column of quoted texts
        '"a","b"\n"1","2"\n"3","4"\n',
        'a,b\n"x,y",1\n"z",2\n',
    ],
)
def test_quoted_values_are_no_quoted_lines(text: str) -> None:
    assert SAID not in read(text).remarks
    assert read(text).frame.height == text.count("\n") - 1


FIXED = """\
name          town        age
Ann May       New York     30
Bob                        41
Cy D. Jones   Rome         52
"""


def test_columns_that_blanks_align_are_parted_by_their_places() -> None:
    found = read(FIXED)
    assert found.frame.rows(named=True) == [
        {"name": "Ann May", "town": "New York", "age": "30"},
        {"name": "Bob", "town": None, "age": "41"},
        {"name": "Cy D. Jones", "town": "Rome", "age": "52"},
    ]
    assert found.remarks == ("Blanks align the columns of 'a.csv': it is read as a table of fixed width.",)


def test_a_title_may_stand_above_such_a_table() -> None:
    found = read("Report\n\n" + FIXED)
    assert found.frame.columns == ["name", "town", "age"]
    assert found.remarks[0] == "Lines 1 to 2 of 'a.csv' stand above the table, and are skipped."


def test_texts_are_no_table_of_fixed_width() -> None:
    assert columns_of(["one word or two", "a b", "so it is said here"]) is None
    assert read("note\nso it is\nor not\nwho knows it\n").frame.columns == ["note"]


def test_a_sign_that_seems_to_part_values_is_named() -> None:
    said = "'a.csv' is read as one column; if '^' parts its values, give --separator."
    assert read("a^b\n1^x\n2^y\n").remarks == (said,)
    assert read("when\n10:30\n11:30\n").remarks == ()


@pytest.mark.parametrize("text", [FIXED, '"n,k"\n"1,a"\n"2,b"\n"3,a"\n'])
def test_such_files_are_read_whole(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    assert scan_table(Source(str(tmp_path / "a.csv"))) is None
