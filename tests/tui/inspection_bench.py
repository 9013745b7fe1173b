"""An inspection under Pilot: a table in a file, and the engine turned until it has looked at it."""

from __future__ import annotations

from pathlib import Path

from lrtui.tui.screens.inspect import InspectScreen
from tests.datasets.inspection.tables import passengers
from tests.tui.bench import Bench


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

    def answered() -> bool:
        screen.look()
        return not screen.waits

    bench.turn_until(answered)
    await bench.pilot.pause()
