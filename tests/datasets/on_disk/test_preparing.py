"""Preparing on disk: the design matrices of memory, up to float32 and the order of the rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.features import PrepareOptions
from lrtui.datasets.preparing.fit import learn_from
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import Cancelled, Progress, Step
from lrtui.datasets.source import Source
from lrtui.datasets.storage.block_shuffle import BlockShuffle
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.storage.mapped import mapping_of
from lrtui.datasets.storage.ownership import PART, ROOT

Write = Callable[..., Source]
ROWS = 900
ASKED = {"scaling": "standard", "test_size": 0.2, "split_seed": 3, "missing": "indicator"}


def table() -> pl.DataFrame:
    """Sorted by label; numbers, a category, and cells in which nothing stands."""
    random = np.random.default_rng(0)
    y = (np.arange(ROWS) >= ROWS // 3).astype(int)
    X = random.normal(size=(ROWS, 2)) * (3, 40) + y[:, None] + (0, 500)
    holes = np.where(random.random(ROWS) < 0.1, np.nan, X[:, 0])
    words = random.choice(["red", "green", "blue"], ROWS)
    frame = pl.DataFrame({"a": X[:, 0], "b": X[:, 1], "y": y})
    return frame.with_columns(pl.Series("h", holes, nan_to_null=True), pl.Series("w", words))


def made(dataset: Dataset, **asked: Any) -> Problem:
    return prepare(dataset, **{**ASKED, **asked}, single=True)


def in_memory(dataset: Dataset, **asked: Any) -> tuple[Dataset, PrepareOptions]:
    """The same table in memory, and what is asked of it."""
    values = {**ASKED, "features": "linear", "drop_columns": (), **asked}
    return replace(dataset, X=np.array(dataset.X, np.float64)), PrepareOptions(**values)


def test_validation_rows_are_written_too_and_found_again(write: Write) -> None:
    dataset = load(write(table()))
    for _ in range(2):  # made, then found in the cache
        problem, whole = made(dataset, validation=0.25), made(dataset)
        assert problem.validation is not None
        assert mapping_of(problem.validation.design) is not None
        np.testing.assert_array_equal(np.sort(problem.test_rows), np.sort(whole.test_rows))
        parts = [np.sort(rows) for rows in (problem.train_rows, problem.validation.rows)]
        np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.sort(whole.train_rows))
        same, asked = in_memory(dataset, validation=0.25)
        learned, _ = learn_from(same, asked, parts=(parts[0], np.sort(problem.test_rows), parts[1]))
        oracle = learned.apply(same.X[problem.validation.rows])
        np.testing.assert_allclose(problem.validation.design[:, :-1], oracle, rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(problem.validation.y, dataset.y[problem.validation.rows])


@pytest.mark.parametrize(
    ("scaling", "missing"),
    [
        ("none", "indicator"),
        ("standard", "median"),
        ("minmax", "drop"),
        ("robust", "indicator"),
        ("maxabs", "median"),
        ("center", "drop"),
    ],
)
def test_design_and_labels_are_those_of_memory(scaling: str, missing: str, write: Write) -> None:
    dataset = load(write(table()))
    problem = made(dataset, scaling=scaling, missing=missing)
    assert mapping_of(problem.design_train) is not None
    same, asked = in_memory(dataset, scaling=scaling, missing=missing)
    parts = np.sort(problem.train_rows), np.sort(problem.test_rows)
    learned, _ = learn_from(same, asked, parts=parts)
    assert problem.feature_names == learned.names
    for X, y, rows in (
        (problem.X_train, problem.y_train, problem.train_rows),
        (problem.X_test, problem.y_test, problem.test_rows),
    ):
        np.testing.assert_allclose(X, learned.apply(same.X[rows]), rtol=1e-5, atol=1e-5)
        assert y.tolist() == dataset.y[rows].tolist()
    assert (problem.design_train[:, -1] == 1).all()
    together = np.concatenate([problem.train_rows, problem.test_rows])
    assert len(set(together.tolist())) == len(together)
    assert len(together) == (ROWS if missing != "drop" else int(np.isfinite(same.X).all(1).sum()))


@pytest.mark.parametrize(
    ("scaling", "missing"),
    [("none", "indicator"), ("standard", "drop"), ("robust", "indicator"), ("maxabs", "drop")],
)
def test_clipping_and_codes_are_those_of_memory(scaling: str, missing: str, write: Write) -> None:
    frame = table().with_columns(
        a=pl.when(pl.int_range(ROWS) % 50 == 7).then(-99.9).otherwise(pl.col("a")),  # rounded in float32
        b=pl.when(pl.int_range(ROWS) % 100 == 3).then(1e6).otherwise(pl.col("b")),
    )
    dataset = load(write(frame))
    asked = {"scaling": scaling, "missing": missing, "clip": 0.02, "missing_codes": (-99.9,)}
    problem = made(dataset, **asked)
    assert mapping_of(problem.design_train) is not None
    X = np.array(dataset.X, np.float64)
    X[np.arange(ROWS) % 50 == 7, dataset.feature_names.index("a")] = np.nan
    same, plain = in_memory(replace(dataset, X=X, counted=None), **{**asked, "missing_codes": ()})
    parts = np.sort(problem.train_rows), np.sort(problem.test_rows)
    learned, _ = learn_from(same, plain, parts=parts)
    assert problem.feature_names == learned.names
    assert ("a missing" in learned.names) == (missing == "indicator")
    for found, rows in ((problem.X_train, problem.train_rows), (problem.X_test, problem.test_rows)):
        np.testing.assert_allclose(found, learned.apply(same.X[rows]), rtol=1e-5, atol=1e-5)
    large = problem.X_train[:, problem.feature_names.index("b")]
    assert large.max() < 1e5


def test_both_parts_hold_the_classes_in_their_shares(write: Write) -> None:
    problem = made(load(write(table())))
    assert len(problem.y_test) == ROWS // 5
    assert problem.y_test.mean() == pytest.approx(1 / 3)
    assert problem.y_train.mean() == pytest.approx(1 / 3)


def test_every_block_of_a_file_that_is_sorted_by_label_is_mixed(write: Write) -> None:
    problem = made(load(write(table())))
    bounds = BlockShuffle(*problem.design_train.shape).bounds()
    assert len(bounds) > 10
    shares = [problem.y_train[start:stop].mean() for start, stop in bounds]
    assert min(shares) > 0.15
    assert max(shares) < 0.55


def test_another_split_seed_is_another_split_and_the_same_is_the_same(write: Write) -> None:
    dataset = load(write(table()))
    one, other, again = made(dataset), made(dataset, split_seed=4), made(dataset)
    assert one.train_rows.tolist() == again.train_rows.tolist()
    assert sorted(one.test_rows.tolist()) != sorted(other.test_rows.tolist())


def test_what_is_in_the_cache_is_not_made_again(write: Write) -> None:
    dataset = load(write(table()))
    steps: list[Step] = []
    first = made(dataset)
    again = prepare(dataset, **ASKED, single=True, watch=Progress(tell=steps.append))
    assert steps == []
    assert (first.design_train == again.design_train).all()
    assert first.features.scaler.scale.tolist() == again.features.scaler.scale.tolist()
    X = dataset.X[:50]
    assert (first.features.apply(X) == again.features.apply(X)).all()


def test_weights_have_mean_one_over_the_training_part(write: Write) -> None:
    frame = table().with_columns(k=pl.int_range(1, ROWS + 1))
    problem = made(load(write(frame, weights="k")))
    assert problem.weights_train is not None
    assert problem.weights_train.mean() == pytest.approx(1)
    ratio = problem.weights_train / (problem.train_rows + 1)
    assert ratio == pytest.approx(ratio[0])


def test_groups_and_times_divide_the_rows(write: Write) -> None:
    frame = table().with_columns(g=pl.int_range(ROWS) % 9, t=(pl.int_range(ROWS) * 7) % ROWS)
    grouped = load(write(frame, "grouped.csv", group="g"))
    problem = made(grouped)
    groups = grouped.groups
    assert groups is not None
    assert not set(groups[problem.train_rows].tolist()) & set(groups[problem.test_rows].tolist())
    timed = load(write(frame, "timed.csv", time="t"))
    problem = made(timed)
    assert timed.times is not None
    assert timed.times[problem.train_rows].max() < timed.times[problem.test_rows].min()


def test_a_column_far_from_zero_is_scaled_well(write: Write) -> None:
    values = 1e9 + np.random.default_rng(0).normal(size=ROWS)
    problem = made(load(write(table().with_columns(pl.Series("a", values)))))
    column = problem.X_train[:, 0].astype(np.float64)
    assert abs(column.mean()) < 1e-4
    assert column.std() == pytest.approx(1, abs=1e-4)


def test_it_can_be_called_off_and_leaves_only_the_table(write: Write) -> None:
    dataset, asked = load(write(table())), []

    def go_on() -> bool:
        asked.append(True)
        return len(asked) <= 4

    with pytest.raises(Cancelled):
        prepare(dataset, **ASKED, single=True, watch=Progress(go_on))
    assert [entry.what for entry in Cache().entries()] == ["table"]
    assert not list((Cache().folder / ROOT).glob(f"{PART}*"))


def test_progress_never_goes_back(write: Write) -> None:
    steps: list[Step] = []
    prepare(load(write(table())), **ASKED, single=True, watch=Progress(tell=steps.append))
    shares = [step.share for step in steps]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert {step.what for step in steps} == {"preparing"}


def test_what_cannot_be_prepared_is_told_as_in_memory(write: Write) -> None:
    dataset = load(write(table()))
    same, _ = in_memory(dataset)
    for asked in ({"missing": "error"}, {"drop_columns": ("nope",)}):
        with pytest.raises(DatasetError) as expected:
            made(same, **asked)
        with pytest.raises(DatasetError) as found:
            made(dataset, **asked)
        assert str(found.value) == str(expected.value)
    assert [entry.what for entry in Cache().entries()] == ["table"]


def test_a_sample_of_rows_is_in_memory(write: Write) -> None:
    dataset = load(write(table()))
    some = dataset.take(np.arange(0, ROWS, 3))
    assert mapping_of(some.X) is None
    assert mapping_of(made(some).design_train) is None
