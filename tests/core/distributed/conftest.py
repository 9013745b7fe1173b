"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

import pytest

from lrtui.datasets import loading
from lrtui.datasets.ingest import one_pass
from lrtui.datasets.preparing import on_disk
from lrtui.datasets.reading import scanning
from lrtui.datasets.storage import block_shuffle


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is streamed; pieces, blocks and first rows are few."""
    monkeypatch.setattr(loading, "LARGE_BYTES", 0)
    monkeypatch.setattr(scanning, "HEAD", 100)
    monkeypatch.setattr(scanning, "FEWEST", 100)
    monkeypatch.setattr(one_pass, "BATCH", 64)
    monkeypatch.setattr(block_shuffle, "NUMBERS", 400)
    monkeypatch.setattr(on_disk, "NUMBERS", 300)
