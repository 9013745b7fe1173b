"""A dashboard under Pilot with an engine that a test turns by hand: real store, real training."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache, partial
from typing import Any, cast

import pytest
from textual import pilot as textual_pilot
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen

from lrtui.core.config import Config, changed
from lrtui.core.engine import loop
from lrtui.core.engine.diagnosis_service import DiagnosisService, Doctor
from lrtui.core.engine.imports import STAGES
from lrtui.core.engine.launch import EngineHandle
from lrtui.core.engine.loop import Engine
from lrtui.core.engine.owner import new_owner
from lrtui.core.engine.run_session import RunSession
from lrtui.core.store import Store, Work
from lrtui.datasets.source import Source
from lrtui.tui.dashboard import Dashboard
from lrtui.tui.preferences import Preferences
from lrtui.tui.screens.sweep import SweepScreen
from lrtui.tui.status import Banner, StatusLine
from tests.tui.once import OldAnswers, done_once, draw

PATIENCE = 60.0  # seconds for what an engine finds out beside its loop
LONG_LOOK = 10.0  # seconds for what is promised to come on the screen
LONGEST_PAUSE = 1.0  # seconds, as of Textual's own pilot, where the screen never comes to rest
IDLE_SECONDS = 0.001  # that an engine with nothing to do waits in a turn


class Prompt(Pilot[int]):
    """A pilot that goes on once nothing is left to do.

    Textual's own sends a message to every widget and waits for it, then until the process has slept: for a
    key press that is more work than the key itself makes, and most of a test's time.
    """

    drawn: tuple[Screen[Any], Size] | None = None

    async def pause(self, delay: float | None = None) -> None:
        if delay is not None:
            await super().pause(delay)
            return
        loop: Any = asyncio.get_running_loop()
        until = time.monotonic() + LONGEST_PAUSE
        while self.app.is_running and time.monotonic() < until:
            await asyncio.sleep(0)
            while loop._ready and time.monotonic() < until:
                await asyncio.sleep(0)
            if threading.active_count() > 1:  # somebody computes beside, and may soon have an answer
                await textual_pilot.wait_for_idle(0)
            if not self.app.is_running:
                break
            self.app.screen._on_timer_update()
            if self.at_work():
                continue
            self.draw_what_is_new()
            if not self.at_work():
                break

    def draw_what_is_new(self) -> None:
        """Draw a screen once as it comes; how it looks later is drawn by whoever reads it."""
        seen = self.app.screen, self.app.size
        if seen != self.drawn:
            self.drawn = seen
            draw(self.app.screen)

    def at_work(self) -> bool:
        """Whether a size is new, something has come to a widget, or one is to be drawn anew."""
        app, widgets = self.app, self.app.screen.walk_children(with_self=True)
        undrawn = [w for w in widgets if w._layout_required or w._repaint_required or w._scroll_required]
        for widget in undrawn:
            widget.check_idle()  # one that has no message looks for itself only with the next
        return bool(
            undrawn
            or app._resize_event is not None
            or any(pump.message_queue_size or pump._next_callbacks for pump in (app, *widgets))
        )


class StillAlive:
    """The process of an engine that lives in the test."""

    returncode = None
    stdin = None

    def poll(self) -> None:
        return None


class OffDuty(DiagnosisService):
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
        """Press keys in a row, and let the dashboard look at what came of them, as it does soon anyway."""
        for key in keys:
            self.app.simulate_key(key)
        await self.at_rest()
        self.app.look()
        await self.pilot.pause()

    async def comes(self, promised: Callable[[], object]) -> bool:
        """Whether something is to be seen, at once or after some more looks."""
        until = time.monotonic() + LONG_LOOK
        while not promised():
            if time.monotonic() > until:
                return False
            self.app.look(force=True)
            await self.pilot.pause(0.01)
        return True

    async def resize(self, columns: int, rows: int) -> None:
        """Another size of the terminal; the panes get theirs, then their plots."""
        await self.pilot.resize_terminal(columns, rows)
        for _ in range(2):
            self.app.look()
            await self.pilot.pause()

    async def at_rest(self) -> None:
        """Until everything that was typed has been worked off."""
        await self.pilot.pause()
        while self.app.is_running and self.app.order.busy and self.app.return_value is None:
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

    def turn_until(self, so_far: Callable[[], object]) -> None:
        """Turn the engine until something holds."""
        until = time.monotonic() + PATIENCE
        while not so_far():
            assert time.monotonic() < until, "never so far"
            self.engine.turn()

    async def examine(self, *works: Work) -> None:
        """Let the doctor look at the run that is shown until the work is so far, and the dashboard look."""
        run = self.app.session.run
        assert run is not None

        def so_far() -> bool:
            found = self.store.diagnoses.get(run.id)
            return found is not None and found.work in (works or (Work.DONE, Work.FAILED))

        self.engine.turn()
        self.turn_until(so_far)
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


@contextmanager
def engine_in_hand(token: str, doctor: Doctor | None) -> Iterator[Engine]:
    """An engine that has imported all it needs, stays watched, and waits for no one."""
    out, into = os.pipe()
    with pytest.MonkeyPatch.context() as patched, os.fdopen(out) as stdin, os.fdopen(into, "w"):
        patched.setattr(sys, "stdin", stdin)
        patched.setattr(loop, "IDLE_SECONDS", IDLE_SECONDS)
        duty = OffDuty if doctor is None else partial(DiagnosisService, doctor=doctor)
        patched.setattr(loop, "DiagnosisService", duty)
        patched.setattr(loop, "SuggestionService", OldAnswers)
        engine = Engine(token)
        for _ in STAGES:  # so that each turn does what the test is about
            engine.turn()
        pass_over_imports()
        yield engine
        for task in (engine.suggesting.task, engine.suggesting.advising):
            task.leave(PATIENCE)  # a thread that outlives the process aborts it


@cache
def pass_over_imports() -> None:
    """What an engine imports stays for good; looking for garbage in it takes a fifth of a test's time."""
    gc.collect()
    gc.freeze()


@asynccontextmanager
async def dashboard(
    dataset: str = "moons",
    size: tuple[int, int] = (80, 24),
    *,
    target: str | None = None,
    ascii_only: bool = False,
    doctor: Doctor | None = None,
    preferences: Preferences | None = None,
    make: Callable[..., Dashboard] = Dashboard,
    **config: Any,
) -> AsyncIterator[Bench]:
    """A dashboard of this size with a dataset and config at hand, and a doctor if one is given.

    ``make`` makes another kind of dashboard.
    """
    owner = new_owner()
    with Store() as store, engine_in_hand(owner.token, doctor) as engine, done_once():
        handle = EngineHandle(owner.token, cast("Any", StillAlive()))
        app = make(
            store,
            handle,
            source=Source(dataset, target),
            config=changed(Config(), **config),
            ascii_only=ascii_only,
            preferences=preferences,
        )
        async with app.run_test(size=size):
            prompt = Prompt(app)
            for _ in range(2):  # the panes get their sizes, then their plots
                app.look()
                await prompt.pause()
            yield Bench(app, prompt, engine, store)
            if app.is_running:
                draw(app.screen)  # the last look of it, too, can be drawn
    owner.release()


async def looked_at(bench: Bench) -> None:
    """A whole run, and the doctor's letter about it."""
    await bench.press("space")
    await bench.train_to_the_end()
    await bench.examine()
