"""Opening what a path names without waiting for it: a pipe, a device, a file of the system may have no end.

Standard library alone: the dashboard reads configs through it.
"""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path

PATIENCE = 30.0  # seconds until all that a pipe gives has come
LARGEST_READ = 1 << 30  # bytes, within what systems read at once
# Never waits for a writer, never makes a terminal ours, is not handed on to other programs.
_READING = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

FOLDER, PIPE, DEVICE = "a folder", "a named pipe", "a device"
MADE_UP = "made up by the system while it is read"
_SORTS = {
    stat.S_ISDIR: FOLDER,
    stat.S_ISFIFO: PIPE,
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: DEVICE,
    stat.S_ISBLK: DEVICE,
}


class NotPlainError(OSError):
    """A path names something else than a file with an end; ``sort`` says what."""

    def __init__(self, sort: str) -> None:
        super().__init__(f"it is {sort}")
        self.sort = sort


def sort_of(mode: int) -> str | None:
    """``a folder``, ``a named pipe``, ``a socket``, ``a device``; ``None`` for a plain file."""
    return next((sort for is_sort, sort in _SORTS.items() if is_sort(mode)), None)


def open_plain(path: Path) -> int:
    """The descriptor of a plain file.

    Raises:
        NotPlainError: it is something else, or tells no size. OSError: it cannot be opened.
    """
    _refuse(os.stat(path).st_mode)  # to open some devices does something already
    descriptor = os.open(path, _READING)
    try:
        found = os.fstat(descriptor)
        _refuse(found.st_mode)
        # What the system makes up while it is read, such as /proc/kmsg, may have no end.
        if found.st_size == 0 and read_upto(descriptor, 1):
            raise NotPlainError(MADE_UP)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def first_bytes(path: Path, size: int) -> bytes:
    """The first bytes of a plain file.

    Raises:
        NotPlainError: it is something else. OSError: it cannot be read.
    """
    descriptor = open_plain(path)
    try:
        return read_upto(descriptor, size)
    finally:
        os.close(descriptor)


def read_upto(descriptor: int, most: int) -> bytes:
    """At most so many bytes of a plain file, from where it stands; fewer only at its end."""
    pieces, left = [], most
    while left > 0:
        try:
            piece = os.read(descriptor, min(left, LARGEST_READ))  # mostly all of it: nothing to join
        except BlockingIOError:  # a file of the system that waits for what will happen
            break
        if not piece:
            break
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def read_pipe_or_file(path: Path, most: int) -> bytes:
    """All that a plain file, a pipe or ``/dev/null`` gives; more than ``most`` bytes are not waited for.

    So ``<(…)`` of a shell can be read, but nothing without an end.

    Raises:
        NotPlainError: it is something else. TimeoutError: the end did not come within 30 seconds.
        OSError: it cannot be read.
    """
    mode = os.stat(path).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or os.path.samefile(path, os.devnull)):
        _refuse(mode)
    descriptor = os.open(path, _READING)
    try:
        return _until_end(descriptor, most)
    finally:
        os.close(descriptor)


def _until_end(descriptor: int, most: int) -> bytes:
    end = time.monotonic() + PATIENCE
    waits = stat.S_ISFIFO(os.fstat(descriptor).st_mode)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    found = b""
    while len(found) <= most:
        try:
            piece = os.read(descriptor, most + 1 - len(found))
        except BlockingIOError:
            piece = None
        if piece:
            found += piece
        # Before its first byte, a pipe whose writer is yet to come reads as one that has ended.
        elif piece == b"" and (found or not waits):
            break
        else:
            left = end - time.monotonic()
            happened = poll.poll(max(left, 0) * 1000)
            if not happened:
                raise TimeoutError
            if piece == b"" and all(event == select.POLLHUP for _, event in happened):
                break  # its writer came, wrote nothing, and went
    return found


def _refuse(mode: int) -> None:
    sort = sort_of(mode)
    if sort is not None:
        raise NotPlainError(sort)
