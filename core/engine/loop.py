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
from typing import Any

from lrtui.core.engine.background_task import DETAILS, FULL, failure_of
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.engine.diagnosis_service import DiagnosisService
from lrtui.core.engine.facts import description_of
from lrtui.core.engine.imports import Imports
from lrtui.core.engine.inside_service import InsideService
from lrtui.core.engine.inspection_service import InspectionService
from lrtui.core.engine.loading_service import Job, LoadingService
from lrtui.core.engine.owner import is_alive, remove_stale
from lrtui.core.engine.run_session import SLICE_SECONDS, RunSession
from lrtui.core.engine.script_starter import ScriptStarter
from lrtui.core.engine.status_pipe import StatusWriter
from lrtui.core.engine.suggestion_service import SuggestionService
from lrtui.core.engine.sweep_session import SweepSession
from lrtui.core.errors import LrtuiError, StoreError, StoreLostError, UnreadableError
from lrtui.core.store import Description, Failure, Status, Store, messages
from lrtui.core.store.messages import Command, RunMessage
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.storage.cache import Cache
from lrtui.datasets.text import quote

IDLE_SECONDS = 0.02
RETRY_SECONDS = 0.5
log = logging.getLogger("lrtui.engine")


def stdin_ends(seconds: float) -> bool:
    """Whether standard input comes to its end in so many seconds."""
    ready, _, _ = select.select([sys.stdin], [], [], seconds)
    return bool(ready) and not os.read(sys.stdin.fileno(), 1024)


class Engine:
    """One engine process: at most one run and one sweep at a time, commands in between."""

    def __init__(self, token: str, gone: Callable[[float], bool] = stdin_ends) -> None:
        """``gone`` says within so many seconds whether the dashboard is."""
        self.token = token
        self.store = Store()
        self.cache = DatasetCache()
        self.suggesting = SuggestionService(self.store, self.cache)
        self.doctor = DiagnosisService(self.store, self.cache, token)
        self.inspecting = InspectionService(self.store, token)
        self.inside = InsideService(self.store, self.cache)
        self.loading = LoadingService(self.store, self.cache, token)
        self.scripts = ScriptStarter(self.store, token)
        self.session: RunSession | None = None
        self._sweep: SweepSession | None = None
        self._commands: deque[Command] = deque()  # taken from the store and not yet obeyed
        self.watched, self._gone = True, gone
        self._told_to_leave = self._without_store = False
        self.status = StatusWriter()
        self._lost: StoreLostError | None = None  # and the run is not yet in a rescue file
        self.imports = Imports()
        self._handlers: dict[type[messages.Message], Callable[[int, Any], None]] = {
            messages.Describe: lambda number, asked: self._describe(number, asked.source),
            messages.Inspect: lambda number, asked: self.inspecting.ask(number, asked.source),
            messages.LookInside: self.inside.ask,
            messages.Suggest: self.suggesting.ask,
            messages.Cancel: lambda _, asked: self._cancel(asked.question),
            messages.StartSweep: lambda _, asked: self._start_sweep(asked.sweep),
            messages.StopSweep: lambda _, asked: self._stop_sweep(asked.sweep),
            messages.Diagnose: lambda _, asked: self.doctor.ask(asked.run_id, self.session),
            messages.CallDoctorOff: lambda _, asked: self.doctor.call_off(asked.run_id),
            messages.WatchScript: lambda _, asked: self.scripts.begin(asked.run_id),
            messages.Start: lambda _, asked: self._start(asked),
        }

    def run(self) -> None:
        """Serve until the dashboard is gone and no run is going on."""
        self.status = StatusWriter.on_stdout()
        signal.signal(signal.SIGTERM, self._on_terminate)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            while not self.arrive():
                pass
            while self.turn():
                pass
        finally:
            self.leave()

    def arrive(self) -> bool:
        """Tidy up after those that died, and say that this engine is there; False to try it again."""
        try:
            self.store.engines.remove_stale(is_alive)
            self.store.diagnoses.drop_orphans(is_alive)
            self.store.runs.fail_damaged()
            remove_stale()
            with suppress(LrtuiError, OSError):  # whoever needs the cache is told
                Cache().remove_stale()
            self.store.engines.announce(self.token, os.getpid())
        except StoreError as error:
            return not self._stays_in_spite_of(error)
        return True

    def leave(self) -> None:
        """Put everything down; what the store will not take any more keeps nothing else from its end."""
        if self.session is not None:
            try:
                self.session.put_down()
            except StoreLostError:
                with suppress(StoreError, OSError):
                    self.session.rescue()
            except StoreError as error:
                log.warning("%s", error)
            self.session.close_rescue()
        last = [service.leave for service in (self.loading, self.suggesting, self.inside, self.doctor)]
        if self._sweep is not None:
            last.insert(0, self._sweep.stop)
        last += [self.inspecting.task.leave, partial(self.store.engines.leave, self.token)]
        for step in last:
            with suppress(StoreError):  # it was told when it began
                step()
        self.store.close()

    def _done(self) -> bool:
        """Nobody watches, no run goes on, the doctor is done; asked after the last commands were obeyed.

        A sweep is for who looks at it: nobody waits for its end.
        """
        unseen = self.session is not None and not self.imports.complete  # by the doctor
        serves = self.watched or self._busy() or self.doctor.keeps_alive or unseen
        return self._told_to_leave or not serves

    def _busy(self) -> bool:
        """A run trains, or its end is still to be written."""
        session = self.session
        trains = session is not None and (session.running or session.unwritten)
        return trains or self.loading.run_id is not None

    def turn(self) -> bool:
        """Obey what commands there are, then train one slice or wait a moment; False to leave."""
        if self._without_store:
            return self._turn_without_store()
        try:
            self._commands.extend(self.store.commands.take(self.token))
            while self._commands:
                self._obey_readable(self._commands[0])
                self._commands.popleft()
            if self._done():
                return False
            self._look_out(0 if self._train() else IDLE_SECONDS)
            if self.session is None or not self.session.unwritten:
                self.status.tell(None)
        except StoreLostError as lost:
            log.warning("%s", lost)
            self._without_store, self._lost = True, lost
            if self.session is None and self.loading.run_id is not None:
                self.status.tell(f"Run {self.loading.run_id} had not begun; start it again.")
        except StoreError as error:
            return self._stays_in_spite_of(error)
        except MemoryError:
            self._fail(FULL)
        except Exception:
            log.exception("unexpected error")
            self._fail(Failure("Engine", "The engine hit an unexpected error in this run.", DETAILS))
        return True

    def _stays_in_spite_of(self, error: StoreError) -> bool:
        """A full disk or a busy store passes: wait a moment, and try again what could not be written."""
        log.warning("%s", error)
        self.status.tell(f"{error.what} Training waits for it. {error.fix}")
        time.sleep(RETRY_SECONDS)
        self._look_out(0)
        return not self._told_to_leave and (self.watched or self._busy())

    def _turn_without_store(self) -> bool:
        """What trains goes on in a rescue file; nobody can ask for anything any more."""
        session = self.session
        try:
            if session is not None:
                if self._lost is not None:
                    number = session.run_id
                    path = session.rescue().path
                    self.status.tell(f"Run {number} goes on, kept in {quote(path.name)} there.")
                session.catch_up()
                if session.running:
                    session.slice(SLICE_SECONDS)
            self._lost = None
        except StoreLostError as lost:  # the rescue file too
            self._lost = lost
        except StoreError as error:
            self._stays_in_spite_of(error)
        trains = session is not None and (session.running or session.unwritten or self._lost is not None)
        self._look_out(0 if trains else IDLE_SECONDS)
        return not self._told_to_leave and (trains or self.watched)

    def _train(self) -> bool:
        """A slice of whatever trains, the run and the sweep in turn; False where nothing is to be done."""
        threads = self.imports.complete  # what needs one waits until everything is imported
        if threads:
            self._take_loaded()
        session, sweeping = self.session, self._sweep
        trains = session is not None and session.running
        if session is not None and trains and not self._commands:  # those kept meanwhile come first
            session.slice(SLICE_SECONDS)
        elif session is not None:
            session.catch_up()
        if not threads:
            self.imports.advance()
            return True
        if sweeping is not None and sweeping.running and self.watched:
            sweeping.slice(SLICE_SECONDS)
            trains = True
        self.scripts.look()
        self.inspecting.look()
        self.suggesting.look(None if session is None else session.training, busy=trains)
        self.inside.look(session, busy=trains)
        self.doctor.look(session, busy=trains)
        if session is not None and not session.held:
            self.session = None  # its data may be large
        return trains

    def _fail(self, failure: Failure) -> None:
        self._commands.clear()
        if self.session is not None:
            self.store.runs.fail(self.session.run_id, failure)
            self.session = None

    def _look_out(self, seconds: float) -> None:
        """Wait so long, and see whether anybody watches."""
        if not self.watched:
            time.sleep(seconds)
        elif self._gone(seconds):
            self.watched = False

    def _on_terminate(self, _signal: int, _frame: FrameType | None) -> None:
        self._told_to_leave = True

    def _obey_readable(self, command: Command) -> None:
        """Obey a command, unless it or its run is damaged or gone: nothing else comes to harm."""
        try:
            self._obey(command)
        except UnreadableError as error:
            log.warning("command %s: %s", command.message, error)
        except Exception as error:
            if isinstance(error, StoreError) or isinstance(command.message, RunMessage):
                raise  # the store's trouble, or the run's own
            log.exception("command %s", command.message)

    def _obey(self, command: Command) -> None:
        message = command.message
        if (handle := self._handlers.get(type(message))) is not None:
            handle(command.id, message)
        elif isinstance(message, RunMessage):
            self._hand_on(command, message)

    def _hand_on(self, command: Command, message: RunMessage) -> None:
        """A message to the run whose data is being loaded, or to the one that trains."""
        if self.scripts.holds(message.run_id):
            self.scripts.hand_on(message)
        elif message.run_id != self.loading.run_id:
            if self.session is not None and message.run_id == self.session.run_id:
                self.session.obey(message, command.id)
        elif isinstance(message, messages.Stop):
            self._stop_waiting()
        else:
            self.loading.keep(command)

    def _cancel(self, question: int) -> None:
        for service in (self.loading, self.inspecting, self.suggesting, self.inside):
            service.cancel(question)

    def _stop_waiting(self) -> None:
        if (run_id := self.loading.run_id) is not None:
            self.loading.forget(run_id)
            self.store.runs.update(run_id, status=Status.STOPPED, ended=time.time(), owner=None)

    def _start(self, asked: messages.Start) -> None:
        if self.session is not None:
            self.session.stop()
            self.doctor.see(self.session)
            self.session = None  # its data may be large
        self._stop_waiting()
        self.inspecting.release()
        self.inside.release()
        run = self.store.runs.get(asked.run_id)
        if self.cache.takes_long(run.source, run.config):
            self.loading.begin(Job(run.source, run.config, asked.run_id, asked))
        else:
            self._open(asked)

    def _open(self, asked: messages.Start, problem: Problem | None = None) -> None:
        run_id = asked.run_id
        self.session = RunSession(self.store, run_id, self.token, problem, self.cache, fit=asked.fit)
        try:
            self.session.open()
        except LrtuiError as error:
            log.info("run %s: %s", run_id, error)
            self.session = None
            self.doctor.see_failed(run_id)
            return
        if asked.steps is not None:
            self.session.step(asked.steps)

    def _start_sweep(self, sweep_id: int) -> None:
        if self._sweep is not None:
            self._sweep.stop()
        self._sweep = SweepSession(self.store, sweep_id, self.cache)

    def _stop_sweep(self, sweep_id: int) -> None:
        if self._sweep is not None and self._sweep.sweep_id == sweep_id:
            self._sweep.stop()

    def _take_loaded(self) -> None:
        """What was loaded beside the loop: a run begins, or a dataset is described."""
        if (result := self.loading.look()) is None:
            return
        job = result.job
        if job.run_id is None:
            self._describe(job.question, job.source, result.error)
        elif result.value is None:
            log.info("run %s: %s", job.run_id, result.error)
            self.store.runs.fail(job.run_id, failure_of(result.error))
            self.doctor.see_failed(job.run_id)
        elif job.start is not None:
            self._open(job.start, result.value)
            self._commands.extendleft(reversed(job.commands))

    def _describe(self, question: int | None, source: Source, wrong: Exception | None = None) -> None:
        if question is None:
            return
        if wrong is None and self.cache.takes_long(source):
            self.loading.begin(Job(source, question=question))
            return
        self.loading.forget()
        found: Description | Failure
        try:
            found = failure_of(wrong) if wrong is not None else description_of(self.cache.dataset(source))
        except LrtuiError as error:
            found = Failure.of(error)
        self.store.answers.put(question, found)
