"""Frames to whoever watches: a line of JSON, and bytes behind it where there are any."""

from __future__ import annotations

import json
import math
import os
import threading
from typing import Any


class Channel:
    """The writing end of a pipe; silent once nobody reads, and in children that were forked."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._waiting: list[bytes] = []
        os.set_inheritable(descriptor, False)

    @property
    def here(self) -> bool:
        """Whether this is the process that is observed."""
        return os.getpid() == self._process

    def send(self, kind: str, payload: bytes = b"", **fields: Any) -> None:
        """One frame, kept until ``flush`` or until there are many."""
        frame = {"kind": kind, **fields}
        if payload:
            frame["bytes"] = len(payload)
        line = json.dumps(plain(frame), allow_nan=False, separators=(",", ":")).encode() + b"\n"
        self._waiting.append(line + payload)
        if len(self._waiting) > 200 or payload:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            data, self._waiting = b"".join(self._waiting), []
            if not self.here:
                return
            try:
                while data:
                    data = data[os.write(self._descriptor, data) :]
            except OSError:
                pass  # nobody reads any more: the script goes on as if nothing were


def plain(value: Any) -> Any:
    """A value as JSON has it; numbers that are not finite become words."""
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    if isinstance(value, dict):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return str(value)[:200]
