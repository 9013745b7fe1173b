"""The doctor in the engine: looks at runs that rest, beside the loop, and gives way to training."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.engine.background_task import BackgroundTask, GoOn, Result
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.engine.diagnosis_request import DiagnosisRequest, case_of, stored_case
from lrtui.core.engine.live_check import LiveCheck
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import LrtuiError, StoreError, UnreadableError
from lrtui.core.store import Store, Work
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import Progress

LARGE = 2_000_000  # numbers: of more than that the doctor loads nothing while a run holds them already
MOST_WAITING = 8  # runs; the oldest are left to who asks for them
TELL_SECONDS = 0.25
OVERDUE_SECONDS = 30.0  # nobody is kept waiting for a doctor who has taken so long
UNEXPECTED = (
    "The doctor hit an unexpected error in this run. The details are in engine.log, beside the store."
)
log = logging.getLogger("lrtui.engine")


class Doctor(Protocol):
    """Who looks at runs."""

    def diagnose(
        self,
        dataset: Dataset,
        config: Config,
        *,
        outcome: Outcome | None,
        go_on: Callable[[], bool],
        tell: Callable[[int, float], None],
    ) -> Diagnosis:
        """The whole examination; ends early where ``go_on`` turns false; ``tell`` hears how far it is."""

    def glance(self, problem: Problem, config: Config, outcome: Outcome) -> Diagnosis:
        """What can be said at next to no cost."""


class DiagnosisService:
    """Who waits for the doctor, and who is looked at. The store is written from the engine's own thread.

    Only the newest state of a run waits. Whatever trains comes first: an examination is dropped, and begins
    anew when nothing trains.
    """

    def __init__(self, store: Store, cache: DatasetCache, owner: str, doctor: Doctor | None = None) -> None:
        self._store, self._cache, self._owner = store, cache, owner
        self._doctor = doctor
        self.large = LARGE
        self.live_check = LiveCheck(store, owner, lambda *case: self._employed().glance(*case))
        self._waiting: list[DiagnosisRequest] = []  # the last one is next
        self._seen: tuple[int, int, bool] | None = None  # the run and state that was taken in last
        self.task: BackgroundTask[DiagnosisRequest, Diagnosis] = BackgroundTask()
        self._began = 0.0
        self._heard: tuple[int, float] | None = None  # from the thread: how far the examination is
        self._told_at = 0.0

    @property
    def keeps_alive(self) -> bool:
        """An engine that nobody watches any more should still wait for the doctor."""
        overdue = not self.task.idle and time.monotonic() - self._began > OVERDUE_SECONDS
        return bool(self._waiting) and not overdue

    def ask(self, run_id: int, session: RunSession | None) -> None:
        """Somebody wants to know about a run; one that trains is looked at when it rests."""
        if session is not None and session.run_id == run_id and session.held:
            self._seen = None
        elif self._knows(run_id) and not any(case.run_id == run_id for case in self._waiting):
            with self._unshaken():
                self._admit_stored(run_id)

    def look(self, session: RunSession | None, *, busy: bool) -> None:
        """Take in what rests, write what was found, and begin what waits unless the machine is ``busy``."""
        with self._unshaken():
            self.live_check.look(session)
            if session is not None:
                self._take_in(session)
            self.task.deliver(self._tell)
            self._tell_progress()
            if busy:
                self._put_off()
            elif self._waiting and self.task.idle:
                self._begin(self._waiting[-1])

    def call_off(self, run_id: int) -> None:
        """Nobody wants to know about a run any more."""
        if any(case.run_id == run_id for case in self._waiting):
            self._release(run_id)
            self._store.diagnoses.drop(run_id)

    def see(self, session: RunSession) -> None:
        """Take in a run that has come to rest and makes room for another."""
        with self._unshaken():
            self._take_in(session)

    def see_failed(self, run_id: int) -> None:
        """Take in a run that could not begin: its data may be what is wrong."""
        with self._unshaken():
            self._admit_stored(run_id)

    @contextmanager
    def _unshaken(self) -> Iterator[None]:
        """Whatever goes wrong with the doctor, the engine goes on; a store that fails is tried again."""
        try:
            yield
        except UnreadableError:
            self._give_up()
        except StoreError:
            raise
        except Exception:
            log.exception("the doctor is out of order")
            self._give_up()

    def _take_in(self, session: RunSession) -> None:
        if session.running:
            if self._seen is not None and self._seen[0] == session.run_id:
                self._release(session.run_id)  # it goes on
                self._seen = None
            return
        large = session.training is not None and self._too_large(session.training[2])
        state = session.run_id, session.trainer.epoch, large
        if session.unwritten or state == self._seen or not session.trainer.epoch:
            return
        if large:
            self.live_check.at_rest(session)
        else:
            self._admit(case_of(self._store, session))
        self._seen = state

    def leave(self) -> None:
        """The engine ends."""
        self.task.leave()
        self._store.diagnoses.leave(self._owner)

    def _knows(self, run_id: int) -> bool:
        return self._store.row("SELECT 1 FROM runs WHERE id = ?", (run_id,)) is not None

    def _employed(self) -> Doctor:
        """The doctor; that of ``core/doctor`` is imported when it has something to do: it takes seconds."""
        if self._doctor is None:
            import lrtui.core.doctor.doctor as house  # an engine trains before it diagnoses

            self._doctor = house
        return self._doctor

    def _too_large(self, problem: Problem) -> bool:
        """Whether a paused run's data would have to be loaded a second time, beside what it holds."""
        size = problem.rows * problem.design_train.shape[1]
        return size > self.large and not self._cache.holds(problem.source)

    def _admit_stored(self, run_id: int) -> None:
        try:
            self._admit(stored_case(self._store, run_id))
        except LrtuiError as error:
            if isinstance(error, StoreError) and not isinstance(error, UnreadableError):
                raise
            self._store.diagnoses.fail(run_id, 0, _told(error))

    def _admit(self, case: DiagnosisRequest) -> None:
        self._release(case.run_id)
        self._store.diagnoses.begin(case.run_id, case.epoch, Work.QUEUED, self._owner)
        self._waiting.append(case)
        for old in self._waiting[:-MOST_WAITING]:
            self._store.diagnoses.let_go(old.run_id)
        self._waiting = self._waiting[-MOST_WAITING:]

    def _release(self, run_id: int) -> None:
        """A run that waits, or is looked at, is no longer as it was."""
        if any(case.run_id == run_id for case in self._waiting):
            self._waiting = [case for case in self._waiting if case.run_id != run_id]
            if self.task.job is not None and self.task.job.run_id == run_id:
                self.task.cancel()
            self._store.diagnoses.let_go(run_id)

    def _begin(self, case: DiagnosisRequest) -> None:
        held = self._cache.dataset(case.source) if self._cache.holds(case.source) else None

        def examine(go_on: GoOn) -> Diagnosis:
            dataset = load(case.source, Progress(go_on)) if held is None else held
            return self._employed().diagnose(
                dataset, case.config, outcome=case.outcome, go_on=go_on, tell=self._hear
            )

        self._store.diagnoses.begin(case.run_id, case.epoch, Work.LOOKING, self._owner)
        self._began, self._heard = time.monotonic(), None
        self.task.begin(case, examine, f"the diagnosis of run {case.run_id}")

    def _hear(self, trials: int, share: float) -> None:
        self._heard = trials, share

    def _tell_progress(self) -> None:
        """Write how far the examination is, a few times a second; only the engine's own thread writes."""
        case, heard, now = self.task.job, self._heard, time.monotonic()
        if case is None or heard is None or self.task.cancelled or now - self._told_at < TELL_SECONDS:
            return
        self._told_at, self._heard = now, None
        self._store.diagnoses.so_far(case.run_id, *heard)

    def _put_off(self) -> None:
        """Something trains: the examination is dropped, the run waits."""
        case = self.task.job
        if case is not None and not self.task.cancelled:
            self.task.cancel()
            self._store.diagnoses.begin(case.run_id, case.epoch, Work.QUEUED, self._owner)

    def _tell(self, result: Result[DiagnosisRequest, Diagnosis]) -> None:
        case = result.job
        if result.value is not None:
            self._store.diagnoses.note(case.run_id, case.epoch, result.value)
        else:
            self._store.diagnoses.fail(case.run_id, case.epoch, _told(result.error))
        self._waiting = [other for other in self._waiting if other is not case]

    def _give_up(self) -> None:
        """Nothing that waits can be looked at; the engine goes on without."""
        waiting, self._waiting = self._waiting, []
        self.task.drop()
        for case in waiting:
            self._store.diagnoses.fail(case.run_id, case.epoch, UNEXPECTED)


def _told(error: Exception | None) -> str:
    """An error as a sentence for a person."""
    if isinstance(error, LrtuiError):
        return f"{error.what} {error.fix}"
    if isinstance(error, MemoryError):
        return "The doctor ran out of memory over this run. Take fewer rows, or a machine with more memory."
    return UNEXPECTED
