"""Opening what lies in a folder, never by way of a link: what was looked at is what is opened."""

from __future__ import annotations

import os
import stat

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
PLAIN = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # opening a pipe does not wait
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC  # fails where there is something
LOCKED = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC  # made where it is missing
SOME = 4096  # bytes that are read of a small file
MOST = 1 << 28  # bytes that are read of any


def open_folder(name: str | os.PathLike[str], parent: int | None = None) -> int | None:
    """The folder, opened; ``None`` where there is none, or a link."""
    try:
        return os.open(name, FOLDER, dir_fd=parent)
    except OSError:
        return None


def contents(name: str, folder: int, most: int = MOST) -> bytes:
    """What stands in a plain file.

    Raises:
        OSError: it is none, or is larger.
    """
    file = os.open(name, PLAIN, dir_fd=folder)
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > most:
            raise OSError(f"{name} is no plain file of at most {most} bytes")
        with os.fdopen(os.dup(file), "rb") as opened:
            return opened.read(most)
    finally:
        os.close(file)


def beginning(name: str, folder: int) -> str:
    """What stands in a small plain file, as ASCII; nothing where it is none."""
    try:
        return contents(name, folder, SOME).decode("ascii", "replace")
    except OSError:
        return ""


def is_other(name: str, folder: int) -> bool:
    """Whether it is a link, a folder or anything else but a file; not where it is gone."""
    try:
        return not stat.S_ISREG(os.lstat(name, dir_fd=folder).st_mode)
    except FileNotFoundError:
        return False


def is_plain(name: str, folder: int) -> bool:
    """Whether it is a file, and no link to one."""
    try:
        return stat.S_ISREG(os.lstat(name, dir_fd=folder).st_mode)
    except OSError:
        return False
