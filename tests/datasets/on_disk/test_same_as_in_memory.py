"""What names rows, how cells are read, which rows are tested: of a streamed file as of one in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from lrtui.datasets.dataset import Dataset
from lrtui.datasets.ingest.assembly import dataset_of
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.split import split
from lrtui.datasets.reading import scanning
from lrtui.datasets.reading.reader import read_table
from lrtui.datasets.source import Source
from lrtui.datasets.storage.mapped import mapping_of

Write = Callable[..., Source]
ROWS = 260


def table() -> pl.DataFrame:
    random = np.random.default_rng(0)
    return pl.DataFrame({"a": random.normal(size=ROWS), "y": random.choice(["u", "v", "w"], ROWS)})


def both(source: Source) -> tuple[Dataset, Dataset]:
    """The dataset as it is streamed, and as it is read whole."""
    found = load(source)
    assert mapping_of(found.X) is not None
    return found, dataset_of(source, read_table(source))


@pytest.mark.parametrize("name", ["data.csv", "data.parquet"])
def test_what_names_or_counts_the_rows_is_left_out(
    name: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "HEAD", 150)
    frame = table().with_columns(
        pl.int_range(ROWS).cast(pl.Float64).alias("rownames"),
        (pl.int_range(ROWS) * 3 + 5).alias("customer_id"),
        pl.int_range(1, ROWS + 1).alias("zeile"),
    )
    found, expected = both(write(frame, name, multiclass=True))
    assert found.feature_names == expected.feature_names == ("a",)
    assert found.left_out == expected.left_out
    taken, expected = both(write(frame, name, multiclass=True, columns=("a", "zeile")))
    assert taken.feature_names == expected.feature_names == ("a", "zeile")


@pytest.mark.parametrize("suffix", ["csv", "parquet", "arrow", "jsonl"])
def test_names_are_those_of_the_file_read_whole(suffix: str, write: Write) -> None:
    # What polars takes for patterns of names is no pattern here, whatever it would match.
    names = ["", " age ", "^b$", "*", "^.*$", "^[$", "b"]
    random = np.random.default_rng(1)
    frame = table().select(pl.Series(name, random.normal(size=ROWS)) for name in names)
    found, expected = both(write(frame.with_columns(table()["y"]), f"data.{suffix}", multiclass=True))
    assert found.feature_names == expected.feature_names
    assert found.feature_names[1:] == ("age", "^b$_", "*_", "^.*$_", "^[$_", "b")
    assert found.remarks == expected.remarks
    np.testing.assert_allclose(found.X, frame.to_numpy(), atol=1e-6)


def test_what_counts_is_learned_from_where_there_is_nothing_else(write: Write) -> None:
    frame = table().select(pl.int_range(ROWS).alias("id"), "y")
    found, expected = both(write(frame, multiclass=True))
    assert (found.feature_names, found.left_out) == (expected.feature_names, {}) == (("id",), {})
    assert found.X[:, 0].tolist() == list(range(ROWS))


def test_cells_are_read_alike(write: Write) -> None:
    moments = [dt.datetime(2017, 1, 1) + dt.timedelta(hours=31 * i) for i in range(ROWS)]
    frame = table().with_columns(
        rupees=pl.Series([f"{i % 90 + 1},{i % 90:02},{i % 900:03}" for i in range(ROWS)]),
        day=pl.Series([moment.strftime("%d-%b-%y") for moment in moments]),
        month=pl.Series([moment.strftime("%b %Y") for moment in moments]),
        seen=pl.Series([moment.strftime("%m/%d/%Y %I:%M %p") for moment in moments]),
        clock=pl.Series([moment.strftime("%H:%M") for moment in moments]),
    )
    found, expected = both(write(frame, multiclass=True))
    places = [found.feature_names.index(name) for name in expected.feature_names]
    np.testing.assert_allclose(found.X[:, places], expected.X, rtol=1e-5)
    assert found.remarks == expected.remarks
    assert "Column 'clock' was read as hours." in found.remarks


def test_times_that_come_typed_are_hours(write: Write) -> None:
    frame = table().with_columns(at=pl.Series([dt.time(i % 24, i % 60) for i in range(ROWS)]))
    found, expected = both(write(frame, "data.parquet", multiclass=True))
    np.testing.assert_allclose(found.X, expected.X, rtol=1e-5)
    assert found.X[61, 1] == pytest.approx(13 + 1 / 60)


def test_which_value_is_positive_changes_no_part(write: Write) -> None:
    def tested(**asked: object) -> list[int]:
        found = load(write(table(), **asked))
        again = load(found.source)  # out of the cache
        rows = split(again, None, 0.25, 3)[1].tolist()
        assert rows == split(found, None, 0.25, 3)[1].tolist()
        return sorted(rows)

    every = tested(multiclass=True)
    assert all(tested(positive=value) == every for value in "uvw")
    two = table().with_columns(pl.col("y").replace("w", "v"))
    first, second = (load(write(two, f"two{value}.csv", positive=value)) for value in "uv")
    assert split(first, None, 0.25, 3)[1].tolist() == split(second, None, 0.25, 3)[1].tolist()
