"""Files that cannot be used as they are, looked at in the dashboard: each is answered, and it goes on."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.engine.inspection_service import UNEXPECTED
from lrtui.core.store import Status
from lrtui.datasets.source import Source
from lrtui.tui.screens.inspect import InspectScreen
from tests.cli.test_malformed import CASES
from tests.tui.bench import dashboard
from tests.tui.inspection_bench import looked_at


async def test_the_dashboard_goes_on_after_every_malformed_file(tmp_path: Path) -> None:
    async with dashboard("moons", epochs=5) as bench:
        told = 0
        for number, (name, data, _) in enumerate(CASES.values()):
            folder = tmp_path / str(number)
            folder.mkdir()
            (folder / name).write_bytes(data)
            bench.app.push_screen(InspectScreen(bench.app.context, Source(str(folder / name))))
            await bench.pilot.pause()
            await looked_at(bench)
            screen = bench.app.screen
            assert isinstance(screen, InspectScreen)
            assert screen.failure != UNEXPECTED, (name, data[:60])
            if screen.failure is not None:
                told += 1
                assert "Esc goes back." in bench.screen
            else:  # it can be looked at; what is wrong is said when it is trained on
                assert screen.choice
            await bench.press("escape")
            assert len(bench.app.screen_stack) == 1
        assert told > len(CASES) / 2
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.store.runs.recent(1)[0].status is Status.FINISHED
