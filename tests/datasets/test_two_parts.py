"""A test part in a file of its own is read as the training part was, whatever stands in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection.inspector import Inspector
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.source import Source

ROWS = 40
LABELS = ["no", "yes"] * (ROWS // 2)
PLAIN = [f"{i * 7 % 11 / 4}" for i in range(ROWS)]


def source_of(folder: Path, cells: list[str], below: list[str], **given: str) -> Source:
    """Files whose column ``c`` holds these cells, above and below."""
    for name, column in (("train.csv", cells), ("test.csv", below)):
        rows = [f"{cell},{PLAIN[i]},{LABELS[i]}" for i, cell in enumerate(column)]
        (folder / name).write_text("\n".join(["c,x,y", *rows]) + "\n")
    return Source(str(folder / "train.csv"), "y", test=str(folder / "test.csv"), **given)


def opened(folder: Path, cells: list[str], below: list[str]) -> Dataset:
    return load(source_of(folder, cells, below))


def column_of(dataset: Dataset, name: str = "c") -> list[float]:
    return dataset.X[ROWS:, dataset.feature_names.index(name)].tolist()


def test_words_in_the_test_part_do_not_make_a_training_column_of_numbers_text(tmp_path: Path) -> None:
    numbers = [str(i * 3 % 17) for i in range(ROWS)]
    dataset = opened(tmp_path, numbers, ["low", "high", "3", "mid"])
    assert dataset.kinds[0].kind == "number"
    np.testing.assert_array_equal(column_of(dataset), [np.nan, np.nan, 3, np.nan])
    said = (
        "Column 'c' of 'test.csv' holds 'low' in row 1, and 2 more cells that the training part does not "
        "write so: they count as missing."
    )
    assert said in dataset.remarks


def test_numbers_in_the_test_part_do_not_change_what_a_category_is(tmp_path: Path) -> None:
    dataset = opened(tmp_path, ["a", "b", "1", "b"] * 10, ["1", "a", "2", ""])
    assert dataset.kinds[0].levels == ("1", "a", "b", "2")
    np.testing.assert_array_equal(column_of(dataset), [0, 1, 3, np.nan])


@pytest.mark.parametrize(
    ("below", "many"),
    [(["a", "z", "b", "z"], "a level that the training part does not, in 2 rows: 'z'"),
     (["z", "q", "b", "z"], "2 levels that the training part does not, in 3 rows: 'q', 'z'"),
     (["a", "z", "b", "a"], "a level that the training part does not, in 1 row: 'z'")],
)  # fmt: skip
def test_levels_that_only_the_test_part_has_are_told_and_belong_to_none(
    tmp_path: Path, below: list[str], many: str
) -> None:
    source = source_of(tmp_path, ["a", "b"] * 20, below)
    dataset = load(source)
    assert f"Column 'c' of 'test.csv' holds {many}." in dataset.remarks
    assert f"Column 'c' of 'test.csv' holds {many}." in Inspector(source).look("y").remarks
    problem = prepare(dataset, scaling="none", test_size=0.2, split_seed=0)
    assert [name for name in problem.feature_names if name.startswith("c")] == ["c=a", "c=b"]
    columns = [problem.feature_names.index(name) for name in ("c=a", "c=b")]
    known = [[float(cell == level) for level in "ab"] for cell in below]
    assert problem.X_test[:, columns].tolist() == known


def test_dates_are_read_in_the_way_of_the_training_part(tmp_path: Path) -> None:
    days = [f"{i % 28 + 1:02}/{i % 12 + 1:02}/2024" for i in range(ROWS)]  # the day comes first
    dataset = opened(tmp_path, days, ["05/04/2024", "06/04/2024", "someday", "07/04/2024"])
    assert column_of(dataset, "c (month)")[:2] == [4, 4]
    assert any("'test.csv' holds 'someday' in row 3, which the" in r for r in dataset.remarks)


@pytest.mark.parametrize(
    ("above", "below"),
    [("{} kg", "{} g"), ("{} kg", "{}"), ("${}", "€{}"), ("{}", "{} kg"), ("{}%", "0.{}"), ("{}", "{}%")],
)
def test_numbers_in_another_unit_are_no_numbers_of_the_training_part(
    tmp_path: Path, above: str, below: str
) -> None:
    dataset = opened(tmp_path, [above.format(i * 3 % 17) for i in range(ROWS)], [below.format(5)] * 4)
    assert dataset.kinds[0].kind == "number"
    assert np.isnan(column_of(dataset)).all()
    assert any(f"holds '{below.format(5)}' in row 1, and 3 more cells" in text for text in dataset.remarks)


@pytest.mark.parametrize(
    ("above", "below", "value"),
    [("{} kg", "{} kg", 5), ("${}", "$ 1,00{}", 1005), ("${}", "{}", 5), ("{}", "1,00{}", 1005)],
)
def test_numbers_of_the_same_unit_may_be_written_in_another_way(
    tmp_path: Path, above: str, below: str, value: float
) -> None:
    dataset = opened(
        tmp_path, [above.format(i * 3 % 17) for i in range(ROWS)], [f'"{below.format(5)}"'] * 4
    )
    assert column_of(dataset) == [value] * 4


@pytest.mark.parametrize("cell", ["0", "false"])
def test_what_is_neither_word_of_a_flag_is_missing_and_told(tmp_path: Path, cell: str) -> None:
    dataset = opened(tmp_path, ["yes", "no"] * 20, ["yes", cell])
    np.testing.assert_array_equal(column_of(dataset), [1, np.nan])
    assert any(f"holds '{cell}' in row 2, which the training part does not" in r for r in dataset.remarks)


def test_a_flag_that_takes_other_values_below_is_a_number(tmp_path: Path) -> None:
    source = source_of(tmp_path, ["0", "1", "1"] * 13 + ["0"], ["0", "2", "1", "0.5"])
    assert load(source).kinds[0].kind == "number"
    assert Inspector(source).look("y").columns[0].high == 2
    said = "Column 'c' of 'test.csv' holds '2' in row 2, where the training part has 0 and 1 alone."
    assert said in load(source).remarks
    assert opened(tmp_path, ["0", "1", "1"] * 13 + ["0"], ["0", "1"]).kinds[0].kind == "flag"


@pytest.mark.parametrize(
    ("cells", "why"),
    [([""] * ROWS, "every cell is empty"),
     (["same"] * ROWS, "every cell holds 'same'"),
     ([f"Mr. {i} Smith" for i in range(ROWS)], "40 different texts in 40 rows")],
)  # fmt: skip
def test_what_training_cannot_learn_from_is_left_out_whatever_the_test_part_holds(
    tmp_path: Path, cells: list[str], why: str
) -> None:
    source = source_of(tmp_path, cells, ["1", "2", "1", "2"])
    assert why in load(source).left_out["c"]
    assert not Inspector(source).look("y").columns[0].usable


def test_missing_cells_of_the_test_part_are_told_as_such(tmp_path: Path) -> None:
    numbers = [str(i * 3 % 17) for i in range(ROWS)]
    assert opened(tmp_path, numbers, ["1", "", "3", ""]).remark == "2 cells missing, all in the test part"
    some = ["", *numbers[1:]]
    assert opened(tmp_path, some, ["1", "", "3", ""]).remark == "3 cells missing, 2 in the test part"
    assert opened(tmp_path, some, ["1", "2", "3", "4"]).remark == "1 cell missing"


def test_weights_of_the_test_part_are_told_by_its_own_rows(tmp_path: Path) -> None:
    source = source_of(tmp_path, ["1"] * ROWS, ["1", "1", "-2", "1"], weights="c")
    with pytest.raises(DatasetError, match=r"Column 'c' of 'test\.csv' holds the weight -2 in row 3\."):
        load(source)
