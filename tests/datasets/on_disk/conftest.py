"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets import loading
from lrtui.datasets.ingest import one_pass
from lrtui.datasets.preparing import on_disk
from lrtui.datasets.reading import scanning
from lrtui.datasets.source import Source
from lrtui.datasets.storage import block_shuffle

Write = Callable[..., Source]


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is streamed; pieces, blocks and first rows are few."""
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    monkeypatch.setattr(scanning, "HEAD", 100)
    monkeypatch.setattr(scanning, "FEWEST", 100)
    monkeypatch.setattr(one_pass, "BATCH", 64)
    monkeypatch.setattr(block_shuffle, "NUMBERS", 100)
    monkeypatch.setattr(on_disk, "NUMBERS", 300)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table as a file, and name it with its target ``y``."""

    def as_file(frame: pl.DataFrame, name: str = "data.csv", **asked: object) -> Source:
        path = tmp_path / name
        if path.suffix == ".parquet":
            frame.write_parquet(path)
        else:
            frame.write_csv(path)
        return Source(str(path), target="y", **asked)  # type: ignore[arg-type] # of a test's own choice

    return as_file
