"""A test file whose labels are not those of the training file: both are named, with both spellings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.split import split
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote


def loaded(folder: Path, ours: list[str], theirs: list[str], **asked: Any) -> Dataset:
    """A table with a test file, given the labels of both."""
    for name, labels in (("adult.csv", ours), ("test.csv", theirs)):
        rows = "".join(f'{i / 7},"{label}"\n' for i, label in enumerate(labels))
        (folder / name).write_text(f"a,income\n{rows}")
    source = Source(str(folder / "adult.csv"), "income", test=str(folder / "test.csv"), **asked)
    return load(source)


TRAIN = ["<=50K", ">50K"] * 5


@pytest.mark.parametrize("other", [">50K.", ">50k", "> 50K", "'>50K'", ">50K .", "`>50K`"])
@pytest.mark.parametrize("asked", [{}, {"positive": ">50K"}, {"multiclass": True}])
def test_another_spelling_is_named_with_both_files(
    tmp_path: Path, other: str, asked: dict[str, Any]
) -> None:
    with pytest.raises(DatasetError) as caught:
        loaded(tmp_path, TRAIN, ["<=50K", "<=50K", other], **asked)
    said = f"'test.csv' writes {quote(other)} where 'adult.csv' writes '>50K': labels of 'income'"
    assert caught.value.what == f"{said}, first in row 3 of 'test.csv'."
    assert "alike in both files" in caught.value.fix


@pytest.mark.parametrize("asked", [{}, {"multiclass": True}])
def test_a_label_that_the_training_part_lacks_is_named_with_the_test_file(
    tmp_path: Path, asked: dict[str, Any]
) -> None:
    with pytest.raises(DatasetError) as caught:
        loaded(tmp_path, TRAIN, ["<=50K", "maybe", ">50K"], **asked)
    said = "The test part, 'test.csv', has 'maybe' in row 2 of the target 'income', a label"
    assert caught.value.what.startswith(said)


def test_against_the_rest_another_label_is_of_the_rest(tmp_path: Path) -> None:
    assert loaded(tmp_path, ["a", "b", "c"] * 4, ["a", "d", "b"], positive="a").class_names == (
        "not a",
        "a",
    )


def test_numbers_that_look_alike_without_a_point_are_none_of_this(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"has '15' in row 2"):
        loaded(tmp_path, ["1.5", "2"] * 4, ["1.5", "15", "2"])


def test_a_test_file_without_a_class_is_named(tmp_path: Path) -> None:
    found = loaded(tmp_path, TRAIN, ["<=50K"] * 3)
    with pytest.raises(DatasetError, match=r"The test part, 'test.csv', holds no row of the class '>50K'"):
        split(found, None, 0.2, 0)
