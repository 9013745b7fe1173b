"""What an engine tells the dashboard that started it when it cannot tell the store: a line on a pipe.

The store is the channel for everything else. This is for the one thing that it cannot carry: that it cannot
be written. A pipe needs no disk.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress

SHORTEST = 4096  # bytes that are read at once


class StatusWriter:
    """The engine's end. What nobody reads is dropped, and never waited for."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = descriptor
        self._told: str | None = None

    @classmethod
    def on_stdout(cls) -> StatusWriter:
        """Take standard output for it; what a library prints goes nowhere from here on."""
        descriptor = os.dup(1)
        os.set_blocking(descriptor, False)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        return cls(descriptor)

    def tell(self, trouble: str | None) -> None:
        """Say what is wrong, or that nothing is any more."""
        if trouble == self._told:
            return
        self._told = trouble
        if self._descriptor is not None:
            line = json.dumps({"trouble": trouble}) + "\n"
            with suppress(OSError):  # nobody is there, or nobody reads
                os.write(self._descriptor, line.encode())


class StatusReader:
    """The dashboard's end; ``trouble`` is what the engine said last."""

    def __init__(self, descriptor: int | None = None) -> None:
        self.trouble: str | None = None
        self._descriptor = descriptor
        self._half = b""
        if descriptor is not None:
            os.set_blocking(descriptor, False)

    def look(self) -> str | None:
        """Read what is new; returns what is wrong."""
        with suppress(OSError):  # nothing is new
            while self._descriptor is not None and (data := os.read(self._descriptor, SHORTEST)):
                *lines, self._half = (self._half + data).split(b"\n")
                for line in lines:
                    self._take(line)
        return self.trouble

    def _take(self, line: bytes) -> None:
        with suppress(ValueError):  # printed by a library before the engine began
            found = json.loads(line)
            if isinstance(found, dict) and isinstance(found.get("trouble"), str | None):
                self.trouble = found.get("trouble")
