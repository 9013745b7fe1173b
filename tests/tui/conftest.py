"""Pilot waits until the process is idle: shorter looks at that, or half of a test's time is waiting."""

from __future__ import annotations

import pytest
from textual import _wait

LOOK_SECONDS = 0.008
IDLE_SECONDS = 0.001  # of computing in such a look


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_wait, "SLEEP_GRANULARITY", LOOK_SECONDS)
    monkeypatch.setattr(_wait, "SLEEP_IDLE", IDLE_SECONDS)
