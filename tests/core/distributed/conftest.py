"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

import pytest

from tests.datasets.on_disk import smallness


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is streamed."""
    smallness.everything_is_large(monkeypatch, shuffled=400)
