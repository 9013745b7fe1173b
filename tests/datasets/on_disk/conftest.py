"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from lrtui.datasets.source import Source
from tests.datasets.on_disk import smallness

Write = Callable[..., Source]


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is streamed."""
    smallness.everything_is_large(monkeypatch, shuffled=100)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a table as a file, and name it with its target ``y``."""

    def as_file(frame: pl.DataFrame, name: str = "data.csv", **asked: object) -> Source:
        path = tmp_path / name
        write = {
            ".parquet": frame.write_parquet,
            ".arrow": frame.write_ipc,
            ".jsonl": frame.write_ndjson,
            ".csv": frame.write_csv,
        }[path.suffix]
        write(path)
        return Source(str(path), target="y", **asked)  # type: ignore[arg-type] # of a test's own choice

    return as_file
