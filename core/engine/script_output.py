"""What a script prints, as the last lines that a terminal would show of it."""

from __future__ import annotations

import codecs
import os
import re
import threading
from collections import deque
from contextlib import suppress

LINES = 300  # kept
LONGEST = 400  # characters of a line
BLOCK = 1 << 16
# Colours, movements and titles: nothing of a line's text. A sequence that is cut off waits for its rest.
SEQUENCE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][0-9A-B]|[=>NOM78c])")
BEGUN = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\x07\x1b]{0,500}|[()])?$")


class ScriptOutput:
    """Lines out of bytes; fed by one thread, read by another."""

    def __init__(self) -> None:
        self._lines: deque[str] = deque(maxlen=LINES)
        self._line = ""  # that is not ended yet
        self._back = False  # a carriage return came: what follows takes its place
        self._rest = ""
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._lock = threading.Lock()

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines, the one that is being written included."""
        with self._lock:
            return (*self._lines, self._line)[-LINES:] if self._line else tuple(self._lines)

    def feed(self, data: bytes) -> None:
        """Take in what was printed."""
        text = self._rest + self._decode(data)
        begun = BEGUN.search(text)
        self._rest = begun[0] if begun else ""
        text = SEQUENCE.sub("", text[: len(text) - len(self._rest)])
        with self._lock:
            for part in re.split(r"(\r\n|\n|\r)", text):
                if part in ("\n", "\r\n"):
                    self._lines.append(self._line)
                    self._line, self._back = "", False
                elif part == "\r":
                    self._back = True
                elif part:
                    self._line = (part if self._back else self._line + part)[:LONGEST]
                    self._back = False

    def read(self, descriptor: int) -> None:
        """Everything, to its end; for a thread. Linux says EIO of a terminal whose other side is closed."""
        with suppress(OSError):
            while data := os.read(descriptor, BLOCK):
                self.feed(data)
        os.close(descriptor)
