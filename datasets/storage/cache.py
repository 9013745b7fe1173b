"""The cache folder: entries that are whole or not there at all, claimed while they are used.

An entry is a folder of files with a ``meta.json``, which is written last. It is made under another name, by
one process at a time, and renamed when everything is written. Whoever makes or uses it holds a lock on
the file ``lock`` in it, which the kernel drops with the process: what nobody holds and has no final name is
left over from a crash. Before an entry is used its files are compared with their checksums.
"""

from __future__ import annotations

import fcntl
import os
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lrtui.datasets.progress import NOBODY, Cancelled, Progress
from lrtui.datasets.storage.checksum import checksum
from lrtui.datasets.storage.folder import cache_folder, cache_limit, make_private, unusable
from lrtui.datasets.storage.nofollow import LOCKED, PLAIN, beginning
from lrtui.datasets.storage.ownership import LOCK, NAME, PART, Root, is_scrap, open_root, try_lock
from lrtui.datasets.storage.strangers import look, refuse_strangers
from lrtui.datasets.storage.writing import Draft

GoOn = Callable[[], bool]
WAIT_SECONDS = 0.05  # between two looks at what another process makes
TOLD = 64_000_000  # bytes: comparing fewer takes no time that anybody notices
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


class CacheEntry:
    """A whole entry that is in use for as long as this object lives."""

    def __init__(self, cache: Cache, folder: Path, meta: dict[str, Any], lock: int) -> None:
        self.cache, self.folder, self.meta = cache, folder, meta
        weakref.finalize(self, os.close, lock)


class Cache:
    """The entries of the cache folder, by name. Safe for several processes at once.

    A folder that holds what is not lrtui's is refused: every method but ``older`` raises ``DatasetError``
    then, before anything is changed.
    """

    def __init__(self) -> None:
        self.folder = cache_folder()

    def open(
        self, name: str, watch: Progress = NOBODY, what: str = "reading", *, fresh: bool = False
    ) -> CacheEntry | None:
        """The entry, and a claim on it; ``None`` where there is none that is whole.

        What is damaged is removed, so that it can be made anew. ``watch`` hears of the comparing as
        ``what``; an entry that is ``fresh`` from the hands of this process is not compared.

        Raises:
            Cancelled: the watcher says so.
        """
        with self._root() as root:
            folder = None if root is None else root.entry(name)
            if root is None or folder is None:
                return None
            try:
                held = self._claimed(root, name, folder, fresh, watch, what)
                if held is None:
                    with root.alone():
                        if root.is_at(name, folder):
                            root.remove(name, held=True)
                return held
            finally:
                os.close(folder)

    @contextmanager
    def make(self, name: str, go_on: GoOn = lambda: True) -> Iterator[Draft | None]:
        """A draft of an entry, which becomes the entry when the block ends without an error.

        ``None`` where another process has made it meanwhile: ``open`` it.

        Raises:
            Cancelled: ``go_on`` said no while another process was making it.
            DatasetError: there is no room for the entry. ValueError: no entry can have this name.
        """
        if not NAME.fullmatch(name):
            raise ValueError(f"no entry can have the name {name}")
        with self._root(make=True) as root:
            if root is None:
                raise unusable(self.folder, OSError("it cannot be marked"))
            lock = self._claim(root, name, go_on)
            if lock is None:
                yield None
                return
            draft = Draft(root, name)
            try:
                yield draft
                draft.finish()
                with root.alone():
                    root.publish(name)
            except BaseException:
                draft.close()
                with root.alone():
                    root.remove(PART + name, held=True)  # by this process
                raise
            finally:
                os.close(lock)

    def entries(self) -> list[Entry]:
        """What there is, the last used first."""
        with self._root() as root:
            return sorted(_entries(root), key=lambda entry: -entry.used)

    def older(self) -> tuple[str, ...]:
        """Folders that an earlier lrtui left: never used, and never removed."""
        return look(self.folder).older

    def remove(self, names: list[str]) -> list[str]:
        """Remove entries that nobody uses; returns the names of those that were."""
        with self._root(alone=True) as root:
            return [
                name for name in names if root is not None and _has_its_name(name) and root.remove(name)
            ]

    def remove_stale(self) -> None:
        """Remove what crashed processes left, and what another version of lrtui made."""
        with self._root(alone=True) as root:
            if root is None:
                return
            for name in root.names():
                if not _has_its_name(name) or _entry(root, name) is None:
                    root.remove(name)

    def make_room(self, size: int) -> None:
        """Remove entries, the least recently used first, until ``size`` more bytes are within the limit.

        What is in use stays, and what does not fit is made nonetheless: it is needed now.
        """
        with self._root(alone=True) as root:
            if root is None:
                return
            found = sorted(_entries(root), key=lambda entry: entry.used)
            used = sum(entry.size for entry in found)
            limit = cache_limit(self.folder, used)
            for entry in found:
                if used + size <= limit:
                    break
                if root.remove(entry.name):
                    used -= entry.size

    def _claimed(
        self, root: Root, name: str, folder: int, fresh: bool, watch: Progress, what: str
    ) -> CacheEntry | None:
        """The entry with a claim on it, once every byte was found to be as it was written."""
        try:
            lock = os.open(LOCK, LOCKED & ~os.O_CREAT, dir_fd=folder)
        except OSError:
            return None
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            meta = _meta(root, folder, name)
            whole = meta is not None and beginning(LOCK, folder) == root.proof(name)
            if meta is not None and whole and (fresh or _is_whole(folder, meta, watch, what)):
                os.utime(lock)
                return CacheEntry(self, root.path / name, meta, os.dup(lock))
        except OSError:  # the disk fails: as good as damaged
            return None
        finally:
            os.close(lock)
        return None

    def _claim(self, root: Root, name: str, go_on: GoOn) -> int | None:
        """The lock of a new draft; ``None`` once another process has made the entry."""
        while True:
            with root.alone():
                if _entry(root, name) is not None:
                    return None
                root.remove(name)
                root.remove(PART + name)
                lock = root.make(name)
            if lock is not None:
                return lock
            if not go_on():
                raise Cancelled
            time.sleep(WAIT_SECONDS)
            refuse_strangers(self.folder)

    @contextmanager
    def _root(self, *, make: bool = False, alone: bool = False) -> Iterator[Root | None]:
        """lrtui's folder in a folder without strangers."""
        refuse_strangers(self.folder)
        with ExitStack() as stack:
            try:
                if make:
                    make_private(self.folder)
                root = stack.enter_context(open_root(self.folder, make=make))
            except OSError as error:
                raise unusable(self.folder, error) from None
            if alone and root is not None:
                stack.enter_context(root.alone())
            yield root


def _has_its_name(name: str) -> bool:
    """Whether it is an entry, and no draft of one or what is left of one."""
    return not name.startswith(PART) and not is_scrap(name)


def _meta(root: Root, folder: int, name: str) -> dict[str, Any] | None:
    """What an entry says of itself, if it is of this version."""
    meta = root.meta(folder, name)
    return meta if meta is not None and meta.get("version") == VERSION else None


def _is_whole(folder: int, meta: dict[str, Any], watch: Progress, what: str) -> bool:
    """Whether every file of an entry has the size and the checksum that it was written with.

    Raises:
        OSError: one cannot be read. Cancelled: the watcher says so.
    """
    files: dict[str, list[Any]] = meta["files"]
    total, done = sum(size for size, _ in files.values()), 0
    watch = watch if total >= TOLD else Progress(watch.go_on)
    for name, (size, expected) in files.items():
        file = os.open(name, PLAIN, dir_fd=folder)
        try:
            if os.fstat(file).st_size != size:
                return False

            def at(share: float, done: int = done, size: int = size) -> None:
                watch.at(what, (done + share * size) / total)

            if checksum(file, size, at) != expected:
                return False
        finally:
            os.close(file)
        done += size
    return True


def _entries(root: Root | None) -> list[Entry]:
    if root is None:
        return []
    return [found for name in filter(_has_its_name, root.names()) if (found := _entry(root, name))]


def _entry(root: Root, name: str) -> Entry | None:
    folder = root.entry(name)
    if folder is None:
        return None
    try:
        meta = _meta(root, folder, name)
        if meta is None:
            return None
        size = sum(os.lstat(file, dir_fd=folder).st_size for file in os.listdir(folder))
        used = os.lstat(LOCK, dir_fd=folder).st_mtime
        told = meta["file"], meta["what"], meta["rows"], meta["columns"]
        return Entry(name, *told, size, used, _is_held(folder))
    except OSError:  # removed this moment, or without its lock
        return None
    finally:
        os.close(folder)


def _is_held(folder: int) -> bool:
    lock = try_lock(folder)
    if lock is not None and lock >= 0:
        os.close(lock)
    return lock is None
