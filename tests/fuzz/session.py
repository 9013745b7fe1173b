"""Playing a sequence against the dashboard, and noticing what fails."""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from rich.console import Console

from lrtui.core.config import Config, changed
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.datasets.source import Source
from lrtui.tui import engine_supervisor
from lrtui.tui.app import FIRST_DATASET, newest_run
from lrtui.tui.dashboard import Dashboard
from tests.fuzz.driver import BytesDriver
from tests.fuzz.failures import Failure, crash
from tests.fuzz.packets import is_open_paste
from tests.fuzz.screens import crooked, garbage, leaked
from tests.fuzz.watchdog import HangError, Watchdog
from tests.fuzz.world import World

Step = list[Any]  # what happens, and with what: ["bytes", [piece, ...]], ["resize", 80, 24], ["kill"], ...
LEAVING = 6  # times Ctrl+C is pressed at most; one more asks, or closes a paste first
MOST_EVENTS = 10  # counted of a piece: of a long text that is typed every letter is one
CHECKED = 10  # packets between two looks at the whole screen


class Session:
    """One store and one dashboard after another on it, while a sequence is played."""

    def __init__(self, world: World, watchdog: Watchdog) -> None:
        self._world, self._watchdog = world, watchdog
        self._failures: list[Failure] = []
        self.events = (
            0  # of the last sequence: messages that its bytes became, and everything else that happened
        )
        self.seen: Counter[str] = Counter()  # packets by the screen that they met
        self.done: list[Step] = []  # so far, for who wants to play it again

    def play(self, start: dict[str, Any], steps: list[Step]) -> Failure | None:
        """Play it; the first failure, if there is one."""
        self._failures, self.done, self.events = [], [], 0
        self._size = tuple(start["size"])
        self._watchdog.alive()
        self._watchdog.caught = None
        world = self._world
        world.reset([(name, number) for name, number in start["damages"]], doctor=start["doctor"])
        before, engine_supervisor.start_engine = engine_supervisor.start_engine, world.start_engine
        try:
            with self._listening():
                asyncio.run(self._play(start, list(steps)))
        except HangError as error:
            self._failures.append(crash(error, "hang"))
        finally:
            engine_supervisor.start_engine = before
            world.close()
        if self._watchdog.caught is not None:
            where = self._watchdog.caught.strip().splitlines()[-2].strip()
            return Failure("hang", where, self._watchdog.caught)
        return self._failures[0] if self._failures else None

    async def _play(self, start: dict[str, Any], steps: list[Step]) -> None:
        asyncio.get_running_loop().set_exception_handler(self._on_lost)
        first = True
        while (steps or first) and not self._failures:
            # Whoever leaves, by a key, opens lrtui again: as at first, or on what is in the store.
            await self._one_dashboard(start if first else {**start, "dataset": None, "run": None}, steps)
            first = False

    async def _one_dashboard(self, start: dict[str, Any], steps: list[Step]) -> None:
        opened = self._open(start)
        if opened is None and [failure.kind for failure in self._failures] == ["refused"]:
            self._failures.clear()
            opened = self._open(start)  # once: a damaged store asks to be opened again
        if opened is None:
            return
        store, app = opened
        ready = asyncio.Event()

        async def pilot(_: object) -> None:
            ready.set()

        task = asyncio.create_task(app.run_async(size=self._size, auto_pilot=pilot))
        try:
            waiting = asyncio.create_task(ready.wait())
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            with app._context():
                await self._use(app, task, steps)
                await self._leave(app, task)
        except HangError as error:
            self._failures.append(crash(error, "hang"))
        finally:
            if not task.done():
                task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await asyncio.wait_for(asyncio.shield(task), 10)
            self._take_in(app, task)
            if self._world.hands is not None:
                self._world.hands.leave()
            store.close()

    def _open(self, start: dict[str, Any]) -> tuple[Store, Dashboard] | None:
        """As ``run_dashboard`` does it."""
        store = None
        try:
            store = Store()
            return store, self._dashboard(store, start)
        except LrtuiError as error:
            self._failures.append(Failure("refused", str(error), "the dashboard cannot be opened"))
        except Exception as error:  # noqa: BLE001 - of any kind: that is what is looked for
            self._failures.append(crash(error))
        if store is not None:
            store.close()
        return None

    def _dashboard(self, store: Store, start: dict[str, Any]) -> Dashboard:
        handle = self._world.start_engine()
        name = start["dataset"]
        newest = newest_run(store) if name is None else None
        if name is not None and name.endswith(".csv"):
            name = str(self._world.files / name)
        source = Source(name, start.get("target")) if name else None
        given = start.get("config")
        app = Dashboard(
            store,
            handle,
            source=source or (newest.source if newest else Source(FIRST_DATASET)),
            config=changed(Config(), **given) if given else (newest.config if newest else Config()),
            run_id=(start.get("run") or newest.id) if newest and not given else None,
            ascii_only=start["ascii"],
        )
        app.driver_class = BytesDriver
        app.error_console = Console(file=io.StringIO())
        return app

    # --- one step after another ---

    async def _use(self, app: Dashboard, task: asyncio.Task[Any], steps: list[Step]) -> None:
        await self._settle(app, task)
        self._open_paste = False
        count = 0
        while steps and not task.done() and not self._failures and app._exception is None:
            step = steps.pop(0)
            self.done.append(step)
            if app.screen_stack:
                self.seen[type(app.screen).__name__] += 1
            try:
                await self._do(app, step)
                await self._settle(app, task)
                count += 1
                if not task.done():
                    self._look(app, whole=count % CHECKED == 0)
            except Exception as error:  # noqa: BLE001 - in the parser, the engine's turn, or in drawing
                self._failures.append(crash(error))

    async def _do(self, app: Dashboard, step: Step) -> None:
        kind, *given = step
        driver, hands = app._driver, self._world.hands
        assert isinstance(driver, BytesDriver)
        before = driver.messages
        if kind == "bytes":
            self._open_paste |= any(is_open_paste(piece) for piece in given[0])
            driver.feed("".join(given[0]).encode("latin-1"))
        elif kind == "pause":
            driver.pause(given[0])
        elif kind == "wait":
            await asyncio.sleep(given[0])
            driver.pause(given[0])
        elif kind == "resize":
            self._size = given[0], given[1]
            driver.resize(*self._size)
        elif kind == "turn" and hands is not None:
            for _ in range(given[0]):
                hands.turn()
            app.look(force=True)
        elif kind == "kill" and hands is not None:
            hands.kill()
            app.look()
        elif kind == "lose":
            self._world.lose(given[0])
            await asyncio.sleep(0.6)  # it is looked for twice a second
        elif kind == "damage":
            self._world.damage(*given)
            app.look(force=True)
        pieces = len(given[0]) if kind == "bytes" else 1
        self.events += min(max(driver.messages - before, pieces), MOST_EVENTS * pieces)

    async def _settle(self, app: Dashboard, task: asyncio.Task[Any]) -> None:
        """Until everything typed was acted on, and every widget has done what was in its queue."""
        self._watchdog.alive()
        acted = app.order.number
        while not task.done() and app._exception is None and app.order.busy:
            if app.order.number != acted:  # of many keys in one packet each is a sign of life
                acted = app.order.number
                self._watchdog.alive()
            await asyncio.sleep(0.002)
        for _ in range(2):  # what the first round does may put more into the queues
            await self._round(app, task)
        self._watchdog.alive()

    async def _round(self, app: Dashboard, task: asyncio.Task[Any]) -> None:
        over = asyncio.Event()
        stack = app.screen_stack
        pumps = [app, *(stack[-1].walk_children(with_self=True) if stack else ())]
        waiting = 0

        def count_down() -> None:
            nonlocal waiting
            waiting -= 1
            if waiting == 0:
                over.set()

        waiting = sum(pump.call_later(count_down) for pump in pumps)
        answered = asyncio.create_task(over.wait())
        while waiting and not task.done() and app._exception is None:
            await asyncio.wait({task, answered}, timeout=0.2, return_when=asyncio.FIRST_COMPLETED)
            if app.screen_stack != stack or any(not pump._running for pump in pumps):
                break  # a screen has gone, with what was in its queue
        answered.cancel()

    def _look(self, app: Dashboard, *, whole: bool) -> None:
        driver = app._driver
        assert isinstance(driver, BytesDriver)
        written, driver.written = "".join(driver.written), []
        found = garbage(written) or (crooked(app) if whole else None)
        if not self._open_paste:  # to which whatever follows belongs, until it is over
            found = found or leaked(app)
        if found is not None:
            self._failures.append(found)

    async def _leave(self, app: Dashboard, task: asyncio.Task[Any]) -> None:
        """Ctrl+C leaves, wherever one is."""
        driver = app._driver
        for _ in range(LEAVING):
            if task.done() or self._failures or app._exception is not None:
                return
            assert isinstance(driver, BytesDriver)
            driver.pause(2.0)  # a paste that never ends is over by then
            driver.feed(b"\x03")
            await self._settle(app, task)
            await asyncio.wait({task}, timeout=0.3)
        if not task.done():
            where = type(app.screen).__name__ if app.screen_stack else "no screen"
            self._failures.append(Failure("stays", f"Ctrl+C does not leave {where}", str(app.screen_stack)))

    # --- what fails elsewhere ---

    def _take_in(self, app: Dashboard, task: asyncio.Task[Any]) -> None:
        error = app._exception or (None if task.cancelled() or not task.done() else task.exception())
        if error is not None:
            self._failures.append(crash(error))
        driver = app._driver
        if not self._failures and isinstance(driver, BytesDriver) and not driver.stopped:
            self._failures.append(Failure("stays", "the terminal is not put back", ""))
        if not self._failures and app.return_code:
            self._failures.append(Failure("crash", f"exit code {app.return_code}", ""))

    def _on_lost(self, _loop: object, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception):
            self._failures.append(crash(error, "lost"))

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Errors that the engine only logs, and those in threads, count as well."""
        log = logging.getLogger("lrtui")
        handler = _Heard(self._failures)
        log.addHandler(handler)
        propagate, log.propagate = log.propagate, False
        before, threading.excepthook = threading.excepthook, self._in_thread
        unraised, sys.unraisablehook = sys.unraisablehook, lambda _: None
        try:
            yield
        finally:
            log.removeHandler(handler)
            log.propagate = propagate
            threading.excepthook = before
            sys.unraisablehook = unraised

    def _in_thread(self, told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            self._failures.append(crash(told.exc_value, "thread"))


class _Heard(logging.Handler):
    def __init__(self, failures: list[Failure]) -> None:
        super().__init__(logging.ERROR)
        self._failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            self._failures.append(crash(error, "engine"))
