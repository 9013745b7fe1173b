"""Opening the SQLite file: permissions, pragmas, migrations, and setting a corrupt file aside."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from lrtui.core.errors import StoreError, StoreLostError
from lrtui.core.store import schema
from lrtui.core.store.checksums import checksum
from lrtui.core.store.home import make_home, unusable
from lrtui.core.store.identity import SIDE_FILES, FileIdentity
from lrtui.core.store.kind import BEGINNING, is_foreign
from lrtui.core.store.setting_aside import (
    BESIDE,
    beside,
    forget_damage,
    is_marked_damaged,
    journal_of,
    mark_damaged,
    set_aside,
    set_journal_aside,
)
from lrtui.core.store.write_errors import write_trouble
from lrtui.datasets.storage.nofollow import LOCKED, NEW
from lrtui.datasets.text import quote, safe

FILE_NAME = "lrtui.db"
BUSY_SECONDS = 5.0
MOVE = "Move it away, or set LRTUI_HOME to another folder."


@dataclass(frozen=True)
class Opened:
    """An open store: its connection, where it is, how to tell that it is still the same file.

    ``notice`` is a sentence for the person where a file was set aside.
    """

    connection: sqlite3.Connection
    path: Path
    identity: FileIdentity
    notice: str | None = None


def look_into(path: Path, seconds: float) -> sqlite3.Connection:
    """A store for reading alone, waiting so long for who holds it; no file is made beside it.

    Even to read, SQLite makes -wal and -shm where they are missing, and leaves them. Where nothing waits in
    a -wal the main file is all there is, and can be read as one that does not change:
    https://www.sqlite.org/wal.html#read_only_databases.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    try:
        waiting = beside(path, "-wal").stat().st_size > 0
    except OSError:
        waiting = False
    uri = f"{path.as_uri()}?{'mode=ro' if waiting else 'mode=ro&immutable=1'}"
    return sqlite3.connect(uri, uri=True, timeout=seconds)


def open_file() -> Opened:
    """The person's store; a file that is none is set aside.

    Raises:
        StoreError: the folder or file cannot be used, or a newer lrtui wrote it.
    """
    path = make_home() / FILE_NAME
    with _one_at_a_time(path):
        notice = None
        if is_marked_damaged(path):
            if os.path.lexists(path):
                notice = set_aside(path, "was corrupt (it was found damaged while in use)")
            forget_damage(path)
        elif path.is_file() and path.stat().st_size == 0:
            notice = set_aside(path, "was empty")
        elif not os.path.lexists(path) and any(os.path.lexists(beside(path, side)) for side in SIDE_FILES):
            # SQLite would take them for the new file's own.
            notice = set_aside(path, "had lost its main file")
        notice = " ".join(filter(None, (notice, set_journal_aside(path)))) or None
        try:
            return _open(path, notice)
        except sqlite3.DatabaseError as error:
            if not is_corrupt(error):
                raise translate(error, path) from None
            notice = set_aside(path, f"was corrupt ({error})")
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
        lock = os.open(path.with_suffix(".lock"), LOCKED, 0o600)
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
        identity = FileIdentity(path)
    except OSError as error:
        raise _cannot_open(path, error) from None
    try:
        if is_foreign(identity.beginning(BEGINNING), Path(identity.sides["-wal"])):
            raise _other_program(path)
        if os.path.lexists(journal_of(path)):
            what = f"{quote(str(journal_of(path)))} lies beside the store, and would change it."
            raise StoreError(what, "Move it away.")
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        _check_kind(connection, path)
        _make_private(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
        wrong = schema.missing(connection)
        if wrong is not None:
            raise StoreError(f"The store {quote(str(path))} is not whole: {safe(wrong)}.", MOVE)
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
        os.close(os.open(path, NEW, 0o600))
    where = quote(str(path))
    if not path.exists():  # not even by a link
        fix = "Take it away, or set LRTUI_HOME to another folder."
        raise StoreError(f"The store {where} is a link that leads nowhere.", fix)
    if not path.is_file():
        raise StoreError(f"The store {where} is no file.", MOVE)
    if not os.access(path, os.R_OK | os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _make_private(connection: sqlite3.Connection, path: Path) -> None:
    """Others may not read a store of ours: it is 0600, unless it is a link, which somebody laid.

    What SQLite keeps beside it has its mode.
    """
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == schema.APPLICATION_ID
    if not ours or path.is_symlink():
        return
    for part in (beside(path, suffix) for suffix in BESIDE):
        with suppress(FileNotFoundError):
            found = part.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & 0o077:
                part.chmod(0o600)


def _cannot_open(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The store {quote(str(path))} cannot be opened: {(error.strerror or str(error)).lower()}.",
        "Make it writable, or set LRTUI_HOME to a folder of yours.",
    )


def _other_program(path: Path) -> StoreError:
    return StoreError(f"The file {quote(str(path))} is a database of another program.", MOVE)


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    found, where = schema.version(connection), quote(str(path))
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and kind != schema.APPLICATION_ID:
        raise _other_program(path)
    if found < 0:
        what = f"The store {where} says that its version is {found}, which no lrtui ever wrote."
        raise StoreError(what, MOVE)
    if found > schema.VERSION:
        raise StoreError(
            f"The store {where} was written by a newer lrtui "
            f"(its version is {found}, this one reads up to {schema.VERSION}).",
            "Update lrtui, or set LRTUI_HOME to another folder.",
        )


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
            mark_damaged(path)
        return StoreLostError(
            f"The store {where} is damaged: {error}.",
            "Start lrtui again: it sets the file aside, deletes nothing, and makes a new one.",
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR) and (known := write_trouble(path)) is not None:
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
    fix = "Check the disk, or set LRTUI_HOME to another folder."
    return StoreError(f"The store {where} failed: {error}.", fix)
