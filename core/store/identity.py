"""Whether the file at the store's path is still the one that was opened, asked before every write.

SQLite itself does not notice: it goes on writing into a file that was removed, and over one that was put in
the place of its own. The check costs a few microseconds: three calls of ``stat`` and two of ``pread``.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import threading
from pathlib import Path

MAGIC = b"SQLite format 3\x00"
HEADER = 100  # bytes
WAL_HEADER, FRAME_HEADER = 32, 24
INDEX = 136  # bytes of the -shm: two headers, and how far frames were moved
SIDE_FILES = ("-wal", "-shm")
CUT_SHORT = "cut short"

Key = tuple[int, int]  # device and inode


class _Descriptors:
    """One descriptor a file for the whole process.

    Closing any descriptor of a file drops every lock that this process holds on it (POSIX), those of SQLite
    too. So a file is opened once, and closed only after the last connection to it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Key, tuple[int, int]] = {}  # a descriptor, and how many use it

    def take(self, path: Path) -> tuple[Key, int]:
        """The file now at a path, open for reading.

        Raises:
            OSError: it cannot be opened.
        """
        with self._lock:
            key = _key(os.stat(path))
            descriptor, users = self._open.get(key) or (os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0)
            self._open[key] = descriptor, users + 1
            return key, descriptor

    def give_back(self, key: Key) -> None:
        """One user less."""
        with self._lock:
            descriptor, users = self._open.pop(key)
            if users > 1:
                self._open[key] = descriptor, users - 1
            else:
                os.close(descriptor)


_DESCRIPTORS = _Descriptors()


class FileIdentity:
    """The open file as it was seen last. Make it before the connection, and ``close`` it after that.

    Of two stores the header tells which is which by its schema cookie, a random number since version 5. Of
    an earlier state put in the place of a later one the time tells, at which the file was last written:
    SQLite itself writes there only while it moves frames from the -wal, and says so in the -shm before.
    """

    def __init__(self, path: Path) -> None:
        self._path = str(path)
        self._named = _key(os.lstat(path))  # of a link: the link itself
        # SQLite keeps them beside what a link leads to.
        self.sides = {suffix: os.path.realpath(path) + suffix for suffix in SIDE_FILES}
        self._side_keys: dict[str, Key] = {}
        self._key, self._file = _DESCRIPTORS.take(path)
        self._index = -1
        self._known: set[bytes] = set()
        self._size = self._written = 0
        self._moved = b""

    def begin(self, connection: sqlite3.Connection) -> None:
        """Remember what a connection has made of the file, once its tables stand.

        Raises:
            OSError: a side file is not to be had.
        """
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()  # makes both side files
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":  # some disks cannot have it
            self._side_keys["-shm"], self._index = _DESCRIPTORS.take(Path(self.sides["-shm"]))
            self._side_keys["-wal"] = _key(os.stat(self.sides["-wal"]))
        numbers = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("schema_version", "application_id")
        ]
        cookie, application = (int(number).to_bytes(4, "big", signed=True) for number in numbers)
        # What stands in the file itself may be older than what SQLite says: the rest is in the -wal.
        self._known = {cookie + application, _names(os.pread(self._file, HEADER, 0))}
        self._moved = _moved(self._progress())
        now = os.fstat(self._file)
        self._size, self._written = now.st_size, now.st_mtime_ns

    def beginning(self, size: int) -> bytes:
        """The first bytes of the file."""
        return os.pread(self._file, size, 0)

    def close(self) -> None:
        """Let go of the file, after the connection was closed."""
        _DESCRIPTORS.give_back(self._key)
        if "-shm" in self._side_keys:
            _DESCRIPTORS.give_back(self._side_keys["-shm"])

    def owns(self, suffix: str) -> bool:
        """Whether a side file at its path is the one that was opened."""
        try:
            found = os.stat(self.sides[suffix])
        except OSError:
            return False
        return _key(found) == self._side_keys.get(suffix)

    def trouble(self) -> str | None:
        """What became of the file, after "was"; ``None`` while it is the one that was opened."""
        try:
            return self._trouble()
        except (FileNotFoundError, NotADirectoryError):
            return "removed or moved away"
        except OSError as error:
            # Out of reach for a while is another trouble; a link to itself is for good.
            return "removed or moved away" if error.errno == errno.ELOOP else None

    def _trouble(self) -> str | None:
        index = self._progress()  # before the file is looked at
        found = os.stat(self._path)
        if _key(found) != self._key or _key(os.lstat(self._path)) != self._named:
            return "replaced by another file"
        return self._content(found, index) or self._side_files(index)

    def _content(self, found: os.stat_result, index: bytes) -> str | None:
        header = os.pread(self._file, HEADER, 0)
        if found.st_size < self._size:
            whole = header[:16] == MAGIC and _length(header) == found.st_size
            return "overwritten" if whole else CUT_SHORT
        if header[:16] != MAGIC or _names(header) not in self._known:
            return "overwritten"
        moved = _moved(index)
        written = index and found.st_mtime_ns != self._written
        if written and moved == self._moved and not _moves(index):
            moved = _moved(self._progress())  # it may have begun just now
            if moved == self._moved:
                return "overwritten"
        self._size, self._written, self._moved = found.st_size, found.st_mtime_ns, moved
        return None

    def _progress(self) -> bytes:
        """The beginning of the -shm, where there is one."""
        return b"" if self._index < 0 else os.pread(self._index, INDEX, 0)

    def _side_files(self, index: bytes) -> str | None:
        if not self._side_keys:
            return None
        for suffix in SIDE_FILES:
            if not self.owns(suffix):
                return f"parted from its {suffix} file, which was removed or replaced"
        if len(index) < INDEX:
            return "parted from its -shm file, which was cut short"
        page, frames = (int.from_bytes(index[i:j], sys.byteorder) for i, j in ((14, 16), (16, 20)))
        whole = WAL_HEADER + frames * (FRAME_HEADER + (65536 if page == 1 else page))
        # Asked after the number of frames was read: until then the file can only have grown.
        if frames and os.stat(self.sides["-wal"]).st_size < whole:
            return "parted from its -wal file, which was cut short"
        return None


def _key(found: os.stat_result) -> Key:
    return found.st_dev, found.st_ino


def _names(header: bytes) -> bytes:
    """Schema cookie and application id."""
    return header[40:44] + header[68:72]


def _length(header: bytes) -> int:
    """The length of a file by its header: so many pages of such a size."""
    page = int.from_bytes(header[16:18], "big")
    return (65536 if page == 1 else page) * int.from_bytes(header[28:32], "big")


def _moved(index: bytes) -> bytes:
    """How far frames were moved from the -wal into the file, and of which -wal (its salts)."""
    return index[32:40] + index[96:100] + index[128:132]


def _moves(index: bytes) -> bool:
    """Whether frames are being moved, or whoever did it died meanwhile."""
    return index[96:100] != index[128:132]
