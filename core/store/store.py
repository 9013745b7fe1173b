"""The store: an open SQLite file and its tables."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Self

from lrtui.core.store.commands import CommandTable, EngineTable
from lrtui.core.store.diagnoses import DiagnosisTable
from lrtui.core.store.history import HistoryTable
from lrtui.core.store.inspections import InspectionTable
from lrtui.core.store.loads import LoadTable
from lrtui.core.store.losses import LossTable
from lrtui.core.store.opening import open_file, translate
from lrtui.core.store.runs import RunTable
from lrtui.core.store.sweeps import SweepTable


class Store:
    """One open store, for one thread. Use it as a context manager, or ``close`` it.

    ``notice`` is a sentence for the person when a corrupt file was set aside on opening.
    Every method may raise ``StoreError``.
    """

    def __init__(self) -> None:
        self._connection, self.path, self.notice = open_file()
        self._connection.row_factory = sqlite3.Row
        self.runs = RunTable(self)
        self.losses = LossTable(self)
        self.history = HistoryTable(self)
        self.commands = CommandTable(self)
        self.engines = EngineTable(self)
        self.sweeps = SweepTable(self)
        self.diagnoses = DiagnosisTable(self)
        self.inspections = InspectionTable(self)
        self.loads = LoadTable(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; the store is of no use afterwards."""
        self._connection.close()

    def execute(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        try:
            return self._connection.execute(sql, tuple(values))
        except sqlite3.Error as error:
            raise translate(error, self.path) from None

    def rows(self, sql: str, values: Iterable[Any] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        try:
            return self._connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise translate(error, self.path) from None

    def row(self, sql: str, values: Iterable[Any] = ()) -> sqlite3.Row | None:
        """The first row of a query, if any."""
        found = self.rows(sql, values)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; a transaction within one is part of the outer one."""
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.rollback()
            raise

    def version(self) -> int:
        """A number that differs from before once another process has written; costs microseconds."""
        row = self.row("PRAGMA data_version")
        return 0 if row is None else int(row[0])
