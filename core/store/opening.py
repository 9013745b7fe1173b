"""Opening the SQLite file: permissions, pragmas, migrations, and setting a corrupt file aside."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.core.store import schema
from lrtui.core.store.home import make_home, unusable
from lrtui.datasets.text import quote

FILE_NAME = "lrtui.db"
BUSY_SECONDS = 5.0


def open_file() -> tuple[sqlite3.Connection, Path, str | None]:
    """The open connection, its path, and a notice for the person where a corrupt file was set aside.

    Raises:
        StoreError: the folder or file cannot be used, or a newer lrtui wrote it.
    """
    path = make_home() / FILE_NAME
    with _one_at_a_time(path):
        marker = damage_marker(path)
        notice = None
        if marker.exists():
            notice = _set_aside(path, "it was found damaged while in use")
            marker.unlink(missing_ok=True)
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
        lock = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unusable(path.parent, error.strerror or str(error)) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _open(path: Path) -> sqlite3.Connection:
    try:
        # SQLite gives its side files the mode of the main file, so this one is made first.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"The store {quote(str(path))} cannot be opened: {(error.strerror or '').lower()}.",
            "Make it writable, or set LRTUI_HOME to a folder of yours.",
        ) from None
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        _check_kind(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


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
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    aside = path.with_name(f"{path.name}.corrupt-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.name}.corrupt-{stamp}-{number}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.rename(aside.with_name(aside.name + suffix))
    return f"The store was corrupt ({why}) and was set aside as {quote(str(aside))}; a new one is in use."


def damage_marker(path: Path) -> Path:
    """Stands beside a store that turned out damaged while in use; the next opening sets it aside."""
    return path.with_name(path.name + ".damaged")


def is_corrupt(error: sqlite3.Error) -> bool:
    """Whether SQLite says that the file itself is broken."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def translate(error: sqlite3.Error, path: Path) -> StoreError:
    """What SQLite says, as an error that people can act on."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    where = quote(str(path))
    if is_corrupt(error):
        damage_marker(path).touch()
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
