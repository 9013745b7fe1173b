"""Workbooks: titles above the table, covers before it, and what a person may say of both."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.reading.table import Table
from lrtui.datasets.source_validation import parse_source
from lrtui.datasets.tables.time_text import AS_HOURS
from lrtui.datasets.tables.type_inference import understand
from tests.datasets.reading.making import Cell, workbook

TABLE: list[list[Cell]] = [["a", "k", "y"], [1, "u", 0], [2.5, "v", 1], [4, "u", 1]]
ROWS = [(1.0, "u", 0.0), (2.5, "v", 1.0), (4.0, "u", 1.0)]
BLANK: list[Cell] = [None, None, None]


def read(folder: Path, *sheets: list[list[Cell]], part: str = "", **options: str) -> Table:
    (folder / "a.xlsx").write_bytes(workbook(*sheets))
    return read_table(parse_source(str(folder / "a.xlsx") + part, **options))


def test_titles_and_blank_rows_are_skipped_and_said_and_types_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, [["Report of 2020", None, None], BLANK, *TABLE])
    assert table.frame.columns == ["a", "k", "y"]
    assert table.frame.rows() == ROWS
    assert table.remarks == ("Rows 1 to 2 of 'a.xlsx' stand above the table, and are skipped.",)


@pytest.mark.parametrize(
    "above",
    [
        [["Sample type", "Serum", None]],
        [["Sample type", "Serum", None], ["Operator", "Smith", None]],
        [["Report 2024", None, None], ["created by", "me", None]],
        [["Date", 45000.0, None], BLANK],
    ],
)
def test_pairs_above_a_table_are_titles(tmp_path: Path, above: list[list[Cell]]) -> None:
    table = read(tmp_path, [*above, *TABLE])
    assert (table.frame.columns, table.frame.rows()) == (["a", "k", "y"], ROWS)
    assert "above the table" in table.remarks[0]


def test_times_of_day_are_hours_and_no_dates_of_1899(tmp_path: Path) -> None:
    clock: list[list[Cell]] = [[dt.time(i % 24, 30), i] for i in range(40)]
    (tmp_path / "a.xlsx").write_bytes(workbook([["t", "x"], *clock]))
    found = understand(read_table(parse_source(str(tmp_path / "a.xlsx"))).frame["t"])
    assert (found.column.kind, found.reason) == ("number", AS_HOURS)
    assert found.values.to_list() == [i % 24 + 0.5 for i in range(40)]


def test_a_title_above_two_columns(tmp_path: Path) -> None:
    table = read(tmp_path, [["Report", None], ["a", "y"], [1, 0], [2, 1]])
    assert table.frame.columns == ["a", "y"]


@pytest.mark.parametrize(
    "cover",
    [
        [["Report of 2020"], ["made by hand"], ["for all"]],
        [["Title", "Rivers"], ["Author", "Ann"], ["Version", "two"]],
        [],
        [["a", "b"], [1, 2]],  # one row of data
    ],
)
def test_a_cover_is_passed_over_and_said(tmp_path: Path, cover: list[list[Cell]]) -> None:
    table = read(tmp_path, cover, TABLE)
    assert table.frame.rows() == ROWS
    said = "'a.xlsx' has 2 sheets; the first that holds a table, 'Sheet2', is read."
    assert table.remarks == (said,)


@pytest.mark.parametrize(("hidden", "read_one"), [(1, "Sheet2"), (2, "Sheet1")])
def test_a_hidden_sheet_is_read_only_where_no_other_holds_a_table(
    tmp_path: Path, hidden: int, read_one: str
) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(TABLE, TABLE, hidden=hidden))
    table = read_table(parse_source(str(tmp_path / "a.xlsx")))
    which = "the first" if read_one == "Sheet1" else "the first that holds a table"
    passed = " ('Sheet1' hidden)" if hidden == 1 else ""  # of what comes after, nothing need be known
    assert table.remarks == (f"'a.xlsx' has 2 sheets{passed}; {which}, '{read_one}', is read.",)
    (tmp_path / "a.xlsx").write_bytes(workbook([["Notes"]], TABLE, hidden=2))
    table = read_table(parse_source(str(tmp_path / "a.xlsx")))
    assert table.frame.rows() == ROWS
    assert "has 2 sheets ('Sheet2' hidden); the first that holds a table, 'Sheet2'" in table.remarks[0]


def test_a_sheet_is_named_after_a_colon(tmp_path: Path) -> None:
    assert read(tmp_path, TABLE, [["p", "q"], [1, 2], [3, 4]], part=":sheet2").frame.columns == ["p", "q"]
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, TABLE, TABLE, part=":Rivers")
    assert str(caught.value) == "'a.xlsx' has no sheet called 'Rivers'. Its sheets are 'Sheet1', 'Sheet2'."


def test_rows_to_skip_the_row_of_names_and_comments_may_be_said(tmp_path: Path) -> None:
    above: list[list[Cell]] = [["x", "y", "z"], ["no", "such", "names"]]
    assert read(tmp_path, [*above, *TABLE], skip_rows="2").frame.rows() == ROWS
    assert read(tmp_path, [*above, *TABLE], header="3").frame.rows() == ROWS
    noted: list[list[Cell]] = [["% x", None, None], *TABLE[:2], ["% y", None, None], *TABLE[2:]]
    assert read(tmp_path, noted, comment="%").frame.select("k", "y").rows() == [r[1:] for r in ROWS]
    with pytest.raises(DatasetError, match=r"'a\.xlsx' has nothing below row 9"):
        read(tmp_path, TABLE, skip_rows="9")
    with pytest.raises(DatasetError, match=r"Row 2 of 'a\.xlsx' is blank"):
        read(tmp_path, [TABLE[0], BLANK, *TABLE[1:]], header="2")


def test_two_rows_of_names_equal_names_and_no_names(tmp_path: Path) -> None:
    two: list[list[Cell]] = [[None, "X1", "X2"], ["No", "AGE", "SEX"], [1, 20, 1], [2, 30, 2]]
    assert read(tmp_path, two).frame.columns == ["No", "X1 AGE", "X2 SEX"]
    assert read(tmp_path, [["a", "a", None], *TABLE[1:]]).frame.columns == ["a", "a_2", "unnamed_3"]
    assert read(tmp_path, TABLE[1:]).frame.columns == ["column_1", "column_2", "column_3"]
    assert read(tmp_path, [["a", "b", None], [1, 2, None], [3, 4, None]]).frame.columns == ["a", "b"]
