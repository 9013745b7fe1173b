"""The way to the terminal: a file for Textual's writer thread, whatever becomes of the terminal.

Textual's own raises in that thread where the terminal is gone; the queue before it fills then, and the
dashboard waits at it for ever.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable

AT_ONCE = 65_536  # characters


class TerminalOutput:
    """Collects text and writes it when it is flushed.

    ``written`` is called when that is done, and ``gone`` once where it fails.
    """

    def __init__(self, descriptor: int, gone: Callable[[], None], written: Callable[[], None]) -> None:
        self._descriptor, self._tell, self._written = descriptor, gone, written
        self._parts: list[str] = []
        self._length = 0
        self._gone = False

    def fileno(self) -> int:
        """The descriptor of the terminal."""
        return self._descriptor

    def write(self, text: str) -> None:
        """Keep text until there is enough of it."""
        self._parts.append(text)
        self._length += len(text)
        if self._length >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what was kept; nothing where the terminal is gone."""
        data = "".join(self._parts).encode("utf-8", "replace")
        self._parts.clear()
        self._length = 0
        while data and not self._gone:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:  # another program on this terminal made it so
                select.select([], [self._descriptor], [])
            except OSError:
                self._gone = True
                self._tell()
        self._written()
