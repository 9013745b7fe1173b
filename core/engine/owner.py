"""Who owns a run, and whether that process still lives.

An owner holds a file lock for as long as it lives. The kernel drops the lock with the process, however
it dies, so there is no heartbeat to wait for and no process id to mistake for another's. The file gets its
name only once it is locked, so that nobody ever finds a living owner's lock open.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from stat import S_ISREG

from lrtui.core.errors import StoreError
from lrtui.core.store.home import make_home, unusable
from lrtui.datasets.storage.folder import reason
from lrtui.datasets.storage.moving import move
from lrtui.datasets.storage.nofollow import FOLDER, NEW, PLAIN, beginning

OWNERS = "owners"
SUFFIX = ".lock"
MAKING_SECONDS = 60.0  # that the making of a lock takes at most; it takes a millisecond
BEGUN = "."  # before a token: a lock that has not got its name yet, or never will
TOKEN = re.compile(r"[0-9]+-[0-9a-f]{8}")


@dataclass(frozen=True)
class Owner:
    """A claim to runs: ``token`` stands in the store, ``lock`` is the open, locked file."""

    token: str
    lock: int

    def release(self) -> None:
        """Give up the claim and remove its file."""
        with suppress(StoreError), _owners() as folder:  # without its folder there is nothing to remove
            _remove(self.token + SUFFIX, self.token, folder)
        os.close(self.lock)


def new_owner() -> Owner:
    """A fresh claim, held by this process and by children that inherit ``lock``.

    Raises:
        StoreError: its file cannot be made.
    """
    token = f"{os.getpid()}-{secrets.token_hex(4)}"
    part = BEGUN + token
    with _owners(make=True) as folder:
        if folder is None:
            raise FileNotFoundError(errno.ENOENT, "it was removed this moment")
        lock = os.open(part, NEW, 0o600, dir_fd=folder)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.write(lock, _proof(token).encode())
            move(part, token + SUFFIX, folder)
        except BaseException:
            os.close(lock)
            with suppress(FileNotFoundError):
                os.unlink(part, dir_fd=folder)
            raise
    return Owner(token, lock)


def is_alive(token: str) -> bool:
    """Whether the process behind a token still lives.

    Raises:
        StoreError: that cannot be found out.
    """
    if not TOKEN.fullmatch(token):
        return False
    with _owners() as folder:
        return folder is not None and _is_held(token + SUFFIX, folder)


def living() -> list[str]:
    """The tokens of all owners that live, of a store whose folder is there.

    Raises:
        StoreError: their folder cannot be used.
    """
    with _owners() as folder:
        names = [] if folder is None else os.listdir(folder)
        tokens = (name.removesuffix(SUFFIX) for name in sorted(names) if name.endswith(SUFFIX))
        return [token for token in tokens if TOKEN.fullmatch(token) and _is_held(token + SUFFIX, folder)]


def remove_stale() -> None:
    """Remove the lock files of owners that died, and no others.

    Raises:
        StoreError: their folder cannot be used.
    """
    with _owners() as folder:
        for name in [] if folder is None else os.listdir(folder):
            token = name.removesuffix(SUFFIX).removeprefix(BEGUN)
            ours = name in (token + SUFFIX, BEGUN + token) and TOKEN.fullmatch(token)
            if ours and not _is_held(name, folder):
                _remove(name, token, folder)


def _remove(name: str, token: str, folder: int | None) -> None:
    """Remove the lock file of an owner, which says itself whose it is, or is old and was never written."""
    if folder is None:
        return
    with suppress(FileNotFoundError):
        begun = name == BEGUN + token and _is_left_empty(os.lstat(name, dir_fd=folder))
        if begun or beginning(name, folder) == _proof(token):
            os.unlink(name, dir_fd=folder)


def _is_left_empty(found: os.stat_result) -> bool:
    return S_ISREG(found.st_mode) and not found.st_size and time.time() - found.st_mtime > MAKING_SECONDS


def _is_held(name: str, folder: int | None) -> bool:
    try:
        probe = os.open(name, PLAIN, dir_fd=folder)
    except PermissionError:  # another user's: their runs are not ours to take
        return True
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.ELOOP):
            raise
        return False
    try:
        fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(probe)
    return False


def _proof(token: str) -> str:
    return f"lrtui owner {token}\n"


@contextmanager
def _owners(*, make: bool = False) -> Iterator[int | None]:
    """The open folder of the lock files, never by way of a link; ``None`` where there is none."""
    path = make_home() / OWNERS
    try:
        if make:
            with suppress(FileExistsError):
                os.mkdir(path, 0o700)
        try:
            folder = os.open(path, FOLDER)
        except FileNotFoundError:
            yield None
            return
        try:
            yield folder
        finally:
            os.close(folder)
    except OSError as error:
        raise unusable(path, reason(path, error)) from None
