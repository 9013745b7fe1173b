"""A command in a pseudo-terminal of its own, for a loop of asyncio."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import struct
import termios
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Self

LARGEST = 65_536  # bytes that are passed on at once
LEAVING_SECONDS = 5.0  # that a command has to end once its terminal is gone
MOST_CELLS = 1000  # a side: what a browser says of its size is not believed beyond it


class PseudoTerminal:
    """A process whose terminal this is: what it writes is read here, and what is typed written."""

    def __init__(self, process: Process, descriptor: int) -> None:
        """Use ``started``."""
        self.process, self._descriptor = process, descriptor

    @classmethod
    async def started(
        cls, command: Sequence[str], environment: Mapping[str, str], columns: int, rows: int
    ) -> Self:
        """Start a command in a terminal of this size.

        Raises:
            OSError: there is no terminal left, or the command cannot be started.
        """
        ours, its = pty.openpty()
        try:
            _resize(ours, columns, rows)
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=its,
                stdout=its,
                stderr=its,
                env=environment,
                start_new_session=True,
                preexec_fn=_take_terminal,
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(its)
        os.set_blocking(ours, False)
        return cls(process, ours)

    async def output(self) -> AsyncIterator[bytes]:
        """What the command writes, until it ends."""
        loop = asyncio.get_running_loop()
        while True:
            await ready(self._descriptor, loop.add_reader, loop.remove_reader)
            try:
                data = os.read(self._descriptor, LARGEST)
            except BlockingIOError:
                continue
            except OSError:  # as Linux says that nobody has the terminal any more
                return
            if not data:
                return
            yield data

    async def write(self, data: bytes) -> None:
        """Type: waits where the command does not read."""
        loop = asyncio.get_running_loop()
        while data:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                await ready(self._descriptor, loop.add_writer, loop.remove_writer)
            except OSError:  # it has ended
                return

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size; the command is told by a signal."""
        with suppress(OSError):
            _resize(self._descriptor, columns, rows)

    async def close(self) -> None:
        """Take the terminal away, as when a connection drops; a command that stays is killed."""
        os.close(self._descriptor)
        try:
            await asyncio.wait_for(self.process.wait(), LEAVING_SECONDS)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that keys such as Ctrl+C and its end are signals


def _resize(descriptor: int, columns: int, rows: int) -> None:
    columns, rows = (min(max(cells, 1), MOST_CELLS) for cells in (columns, rows))
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


async def ready(descriptor: int, add: Callable[..., None], remove: Callable[[int], bool]) -> None:
    """Wait until a descriptor can be read, or written, by whichever of the loop's own ways is given.

    Raises:
        PermissionError: it is a plain file, which never has to be waited for.
    """
    come = asyncio.Event()
    add(descriptor, come.set)
    try:
        await come.wait()
    finally:
        remove(descriptor)
