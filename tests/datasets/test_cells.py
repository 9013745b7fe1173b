"""Rows of a dataset as they stand in the file, against the csv module's reading of the same lines."""

from __future__ import annotations

import csv
import gc
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lrtui.datasets import loading
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest import cells
from lrtui.datasets.ingest.cells import cells_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.datasets.storage.mapped import mapping_of

ROWS = 400


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Numbers with trailing zeros, quoted words, dates, holes, and rows without a target."""
    random = np.random.default_rng(0)
    lines = ["id word,amount,day,colour,y"]
    for i in range(ROWS):
        amount = "" if i % 17 == 0 else f"{random.normal():.3f}0"
        y = "" if i % 11 == 5 else "yes" if random.random() < 0.4 else "no"
        lines.append(f'"a, {i}",{amount},2024-01-{i % 28 + 1:02d},{["red", "blue"][i % 2]},{y}')
    found = tmp_path / "a.csv"
    found.write_text("\n".join(lines) + "\n")
    return found


@pytest.mark.parametrize("on_disk", [False, True])
def test_cells_are_those_of_the_file_and_rows_have_its_numbers(
    path: Path, on_disk: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LRTUI_CACHE", str(tmp_path / "cache"))
    if on_disk:
        monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    dataset = load(Source(str(path), "y"))
    assert (mapping_of(dataset.X) is not None) is on_disk
    with path.open(newline="") as file:
        head, *lines = csv.reader(file)
    labelled = [number for number, line in enumerate(lines) if line[-1]]
    wanted = np.array([dataset.n - 1, 0, 7, 200, 4])
    found = cells_of(dataset, wanted)
    assert found.columns == tuple(head)
    assert found.numbers == tuple(labelled[row] + 1 for row in wanted)
    assert [[cell or "" for cell in row] for row in found.rows] == [lines[labelled[row]] for row in wanted]
    assert [row[-1] for row in found.rows] == [dataset.class_names[dataset.y[row]] for row in wanted]
    assert cells_of(dataset, wanted[:0]).rows == ()


def test_a_small_table_is_read_once_and_forgotten_with_its_dataset(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset, read = load(Source(str(path), "y")), cells.read_table
    times = []
    monkeypatch.setattr(cells, "read_table", lambda source: (times.append(1), read(source))[1])
    for _ in range(3):
        cells_of(dataset, np.array([3]))
    assert len(times) == 1
    del dataset
    gc.collect()
    assert cells._kept.table is None


def test_typed_cells_are_told_as_text(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    values = [0.1, None, 3.0, 1e30] * 5
    pl.DataFrame({"x": values, "n": range(20), "y": [0, 1] * 10}).write_parquet(path)
    found = cells_of(load(Source(str(path), "y")), np.array([0, 1, 2, 3]))
    assert found.rows == (("0.1", "0", "0"), (None, "1", "1"), ("3", "2", "0"), ("1e+30", "3", "1"))


def test_rows_of_a_test_file_are_counted_in_it_and_a_shorter_file_is_refused(
    path: Path, tmp_path: Path
) -> None:
    test = tmp_path / "test.csv"
    test.write_text("\n".join(path.read_text().split("\n")[:30]) + "\n")
    dataset = load(Source(str(path), "y", test=str(test)))
    assert dataset.in_test is not None
    first = int(np.flatnonzero(dataset.in_test)[0])
    assert cells_of(dataset, np.array([first])).numbers == (1,)
    alone = load(Source(str(path), "y"))
    path.write_text(test.read_text())
    with pytest.raises(DatasetError, match="has changed"):
        cells_of(alone, np.array([0]))


def test_of_data_that_is_made_the_columns_are_told() -> None:
    dataset = load(Source("moons"))
    found = cells_of(dataset, np.array([4]))
    assert found.columns == dataset.feature_names
    assert [float(cell or "") for cell in found.rows[0]] == pytest.approx(dataset.X[4])
    assert found.numbers == (5,)
