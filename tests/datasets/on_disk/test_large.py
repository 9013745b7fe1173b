"""Streaming a file: the same dataset as if it had been read whole, or a word on what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError, TargetError
from lrtui.datasets.ingest import large
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.loading import load
from lrtui.datasets.progress import Cancelled, Progress, Step
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.mapped import mapping_of
from lrtui.datasets.storage.ownership import ALONE, MARKER, ROOT

Write = Callable[..., Source]
ROWS = 700


def numbers(rows: int = ROWS, seed: int = 0) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    X = random.normal(size=(rows, 3)).astype(np.float32)
    y = (X.sum(1) + random.normal(size=rows) > 0.8).astype(int)
    return pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "c": X[:, 2], "y": y})


def kinds(rows: int = ROWS) -> pl.DataFrame:
    """A column of every kind."""
    random = np.random.default_rng(1)
    days = pl.datetime_range(pl.datetime(2020, 1, 1), pl.datetime(2030, 1, 1), "1h", eager=True)
    return numbers(rows).with_columns(
        pl.Series("word", random.choice(["red", "green", "blue"], rows)),
        pl.Series("asked", random.choice(["yes", "no"], rows)),
        pl.Series("flag", random.integers(0, 2, rows)),
        pl.Series("day", days.sample(rows, seed=2)),
        pl.Series(
            "holes", np.where(random.random(rows) < 0.1, np.nan, random.normal(size=rows)), nan_to_null=True
        ),
        pl.Series("name", [f"somebody {number} somewhere" for number in range(rows)]),
    )


def whole(source: Source) -> Dataset:
    """The dataset as it is where there is memory for it."""
    return dataset_of(source, read_table(source))


def streamed(source: Source) -> Dataset:
    found = load(source)
    assert mapping_of(found.X) is not None
    return found


def empty(cache: Cache) -> bool:
    """Whether there is no entry, nor anything left of one."""
    return {path.name for path in (cache.folder / ROOT).iterdir()} == {MARKER, ALONE}


def agree(found: Dataset, expected: Dataset) -> None:
    assert found.feature_names == expected.feature_names
    assert found.class_names == expected.class_names
    assert found.y.tolist() == expected.y.tolist()
    np.testing.assert_allclose(found.X, expected.X, rtol=1e-6, atol=1e-6)
    rows = {name: (gap.row, gap.is_text) for name, gap in found.gaps.items()}
    assert rows == {name: (gap.row, gap.is_text) for name, gap in expected.gaps.items()}
    assert list(found.left_out) == list(expected.left_out)
    assert found.unlabelled == expected.unlabelled
    assert found.remark == expected.remark


@pytest.mark.parametrize("name", ["data.csv", "data.parquet"])
def test_numbers_are_those_of_the_file(name: str, write: Write) -> None:
    source = write(numbers(), name)
    found = streamed(source)
    agree(found, whole(source))
    assert found.X.dtype == np.float32


@pytest.mark.parametrize("name", ["data.csv", "data.parquet"])
def test_every_kind_of_column_is_what_it_is_in_memory(name: str, write: Write) -> None:
    source = write(kinds(), name)
    found, expected = streamed(source), whole(source)
    agree(found, expected)
    assert [c.kind for c in found.columns] == [c.kind for c in expected.columns]
    assert found.columns == expected.columns


def test_rows_without_a_target_are_left_out(write: Write) -> None:
    frame = kinds().with_columns(y=pl.when(pl.int_range(pl.len()) % 7 != 3).then(pl.col("y")))
    source = write(frame)
    found = streamed(source)
    agree(found, whole(source))
    assert found.unlabelled == ROWS // 7


@pytest.mark.parametrize("asked", [{"positive": "b"}, {"multiclass": True}, {}])
def test_classes_are_those_of_the_file_in_memory(asked: dict[str, object], write: Write) -> None:
    labels = np.random.default_rng(0).choice(["a", "b", "c"] if asked else ["a", "b"], ROWS, p=None)
    source = write(numbers().with_columns(y=pl.Series(labels)), **asked)
    agree(streamed(source), whole(source))


def test_weights_groups_and_times_are_read(write: Write) -> None:
    frame = numbers().with_columns(w=pl.int_range(1, ROWS + 1) / 7, g=pl.int_range(ROWS) % 5)
    source = write(frame, weights="w", group="g")
    found, expected = streamed(source), whole(source)
    assert found.weights is not None
    assert found.groups is not None
    assert expected.weights is not None
    assert expected.groups is not None
    assert found.weights.tolist() == expected.weights.tolist()
    assert found.groups.tolist() == expected.groups.tolist()
    assert found.feature_names == ("a", "b", "c")


def test_a_small_spread_around_a_large_number_survives(write: Write) -> None:
    frame = numbers().with_columns(time=pl.Series(1e9 + np.random.default_rng(0).normal(size=ROWS)))
    source = write(frame)
    found = streamed(source)
    assert found.X.dtype == np.float64
    agree(found, whole(source))


def test_a_large_number_further_down_begins_the_pass_anew(write: Write) -> None:
    values = np.random.default_rng(0).normal(size=ROWS)
    values[ROWS // 2] = 1e300
    source = write(numbers().with_columns(pl.Series("a", values)))
    found = streamed(source)
    assert found.X.dtype == np.float64
    assert found.X[ROWS // 2, 0] == 1e300


def with_words(word: str, first: int, last: int = ROWS) -> pl.DataFrame:
    """Numbers as text, and in the first column a word in these rows."""
    odd = pl.int_range(pl.len()).is_between(first, last - 1)
    return numbers().cast(pl.String).with_columns(a=pl.when(odd).then(pl.lit(word)).otherwise("a"))


@pytest.mark.parametrize("word", ["N/A", "na", "NULL"])
def test_a_word_for_nothing_further_down_is_a_missing_cell(word: str, write: Write) -> None:
    source = write(with_words(word, 500, 501))
    found = streamed(source)
    agree(found, whole(source))
    assert np.flatnonzero(np.isnan(found.X[:, 0])).tolist() == [500]


def test_an_odd_word_further_down_counts_as_missing_and_is_told(write: Write) -> None:
    source = write(with_words("oops", 500, 501))
    found = streamed(source)
    agree(found, whole(source))
    assert any("'oops' in row 501" in remark for remark in found.remarks)


def test_a_column_that_turns_into_words_is_left_out_with_a_reason(write: Write) -> None:
    found = streamed(write(with_words("words", 300)))
    assert found.feature_names == ("b", "c")
    assert "further down" in found.left_out["a"]


def test_a_category_with_too_many_levels_is_left_out(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrtui.datasets.ingest.column_encoders.MOST_LEVELS", 30)
    words = [f"w{number % 20 if number < 300 else number % 60}" for number in range(ROWS)]
    found = streamed(write(numbers().with_columns(word=pl.Series(words))))
    assert found.feature_names == ("a", "b", "c")
    assert "too many" in found.left_out["word"]


def test_a_level_that_comes_late_is_a_level(write: Write) -> None:
    words = ["early" if number < 400 else "late" for number in range(ROWS)]
    found = streamed(write(numbers().with_columns(word=pl.Series(words))))
    assert found.columns[-1].levels == ("early", "late")
    assert found.X[399:401, 3].tolist() == [0, 1]


def test_without_a_target_only_the_first_rows_are_looked_at(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = replace(write(numbers()), target=None)
    with pytest.raises(DatasetError) as expected:
        whole(source)
    monkeypatch.setattr(large, "passes", None)
    with pytest.raises(DatasetError) as found:
        load(source)
    assert str(found.value) == str(expected.value)


def test_one_class_is_told_as_in_memory(write: Write) -> None:
    source = write(numbers().with_columns(y=pl.lit(1)))
    with pytest.raises(TargetError) as expected:
        whole(source)
    with pytest.raises(TargetError) as found:
        load(source)
    assert str(found.value) == str(expected.value)
    assert Cache().entries() == []


def test_the_second_time_the_file_is_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(kinds())
    first = streamed(source)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the file was read again")

    monkeypatch.setattr(large, "scan_table", never)
    agree(streamed(source), first)


def test_a_file_that_changed_is_read_again(write: Write) -> None:
    source = write(numbers())
    before = large.key_of(source)
    streamed(source)
    agree(streamed(write(numbers(seed=5))), whole(source))
    assert large.key_of(source) != before


def test_other_questions_to_the_same_file_have_entries_of_their_own(write: Write) -> None:
    source = write(numbers())
    other = write(numbers(), columns=("a",))
    assert streamed(source).p == 3
    assert streamed(other).p == 1
    assert len(Cache().entries()) == 2


def test_a_file_that_changes_while_it_is_read_is_told(write: Write) -> None:
    source = write(numbers())

    def touch(_: Step) -> None:
        os.utime(source.name, (1, 1))

    with pytest.raises(DatasetError, match="changed while it was read"):
        load(source, Progress(tell=touch))
    assert Cache().entries() == []


@pytest.mark.parametrize("after", [0, 1, 5])
def test_it_can_be_called_off_at_any_moment_and_leaves_nothing(after: int, write: Write) -> None:
    source, asked = write(numbers()), []

    def go_on() -> bool:
        asked.append(True)
        return len(asked) <= after

    with pytest.raises(Cancelled):
        load(source, Progress(go_on))
    assert empty(Cache())


def test_progress_never_goes_back_and_ends_at_the_end(write: Write) -> None:
    values = np.random.default_rng(0).normal(size=ROWS)
    values[ROWS // 2] = 1e300  # so that the pass begins anew
    steps: list[Step] = []
    load(write(numbers().with_columns(pl.Series("a", values))), Progress(tell=steps.append))
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert {step.what for step in steps} == {"reading"}


def test_a_full_disk_is_told_and_leaves_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(DatasetError, match="is full"):
        load(write(numbers()))
    assert empty(Cache())


def test_a_compressed_file_is_read_whole(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "data.csv.gz"
    path.write_bytes(gzip.compress(numbers().write_csv().encode()))
    found = load(Source(str(path), target="y"))
    assert mapping_of(found.X) is None
    assert found.n == ROWS
