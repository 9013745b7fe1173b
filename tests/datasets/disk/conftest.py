"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.disk import dealing, prepared, size, streaming
from lrtui.datasets.reading import scanning
from lrtui.datasets.source import Source

Write = Callable[..., Source]


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is streamed; pieces, blocks and first rows are few."""
    monkeypatch.setattr(size, "LARGE_BYTES", 0)
    monkeypatch.setattr(scanning, "HEAD", 100)
    monkeypatch.setattr(scanning, "FEWEST", 100)
    monkeypatch.setattr(streaming, "BATCH", 64)
    monkeypatch.setattr(dealing, "NUMBERS", 100)
    monkeypatch.setattr(prepared, "NUMBERS", 300)


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
