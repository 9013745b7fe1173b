"""Pilot waits until the process is idle: shorter looks at that, or half of a test's time is waiting."""

from __future__ import annotations

from asyncio import get_running_loop, sleep
from time import monotonic, process_time
from typing import Any

import pytest
from textual import app, pilot, screen

LOOK_SECONDS = 0.004
IDLE_SECONDS = 0.0005  # of computing in such a look
DRAWN_SECONDS = 0.25  # between two drawings that no test asks for; a pause draws what there is to draw


async def wait_for_idle(min_sleep: float = LOOK_SECONDS, max_sleep: float = 1) -> None:
    """As Textual's own; a look so short also asks whether anything is about to run."""
    loop: Any = get_running_loop()
    begun = monotonic()
    while (waited := monotonic() - begun) < max_sleep:
        worked = process_time()
        await sleep(LOOK_SECONDS)
        if waited + LOOK_SECONDS > min_sleep and process_time() - worked < IDLE_SECONDS and not loop._ready:
            break


@pytest.fixture(autouse=True)
def short_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (app, pilot):
        monkeypatch.setattr(module, "wait_for_idle", wait_for_idle)
    monkeypatch.setattr(screen, "UPDATE_PERIOD", DRAWN_SECONDS)
