"""Rules that other programs draw between names and cells: they go, and no row of data with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.datasets.reading.delimited import Delimited, read_delimited
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.source import Source

ROWS = [("1", "0.5", "no"), ("2", "0.25", "yes"), ("3", "0.75", "no")]
SAID = "Lines of 'a.csv' that draw rules are skipped."
SQLCMD = """\
id          name    y
----------- ------- ---
          1 Ann May   0
          2           1
         33 Cy        1
"""
PEOPLE = [("1", "Ann May", "0"), ("2", None, "1"), ("33", "Cy", "1")]


def read(text: str) -> Delimited:
    return read_delimited(text.encode(), Source("a.csv"), "'a.csv'")


def bare(found: Delimited) -> list[tuple[str, ...]]:
    return [tuple(cell and cell.strip() for cell in row) for row in found.frame.rows()]


def test_rules_between_names_and_cells_are_skipped_and_said() -> None:
    cells = [f"| {' | '.join(row)} |" for row in ROWS]
    for rule in ("|---|:-:|--:|", "+---+-----+---+", "|---|---|---|", "+===+=====+===+"):
        for above in ([], [rule]):
            found = read("\n".join([*above, "| p | q | y |", rule, *cells, rule]) + "\n")
            assert (found.frame.columns, bare(found)) == (["p", "q", "y"], ROWS)
            assert SAID in found.remarks


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("rule", ["---,----,---", "---------- ,---,-", "-,---,-"])
def test_dashes_right_below_the_names_are_a_rule(rule: str, separator: str, end: str) -> None:
    text = "\n".join(["p,q,y", rule, *map(",".join, ROWS), ""])
    for above, below in (("", ""), ("Report\n\n", ""), ("", "\n(3 rows affected)\n")):
        found = read((above + text + below).replace(",", separator).replace("\n", end))
        assert (found.frame.columns, bare(found)) == (["p", "q", "y"], ROWS)
        assert SAID in found.remarks


def test_dashes_with_gaps_show_where_columns_stand() -> None:
    for text in (SQLCMD, SQLCMD + "\n(3 rows affected)\n", "Changed database context to 'x'.\n" + SQLCMD):
        found = read(text)
        assert (found.frame.columns, found.frame.rows()) == (["id", "name", "y"], PEOPLE)
        assert SAID in found.remarks


def test_names_and_rules_that_begin_every_page_are_skipped() -> None:
    names, rule, *rows = SQLCMD.splitlines()
    pages = ["", names, rule, *rows[:2], "", names, rule, rows[2], "", "3 rows selected.", ""]
    assert read("\n".join(pages)).frame.rows() == PEOPLE


def test_tables_of_restructuredtext() -> None:
    rule = "==  =====  ==="
    rows = ["1   A B    0", "2          1", "3   C      1"]
    for above in ([], ["Title", "=====", ""]):
        found = read("\n".join([*above, rule, "id  name   y", rule, *rows, rule, ""]))
        assert found.frame.rows() == [("1", "A B", "0"), ("2", None, "1"), ("3", "C", "1")]
        assert found.frame.columns == ["id", "name", "y"]


@pytest.mark.parametrize("signs", ["┌─┬┐│├┼┤└┴┘", "╔═╦╗║╠╬╣╚╩╝", "┏━┳┓┃┡╇┩┗┻┛", " ─┬ │ ┼  ┴ "])
def test_boxes(signs: str) -> None:
    left, flat, top, right, bar, begin, cross, end, low, foot, last = signs
    widths = [flat * 4, flat * 6, flat * 5]
    cells = [f"{bar} {f' {bar} '.join(row)} {bar}" for row in [("p", "q", "y"), *ROWS]]
    lines = [left + top.join(widths) + right, cells[0], begin + cross.join(widths) + end, *cells[1:]]
    found = read("\n".join([*lines, low + foot.join(widths) + last, ""]))
    assert (found.frame.columns, bare(found)) == (["p", "q", "y"], ROWS)
    assert found.remarks == (SAID,)


@pytest.mark.parametrize(
    "text",
    [
        "p,y\n--,a\n-|-,b\n1,a\n",
        "p\ty\n--\t--\n1\ta\n",
        "p,y\n1,a\n---,---\n2,b\n3,a\n",  # further down
        "p|y\n1|a\n--|--\n2|b\n3|a\n",
        "p  q  y\n1  2  3\n-- -- --\n2  3  4\n3  4  5\n",
        "p   q   y\n1   2   3\n--- --- ---\n2   3   4\n3   4   5\n",
        "p,y\n---,---\n1,a\n---,b\n",  # where cells below are dashes, too
        "p|q|y\n1||2\n|--|\n2|3|4\n5|6|7\n",  # bars that part empty cells
        "p,y\n---,a\n1,b\n2,a\n",
        "p\n---\n1\n2\n",  # no separator shows that it is a rule
    ],
)
def test_dashes_in_place_of_values_stay(text: str) -> None:
    found = read(text)
    assert found.frame.height == text.count("\n") - 1
    assert SAID not in found.remarks


def test_a_row_like_the_rule_stays_where_it_is_no_rule() -> None:
    names, rule, *rows = SQLCMD.splitlines()
    found = read("\n".join([names, rule, rows[0], rule, *rows[1:], ""]))
    assert found.frame.height == 4


def test_such_files_are_read_whole(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SQLCMD)
    assert scan_table(Source(str(tmp_path / "a.csv"))) is None
