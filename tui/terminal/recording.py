"""A command in a pseudo-terminal of its own: keys go in, and what comes out is shown and recorded."""

from __future__ import annotations

import os
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from lrtui.tui.terminal.cast import Cast

CHUNK = 65536  # bytes
REST_SECONDS = 0.05  # for what a command has written last
HEARD = (signal.SIGWINCH, signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
TOLD = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)  # to the command, which then ends in its own way


class Recorder:
    """Runs one command. ``run`` returns its exit code, as a shell tells it."""

    def __init__(self, cast: Cast, columns: int, rows: int, *, follow: bool) -> None:
        """``follow``: the size is that of the terminal on stdin, whatever becomes of it."""
        self._cast, self._size, self._follow = cast, (columns, rows), follow
        self._typed = bytearray()  # and not taken yet
        self._shows = True
        self._pid = 0
        self._code: int | None = None

    def run(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a command to its end."""
        master = self._spawn(command, env)
        os.set_blocking(master, False)
        try:
            with _raw_keys(), _signals() as signals:
                if self._follow:
                    self._fit(master)  # it may have changed before anybody listened
                self._pass_on(master, signals)
        finally:
            os.close(master)
            self._cast.output(b"", last=True)
        if self._code is None:
            self._code = os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])
        return self._code if self._code >= 0 else 128 - self._code

    def _spawn(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        master, slave = os.openpty()
        columns, rows = self._size
        termios.tcsetwinsize(slave, (rows, columns))  # before anybody asks for it
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.login_tty(slave)
                os.execve(command[0], [*command], dict(env))  # noqa: S606 - our own program
            finally:
                os._exit(127)
        os.close(slave)
        return master

    def _pass_on(self, master: int, signals: int) -> None:
        """Until the command has ended and has nothing more to say."""
        keys = [sys.stdin.fileno()]
        while True:
            readers = [master, signals, *(keys if len(self._typed) < CHUNK else ())]
            writers = [master] if self._typed else []
            rest = None if self._code is None else REST_SECONDS
            ready, free, _ = select.select(readers, writers, [], rest)
            if not ready and not free:
                return
            if master in ready and not self._hear(master):
                return
            if master in free:
                with suppress(OSError):  # it has ended; that is heard next
                    del self._typed[: os.write(master, self._typed)]
            if signals in ready:
                self._heed(os.read(signals, CHUNK), master)
            if keys and keys[0] in ready:
                typed = _read(keys[0])
                keys = keys if typed else []
                self._typed += typed

    def _hear(self, master: int) -> bool:
        """What the command has written; False once it has closed the terminal."""
        data = _read(master)
        if data:
            self._cast.output(data)
            self._show(data)
        return bool(data)

    def _show(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left and self._shows:
                left = left[os.write(sys.stdout.fileno(), left) :]
        except OSError:  # nobody looks any more; it is recorded all the same
            self._shows = False

    def _heed(self, numbers: bytes, master: int) -> None:
        for number in numbers:
            if number == signal.SIGWINCH and self._follow:
                self._fit(master)
            elif number == signal.SIGCHLD and self._code is None:
                found, status = os.waitpid(self._pid, os.WNOHANG)
                self._code = os.waitstatus_to_exitcode(status) if found else None
            elif number in TOLD and self._code is None:
                os.kill(self._pid, number)

    def _fit(self, master: int) -> None:
        """The size of the terminal, if it is another one."""
        try:
            found = os.get_terminal_size(sys.stdin.fileno())
        except OSError:  # it is gone
            return
        if tuple(found) != self._size and all(found):
            self._size = found.columns, found.lines
            termios.tcsetwinsize(master, (found.lines, found.columns))  # which tells the command
            self._cast.resized(*self._size)


def _read(descriptor: int) -> bytes:
    """What there is; nothing at its end, which Linux tells of a terminal as an error."""
    try:
        return os.read(descriptor, CHUNK)
    except OSError:
        return b""


@contextmanager
def _raw_keys() -> Iterator[None]:
    """Every key goes to the command as it is typed, also Ctrl+C; afterwards the terminal is as it was."""
    keys = sys.stdin.fileno()
    if not os.isatty(keys):
        yield
        return
    before = termios.tcgetattr(keys)
    try:
        tty.setraw(keys)
        yield
    finally:
        with suppress(termios.error):  # it may be gone
            termios.tcsetattr(keys, termios.TCSAFLUSH, before)


@contextmanager
def _signals() -> Iterator[int]:
    """A descriptor on which the numbers of signals come, in their order."""
    out, into = os.pipe()
    os.set_blocking(into, False)
    before = {number: signal.signal(number, lambda *_: None) for number in HEARD}
    woken = signal.set_wakeup_fd(into, warn_on_full_buffer=False)
    os.write(into, bytes([signal.SIGCHLD]))  # it may have ended already
    try:
        yield out
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(out)
        os.close(into)
