"""The cache folder: entries that are whole or not there at all, claimed while they are used.

An entry is a folder of files with a ``meta.json``, which is written last. It is made under another name, by
one process at a time, and renamed when everything is on the disk. Whoever makes or uses it holds a lock on
the file ``lock`` in it, which the kernel drops with the process: what nobody holds and has no final name is
left over from a crash.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrtui.datasets.disk.folder import cache_folder, cache_limit, make_folder, unusable
from lrtui.datasets.disk.writing import META, Draft
from lrtui.datasets.watching import Cancelled

GoOn = Callable[[], bool]
PART = ".part-"  # before the name of an entry that is being made
LOCK = "lock"
WAIT_SECONDS = 0.05  # between two looks at what another process makes
VERSION = 1  # of what the files hold: entries of another are as if they were not there


@dataclass(frozen=True)
class Entry:
    """What the cache holds of one table: for people.

    Attributes:
        name: of the folder. file: the path that was read. what: ``table``, or ``prepared``.
        rows, columns: of the table. size: bytes on disk. used: seconds of the epoch. in_use: by a process.
    """

    name: str
    file: str
    what: str
    rows: int
    columns: int
    size: int
    used: float
    in_use: bool


class Held:
    """A whole entry that is in use for as long as this object lives."""

    def __init__(self, folder: Path, meta: dict[str, Any], lock: int) -> None:
        self.folder, self.meta = folder, meta
        weakref.finalize(self, os.close, lock)


class Cache:
    """The entries of a folder, by name. Safe for several processes at once."""

    def __init__(self, folder: Path | None = None, limit: int | None = None) -> None:
        """``limit``: bytes that all entries may take together.

        Raises:
            DatasetError: the folder cannot be made or written, or the limit that was set is none.
        """
        self.folder = cache_folder() if folder is None else folder
        self._limit = limit

    def open(self, name: str) -> Held | None:
        """The entry, and a claim on it; ``None`` where there is none that is whole."""
        folder = self.folder / name
        try:
            lock = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            meta = json.loads((folder / META).read_text())
            if meta.get("version") != VERSION:
                raise ValueError("another version")
            os.utime(folder / LOCK)
        except (OSError, ValueError):
            os.close(lock)
            return None
        return Held(folder, meta, lock)

    @contextmanager
    def make(self, name: str, go_on: GoOn = lambda: True) -> Iterator[Draft | None]:
        """A draft of an entry, which becomes the entry when the block ends without an error.

        ``None`` where another process has made it meanwhile: ``open`` it.

        Raises:
            Cancelled: ``go_on`` said no while another process was making it.
            DatasetError: the folder cannot be used, or there is no room for the entry.
        """
        make_folder(self.folder)
        lock = self._claim(name, go_on)
        if lock is None:
            yield None
            return
        part = self.folder / (PART + name)
        draft = Draft(part)
        try:
            yield draft
            draft.finish()
            self._publish(part, name)
        except BaseException:
            draft.close()
            shutil.rmtree(part, ignore_errors=True)
            raise
        finally:
            os.close(lock)

    def entries(self) -> list[Entry]:
        """What there is, the last used first."""
        found = [entry for path in self._folders() if (entry := _entry(path)) is not None]
        return sorted(found, key=lambda entry: -entry.used)

    def remove(self, names: list[str]) -> list[str]:
        """Remove entries that nobody uses; returns the names of those that were."""
        if not self.folder.is_dir():
            return []
        with self._alone():
            return [name for name in names if self._remove(name)]

    def sweep(self) -> None:
        """Remove what crashed processes left, and what another version of lrtui made."""
        if not self.folder.is_dir():
            return
        with self._alone():
            for path in self.folder.glob(f"{PART}*"):
                _remove_unheld(path)
            for path in self._folders():
                if _meta(path) is None:
                    _remove_unheld(path)

    def make_room(self, size: int) -> None:
        """Remove entries, the least recently used first, until ``size`` more bytes are within the limit.

        What is in use stays, and what does not fit is made nonetheless: it is needed now.
        """
        with self._alone():
            found = self.entries()
            used = sum(entry.size for entry in found)
            limit = cache_limit(self.folder, used) if self._limit is None else self._limit
            for entry in reversed(found):
                if used + size <= limit:
                    break
                if self._remove(entry.name):
                    used -= entry.size

    def _folders(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return [path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")]

    def _claim(self, name: str, go_on: GoOn) -> int | None:
        """The lock of a new draft's folder; ``None`` once another process has made the entry."""
        part = self.folder / (PART + name)
        while True:
            with self._alone():
                if _meta(self.folder / name) is not None:
                    return None
                _remove_unheld(self.folder / name)
                _remove_unheld(part)
                if not part.exists():
                    try:
                        part.mkdir(mode=0o700)
                        lock = os.open(part / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                    except OSError as error:
                        raise unusable(self.folder, error) from None
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return lock
            if not go_on():
                raise Cancelled
            time.sleep(WAIT_SECONDS)

    def _publish(self, part: Path, name: str) -> None:
        with self._alone():
            part.rename(self.folder / name)
            folder = os.open(self.folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _remove(self, name: str) -> bool:
        path = self.folder / name
        return path.is_dir() and path in self._folders() and _remove_unheld(path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Making, publishing and removing are for one process at a time; none of them takes long."""
        try:
            lock = os.open(self.folder / f".{LOCK}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unusable(self.folder, error) from None
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _meta(path: Path) -> dict[str, Any] | None:
    """What an entry says of itself, if it is whole and of this version."""
    try:
        found: dict[str, Any] = json.loads((path / META).read_text())
    except (OSError, ValueError):
        return None
    return found if found.get("version") == VERSION else None


def _entry(path: Path) -> Entry | None:
    meta = _meta(path)
    if meta is None:
        return None
    try:
        size = sum(file.stat().st_size for file in path.iterdir())
        used = (path / LOCK).stat().st_mtime
    except OSError:  # removed this moment
        return None
    told = meta["file"], meta["what"], meta["rows"], meta["columns"]
    return Entry(path.name, *told, size, used, _is_held(path))


def _is_held(path: Path) -> bool:
    lock = _try_lock(path)
    if lock is None:
        return True
    if lock >= 0:
        os.close(lock)
    return False


def _remove_unheld(path: Path) -> bool:
    """Remove a folder that no process holds; False where one does, or there is no such folder."""
    if not path.is_dir():
        return False
    lock = _try_lock(path)
    if lock is None:
        return False
    try:
        # First the claim that it is whole: what is interrupted half-way is left over, not an entry.
        (path / META).unlink(missing_ok=True)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        if lock >= 0:
            os.close(lock)
    return not path.exists()


def _try_lock(path: Path) -> int | None:
    """An exclusive lock on a folder's lock file; −1 where there is none, ``None`` where it is held."""
    try:
        lock = os.open(path / LOCK, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
