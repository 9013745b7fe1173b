"""One piece of work at a time, beside the engine's loop: in a thread that can be told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure

Job = TypeVar("Job")
Found = TypeVar("Found")
GoOn = Callable[[], bool]
Clock = Callable[[], float]
log = logging.getLogger("lrtui.engine")
DETAILS = "The details are in engine.log, beside the store."
FULL = Failure("Engine", "It ran out of memory.", "Take fewer rows, or a machine with more memory.")
UNEXPECTED = Failure("Engine", "The engine hit an unexpected error while it read the data.", DETAILS)


@dataclass(frozen=True)
class Result(Generic[Job, Found]):
    """What came of a job: a value or an error (neither where the thread broke off); and its seconds."""

    job: Job
    value: Found | None
    error: Exception | None
    seconds: float


class BackgroundTask(Generic[Job, Found]):
    """A thread for one job, whose work asks ``go_on`` now and then and stops where that is false.

    Attributes:
        job: what is worked at, or was worked at last until its result is fetched.
        wanted: the job to begin next; a newer one takes its place.
    """

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self.job: Job | None = None
        self.wanted: Job | None = None
        self._clock = clock
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._result: Result[Job, Found] | None = None
        self._undelivered: Result[Job, Found] | None = None

    @property
    def idle(self) -> bool:
        """There is no work, and no result that nobody fetched."""
        return self._thread is None

    @property
    def done(self) -> bool:
        """Nothing is worked at, waits, or is still to be handed over."""
        return self.idle and self.wanted is None and self._undelivered is None

    def begin(self, job: Job, work: Callable[[GoOn], Found], what: str) -> None:
        """Start; ``what`` names the work in the log. Only where it is ``idle``."""
        self.job, self._stop, self._result = job, threading.Event(), None
        self._thread = threading.Thread(target=self._run, args=(job, work, what, self._stop), daemon=True)
        self._thread.start()

    def take_wanted(self) -> Job | None:
        """The next job, once nothing else is worked at."""
        if not self.idle:
            return None
        found, self.wanted = self.wanted, None
        return found

    def forget(self, meant: Callable[[Job], bool]) -> None:
        """Nobody waits for such a job any more: it is not begun, or stops."""
        if self.wanted is not None and meant(self.wanted):
            self.wanted = None
        if self.job is not None and meant(self.job):
            self.cancel()

    def cancel(self) -> None:
        """Let the work stop where it can; what comes of it is dropped."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """The work was told to stop."""
        return self._stop.is_set()

    def collect(self) -> Result[Job, Found] | None:
        """The result once it is there, and from then on ``idle``; nothing of what was cancelled."""
        thread = self._thread
        if thread is None or thread.is_alive():
            return None
        self._thread = self.job = None
        return None if self.cancelled else self._result

    def deliver(self, write: Callable[[Result[Job, Found]], None]) -> None:
        """Hand over the result once it is there; where ``write`` raises it is handed over again."""
        self._undelivered = self.collect() or self._undelivered
        if self._undelivered is not None:
            write(self._undelivered)
            self._undelivered = None

    def drop(self) -> None:
        """Forget what waits, and what was found."""
        self.wanted = self._undelivered = None
        self.cancel()

    def wait(self, seconds: float | None = None) -> None:
        """Until the work is over, or for so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def leave(self, seconds: float = 1.0) -> None:
        """The engine ends: stop, and wait for so long."""
        self.cancel()
        self.wait(seconds)

    def _run(self, job: Job, work: Callable[[GoOn], Found], what: str, stop: threading.Event) -> None:
        started = self._clock()
        value: Found | None = None
        error: Exception | None = None
        try:
            value = work(lambda: not stop.is_set())
        except LrtuiError as told:
            error = told
        except Exception as unexpected:
            error = unexpected
            if not stop.is_set():
                log.exception("unexpected error in %s", what)
        finally:
            self._result = Result(job, value, error, self._clock() - started)


def failure_of(error: Exception | None, full: Failure = FULL, unexpected: Failure = UNEXPECTED) -> Failure:
    """What went wrong, as people see it."""
    if isinstance(error, LrtuiError):
        return Failure.of(error)
    return full if isinstance(error, MemoryError) else unexpected
