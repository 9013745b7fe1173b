"""torch is imported beside the reading of a table: of a large one only once polars reads without Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.datasets import loading
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.source import Source
from lrtui.tui.cli import ahead


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(ahead, "import_torch", lambda: found.append("torch"))
    return found


@pytest.fixture
def table(tmp_path: Path) -> Source:
    path = tmp_path / "table.csv"
    path.write_text("a,y\n" + "1,0\n2,1\n" * 20)
    return Source(str(path), "y")


def test_a_small_table_is_read_and_torch_begun_at_once(begun: list[str], table: Source) -> None:
    with ahead.torch_ahead(table, NOBODY):
        pass
    assert begun == ["torch"]


def test_the_first_rows_of_a_large_table_come_before_torch(
    begun: list[str], table: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    told: list[str] = []
    watch = Progress(tell=lambda step: told.append(step.what))
    with ahead.torch_ahead(table, watch) as watched:
        assert begun == []
        loading.load(table, watched)
    assert begun == ["torch"]
    assert told[0] == "reading"


def test_what_is_no_file_needs_no_thread(begun: list[str]) -> None:
    with ahead.torch_ahead(Source("moons"), NOBODY) as watched:
        watched.at("reading", 0.5)
    assert begun == []
