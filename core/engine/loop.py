"""The engine's loop: take commands, train in slices, and leave when nobody is left to serve."""

from __future__ import annotations

import logging
import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType

from lrtui.core.config import Config
from lrtui.core.engine.doctoring import Doctoring
from lrtui.core.engine.failures import failure_of
from lrtui.core.engine.imports import Imports
from lrtui.core.engine.inspecting import Inspecting
from lrtui.core.engine.leftovers import clear_leftovers
from lrtui.core.engine.limits import LimitFinder
from lrtui.core.engine.loading import Job, Loading
from lrtui.core.engine.log import begin_log
from lrtui.core.engine.session import SLICE_SECONDS, RunSession
from lrtui.core.engine.shelf import Shelf
from lrtui.core.engine.status_pipe import StatusWriter
from lrtui.core.engine.sweeping import SweepSession
from lrtui.core.errors import LrtuiError, StoreError, StoreLostError, UnreadableError
from lrtui.core.store import Command, Description, Failure, Status, Store
from lrtui.datasets.dataset import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

IDLE_SECONDS = 0.02
RETRY_SECONDS = 0.5
log = logging.getLogger("lrtui.engine")


class Engine:
    """One engine process: at most one run and one sweep at a time, commands in between."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._store = Store()
        self._shelf = Shelf()
        self._limits = LimitFinder(self._store, self._shelf)
        self._doctor = Doctoring(self._store, self._shelf, token)
        self._inspecting = Inspecting(self._store)
        self._loading = Loading(self._store, self._shelf, token)
        self._session: RunSession | None = None
        self._sweep: SweepSession | None = None
        self._commands: deque[Command] = deque()  # taken from the store and not yet obeyed
        self._watched = True
        self._told_to_leave = False
        self._status = StatusWriter()
        self._without_store = False
        self._lost: StoreLostError | None = None  # and the run is not yet in a rescue file
        self._imports = Imports()

    def run(self) -> None:
        """Serve until the dashboard is gone and no run is going on."""
        begin_log()
        self._status = StatusWriter.on_stdout()
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            while not self._arrive():
                pass
            while self.turn():
                pass
        finally:
            self._leave()

    def _arrive(self) -> bool:
        """Tidy up after those that died, and say that this engine is there; False to try it again."""
        try:
            clear_leftovers(self._store)
            self._store.engines.announce(self._token, os.getpid(), ready=True, info={})
        except StoreError as error:
            return not self._stays_in_spite_of(error)
        return True

    def _leave(self) -> None:
        """Put everything down; what the store will not take any more keeps nothing else from its end."""
        if self._session is not None:
            try:
                self._session.put_down()
            except StoreLostError:
                with suppress(StoreError, OSError):
                    self._session.rescue()
            except StoreError as error:
                log.warning("%s", error)
            self._session.close_rescue()
        last: list[Callable[[], None]] = [
            self._loading.leave,
            self._limits.leave,
            self._inspecting.leave,
            self._doctor.leave,
        ]
        if self._sweep is not None:
            last.insert(0, self._sweep.stop)
        last.append(partial(self._store.engines.leave, self._token))
        for step in last:
            with suppress(StoreError):  # it was told when it began
                step()
        self._store.close()

    def _done(self) -> bool:
        """Nobody watches, no run goes on, the doctor is done; asked after the last commands were obeyed.

        A sweep is for who looks at it: nobody waits for its end.
        """
        unseen = self._session is not None and not self._imports.complete  # by the doctor
        serves = self._watched or self._busy() or self._doctor.keeps_alive or unseen
        return self._told_to_leave or not serves

    def _busy(self) -> bool:
        """A run trains, or its end is still to be written."""
        session = self._session
        if self._loading.run_id is not None:
            return True
        return session is not None and (session.running or session.unwritten)

    def turn(self) -> bool:
        """Obey what commands there are, then train one slice or wait a moment; False to leave."""
        if self._without_store:
            return self._turn_without_store()
        try:
            self._commands.extend(self._store.commands.take(self._token))
            while self._commands:
                self._obey_readable(self._commands[0])
                self._commands.popleft()
            if self._done():
                return False
            self._look_at_stdin(0 if self._train() else IDLE_SECONDS)
            if self._session is None or not self._session.unwritten:
                self._status.tell(None)
        except StoreLostError as lost:
            log.warning("%s", lost)
            self._without_store, self._lost = True, lost
            if self._session is None and self._loading.run_id is not None:
                self._status.tell(f"Run {self._loading.run_id} had not begun; start it again.")
        except StoreError as error:
            return self._stays_in_spite_of(error)
        except MemoryError:
            self._fail("It ran out of memory.", "Take fewer rows, or a machine with more memory.")
        except Exception:
            log.exception("unexpected error")
            self._fail(
                "The engine hit an unexpected error in this run.",
                "The details are in engine.log, beside the store.",
            )
        return True

    def _stays_in_spite_of(self, error: StoreError) -> bool:
        """A full disk or a busy store passes: wait a moment, and try again what could not be written."""
        log.warning("%s", error)
        self._status.tell(f"{error.what} Training waits for it. {error.fix}")
        time.sleep(RETRY_SECONDS)
        self._look_at_stdin(0)
        return not self._told_to_leave and (self._watched or self._busy())

    def _turn_without_store(self) -> bool:
        """What trains goes on in a rescue file; nobody can ask for anything any more."""
        session = self._session
        try:
            if session is not None:
                if self._lost is not None:
                    number = session.run_id
                    path = session.rescue().path
                    self._status.tell(f"Run {number} goes on, kept in {quote(path.name)} there.")
                session.catch_up()
                if session.running:
                    session.slice(SLICE_SECONDS)
            self._lost = None
        except StoreLostError as lost:  # the rescue file too
            self._lost = lost
        except StoreError as error:
            self._stays_in_spite_of(error)
        trains = session is not None and (session.running or session.unwritten or self._lost is not None)
        self._look_at_stdin(0 if trains else IDLE_SECONDS)
        return not self._told_to_leave and (trains or self._watched)

    def _train(self) -> bool:
        """A slice of whatever trains, the run and the sweep in turn; False where nothing is to be done."""
        threads = self._imports.complete  # what needs one waits until everything is imported
        if threads:
            self._take_loaded()
        session, sweeping = self._session, self._sweep
        trains = session is not None and session.running
        if session is not None and trains:
            session.slice(SLICE_SECONDS)
        elif session is not None:
            session.catch_up()
        if not threads:
            self._imports.advance()
            return True
        if sweeping is not None and sweeping.running and self._watched:
            sweeping.slice(SLICE_SECONDS)
            trains = True
        self._inspecting.look()
        self._limits.look(None if session is None else session.training, busy=trains)
        self._doctor.look(session, busy=trains)
        if session is not None and not session.held:
            self._session = None  # its data may be large
        return trains

    def _fail(self, what: str, fix: str) -> None:
        self._commands.clear()
        if self._session is not None:
            self._store.runs.fail(self._session.run_id, Failure("Engine", what, fix))
            self._session = None

    def _look_at_stdin(self, seconds: float) -> None:
        """End of file on stdin means that the dashboard is gone."""
        if not self._watched:
            time.sleep(seconds)
            return
        ready, _, _ = select.select([sys.stdin], [], [], seconds)
        if ready and not os.read(sys.stdin.fileno(), 1024):
            self._watched = False

    def _on_terminate(self, _signal: int, _frame: FrameType | None) -> None:
        self._told_to_leave = True

    def _obey_readable(self, command: Command) -> None:
        """Obey a command, unless it or its run is damaged or gone: nothing else comes to harm by that."""
        try:
            self._obey(command)
        except UnreadableError as error:
            log.warning("command %s of run %s: %s", command.kind, command.run_id, error)
        except Exception as error:
            if isinstance(error, StoreError) or command.run_id is not None:
                raise  # the store's trouble, or the run's own
            log.exception("command %s", command.kind)

    def _obey(self, command: Command) -> None:
        if command.run_id is None:
            self._answer(command)
        elif command.kind == "diagnose":
            self._doctor.ask(command.run_id, self._session)
        elif command.kind == "start":
            steps = command.payload.get("steps")
            self._start(command.run_id, steps if isinstance(steps, int) else None)
        elif command.run_id == self._loading.run_id:
            self._obey_waiting(command)
        elif self._session is not None and command.run_id == self._session.run_id:
            self._session.obey(command)

    def _answer(self, command: Command) -> None:
        """What somebody wants to know, of no run."""
        given = command.payload
        if command.kind == "describe":
            self._describe(Source.from_dict(given["source"]))
        elif command.kind == "undescribe":
            self._loading.forget()
        elif command.kind == "inspect":
            self._inspecting.ask(Source.from_dict(given["source"]))
        elif command.kind == "limits":
            self._limits.ask(Source.from_dict(given["source"]), Config.model_validate(given["config"]))
        elif command.kind == "sweep":
            self._start_sweep(int(given["sweep"]))
        elif command.kind == "stop-sweep":
            self._stop_sweep(int(given["sweep"]))

    def _obey_waiting(self, command: Command) -> None:
        """A command to the run whose data is being loaded."""
        if command.kind == "stop":
            self._stop_waiting()
        else:
            self._loading.keep(command)

    def _stop_waiting(self) -> None:
        run_id = self._loading.run_id
        if run_id is not None:
            self._loading.forget(run_id)
            self._store.runs.update(run_id, status=Status.STOPPED, ended=time.time(), owner=None)

    def _start(self, run_id: int, steps: int | None) -> None:
        if self._session is not None:
            self._session.stop()
            self._doctor.see(self._session)
            self._session = None  # its data may be large
        self._stop_waiting()
        self._inspecting.release()
        run = self._store.runs.get(run_id)
        if self._shelf.takes_long(run.source, run.config):
            self._loading.begin(Job(run.source, run.config, run_id, steps))
        else:
            self._open(run_id, steps)

    def _open(self, run_id: int, steps: int | None, problem: Problem | None = None) -> None:
        self._session = RunSession(self._store, run_id, self._token, problem, self._shelf)
        try:
            self._session.open_or_fail()
        except LrtuiError as error:
            log.info("run %s: %s", run_id, error)
            self._session = None
            self._doctor.see_failed(run_id)
            return
        if steps is not None:
            self._session.step(steps)

    def _start_sweep(self, sweep_id: int) -> None:
        if self._sweep is not None:
            self._sweep.stop()
        self._sweep = SweepSession(self._store, sweep_id, self._shelf)

    def _stop_sweep(self, sweep_id: int) -> None:
        if self._sweep is not None and self._sweep.sweep_id == sweep_id:
            self._sweep.stop()

    def _take_loaded(self) -> None:
        """What was loaded beside the loop: a run begins, or a dataset is described."""
        loaded = self._loading.look()
        if loaded is None:
            return
        job, result = loaded.job, loaded.result
        if job.run_id is None:
            self._describe(job.source, result.error)
        elif result.value is None:
            log.info("run %s: %s", job.run_id, result.error)
            self._store.runs.fail(job.run_id, failure_of(result.error))
            self._doctor.see_failed(job.run_id)
        else:
            self._open(job.run_id, job.steps, result.value)
            self._commands.extendleft(reversed(job.commands))

    def _describe(self, source: Source, wrong: Exception | None = None) -> None:
        if wrong is not None:
            self._store.engines.describe(source, Description(failure=failure_of(wrong).to_dict()))
            return
        if self._shelf.takes_long(source):
            self._loading.begin(Job(source))
            return
        self._loading.forget()
        try:
            dataset = self._shelf.dataset(source)
            found = Description(
                rows=dataset.n,
                columns=dataset.p,
                base_rate=dataset.base_rate,
                class_names=dataset.class_names,
                remark=dataset.remark,
            )
        except LrtuiError as error:
            found = Description(failure=Failure.of(error).to_dict())
        self._store.engines.describe(source, found)
