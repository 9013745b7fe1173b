"""Data elsewhere in the dashboard: an address that is typed, fetched by the engine, and told of."""

from __future__ import annotations

from pathlib import Path

from lrtui.core.store.loads import Load
from lrtui.datasets.source import Source
from lrtui.tui.screens.chooser import ChooserScreen
from lrtui.tui.screens.inspect import InspectScreen
from tests.datasets.remote.cloud import Cloud
from tests.datasets.remote.conftest import server, there
from tests.tui.bench import Bench, dashboard
from tests.tui.inspection_bench import looked_at, passenger_file

__all__ = ["server", "there"]  # fixtures


async def typed(bench: Bench, text: str) -> None:
    await bench.press("o")
    screen = bench.app.screen
    assert isinstance(screen, ChooserScreen)
    screen._input.value = text
    await bench.pilot.pause()


async def test_an_address_is_typed_looked_at_and_trained_on(there: Cloud, tmp_path: Path) -> None:
    there.signed = True
    there.objects["/bucket/titanic.csv"] = passenger_file(tmp_path).read_bytes()
    address = "s3://bucket/titanic.csv"
    async with dashboard("moons") as bench:
        await typed(bench, address)
        assert "looks at what stands at this address" in bench.screen
        await bench.press("enter")
        assert isinstance(bench.app.screen, InspectScreen)
        assert "fetching 'titanic.csv'…" in bench.screen
        bench.store.loads.put(bench.app.session.engine.token, Load("titanic.csv", "fetching", 0.42))
        bench.app.poller.loads = bench.store.loads.all()
        bench.app.screen.show_all()
        await bench.pilot.pause()
        assert "fetching 'titanic.csv'… 42 %" in bench.screen
        await looked_at(bench)
        assert "200×8" in bench.screen
        assert bench.store.loads.all() == {}
        await bench.press("enter", "space")
        assert bench.app.session.source == Source(address, "Survived")
        await bench.train_to_the_end()
        run = bench.store.runs.recent(1)[0]
        assert (run.source, run.epoch) == (Source(address, "Survived"), run.config.epochs)
        await bench.press("o")
        assert address in bench.screen


async def test_what_is_wrong_with_an_address_is_said_in_its_place(there: Cloud) -> None:
    async with dashboard("moons") as bench:
        await typed(bench, "https://me:hush@host/t.csv")
        await bench.press("enter")
        assert "was given with a user or password" in bench.screen
        assert "hush" not in bench.screen
        await bench.press("escape")
        await typed(bench, "s3://bucket/none.csv")
        await bench.press("enter")
        await looked_at(bench)
        assert "There is no 's3://bucket/none.csv'." in bench.screen
