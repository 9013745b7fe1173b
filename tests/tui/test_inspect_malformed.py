"""Files that cannot be used as they are, looked at in the dashboard: each is answered, and it goes on."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from lrtui.core.engine.inspection_service import UNEXPECTED
from lrtui.core.store import Status
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.inspection.inspector import Inspector
from lrtui.datasets.source import Source
from lrtui.tui.screens.inspect import InspectScreen
from tests.cli.malformed import CASES
from tests.tui.bench import dashboard
from tests.tui.inspection_bench import looked_at


def test_a_look_at_a_malformed_file_ends_well_or_in_words(tmp_path: Path) -> None:
    looked = 0
    for number, case in enumerate(CASES):
        with suppress(DatasetError):
            Inspector(file_of(case, tmp_path / str(number))).look(None)
            looked += 1  # what is wrong is said when it is trained on
    assert 0 < looked < len(CASES) / 2


async def test_the_dashboard_goes_on_after_malformed_files(tmp_path: Path) -> None:
    async with dashboard("moons", epochs=5) as bench:
        told = 0
        cases = list(CASES)[::7]
        for number, case in enumerate(cases):
            source = file_of(case, tmp_path / str(number))
            bench.app.push_screen(InspectScreen(bench.app.context, source))
            await bench.pilot.pause()
            await looked_at(bench)
            screen = bench.app.screen
            assert isinstance(screen, InspectScreen)
            assert screen.failure != UNEXPECTED, case
            if screen.failure is not None:
                told += 1
                assert "Esc goes back." in bench.screen
            else:
                assert screen.choice
            await bench.press("escape")
            assert len(bench.app.screen_stack) == 1
        assert len(cases) > told > len(cases) / 2  # some can be looked at
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED


def file_of(case: str, folder: Path) -> Source:
    """A malformed file in a folder of its own."""
    name, data, _ = CASES[case]
    folder.mkdir()
    (folder / name).write_bytes(data)
    return Source(str(folder / name))
