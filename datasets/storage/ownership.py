"""What in a cache folder is lrtui's, and the proof of it: nothing else is ever removed, renamed or written.

All entries lie in ``lrtui-cache-v1``, which lrtui made itself and marked with a random id. An entry carries
that id and its own name, in its lock file from the first moment on, and once more in ``meta.json``. Links
are never followed, and what proves nothing is a stranger's. Why this is enough stands in
``docs/decisions/0011-only-what-is-ours-is-deleted.md``.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from lrtui.datasets.storage.folder import unusable
from lrtui.datasets.storage.moving import move
from lrtui.datasets.storage.nofollow import FOLDER, LOCKED, NEW, beginning, contents, is_other, open_folder

ROOT = "lrtui-cache-v1"
MARKER = "lrtui-cache.id"
LOCK = "lock"
META = "meta.json"
PART = ".part-"  # before the name of an entry that is being made
ASIDE = ".aside-"  # before a random name: an entry that is not locked yet, or is being taken apart
ALONE = ".lock"  # of the whole cache
PARTS = ("train", "test", "validation")  # of a problem; the last where rows are kept apart
# The name of every file that an entry may hold beside LOCK and META.
FILES = frozenset(
    ["X.bin", "y.bin", "weights.bin", "groups.bin", "times.bin", "strata.bin"]
    + [f"{what}_{part}.bin" for what in ("design", "rows", "y", "weights") for part in PARTS]
)
OWN = FILES | {LOCK, META}
NAME = re.compile(r"[0-9a-f]{24}(-[0-9a-f]{16})?")
SCRAP = re.compile(re.escape(ASIDE) + "[0-9a-f]{16}")


class Root:
    """lrtui's own folder in a cache folder, while it is open; ``OSError`` where the disk fails.

    Attributes:
        path: of it. fd: it, opened without following a link. id: of its marker.
    """

    def __init__(self, path: Path, fd: int, own: str) -> None:
        self.path, self.fd, self.id = path, fd, own

    def names(self) -> list[str]:
        """Of everything in it that is proved to be an entry, whole or not."""
        found = []
        for name in sorted(os.listdir(self.fd)):
            folder = self.entry(name)
            if folder is not None:
                os.close(folder)
                found.append(name)
        return found

    def entry(self, name: str) -> int | None:
        """The open folder of an entry; ``None`` where there is nothing that is proved to be one."""
        base = name.removeprefix(PART)
        aside = is_scrap(name)
        if not aside and not NAME.fullmatch(base):
            return None
        folder = open_folder(name, self.fd)
        if folder is None:
            return None
        told = beginning(LOCK, folder)
        locked = told.startswith(f"lrtui cache {self.id} ") if aside else told == self.proof(base)
        if locked or (not aside and self.meta(folder, base) is not None):
            return folder
        os.close(folder)
        return None

    def proof(self, name: str) -> str:
        """What stands in the lock file of an entry."""
        return f"lrtui cache {self.id} {name}\n"

    def make(self, name: str) -> int | None:
        """A new entry under its name with ``PART``: its lock, held, or ``None`` where there is one."""
        aside = ASIDE + secrets.token_hex(8)
        os.mkdir(aside, 0o700, dir_fd=self.fd)
        folder = os.open(aside, FOLDER, dir_fd=self.fd)
        lock = -1
        try:
            lock = os.open(LOCK, NEW, 0o600, dir_fd=folder)
            fcntl.flock(lock, fcntl.LOCK_EX)
            os.write(lock, self.proof(name).encode())
            move(aside, PART + name, self.fd)
        except OSError as error:
            if lock >= 0:
                os.unlink(LOCK, dir_fd=folder)
                os.close(lock)
            os.rmdir(aside, dir_fd=self.fd)
            if isinstance(error, FileExistsError):
                return None
            raise
        finally:
            os.close(folder)
        return lock

    def publish(self, name: str) -> None:
        """Give an entry its final name."""
        move(PART + name, name, self.fd)

    def remove(self, name: str, *, held: bool = False) -> bool:
        """Remove an entry that is proved to be one and holds nothing but what lrtui writes.

        File by file and by name, without descending; what is in use stays, but with ``held``.
        """
        folder = self.entry(name)
        if folder is None:
            return False
        lock = None
        try:
            lock = try_lock(folder)
            names = set(os.listdir(folder))
            if (lock is None and not held) or strangers_in(folder):
                return False
            # First the name goes: what is interrupted half-way is no entry, and in nobody's way.
            aside = name if is_scrap(name) else ASIDE + secrets.token_hex(8)
            if aside != name:
                move(name, aside, self.fd)
            for file in sorted(names - {LOCK}) + sorted(names & {LOCK}):  # the proof goes last
                os.unlink(file, dir_fd=folder)
            os.rmdir(aside, dir_fd=self.fd)
        except OSError:  # somebody put something there this moment
            return False
        finally:
            if lock is not None and lock >= 0:
                os.close(lock)
            os.close(folder)
        return True

    def is_at(self, name: str, folder: int) -> bool:
        """Whether an open folder still has this name."""
        try:
            return os.path.samestat(os.lstat(name, dir_fd=self.fd), os.fstat(folder))
        except OSError:
            return False

    def meta(self, folder: int, name: str) -> dict[str, Any] | None:
        """What an entry says of itself, if not a byte of it is another than was written."""
        try:
            told = json.loads(contents(META, folder))
            said = told["entry"]
            if (told["cache"], told["name"]) == (self.id, name) and told["checksum"] == _digest(said):
                return dict(said)
        except (OSError, ValueError, TypeError, LookupError, RecursionError):
            pass  # damaged, and so no proof of anything
        return None

    def described(self, name: str, meta: dict[str, Any]) -> str:
        """What ``meta.json`` holds."""
        told = {"cache": self.id, "name": name, "checksum": _digest(meta), "entry": meta}
        return json.dumps(told, allow_nan=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Making, publishing and removing are for one process at a time; none of them takes long.

        Raises:
            DatasetError: the lock cannot be had, or the disk fails meanwhile.
        """
        try:
            lock = os.open(ALONE, LOCKED, 0o600, dir_fd=self.fd)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)
        except OSError as error:
            raise unusable(self.path.parent, error) from None


@contextmanager
def open_root(cache: Path, *, make: bool = False) -> Iterator[Root | None]:
    """lrtui's folder in a cache folder; ``None`` where there is none, or none that is marked.

    With ``make`` it is made where it is missing; look for strangers before.

    Raises:
        OSError: it cannot be made.
    """
    path = cache / ROOT
    if make:
        with suppress(FileExistsError):
            os.mkdir(path, 0o700)
    fd = open_folder(path)
    if fd is None:
        yield None
        return
    try:
        if make and not _marked(fd) and all(map(is_scrap, os.listdir(fd))):
            _mark(fd)
        own = _marked(fd)
        yield None if own is None else Root(path, fd, own)
    finally:
        os.close(fd)


def try_lock(folder: int) -> int | None:
    """An exclusive lock on an entry; −1 where it has no lock file, ``None`` where another holds it."""
    try:
        lock = os.open(LOCK, LOCKED & ~os.O_CREAT, dir_fd=folder)
    except OSError:
        return -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def strangers_in(folder: int) -> list[str]:
    """What lies in an entry that lrtui does not write: other names, links, folders."""
    return [name for name in sorted(os.listdir(folder)) if name not in OWN or is_other(name, folder)]


def is_scrap(name: str) -> bool:
    """Whether it is left of making or taking apart that was interrupted: it stays, in nobody's way."""
    return SCRAP.fullmatch(name) is not None


def _marked(root: int) -> str | None:
    """The id of a marked folder."""
    found = re.fullmatch(r"lrtui cache ([0-9a-f]{32})\n", beginning(MARKER, root))
    return found and found[1]


def _mark(root: int) -> None:
    """Mark a folder that holds nothing; the marker is there whole, or not at all."""
    part = ASIDE + secrets.token_hex(8)
    file = os.open(part, NEW, 0o600, dir_fd=root)
    try:
        os.write(file, f"lrtui cache {secrets.token_hex(16)}\n".encode())
        os.fsync(file)
        move(part, MARKER, root)
    except OSError as error:
        os.unlink(part, dir_fd=root)
        if not isinstance(error, FileExistsError):  # another process was faster
            raise
    finally:
        os.close(file)


def _digest(meta: Any) -> str:
    return hashlib.sha256(json.dumps(meta, sort_keys=True).encode()).hexdigest()
