"""Text tables: what is found out of how they are written, and what is told of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.delimited import read_delimited
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source

WHERE = "'a.csv'"


def read(text: str | bytes, **options: str) -> pl.DataFrame:
    data = text if isinstance(text, bytes) else text.encode()
    return read_delimited(data, Source("a.csv", **options), WHERE).frame  # type: ignore[arg-type]


def remarks(text: str | bytes, **options: str) -> str:
    data = text if isinstance(text, bytes) else text.encode()
    return " ".join(read_delimited(data, Source("a.csv", **options), WHERE).remarks)  # type: ignore[arg-type]


def test_every_cell_is_text_and_null_where_nothing_stands() -> None:
    frame = read('a,b\n1, x \n,"  "\n2,""\n')
    assert frame.rows() == [("1", " x "), ("2", None)]  # the second row is blank
    assert set(frame.dtypes) == {pl.String}


# Separators


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_out(separator: str) -> None:
    text = "a,b,c\n1,x y,2\n3,z,4\n".replace(",", separator)
    assert read(text).rows() == [("1", "x y", "2"), ("3", "z", "4")]


def test_commas_in_texts_and_decimal_commas_do_not_mislead() -> None:
    assert read("a;b\n1,5;x, y, z\n2,5;u, v\n").columns == ["a", "b"]
    assert read("a\tb\nx, y\t1\nz, w\t2\n").columns == ["a", "b"]
    assert read("1,5;2,5;3,5\n4,5;5,5;6,5\n").width == 3


def test_separators_inside_quotes_do_not_count() -> None:
    assert read('a,b\n"x;y;z",1\n"u;v;w",2\n').rows() == [("x;y;z", "1"), ("u;v;w", "2")]


def test_blanks_separate_where_nothing_else_does() -> None:
    assert read("a   b\n1   2\n10  3\n").rows() == [("1", "2"), ("10", "3")]
    assert read("  a b\n  1 2\n 10 3 \n").rows() == [("1", "2"), ("10", "3")]
    assert read('a b\n"x y" 2\n"z" 3\n').rows() == [("x y", "2"), ("z", "3")]


def test_a_single_column() -> None:
    assert read("a\n1\n2\n\n3\n").rows() == [("1",), ("2",), ("3",)]


def test_the_first_line_of_excel_says_the_separator() -> None:
    assert read("sep=;\r\na;b\r\n1;2\r\n").rows() == [("1", "2")]


@pytest.mark.parametrize("word", ["|", "pipe"])
def test_a_separator_that_is_given_wins(word: str) -> None:
    assert read("a|b;c\n1|2;3\n", separator=word).columns == ["a", "b;c"]


def test_the_suffix_says_the_separator(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a,x\tb\n1,2\t3\n")
    assert read_table(Source(str(tmp_path / "a.tsv"))).frame.columns == ["a,x", "b"]


def test_the_suffix_may_be_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("a,b\n1,2\n")
    assert read_table(Source(str(tmp_path / "a.tsv"))).frame.columns == ["a", "b"]


# Quotes


def test_quotes_hold_separators_line_ends_and_doubled_quotes() -> None:
    assert read('a,b\n"1,5","x\ny"\n"q""q",2\n').rows() == [("1,5", "x\ny"), ('q"q', "2")]


def test_single_quotes_are_found_out() -> None:
    assert read("a,b\n'1,5','x'\n'it''s',2\n").rows() == [("1,5", "x"), ("it's", "2")]


def test_an_apostrophe_is_no_quote() -> None:
    assert read("a,b\n'tis,1\nrock 'n' roll,2\n").rows() == [("'tis", "1"), ("rock 'n' roll", "2")]


def test_inches_are_no_quotes() -> None:
    assert read('a,b\n5\'10",3\n6",1\n').rows() == [("5'10\"", "3"), ('6"', "1")]


def test_backslashes_escape_where_quotes_would_make_no_sense_otherwise() -> None:
    assert read('a,b\n"say \\"hi\\" now",3\nx,1\n').rows() == [('say "hi" now', "3"), ("x", "1")]


def test_a_blank_may_stand_before_a_quote() -> None:
    assert read('a, b\n1, "x, y"\n2, "z"\n').rows() == [("1", "x, y"), ("2", "z")]


def test_quotes_may_be_switched_off() -> None:
    assert read('a,b\n"x,1\ny",2\n', quote="none").rows() == [('"x', "1"), ('y"', "2")]


# Header


@pytest.mark.parametrize(
    "text",
    [
        "1,2,3\n4,5,6\n",
        "5.1,3.5,setosa\n4.9,3.0,setosa\n7.0,3.2,virginica\n",  # as iris.data of the UCI
        "p,x,s\ne,x,s\np,y,t\ne,y,s\np,x,t\n",  # as agaricus-lepiota.data
        "1,,3\n2,5,\n",
    ],
)
def test_a_first_line_that_might_as_well_stand_below_is_no_header(text: str) -> None:
    frame = read(text)
    assert frame.columns == ["column_1", "column_2", "column_3"]
    assert frame.height == text.count("\n")
    assert "has no header: its columns are called column_1 to column_3." in remarks(text)


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "name,2019,2020\nx,1,2\ny,3,4\n",
        ",0,1\n0,5,6\n1,7,8\n",
        "a,b\nx,y\nx,y\n",
        "a,b\na,1\nx,2\n",
    ],
)
def test_names_are_a_header(text: str) -> None:
    assert read(text).height == text.count("\n") - 1


def test_whether_there_is_a_header_may_be_said() -> None:
    assert read("1,2\n3,4\n", header="yes").columns == ["1", "2"]
    assert read("a,b\n3,4\n", header="no").rows() == [("a", "b"), ("3", "4")]


def test_columns_without_a_name_get_one() -> None:
    assert read(",a,b\n0,1,2\n").columns == ["unnamed_1", "a", "b"]
    assert "A column of 'a.csv' has no name and is called 'unnamed_1'." in remarks(",a,b\n0,1,2\n")
    assert read("unnamed_2,,b\n0,1,2\n").columns == ["unnamed_2", "unnamed_2_", "b"]
    assert "2 columns of 'a.csv' have no names" in remarks(",,b\n0,1,2\n")


def test_separators_at_the_ends_of_lines_make_no_column() -> None:
    assert read("a,b,\n1,2,\n3,4,\n").columns == ["a", "b"]


def test_names_of_rows_as_r_writes_them() -> None:
    frame = read('"x" "y"\n"1" 2 3\n"2" 4 5\n')
    assert frame.columns == ["unnamed_1", "x", "y"]
    assert frame.rows() == [("1", "2", "3"), ("2", "4", "5")]


# Rows


def test_too_short_a_row_is_told() -> None:
    text = "a,b,c\n1,2,3\n\n4,5\n6,7,8\n"
    assert read(text).rows()[1] == ("4", "5", None)
    assert "Row 2 of 'a.csv' has too few values: what is not there counts as missing." in remarks(text)
    assert "2 rows of 'a.csv' have too few values, the first is row 2" in remarks(text + "9\n")
    assert remarks("a,b,c\n1,2,\n3,4,5\n") == ""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(end: str) -> None:
    assert read(f"a,b{end}1,2{end}3,4{end}").rows() == [("1", "2"), ("3", "4")]
    assert read(f"{end}a,b{end}{end}1,2{end}{end}3,4").rows() == [("1", "2"), ("3", "4")]


# Numbers


def test_decimal_commas_become_points_unless_commas_separate() -> None:
    frame = read("a;b;c\n1,5;x;1.234,5\n-2,25;y;7\n")
    assert frame.rows() == [("1.5", "x", "1234.5"), ("-2.25", "y", "7")]
    assert "In 'a', 'c' a comma is read as the decimal point." in remarks("a;b;c\n1,5;x;1.234,5\n2;y;7\n")
    assert read('a,b\n"1,5",x\n').rows() == [("1,5", "x")]


def test_a_column_that_is_not_all_numbers_keeps_its_commas() -> None:
    assert read("a;b\n1,5;x, y\n2,5;z\nfew;u\n").rows()[0] == ("1,5", "x, y")


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_found_out(encoding: str) -> None:
    assert read("grün,b\nä,1\n…,2\n".encode(encoding)).rows() == [("ä", "1"), ("…", "2")]
    assert remarks("grün,b\nä,1\n".encode(encoding)) == ""


def test_what_is_not_utf_8_is_taken_for_windows_1252_and_told() -> None:
    data = "größe,b\n“ä”,1\n€,2\n".encode("cp1252")
    assert read(data).columns == ["größe", "b"]
    assert read(data).rows() == [("“ä”", "1"), ("€", "2")]
    assert remarks(data) == "'a.csv' is not UTF-8; it is read as Windows-1252."
    assert "read as Latin-1" in remarks(b"a,b\n\x81\xe4,1\n")


def test_an_encoding_that_is_given_wins() -> None:
    data = "a,b\nпривет,1\n".encode("koi8-r")
    assert read(data, encoding="koi8-r").rows() == [("привет", "1")]
    with pytest.raises(DatasetError, match=r"Line 2 of 'a\.csv' is not text in UTF-8"):
        read(data, encoding="utf8")


def test_who_says_that_the_first_line_names_the_columns_means_that_line_alone() -> None:
    text = "p,q,r\na,,\n0,,\n"
    assert read(text).columns == ["p a", "q", "r"]
    assert read(text, header="yes").rows() == [("a", None, None), ("0", None, None)]
    units = "depth,speed\nm,km/h\n1.5,20\n2.5,30\n"
    assert read(units).columns == ["depth m", "speed km/h"]
    assert read(units, header="yes").columns == ["depth", "speed"]
    titled = "p,q,r\n0,,\na,b,c\n,,0\n"
    assert read(titled).columns == ["a", "b", "c"]
    assert read(titled, header="yes").rows() == [("0", None, None), ("a", "b", "c"), (None, None, "0")]


# Python's own reader as the oracle

CELL = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r", exclude_categories=["Cc", "Cs"]), max_size=9
)


@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=9),
    separator=st.sampled_from(",;\t|"),
)
def test_what_python_writes_is_read_back(rows: list[list[str]], separator: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=separator, quoting=csv.QUOTE_ALL).writerows([["p", "q", "r"], *rows])
    expected = [
        tuple(cell if cell.strip() else None for cell in row)
        for row in rows
        if any(cell.strip() for cell in row)
    ]
    if not expected:
        return
    frame = read(file.getvalue(), separator=separator, quote='"', header="yes")
    if "point" not in remarks(file.getvalue(), separator=separator, quote='"', header="yes"):
        assert frame.rows() == expected
