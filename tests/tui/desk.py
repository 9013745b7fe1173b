"""A dashboard under Pilot with an engine that a test turns by hand: real store, real training."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

from textual.pilot import Pilot

from lrtui.core.config import Config, changed
from lrtui.core.engine.doctoring import Doctor, Doctoring
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.session import RunSession
from lrtui.core.store import Store, Work
from lrtui.datasets.source import Source
from lrtui.tui.dashboard import Dashboard
from lrtui.tui.screens.sweep import SweepScreen
from lrtui.tui.status import Banner, StatusLine


class StillAlive:
    """The process of an engine that lives in the test."""

    returncode = None
    stdin = None

    def poll(self) -> None:
        return None


class OffDuty(Doctoring):
    """Most tests look at other things, and the doctor's thread would only come in between."""

    def look(self, session: RunSession | None, *, busy: bool) -> None:
        pass

    def see(self, session: RunSession) -> None:
        pass


class Bench:
    """The dashboard, its pilot, and the engine behind it."""

    def __init__(self, app: Dashboard, pilot: Pilot[int], engine: Engine, store: Store) -> None:
        self.app, self.pilot, self.engine, self.store = app, pilot, engine, store

    async def press(self, *keys: str) -> None:
        """Press keys, and let the dashboard look at what came of them, as it does soon anyway."""
        await self.pilot.press(*keys)
        self.app.look()
        await self.pilot.pause()

    async def hold(self, key: str, times: int) -> None:
        """Press a key many times in a row."""
        for _ in range(times):
            self.app.simulate_key(key)
        await self.at_rest()

    async def at_rest(self) -> None:
        """Until everything that was typed has been worked off."""
        await self.pilot.pause()
        while self.app.is_typing and self.app.return_value is None:
            await self.pilot.pause()

    async def train(self, turns: int = 1) -> None:
        """Let the engine work, and the dashboard look."""
        for _ in range(turns):
            self.engine.turn()
        self.app.look(force=True)
        await self.pilot.pause()

    async def train_to_the_end(self) -> None:
        """Until no run goes on."""
        self.engine.turn()
        while self.store.runs.live():
            self.engine.turn()
        await self.train()

    async def examine(self, *works: Work) -> None:
        """Let the doctor look at the run that is shown until the work is so far, and the dashboard look."""
        run = self.app.desk.run
        assert run is not None
        for _ in range(5000):
            self.engine.turn()
            found = self.store.diagnoses.get(run.id)
            if found is not None and found.work in (works or (Work.DONE, Work.FAILED)):
                break
            self.engine._doctor._aside.wait(0.01)
        else:
            raise AssertionError(f"never so far: {found}")
        self.app.look(force=True)
        await self.pilot.pause()

    async def sweep(self, *, turns: int = 0) -> None:
        """Let the engine sweep, for so many turns or to the end, and the screen look."""
        newest = self.store.row("SELECT max(id) AS id FROM sweeps")
        assert newest is not None
        self.engine.turn()
        done = 1
        while self.store.sweeps.get(newest["id"]).status.live and done != turns:
            self.engine.turn()
            done += 1
        if isinstance(self.app.screen, SweepScreen):
            self.app.screen.look()
        await self.pilot.pause()

    @property
    def screen(self) -> str:
        """What a person reads."""
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text[:width] for strip in strips[:height])

    @property
    def status(self) -> str:
        return str(self.app.screen_stack[0].query_one(StatusLine).render())

    @property
    def banner(self) -> str:
        return self.app.screen_stack[0].query_one(Banner).text()


@asynccontextmanager
async def dashboard(
    dataset: str = "moons",
    size: tuple[int, int] = (80, 24),
    *,
    target: str | None = None,
    ascii_only: bool = False,
    doctor: Doctor | None = None,
    **config: Any,
) -> AsyncIterator[Bench]:
    """A dashboard of this size with a dataset and config on the desk, and a doctor if one is given."""
    owner = new_owner()
    with Store() as store:
        engine = Engine(owner.token)
        engine._imports.finish()  # so that each turn does what the test is about
        # Whoever tests waits for no one: the engine's look at stdin is left out.
        engine._look_at_stdin = lambda seconds: None  # type: ignore[method-assign]
        duty = OffDuty if doctor is None else Doctoring
        engine._doctor = duty(engine._store, engine._shelf, owner.token, doctor)
        handle = EngineHandle(owner.token, cast("Any", StillAlive()))
        app = Dashboard(
            store,
            handle,
            source=Source(dataset, target),
            config=changed(Config(), **config),
            ascii_only=ascii_only,
        )
        async with app.run_test(size=size) as pilot:
            for _ in range(2):  # the panes get their sizes, then their plots
                app.look()
                await pilot.pause()
            yield Bench(app, pilot, engine, store)
    owner.release()


async def looked_at(bench: Bench) -> None:
    """A whole run, and the doctor's letter about it."""
    await bench.press("space")
    await bench.train_to_the_end()
    await bench.examine()
