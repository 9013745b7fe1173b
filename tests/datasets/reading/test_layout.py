"""Where a table stands in a text: below comments, titles and blank lines, or where a person says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import scanning
from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source


def read(text: str, **options: Any) -> Delimited:
    return read_delimited(text.encode(), Source("a.csv", **options), "'a.csv'")


TABLE = "p,q,y\n1,0.5,no\n2,0.25,yes\n3,0.75,no\n"
ROWS = [("1", "0.5", "no"), ("2", "0.25", "yes"), ("3", "0.75", "no")]
COMMENTS = "Lines of 'a.csv' that begin with '#' are comments, and are skipped."


# Comments


@pytest.mark.parametrize("above", ["# made by a program, in 2020\n# units: m\n", "#\n", "\n# a\n\n"])
def test_comments_above_a_table_are_skipped_and_said(above: str) -> None:
    found = read(above + TABLE)
    assert (found.frame.columns, found.frame.rows()) == (["p", "q", "y"], ROWS)
    assert COMMENTS in found.remarks


def test_later_comments_go_where_the_table_begins_with_one() -> None:
    assert read("% x\n" + TABLE.replace("2,", "% 1,2,3\n2,")).frame.rows() == ROWS
    assert read("p,y\n#1,a\n#2,b\n3,a\n").frame.height == 3  # a column of such words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("##made=by\n#CHROM\tPOS\tID\n1\t100\trs1\n1\t200\trs2\n", ["CHROM", "POS", "ID"]),
        ("# a,b,c\n1.0e0,2,3\n4,5,6\n", ["a", "b", "c"]),  # as numpy.savetxt
        ("# a b c\n1.0e0 2 3\n4 5 6\n", ["a", "b", "c"]),
        ("#,who,score\n1,Ann,5\n2,Bob,6\n3,Cy,6\n", ["#", "who", "score"]),
    ],
)
def test_the_last_comment_may_hold_the_names(text: str, names: list[str]) -> None:
    found = read(text)
    assert found.frame.columns == names
    assert found.frame.height == sum(not line.startswith("#") for line in text.splitlines())
    assert "The last comment of 'a.csv' names its columns." in found.remarks


def test_a_comment_with_commas_is_no_header_where_there_is_one() -> None:
    assert read("# m, kg, s\n" + TABLE).frame.columns == ["p", "q", "y"]


def test_what_begins_comments_may_be_said() -> None:
    assert read("; x\n" + TABLE.replace("2,", "; z\n2,"), comment=";").frame.rows() == ROWS
    assert read(TABLE + "# end\n", comment="#").frame.rows() == ROWS
    with pytest.raises(DatasetError, match=r"'a\.csv' holds nothing but comments"):
        read("# a\n# b\n", comment="#")


# Titles


@pytest.mark.parametrize(
    ("above", "said"),
    [
        ("Report\n", "Line 1 of 'a.csv' stands above the table, and is skipped."),
        ("Report, of 2020\n\n", "Lines 1 to 2 of 'a.csv' stand above the table, and are skipped."),
        ("Report,,\n,,\n", "Lines 1 to 2 of 'a.csv' stand above the table, and are skipped."),
        ("A long title, with, many, commas\nby: me\n", "Lines 1 to 2 of 'a.csv' stand"),
        ("Sums by town, year, and kind\nby: me\n", "Lines 1 to 2 of 'a.csv' stand above the table"),
        ("\n\n", "Lines 1 to 2 of 'a.csv' stand above the table, and are skipped."),
    ],
)
def test_titles_and_blank_lines_above_a_table_are_skipped_and_said(above: str, said: str) -> None:
    found = read(above + TABLE)
    assert (found.frame.columns, found.frame.rows()) == (["p", "q", "y"], ROWS)
    assert said in " ".join(found.remarks)


PAIRS = [
    "Operator,Smith,,\n",
    "Operator,Smith\n",
    "Operator,Smith,,\n,,,\n",
    "Report,,,\nOperator,Smith,,\n",
    "Report\n\nOperator,Smith,,\n,,,\nLab,North,7,\n",
    "Date,45000,,\n",
    "Operator,,Smith,\nDate,,2024-01-05,\n",  # a form, with a gap
]
PEOPLE = "age,job,x,y\n20,a,0.1,no\n30,b,0.2,yes\n40,a,0.3,no\n50,b,0.4,yes\n"


@pytest.mark.parametrize("above", PAIRS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_pairs_above_a_table_that_empty_cells_end_are_titles(above: str, separator: str) -> None:
    found = read((above + PEOPLE).replace(",", separator))
    assert (found.frame.columns, found.frame.height) == (["age", "job", "x", "y"], 4)
    (said,) = found.remarks
    many = above.count("\n")
    assert said.startswith(f"Lines 1 to {many} of" if many > 1 else "Line 1 of")


def test_pairs_above_a_table_whose_last_cells_are_often_missing() -> None:
    rows = "".join(f"{i},{i % 2},{i / 8 if i % 3 == 0 else ''}\n" for i in range(12))
    assert read("Operator,Smith,\nDate,2024-01-05,\na,y,late\n" + rows).frame.columns == ["a", "y", "late"]


def test_pairs_above_a_table_of_words_alone() -> None:
    rows = "".join(f"{'xy'[i % 2]},{'st'[i // 2 % 2]},{'ep'[i // 3 % 2]}\n" for i in range(8))
    assert read("Operator,Smith,\ncap,odor,class\n" + rows).frame.columns == ["cap", "odor", "class"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b,,\n1,2,3,u\n4,5,6,v\n7,8,9,u\n",
        "name,city,,\nAnn,Rome,A,x\nBob,Oslo,A,y\nCy,Rome,B,x\nDee,Oslo,B,y\n",
        "a,b,c,\nx,NA,NA,u\ny,2,3,u\nz,4,5,v\n",
    ],
)
def test_names_whose_last_ones_are_missing_are_no_title(text: str) -> None:
    assert read(text).frame.height == text.count("\n") - 1


def test_a_short_row_of_data_is_no_title() -> None:
    assert read("p,q,y\n1,2\n3,4,5\n6,7,8\n").frame.height == 3
    assert read("p,q,y\nu,2\nv,4,no\nw,7,no\n").frame.height == 3


def test_a_title_above_data_without_a_header() -> None:
    found = read("|made for a test\n" + "25,x,no\n38,x,yes\n28,y,no\n" * 3)
    assert found.frame.columns == ["column_1", "column_2", "column_3"]
    assert found.frame.height == 9


def test_a_title_above_two_columns_is_no_name_of_a_row() -> None:
    assert read("Report\na,b\n1,2\n3,4\n").frame.columns == ["a", "b"]
    assert read("x\n1,2\n3,4\n").frame.columns == ["unnamed_1", "x"]  # as R writes it


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n1,2,3\n", "Row 2 of 'a.csv' has 3 values; the header names 2."),
        ("a,b\n1,2,3,4\n5,6,7,8\n", "Row 1 of 'a.csv' has 4 values; the header names 2."),
    ],
)
def test_a_table_that_is_only_ragged_is_refused_as_ever(text: str, said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(text)
    assert caught.value.what == said


# What a person says


def test_lines_to_skip_and_the_line_of_the_names() -> None:
    above = "x,y,z\nnot,this,one\n"
    assert read(above + TABLE, skip_rows=2).frame.rows() == ROWS
    assert read(above + TABLE, header="3").frame.rows() == ROWS
    assert read("#a,b\n1,2\n", header="1").frame.columns == ["a", "b"]
    assert read(above + TABLE, header="3").remarks == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"skip_rows": 9}, "'a.csv' has 4 lines, and --skip-rows 9 leaves nothing below them."),
        ({"header": "9"}, "'a.csv' has 4 lines, and --header 9 leaves no names of columns in it."),
    ],
)
def test_lines_that_are_not_there(options: dict[str, Any], said: str) -> None:
    with pytest.raises(DatasetError) as caught:
        read(TABLE, **options)
    assert caught.value.what == said


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"skip_rows": "-1"}, "--skip-rows cannot be '-1'"),
        ({"skip_rows": "two"}, "--skip-rows cannot be 'two'"),
        ({"header": "0"}, "--header cannot be '0'"),
        ({"header": "2", "skip_rows": "2"}, "--header 2 names one of the lines that --skip-rows 2 skips"),
        ({"comment": "//"}, "--comment cannot be '//'. Give one character of ASCII."),
        ({"comment": ",", "separator": ","}, "--comment is the separator or the quotation mark"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, options: dict[str, str], said: str) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    with pytest.raises(DatasetError, match=said):
        parse_source(str(tmp_path / "a.csv"), **options)


def test_what_was_said_is_kept_with_the_source(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x\n" + TABLE)
    source = parse_source(str(tmp_path / "a.csv"), skip_rows="1", comment="#")
    assert source.to_dict() == {"name": str(tmp_path / "a.csv"), "skip_rows": 1, "comment": "#"}
    assert Source.from_dict(source.to_dict()) == source


# Large files


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("# a\n" + TABLE, {}),
        ("Report\n\n" + TABLE, {}),
        ("\n" + TABLE, {}),
        ("Operator,Smith,\n,,\n" + TABLE, {}),
        ("# p,q,y\n" + TABLE.partition("\n")[2], {}),
        ("sep=;\n" + TABLE.replace(",", ";"), {}),
        ("x\ny\n" + TABLE, {"skip_rows": 2}),
        ("x\ny\n" + TABLE, {"header": "3"}),
        (",A,B\np,q,y\n1,0.5,0\n2,0.5,1\n3,0.5,0\n", {}),
        ("p,q,y\nint,float,int\n1,0.5,0\n2,0.5,1\n", {}),
        (TABLE.replace("p,q,y", "p,p,y"), {}),
        (TABLE.replace("q,y", "q,y,"), {}),
    ],
)
def test_the_same_is_found_where_a_file_is_read_in_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, options: dict[str, Any]
) -> None:
    for name in ("HEAD", "FEWEST"):
        monkeypatch.setattr(scanning, name, 100)
    body = "".join(f"{i},0.5,{i % 2}\n" + "# no row\n" * (text[0] == "#") for i in range(200))
    if text.startswith("sep"):
        body = body.replace(",", ";")
    (tmp_path / "a.csv").write_text(text + body)
    source = Source(str(tmp_path / "a.csv"), **options)
    found, whole = scan_table(source), read_table(source)
    assert found is not None
    assert found.remarks == whole.remarks
    batches = found.lazy.collect()
    assert batches.columns == whole.frame.columns
    assert batches.height == whole.frame.height
    first = batches.get_columns()[0].cast(float).to_list()
    assert first == whole.frame.get_columns()[0].cast(float).to_list()


@given(
    above=st.lists(st.sampled_from(["# x", "% y, z", "Title", "a, b", "", ",,"]), max_size=4),
    rows=st.lists(st.tuples(st.integers(0, 99), st.floats(0, 1)), min_size=3, max_size=6),
)
def test_whatever_stands_above_no_row_is_lost(above: list[str], rows: list[tuple[int, float]]) -> None:
    table = [f"{a},{b:.3f},{'no' if a % 2 else 'yes'}" for a, b in rows]
    text = "\n".join([*above, "count,share,label", *table, ""])
    found = read(text, header=str(len(above) + 1))
    assert found.frame.columns == ["count", "share", "label"]
    assert [",".join(row) for row in found.frame.rows()] == table  # type: ignore[arg-type]
