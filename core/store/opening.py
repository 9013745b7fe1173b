"""Opening the SQLite file: permissions, pragmas, migrations, and setting a corrupt file aside."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from lrtui.core.errors import StoreError, StoreLostError
from lrtui.core.store import schema
from lrtui.core.store.checksums import checksum
from lrtui.core.store.home import make_home, unusable
from lrtui.core.store.identity import SIDE_FILES, FileIdentity
from lrtui.core.store.write_errors import write_trouble
from lrtui.datasets.text import quote, safe

FILE_NAME = "lrtui.db"
BUSY_SECONDS = 5.0


@dataclass(frozen=True)
class Opened:
    """An open store: its connection, where it is, how to tell that it is still the same file.

    ``notice`` is a sentence for the person where a file was set aside.
    """

    connection: sqlite3.Connection
    path: Path
    identity: FileIdentity
    notice: str | None = None


def open_file() -> Opened:
    """The person's store; a file that is none is set aside.

    Raises:
        StoreError: the folder or file cannot be used, or a newer lrtui wrote it.
    """
    path = make_home() / FILE_NAME
    with _one_at_a_time(path):
        marker = damage_marker(path)
        notice = None
        if marker.exists():
            notice = _set_aside(path, "was corrupt (it was found damaged while in use)")
            marker.unlink(missing_ok=True)
        elif path.is_file() and path.stat().st_size == 0:
            notice = _set_aside(path, "was empty")
        elif not path.exists() and any(_beside(path, suffix).exists() for suffix in SIDE_FILES):
            # SQLite would take them for the new file's own.
            notice = _set_aside(path, "had lost its main file")
        try:
            return _open(path, notice)
        except sqlite3.DatabaseError as error:
            if not is_corrupt(error):
                raise translate(error, path) from None
            notice = _set_aside(path, f"was corrupt ({error})")
        return open_beside(path, notice)


def open_beside(path: Path, notice: str | None = None) -> Opened:
    """A store at another path; nothing there is set aside.

    Raises:
        StoreError: it cannot be used.
    """
    try:
        return _open(path, notice)
    except sqlite3.DatabaseError as error:
        raise translate(error, path, mark=False) from None


@contextmanager
def _one_at_a_time(path: Path) -> Iterator[None]:
    """Migrating and setting aside are for one process at a time."""
    try:
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(path.parent, error.strerror or str(error)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open(path: Path, notice: str | None) -> Opened:
    connection = None
    try:
        _make(path)
        path.chmod(0o600)
        identity = FileIdentity(path)
    except OSError as error:
        raise _cannot_open(path, error) from None
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _check_kind(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
        _check_tables(connection, path)
        connection.create_function("crc32", 2, checksum, deterministic=True)
        identity.begin(connection)
    except OSError as error:
        raise _cannot_open(path, error) from None
    except BaseException:
        if connection is not None:
            connection.close()
        identity.close()
        raise
    return Opened(connection, path, identity, notice)


def _make(path: Path) -> None:
    """An empty file, for this person alone: SQLite gives its side files the mode of the main file.

    One that exists is not opened: to close it would drop the locks of other connections in this process.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    if not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _cannot_open(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The store {quote(str(path))} cannot be opened: {(error.strerror or str(error)).lower()}.",
        "Make it writable, or set LRTUI_HOME to a folder of yours.",
    )


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    found = schema.version(connection)
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and kind != schema.APPLICATION_ID:
        raise StoreError(
            f"The file {quote(str(path))} is a database of another program.",
            "Move it away, or set LRTUI_HOME to another folder.",
        )
    if found < 0:
        raise StoreError(
            f"The store {quote(str(path))} says that its version is {found}, which no lrtui ever wrote.",
            "Move it away, or set LRTUI_HOME to another folder.",
        )
    if found > schema.VERSION:
        raise StoreError(
            f"The store {quote(str(path))} was written by a newer lrtui "
            f"(its version is {found}, this one reads up to {schema.VERSION}).",
            "Update lrtui, or set LRTUI_HOME to another folder.",
        )


def _check_tables(connection: sqlite3.Connection, path: Path) -> None:
    wrong = schema.missing(connection)
    if wrong is not None:
        raise StoreError(
            f"The store {quote(str(path))} is not whole: {safe(wrong)}.",
            "Move it away, or set LRTUI_HOME to another folder.",
        )


def _set_aside(path: Path, why: str) -> str:
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{number}")
    for suffix in ("", *SIDE_FILES):
        part = _beside(path, suffix)
        if part.exists():
            part.rename(_beside(aside, suffix))
    return f"The store {why} and was set aside as {quote(str(aside))}; a new one is in use."


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def damage_marker(path: Path) -> Path:
    """Stands beside a store that turned out damaged while in use; the next opening sets it aside."""
    return path.with_name(path.name + ".damaged")


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def translate(error: sqlite3.Error, path: Path, *, mark: bool = True) -> StoreError:
    """What SQLite says, as an error that people can act on.

    A damaged store is marked, so that the next opening sets it aside, unless ``mark`` says not to.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = quote(str(path))
    if is_corrupt(error):
        if mark:
            with suppress(OSError):  # then the next opening finds the damage by itself
                damage_marker(path).touch()
        return StoreLostError(
            f"The store {where} is damaged: {error}.",
            "Start lrtui again: it sets the file aside, deletes nothing, and makes a new one.",
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        known = write_trouble(path)
        if known is not None:
            return known
    if code == sqlite3.SQLITE_FULL:
        return StoreError(f"The disk that holds the store {where} is full.", "Free some space.")
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StoreError(
            f"The store {where} cannot be written: {error}.",
            "Make the file and its folder writable, or set LRTUI_HOME to a folder of yours.",
        )
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StoreError(
            f"The store {where} has been held by another program for {BUSY_SECONDS:g} seconds.",
            "Close what else has it open, and try again.",
        )
    return StoreError(
        f"The store {where} failed: {error}.",
        "Check the disk, or set LRTUI_HOME to another folder.",
    )
