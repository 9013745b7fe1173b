"""A terminal at the far end of a slow line: so many bytes a second, and a delay on the way back."""

from __future__ import annotations

import time
from collections import deque
from typing import Any

from tests.e2e.terminal import KEYS, Terminal

QUESTION, ANSWER = b"\x1b[5n", "\x1b[0n"


class SlowTerminal(Terminal):
    """Reads what the line has carried by then, and answers what every terminal answers."""

    def __init__(self, command: list[str], *, rate: int, delay: float, **more: Any) -> None:
        """``rate`` in bytes a second; ``delay`` in seconds, for what is typed and answered."""
        super().__init__(command, **more)
        self._rate, self._delay = rate, delay
        self._read_at = time.monotonic()
        self._typed: deque[tuple[float, str]] = deque()

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what has come over the line since it was read last."""
        time.sleep(seconds)
        now = time.monotonic()
        while self._typed and self._typed[0][0] <= now:
            self.process.send(self._typed.popleft()[1])
        room, self._read_at = int(self._rate * min(now - self._read_at, 2 * seconds)), now
        before = len(self.raw)
        goes_on = self.take(room, 0)
        for _ in range(self.raw.count(QUESTION, max(0, before - len(QUESTION) + 1))):
            self._typed.append((now + self._delay, ANSWER))
        return goes_on

    def press(self, *keys: str) -> None:
        """Type keys; they come to the program after a while."""
        self._typed += [(time.monotonic() + self._delay, KEYS.get(key, key)) for key in keys]
