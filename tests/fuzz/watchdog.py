"""Notices when the app hangs: it computes, or waits, far longer than anything it does may take.

Computing is judged by the thread's own processor time, for the machine may be busy with other things.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
import traceback
from types import FrameType
from typing import Self

COMPUTING = 20.0  # seconds of processor time between two signs of life
WAITING = 240.0  # seconds of any kind


class HangError(Exception):
    """Raised in the midst of whatever hangs."""


class Watchdog:
    """Watches the main thread from another one."""

    def __init__(self) -> None:
        self.computing, self.waiting = COMPUTING, WAITING
        self._main = threading.main_thread()
        self._clock = time.pthread_getcpuclockid(self._main.ident or 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.caught: str | None = None
        self.alive()

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGUSR1, self._on_signal)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        signal.signal(signal.SIGUSR1, self._before)

    def alive(self) -> None:
        """A sign of life."""
        self._since = time.clock_gettime(self._clock), time.monotonic()

    def _watch(self) -> None:
        while not self._over.wait(0.5):
            computed = time.clock_gettime(self._clock) - self._since[0]
            waited = time.monotonic() - self._since[1]
            if computed > self.computing or waited > self.waiting:
                self.alive()
                frame = sys._current_frames().get(self._main.ident or 0)
                self.caught = "".join(traceback.format_stack(frame)[-12:])
                signal.pthread_kill(self._main.ident or 0, signal.SIGUSR1)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        raise HangError("the app gives no sign of life")
