"""Who owns a run, and whether that process still lives.

An owner holds a file lock for as long as it lives. The kernel drops the lock with the process, however
it dies, so there is no heartbeat to wait for and no process id to mistake for another's.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from lrtui.core.store.home import make_home


@dataclass(frozen=True)
class Owner:
    """A claim to runs: ``token`` stands in the store, ``lock`` is the open, locked file."""

    token: str
    lock: int

    def release(self) -> None:
        """Give up the claim and remove its file."""
        _path(self.token).unlink(missing_ok=True)
        os.close(self.lock)


def new_owner() -> Owner:
    """A fresh claim, held by this process and by children that inherit ``lock``."""
    token = f"{os.getpid()}-{secrets.token_hex(4)}"
    path = _path(token)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return Owner(token, lock)


def is_alive(token: str) -> bool:
    """Whether the process behind a token still lives."""
    try:
        probe = os.open(_path(token), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(probe, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(probe)
    return False


def sweep() -> None:
    """Remove the lock files of owners that died."""
    folder = make_home() / "owners"
    if folder.is_dir():
        for path in folder.glob("*.lock"):
            if not is_alive(path.stem):
                path.unlink(missing_ok=True)


def _path(token: str) -> Path:
    return make_home() / "owners" / f"{token}.lock"
