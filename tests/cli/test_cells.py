"""Missing cells, dropped columns and the base rate as threshold, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from lrtui.core.store import Store
from tests.cli.commands import Lrtui, refused

QUIET = ("--epochs", "5", "--json", "--quiet")


@pytest.fixture
def holey(tmp_path: Path) -> str:
    """A file with a column of text, one name that holds a comma, and empty cells."""
    rows = [f"n{i},{i % 7},{'' if i % 10 == 3 else i},{'b' if i > 60 else 'a'}" for i in range(100)]
    path = tmp_path / "holey.csv"
    path.write_text("\n".join(['name,"one, two",three,kind', *rows]) + "\n")
    return str(path)


def train(lrtui: Lrtui, path: str, *options: str) -> tuple[int, str, str]:
    return lrtui("train", path, "--target", "kind", *options, *QUIET)


def test_a_missing_cell_is_refused_and_leaves_no_run(lrtui: Lrtui, holey: str, store: Store) -> None:
    said = refused(train(lrtui, holey, "--missing", "error"))
    assert "Column 'three' of 'holey.csv' has an empty cell in row 4." in said
    assert "missing = indicator, median or drop" in said
    assert store.runs.recent() == []


@pytest.mark.parametrize(("missing", "rows"), [("median", 80), ("drop", 72)])
def test_it_is_filled_in_or_its_row_is_dropped(
    lrtui: Lrtui, holey: str, store: Store, missing: str, rows: int
) -> None:
    code, out, _ = train(lrtui, holey, "--drop-columns", "name", "--missing", missing)
    assert code == 0
    found = json.loads(out)
    assert found["weights"].keys() == {"one, two", "three"}
    assert (found["config"]["missing"], found["config"]["drop_columns"]) == (missing, ["name"])
    problem = store.runs.recent()[0].problem
    assert problem is not None
    assert problem.train_rows == rows
    again = json.loads(lrtui("show", "last", "--json")[1])
    assert again["config"] == found["config"]


def test_by_default_holes_are_filled_in_and_marked_and_names_left_out(lrtui: Lrtui, holey: str) -> None:
    found = json.loads(train(lrtui, holey)[1])
    assert found["weights"].keys() == {"one, two", "three", "three missing"}


def test_numbers_that_stand_for_nothing_and_far_cells_are_options(lrtui: Lrtui, tmp_path: Path) -> None:
    path = tmp_path / "codes.csv"
    rows = [
        f"{-999 if i % 10 == 0 else 1e6 if i == 5 else i % 17},{i % 7},{i // 3 % 2}" for i in range(200)
    ]
    path.write_text("\n".join(["age,size,kind", *rows]) + "\n")
    code, out, _ = train(lrtui, str(path), "--missing-codes", "-999,9999", "--clip", "0.02")
    assert code == 0
    found = json.loads(out)
    assert found["weights"].keys() == {"age", "size", "age missing"}
    assert (found["config"]["missing_codes"], found["config"]["clip"]) == ([-999.0, 9999.0], 0.02)
    assert json.loads(lrtui("show", "last", "--json")[1])["config"] == found["config"]
    assert "missing codes      -999,9999" in lrtui("show", "last")[1]
    said = refused(train(lrtui, str(path), "--missing-codes", "-999", "--missing", "error"))
    assert "holds -999, one of the missing codes, in row 1." in said


@pytest.mark.parametrize("names", ['name,"one, two"', '"one, two", name', "[]"])
def test_names_are_parted_by_commas_and_quoted_where_they_hold_one(
    lrtui: Lrtui, holey: str, names: str
) -> None:
    done = train(lrtui, holey, "--drop-columns", names, "--missing", "median")
    if names == "[]":
        assert "has no column called '[]' that could be dropped." in refused(done)
    else:
        assert json.loads(done[1])["weights"].keys() == {"three"}
        assert "dropped columns    " + names.replace(", name", ",name") in lrtui("show", "last")[1]


def test_names_may_stand_in_the_config_file(lrtui: Lrtui, holey: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('drop_columns = ["name", "one, two"]\nmissing = "drop"\nthreshold = "base-rate"\n')
    found = json.loads(train(lrtui, holey, "--config", str(path))[1])
    assert found["weights"].keys() == {"three"}
    assert found["config"]["threshold"] == "base-rate"
    found = json.loads(lrtui("train", "moons", "--config", str(path), "--drop-columns", "x1", *QUIET)[1])
    assert found["weights"].keys() == {"x2"}  # options win, also for a dataset of the catalogue
    found = json.loads(lrtui("train", "moons", "--config", str(path), "--drop-columns=", *QUIET)[1])
    assert found["config"]["drop_columns"] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--drop-columns", "y1"), "The columns are 'x1', 'x2'."),
        (("--drop-columns", "x11"), "Did you mean 'x1'?"),
        (("--drop-columns", "x1,x2"), "nothing to learn from"),
        (("--drop-columns", '"x1'), "names of columns with commas between them"),
        (("--missing", "mean"), "indicator, median, drop or error"),
        (("--threshold", "base"), "base-rate, or a number from 0 to 1"),
        (("--threshold", "1.5"), "base-rate, or a number from 0 to 1"),
        (("--missing-codes", "-999;9999"), "empty, or numbers with commas between them"),
        (("--clip", "1%"), "a number from 0 to 0.2"),
    ],
)
def test_what_cannot_be_is_two_sentences(lrtui: Lrtui, options: tuple[str, ...], said: str) -> None:
    assert said in refused(lrtui("train", "moons", *options))
    assert said in refused(lrtui("sweep", "moons", *options))


def test_the_base_rate_finds_what_one_half_does_not(lrtui: Lrtui) -> None:
    options = ("train", "imbalanced", "--json", "--quiet")
    half = json.loads(lrtui(*options)[1])
    word = json.loads(lrtui(*options, "--threshold", "base-rate")[1])
    assert word["config"]["threshold"] == "base-rate"
    assert word["test_balanced_accuracy"] > half["test_balanced_accuracy"] + 0.2
    assert word["weights"] == half["weights"]
    assert "threshold          base-rate" in lrtui("show", "last")[1]


def test_thresholds_are_swept_with_the_base_rate_among_them(lrtui: Lrtui) -> None:
    options = ("sweep", "imbalanced", "--batch-size", "0", "--epochs", "300")
    found = json.loads(lrtui(*options, "--threshold", "0.5,base-rate,0.02", "--json")[1])
    half, word, number = found["points"]
    assert [p["threshold"] for p in found["points"]] == [0.5, "base-rate", 0.02]
    assert word["test_accuracy"] == number["test_accuracy"] != half["test_accuracy"]
    _, out, _ = lrtui(*options, "--threshold", "0.5,base-rate")
    assert "\nbase-rate " in out
    _, out, _ = lrtui(*options, "--lr", "0.1,1", "--threshold", "base-rate", "--json")
    assert json.loads(out)["config"]["threshold"] == "base-rate"


def test_ways_with_missing_cells_are_swept(lrtui: Lrtui, holey: str) -> None:
    options = ("sweep", holey, "--target", "kind", "--drop-columns", "name", "--epochs", "5")
    found = json.loads(lrtui(*options, "--missing", "median,drop", "--json")[1])
    assert [point["missing"] for point in found["points"]] == ["median", "drop"]
    assert all(np.isfinite(point["train_loss"]) for point in found["points"])
    assert "empty cell" in refused(lrtui(*options, "--missing", "error,median"))
    assert "empty cell" in refused(lrtui(*options, "--missing", "error", "--lr", "0.1,1"))


def test_columns_are_no_axis_of_a_sweep(lrtui: Lrtui) -> None:
    found = json.loads(lrtui("sweep", "breast-cancer", "--drop-columns", "mean area,mean radius",
                             "--lr", "0.1,1", "--epochs", "2", "--json")[1])  # fmt: skip
    assert found["fields"] == ["lr"]
    assert found["config"]["drop_columns"] == ["mean area", "mean radius"]
