"""Arrays in files: letting go of what was read changes no number."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from lrtui.datasets.storage.mapped import Reader, map_file, mapping_of, rows_of


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "X.bin"
    np.arange(400_000, dtype=np.float32).tofile(path)
    return path


def test_a_view_knows_its_file_and_a_copy_does_not(table: Path) -> None:
    X = map_file(table, (100_000, 4), np.float32)
    mapping = mapping_of(X)
    assert mapping is not None
    assert mapping_of(X[10:20, :-1]) is mapping
    assert mapping_of(X[10:20].copy()) is None
    assert mapping_of(np.zeros(3)) is None


def test_what_is_let_go_of_reads_the_same_again(table: Path) -> None:
    X = map_file(table, (100_000, 4), np.float32)
    part = X[7:]
    reader = Reader(part)
    assert reader.on_disk
    before = part.copy()
    for start in range(0, len(part), 9_999):
        reader.done(start, min(start + 9_999, len(part)))
    reader.done(0, len(part))
    assert (part == before).all()


def test_a_table_in_memory_is_left_alone() -> None:
    X = np.ones((10, 2))
    Reader(X).done(0, 10)
    assert not Reader(X).on_disk
    assert X.sum() == 20


def test_rows_are_copied_in_the_order_that_is_asked(table: Path) -> None:
    X = map_file(table, (100_000, 4), np.float32)
    rows = np.random.default_rng(0).permutation(len(X))[:30_000]
    assert (rows_of(X, rows) == X[rows]).all()
    assert len(rows_of(X, rows[:0])) == 0


def test_a_slip_cannot_spoil_the_file(table: Path) -> None:
    map_file(table, (400_000,), np.float32)[0] = 99
    assert map_file(table, (400_000,), np.float32)[0] == 0


def test_a_file_of_another_size_is_refused(table: Path) -> None:
    with pytest.raises(OSError, match="bytes"):
        map_file(table, (7,), np.float32)


def test_what_is_held_lives_as_long_as_any_array(table: Path) -> None:
    class Claim:
        pass

    claim = Claim()
    alive = weakref.ref(claim)
    part = map_file(table, (400_000,), np.float32, claim)[5:10]
    del claim
    gc.collect(1)
    assert alive() is not None
    del part
    gc.collect(1)
    assert alive() is None
