"""A CSV file: read as people mean it, or refused with the column and the row."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source

ROWS = "\n".join(f"{i},{i * 0.5},{'yes' if i % 4 == 0 else 'no'}" for i in range(20))
GOOD = f"age,height,bought\n{ROWS}\n"


def read(
    folder: Path, text: str | bytes, target: str | None = "bought", positive: str | None = None
) -> Dataset:
    path = folder / "data.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(parse_source(str(path), target, positive))


def test_a_plain_file(tmp_path: Path) -> None:
    dataset = read(tmp_path, GOOD)
    assert dataset.feature_names == ("age", "height")
    assert dataset.class_names == ("no", "yes")
    assert dataset.base_rate == 0.25
    np.testing.assert_array_equal(dataset.X[:3], [[0, 0], [1, 0.5], [2, 1]])


def test_the_positive_class_is_the_rarer_unless_it_is_chosen(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD, positive="no").class_names == ("yes", "no")
    assert read(tmp_path, GOOD, positive="no").base_rate == 0.75


@pytest.mark.parametrize(("values", "positive"), [(("0", "1"), "1"), (("1", "2"), "2"), (("-1", "1"), "1")])
def test_a_target_may_hold_any_two_values(tmp_path: Path, values: tuple[str, str], positive: str) -> None:
    rows = "\n".join(f"{i},{values[i % 2]}" for i in range(20))
    assert read(tmp_path, f"x,bought\n{rows}").class_names[1] == positive


def test_a_byte_order_mark_spaces_quotes_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    text = '\ufeff"age", height ,bought\n' + ROWS.replace("3,1.5", '"3", 1.5 ') + "\n\n\n"
    dataset = read(tmp_path, text)
    assert dataset.feature_names == ("age", "height")
    assert dataset.n == 20


def test_windows_line_ends_and_scientific_numbers(tmp_path: Path) -> None:
    dataset = read(tmp_path, GOOD.replace("\n", "\r\n").replace("7,3.5", "7,3.5e-3"))
    assert dataset.X[7, 1] == 0.0035


REFUSED = {
    "empty": ("", r"is empty"),
    "spaces": ("  \n \n", r"is empty"),
    "only a header": ("age,height,bought\n", r"a header and no rows"),
    "no header": ("1,2,3\n" + ROWS, r"no column called 'bought'\. The columns are 'column_1'"),
    "target absent": (
        GOOD.replace("bought", "brought"),
        r"no column called 'bought'.*Did you mean 'brought'",
    ),
    "one value": (GOOD.replace("yes", "no"), r"has one value, 'no'"),
    "three values": (GOOD.replace("19,9.5,no", "19,9.5,perhaps"), r"has 3 values.*needs two"),
    "text": (GOOD.replace("5,2.5", "5,tall"), r"Column 'height' .* the text 'tall' in row 6"),
    "empty cell": (GOOD.replace("5,2.5", "5,"), r"Column 'height' .* an empty cell in row 6"),
    "empty target": ("x,bought\n" + "1,\n2,\n" * 9, r"Every cell of the target 'bought' .* is empty"),
    "infinite": (GOOD.replace("5,2.5", "5,inf"), r"Column 'height' .* 'inf' in row 6"),
    "not a number": (GOOD.replace("5,2.5", "5,NaN"), r"Column 'height' .* in row 6"),
    "too long a row": (GOOD.replace("5,2.5,no", "5,2.5,no,7"), r"Row 6 .* 4 values; the header names 3"),
    "only the target": ("bought\n" + "a\nb\n" * 9, r"no column beside the target"),
    "binary": (b"\0\1\2" + GOOD.encode(), r"NUL bytes"),
    "one rare row": ("x,bought\n" + "1,a\n" * 19 + "2,b\n", r"Only 1 row"),
    "escape codes": (GOOD.replace("5,2.5", "5,\x1b[31mred"), r"the text '\\x1b\[31mred'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path: Path, case: str) -> None:
    text, said = REFUSED[case]
    with pytest.raises(DatasetError, match=said) as caught:
        prepare(read(tmp_path, text), scaling="standard", test_size=0.2, split_seed=42)
    assert caught.value.fix
    assert str(caught.value).isprintable()


def test_a_target_must_be_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="the columns are 'age', 'height', 'bought'"):
        read(tmp_path, GOOD, target=None)


def test_a_positive_value_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no value 'maybe'"):
        read(tmp_path, GOOD, positive="maybe")


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no file"):
        parse_source(str(tmp_path / "none.csv"), "y")
    with pytest.raises(DatasetError, match="is a folder"):
        parse_source(str(tmp_path), "y")
    (tmp_path / "data.bin").write_bytes(bytes(range(32)))
    with pytest.raises(DatasetError, match=r"in no format that lrtui knows"):
        parse_source(str(tmp_path / "data.bin"), "y")


def test_a_path_with_brackets_and_stars_is_that_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "we[red]ird*.csv"
    path.write_text(GOOD)
    assert load(parse_source(str(path), "bought")).n == 20


def test_a_path_that_is_not_utf_8_is_read_and_yet_refused_as_a_run_could_not_keep_it(
    tmp_path: Path,
) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"b\xffad.csv")
    with open(path, "w") as file:
        file.write(GOOD)
    assert load(Source(os.fsdecode(path), "bought")).n == 20
    with pytest.raises(DatasetError, match=r"b\\udcffad\.csv' is not text in UTF-8") as caught:
        parse_source(os.fsdecode(path), "bought")
    assert caught.value.fix == "Rename the file or its folder."
    assert str(caught.value).isprintable()


def test_a_path_that_cannot_be_is_a_sentence() -> None:
    with pytest.raises(DatasetError, match="no dataset called"):
        parse_source("a" * 300)
    with pytest.raises(DatasetError, match="no file"):
        parse_source("~nobody-of-this-name/x.csv", "y")


def test_a_file_that_vanishes_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    path.write_text(GOOD)
    source = parse_source(str(path), "bought")
    path.unlink()
    with pytest.raises(DatasetError, match="no file"):
        load(source)


def test_a_path_is_kept_absolute_because_the_next_lrtui_may_start_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data.csv").write_text(GOOD)
    monkeypatch.chdir(tmp_path)
    assert os.path.isabs(parse_source("data.csv", "bought").name)
