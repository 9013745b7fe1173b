"""A command in a pseudo-terminal of its own: keys go in, and what comes out is shown and recorded."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
import tty
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from lrtui.tui.serving.pseudo_terminal import PseudoTerminal, ready
from lrtui.tui.terminal.cast import Cast

CHUNK = 65536  # bytes
REST_SECONDS = 0.2  # for what a command has written last, where something that it started stays
TOLD = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)  # to the command, which then ends in its own way


class Recorder:
    """Runs one command. ``run`` returns its exit code, as a shell tells it."""

    def __init__(self, cast: Cast, columns: int, rows: int, *, follow: bool) -> None:
        """``follow``: the size is that of the terminal on stdin, whatever becomes of it."""
        self._cast, self._size, self._follow = cast, (columns, rows), follow
        self._shows = True

    def run(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        """Run a command to its end."""
        with _raw_keys():
            code = asyncio.run(self._run(command, env))
        self._cast.output(b"", last=True)
        return code if code >= 0 else 128 - code

    async def _run(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        terminal = await PseudoTerminal.started(command, env, *self._size)
        loop = asyncio.get_running_loop()
        for number in TOLD:
            loop.add_signal_handler(number, _send, terminal, number)
        if self._follow:
            loop.add_signal_handler(signal.SIGWINCH, self._fit, terminal)
            self._fit(terminal)  # it may have changed before anybody listened
        hearing, typing = (
            asyncio.ensure_future(self._hear(terminal)),
            asyncio.ensure_future(_type(terminal)),
        )
        code = await terminal.process.wait()
        await asyncio.wait([hearing], timeout=REST_SECONDS)
        for task in (hearing, typing):
            task.cancel()
        await asyncio.gather(hearing, typing, return_exceptions=True)
        await terminal.close()
        return code

    async def _hear(self, terminal: PseudoTerminal) -> None:
        async for data in terminal.output():
            self._cast.output(data)
            self._show(data)

    def _show(self, data: bytes) -> None:
        left = memoryview(data)
        try:
            while left and self._shows:
                left = left[os.write(sys.stdout.fileno(), left) :]
        except OSError:  # nobody looks any more; it is recorded all the same
            self._shows = False

    def _fit(self, terminal: PseudoTerminal) -> None:
        """The size of the terminal, if it is another one."""
        try:
            found = os.get_terminal_size(sys.stdin.fileno())
        except OSError:  # it is gone
            return
        if tuple(found) != self._size and all(found):
            self._size = found.columns, found.lines
            terminal.resize(*self._size)
            self._cast.resized(*self._size)


def _send(terminal: PseudoTerminal, number: int) -> None:
    with suppress(ProcessLookupError):  # it has just ended
        terminal.process.send_signal(number)


async def _type(terminal: PseudoTerminal) -> None:
    """Whatever is typed, to its end."""
    async for typed in _keys(sys.stdin.fileno()):
        await terminal.write(typed)


async def _keys(keys: int) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    while True:
        with suppress(PermissionError):  # a plain file
            await ready(keys, loop.add_reader, loop.remove_reader)
        typed = _read(keys)
        if not typed:
            return
        yield typed


def _read(keys: int) -> bytes:
    """What was typed; nothing at the end, or where the terminal is gone."""
    try:
        return os.read(keys, CHUNK)
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
