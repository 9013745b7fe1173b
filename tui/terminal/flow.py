"""How far the terminal has read: what was sent and not yet shown there.

The kernel does not tell: on Linux TIOCOUTQ is 0 for every pseudo-terminal, and what a connection has taken
lies in its buffers for seconds. So a frame ends in a question that every terminal answers (DSR 5), and the
next one waits until little is left unanswered. A terminal that never answers is trusted to keep up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Condition

QUESTION, ANSWER = "\x1b[5n", "\x1b[0n"
WINDOW = 2048  # bytes on their way, so that a key need not wait for the answer to a small frame
PROBE_SECONDS = 5.0  # without any answer, after which nothing is asked any more
LOST_SECONDS = 5.0  # for an answer: a terminal that was let go of and taken up again may owe it for ever


class Flow:
    """Counts the bytes of frames until the terminal has answered; used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = Condition()
        self._asked: deque[tuple[float, int]] = deque()  # when, and how many bytes
        self._unwritten = 0
        self._answers = False  # whether it ever did
        self._first: float | None = None  # question

    @property
    def is_open(self) -> bool:
        """Whether another frame would be read soon."""
        with self._changed:
            while self._asked and self._clock() - self._asked[0][0] > LOST_SECONDS:
                self._asked.popleft()
            on_their_way = sum(size for _, size in self._asked) if self._answers else 0
            return not self._unwritten and on_their_way <= WINDOW

    def send(self, frame: str) -> str:
        """A frame is on its way; returns it as it is to be sent."""
        with self._changed:
            self._unwritten += 1
            now = self._clock()
            self._first = now if self._first is None else self._first
            if not self._answers and now - self._first > PROBE_SECONDS:
                return frame
            self._asked.append((now, len(frame.encode())))
            return frame + QUESTION

    def written(self) -> None:
        """All that was sent has been taken by the kernel."""
        with self._changed:
            self._unwritten = 0

    def answered(self) -> None:
        """The terminal has read up to a question."""
        with self._changed:
            if self._asked:
                self._asked.popleft()
                self._answers = True
                self._changed.notify_all()

    def settle(self, seconds: float) -> None:
        """Wait for the answers that are due: whoever reads the terminal next would take them for keys."""
        with self._changed:
            self._changed.wait_for(lambda: not (self._asked and self._answers), seconds)
        self.forget()

    def forget(self) -> None:
        """Nothing is on its way any more; later it may be another terminal."""
        with self._changed:
            self._asked.clear()
            self._answers, self._first = False, None
            self._changed.notify_all()
