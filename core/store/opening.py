"""Opening the SQLite file: permissions, pragmas, migrations, and setting a corrupt file aside."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.core.store import schema
from lrtui.core.store.home import make_home, unusable
from lrtui.datasets.disk.moving import move
from lrtui.datasets.disk.nofollow import FOLDER, LOCKED, NEW
from lrtui.datasets.text import quote

FILE_NAME = "lrtui.db"
BUSY_SECONDS = 5.0
SIDES = ("", "-wal", "-shm")  # the file, and those that SQLite keeps beside it


def open_file() -> tuple[sqlite3.Connection, Path, str | None]:
    """The open connection, its path, and a notice for the person where a corrupt file was set aside.

    Raises:
        StoreError: the folder or file cannot be used, or a newer lrtui wrote it.
    """
    path = make_home() / FILE_NAME
    with _one_at_a_time(path):
        notice = None
        if _is_marked(path):
            if os.path.lexists(path):
                notice = _set_aside(path, "it was found damaged while in use")
            damage_marker(path).unlink(missing_ok=True)
        try:
            return _open(path), path, notice
        except sqlite3.DatabaseError as error:
            if not is_corrupt(error):
                raise translate(error, path) from None
            notice = _set_aside(path, str(error))
        try:
            return _open(path), path, notice
        except sqlite3.DatabaseError as error:
            raise translate(error, path) from None


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


def _open(path: Path) -> sqlite3.Connection:
    try:
        # SQLite gives its side files the mode of the main file, so this one is made first. One that is
        # there is not opened: to close it again would drop the locks that SQLite holds in this process.
        with suppress(FileExistsError):
            os.close(os.open(path, NEW, 0o600))
        _refuse_other_than_a_file(path)
    except OSError as error:
        raise StoreError(
            f"The store {quote(str(path))} cannot be opened: {(error.strerror or '').lower()}.",
            "Make it writable, or set LRTUI_HOME to a folder of yours.",
        ) from None
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _check_kind(connection, path)
        _make_private(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_other_than_a_file(path: Path) -> None:
    if not path.exists():  # not even by a link
        raise StoreError(
            f"The store {quote(str(path))} is a link that leads nowhere.",
            "Take it away, or set LRTUI_HOME to another folder.",
        )
    if not path.is_file():
        raise StoreError(
            f"The store {quote(str(path))} is no file.",
            "Move it away, or set LRTUI_HOME to another folder.",
        )


def _make_private(connection: sqlite3.Connection, path: Path) -> None:
    """Others may not read a store of ours: it is 0600, unless it is a link, which somebody laid.

    What SQLite keeps beside it has its mode.
    """
    if connection.execute("PRAGMA application_id").fetchone()[0] != schema.APPLICATION_ID:
        return
    if path.is_symlink():
        return
    for part in (path.with_name(path.name + suffix) for suffix in SIDES):
        with suppress(FileNotFoundError):
            found = part.lstat()
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_mode & 0o077:
                part.chmod(0o600)


def _check_kind(connection: sqlite3.Connection, path: Path) -> None:
    found = schema.version(connection)
    kind = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if tables and kind != schema.APPLICATION_ID:
        raise StoreError(
            f"The file {quote(str(path))} is a database of another program.",
            "Move it away, or set LRTUI_HOME to another folder.",
        )
    if found > schema.VERSION:
        raise StoreError(
            f"The store {quote(str(path))} was written by a newer lrtui "
            f"(its version is {found}, this one reads up to {schema.VERSION}).",
            "Update lrtui, or set LRTUI_HOME to another folder.",
        )


def _set_aside(path: Path, why: str) -> str:
    """Give the store and its side files other names, over nothing that is there.

    Raises:
        StoreError: they cannot be renamed.
    """
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    folder = os.open(path.parent, FOLDER & ~os.O_NOFOLLOW)
    try:
        for number in count(1):
            aside = f"{path.name}.corrupt-{stamp}" + (f"-{number}" if number > 1 else "")
            if any(os.path.lexists(path.with_name(aside + suffix)) for suffix in SIDES):
                continue
            with suppress(FileExistsError):  # made this moment
                move(path.name, aside, folder)
                break
        for suffix in SIDES[1:]:
            if os.path.lexists(path.with_name(path.name + suffix)):
                move(path.name + suffix, aside + suffix, folder)
    except OSError as error:
        raise unusable(path.parent, error.strerror or str(error)) from None
    finally:
        os.close(folder)
    where = quote(str(path.with_name(aside)))
    return f"The store was corrupt ({why}) and was set aside as {where}; a new one is in use."


def damage_marker(path: Path) -> Path:
    """Stands beside a store that turned out damaged while in use; the next opening sets it aside."""
    return path.with_name(path.name + ".damaged")


def _is_marked(path: Path) -> bool:
    """Whether the marker is there: an empty file, as lrtui makes it. Anything else of that name is not."""
    try:
        found = damage_marker(path).lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def _mark_damaged(path: Path) -> None:
    with suppress(OSError):  # it is there, or the disk fails: the error itself is told in any case
        os.close(os.open(damage_marker(path), NEW, 0o600))


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """What SQLite says, as an error that people can act on."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = quote(str(path))
    if is_corrupt(error):
        _mark_damaged(path)
        return StoreError(
            f"The store {where} is damaged: {error}.",
            "Start lrtui again: it sets the file aside, deletes nothing, and makes a new one.",
        )
    if code == sqlite3.SQLITE_FULL:
        return StoreError(
            f"The disk that holds the store {where} is full.",
            "Free some space.",
        )
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
