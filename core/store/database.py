"""The file of a store: statements, transactions, and whether it is still the file that was opened."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Self

from lrtui.core.errors import StoreError, StoreLostError
from lrtui.core.store.identity import CUT_SHORT, SIDE_FILES
from lrtui.core.store.opening import open_beside, open_file, translate
from lrtui.datasets.storage.moving import move_beside
from lrtui.datasets.text import quote

REPLACED_SECONDS = 0.4  # what a copy over the file may take, before it is said to be cut short


class Database:
    """One open file, for one thread. Use it as a context manager, or ``close`` it.

    ``notice`` is a sentence for the person when a file was set aside on opening. Every method may raise
    ``StoreError``; once the file is no longer the one that was opened, every method raises
    ``StoreLostError``, and nothing is written any more, whatever stands at the path.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Open the file of the person's store, or one at another ``path``."""
        opened = open_file() if path is None else open_beside(path)
        self.connection, self.path, self.notice = opened.connection, opened.path, opened.notice
        self._identity = opened.identity
        self._own = path is None
        self._became: str | None = None  # of the file, once it is another one
        self.connection.row_factory = sqlite3.Row
        # A flipped bit may leave text that is none: that is the trouble of its row, not of the query.
        self.connection.text_factory = partial(str, encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store is of no use afterwards.

        A lost one stays open until the process ends: SQLite would write what it still has into the file,
        and remove side files by their names, which may be another store's.
        """
        if self._is_lost():
            import ctypes  # rarely needed, and on the way to the first screen

            ctypes.pythonapi.Py_IncRef(ctypes.py_object(self.connection))
            return
        self.connection.close()
        self._identity.close()

    @property
    def lost(self) -> bool:
        """Whether the file was found to be another one."""
        return self._became is not None

    def check(self) -> None:
        """Ask whether the file is still the one that was opened; costs microseconds.

        Raises:
            StoreLostError: it is not.
        """
        if self._is_lost():
            raise StoreLostError(
                f"The store {quote(str(self.path))} was {self._became} while it was in use.",
                "Start lrtui again.",
            )

    def _is_lost(self) -> bool:
        if self._became is None:
            self._became = self._identity.trouble()
            if self._became == CUT_SHORT:
                self._became = self._being_replaced()
            if self._became is not None and self._became.startswith(("overwritten", "replaced")):
                self._part_from_side_files()
        return self._became is not None

    def _being_replaced(self) -> str:
        """Whether a file that was cut short is about to be written over, as ``cp`` does it."""
        until = time.monotonic() + REPLACED_SECONDS
        while time.monotonic() < until:
            time.sleep(REPLACED_SECONDS / 20)
            found = self._identity.trouble()
            if found != CUT_SHORT:
                return found or "overwritten"
        return CUT_SHORT

    def _part_from_side_files(self) -> None:
        """Move ours out of the way of a file that somebody put back: with them SQLite would mix the two."""
        stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
        for suffix in SIDE_FILES:
            side = self.path.with_name(self.path.name + suffix)
            if self._identity.owns(suffix):
                with suppress(OSError):  # another process on this store was faster
                    move_beside(side, f"{self.path.name}.lost-{stamp}{suffix}")

    def execute(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        if not self.connection.in_transaction or sql == "COMMIT":
            self.check()
        try:
            return self.connection.execute(sql, tuple(values))
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def insert(self, table: str, *, replace: bool = False, **columns: Any) -> int:
        """One more row, which may ``replace`` the one with its key; returns its number."""
        verb = "INSERT OR REPLACE" if replace else "INSERT"
        places = ", ".join("?" * len(columns))
        cursor = self.execute(
            f"{verb} INTO {table} ({', '.join(columns)}) VALUES ({places})",
            columns.values(),
        )
        return int(cursor.lastrowid or 0)

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        if self.lost:
            self.check()
        try:
            return self.connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise self._failed(error) from None

    def row(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def salvage(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """What can still be read of a lost store: every row until one fails."""
        found = []
        with suppress(sqlite3.Error):
            for row in self.connection.execute(sql, tuple(values)):
                found.append(row)
        return found

    def _failed(self, error: sqlite3.Error) -> StoreError:
        """What a person is told of an error: first of all whether it is still the same file."""
        try:
            self.check()
        except StoreLostError as lost:
            return lost
        found = translate(error, self.path, mark=self._own)
        if isinstance(found, StoreLostError):
            self._became = f"found damaged ({error})"
        return found

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction within one is part of the outer one."""
        if self.connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                with suppress(sqlite3.Error):  # what went wrong is told already
                    self.connection.rollback()
            raise

    def version(self) -> int:
        """A number that differs from before once another process has written; costs microseconds."""
        self.check()
        row = self.row("PRAGMA data_version")
        return 0 if row is None else int(row[0])


class Table:
    """What is kept of one kind."""

    def __init__(self, database: Database) -> None:
        self._database = database
