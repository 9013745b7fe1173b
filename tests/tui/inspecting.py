"""An inspection under Pilot: a table in a file, and the engine turned until it has looked at it."""

from __future__ import annotations

from pathlib import Path

from lrtui.tui.screens.inspect import InspectScreen
from tests.datasets.inspection.tables import passengers
from tests.tui.desk import Bench


def passenger_file(folder: Path) -> Path:
    path = folder / "titanic.csv"
    passengers(200).write_csv(path)
    return path


def sheet(bench: Bench) -> InspectScreen:
    """The inspection that lies on top."""
    screen = bench.app.screen
    assert isinstance(screen, InspectScreen)
    return screen


async def looked_at(bench: Bench) -> None:
    """Let the engine look at what was asked for, and the screen take its answer."""
    screen = sheet(bench)
    inspecting = bench.engine._inspecting
    for _ in range(5000):
        bench.engine.turn()
        if inspecting._asked is None and inspecting._wanted is None and inspecting._told is None:
            break
        inspecting._aside.wait(0.01)
    else:
        raise AssertionError("never looked at")
    screen.look()
    await bench.pilot.pause()
