"""One piece of work at a time, beside the engine's loop: in a thread that can be told to stop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from lrtui.core.errors import LrtuiError

Found = TypeVar("Found")
GoOn = Callable[[], bool]
Clock = Callable[[], float]
log = logging.getLogger("lrtui.engine")


@dataclass(frozen=True)
class Result(Generic[Found]):
    """What came of the work: a value or an error; and the seconds that it took."""

    value: Found | None
    error: Exception | None
    seconds: float


class Aside(Generic[Found]):
    """A thread for one piece of work, which asks ``go_on`` now and then and stops where that is false."""

    def __init__(self, clock: Clock = time.perf_counter) -> None:
        self._clock = clock
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._result: Result[Found] | None = None

    @property
    def idle(self) -> bool:
        """There is no work, and no result that nobody fetched."""
        return self._thread is None

    def begin(self, work: Callable[[GoOn], Found], what: str) -> None:
        """Start; ``what`` names the work in the log. Only where it is ``idle``."""
        self._stop = threading.Event()
        self._result = None
        self._thread = threading.Thread(target=self._run, args=(work, what, self._stop), daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Let the work stop where it can; what comes of it is dropped."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """The work was told to stop."""
        return self._stop.is_set()

    def collect(self) -> Result[Found] | None:
        """The result once it is there, and from then on ``idle``; nothing of what was cancelled."""
        thread = self._thread
        if thread is None or thread.is_alive():
            return None
        self._thread = None
        return None if self.cancelled else self._result

    def wait(self, seconds: float | None = None) -> None:
        """Until the work is over, or for so long."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _run(self, work: Callable[[GoOn], Found], what: str, stop: threading.Event) -> None:
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
        self._result = Result(value, error, self._clock() - started)
