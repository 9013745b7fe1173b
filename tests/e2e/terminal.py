"""A person at a terminal: starts a command in a pseudo-terminal, types, and reads the screen."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import psutil
import pyte

PATIENCE = 60.0


def heeding_hangups() -> None:
    """Begin as a terminal begins a program, also where the tests themselves run under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def stop_engines(home: Path) -> None:
    """End the engines of a store, and what watches scripts: they would go on long after their test.

    Those that do not stand in it yet, too, where they were told its folder.
    """
    pids: list[int] = []
    with closing(sqlite3.connect(home / "lrtui.db")) as connection, suppress(sqlite3.OperationalError):
        pids += [row[0] for row in connection.execute("SELECT pid FROM engines")]  # if it came so far
        owners = "SELECT owner FROM runs UNION SELECT owner FROM diagnoses"
        pids += [int(row[0].partition("-")[0]) for row in connection.execute(owners) if row[0]]
    for process in psutil.process_iter(["environ"]):
        if (process.info["environ"] or {}).get("LRTUI_HOME") == str(home):
            pids.append(process.pid)
    for pid in {*pids} - {os.getpid()}:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


KEYS = {
    "enter": "\r", "escape": "\x1b", "tab": "\t", "shift+tab": "\x1b[Z", "space": " ",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "ctrl+p": "\x10",
    "ctrl+z": "\x1a", "ctrl+c": "\x03", "backspace": "\x7f",
}  # fmt: skip


class Terminal:
    """A pseudo-terminal of a given size with the screen that a person would see."""

    def __init__(
        self,
        command: list[str],
        *,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> None:
        full = {
            **os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "", **(env or {})
        }  # fmt: skip
        for name in ("COLUMNS", "LINES"):
            full.pop(name, None)
        self.screen = pyte.Screen(columns, rows)
        self._lines: dict[int, str] = {}
        self._stream = pyte.ByteStream(self.screen)
        self.bytes_read = 0
        self.raw = bytearray()
        self.process = pexpect.spawn(
            command[0],
            command[1:],
            dimensions=(rows, columns),
            env=full,
            cwd=None if cwd is None else str(cwd),
            timeout=PATIENCE,
            preexec_fn=heeding_hangups,
        )
        self.process.delaybeforesend = None  # pexpect would wait 50 ms before every key

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if not self.process.ptyproc.closed:
            with suppress(pexpect.ExceptionPexpect):  # killed, but on a busy machine not gone at once
                self.process.close(force=True)

    @property
    def text(self) -> str:
        """The screen's lines; only those that have changed are put together anew."""
        shown = self.screen
        for y in shown.dirty:
            line = shown.buffer[y]
            self._lines[y] = "".join(line[x].data for x in range(shown.columns))
        shown.dirty.clear()
        return "\n".join(self._lines[y] for y in range(shown.lines))

    def read(self, seconds: float = 0.05) -> bool:
        """Take in what the program has written; False once it has closed the terminal."""
        return self.take(65536, seconds)

    def take(self, size: int, seconds: float) -> bool:
        """The same, at most so many bytes."""
        try:
            data = self.process.read_nonblocking(size, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.bytes_read += len(data)
        self.raw += data
        # pyte does not know private-parameter forms such as CSI > … u; a terminal ignores them.
        self._stream.feed(re.sub(rb"\x1b\[[<>=][0-9;]*[a-zA-Z]", b"", data))
        return True

    def wait(self, condition: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
        """Read until something holds of the screen; says what was awaited if it never does."""
        until = time.monotonic() + patience
        while not condition():
            if not self.read() and not condition():
                raise AssertionError(f"the program ended before: {what}\n{self.text}")
            if time.monotonic() > until:
                raise AssertionError(f"never seen: {what}\n{self.text}")

    def see(self, pattern: str, patience: float = PATIENCE) -> re.Match[str]:
        """Wait until the screen matches a regular expression."""
        self.wait(lambda: re.search(pattern, self.text), pattern, patience)
        found = re.search(pattern, self.text)
        assert found is not None
        return found

    def gone(self, pattern: str) -> None:
        """Wait until the screen matches no more."""
        self.wait(lambda: not re.search(pattern, self.text), f"{pattern} to go away")

    def press(self, *keys: str) -> None:
        """Type keys by name, or text as it is."""
        for key in keys:
            self.process.send(KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        """The person drags the window's corner."""
        self.screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def choose(self, action: str) -> None:
        """Have an action done by its name, through the command palette."""
        self.press("ctrl+p")
        self.see("Search for commands")
        self.press(action, "enter")

    def end(self) -> int:
        """Wait until the program ends; its exit code, or minus the signal."""
        until = time.monotonic() + PATIENCE
        while self.read():
            assert time.monotonic() < until, f"still running:\n{self.text}"
        self.process.close()
        status = self.process.exitstatus
        return status if status is not None else -(self.process.signalstatus or 0)
