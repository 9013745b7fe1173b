"""Asking the engine to look at a table, and waiting for the answer without standing still."""

from __future__ import annotations

import time
from dataclasses import replace

from lrtui.core.store import Failure
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.tui.desk import Desk
from lrtui.tui.inspecting.words import size_words


class Asking:
    """One question at a time; a fresh engine in place of a dead one is asked again."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._source: Source | None = None
        self._token = ""
        self._asked_at = 0.0
        self.words = ""  # what is waited for

    def ask(self, source: Source) -> None:
        """Ask, or ask for something else.

        Raises:
            StoreError: the question cannot be left.
        """
        self._source = source
        self._asked_at = time.time()
        self._token = self._desk.engine.token
        size = size_words(source.name) if source.is_file else ""
        self.words = f"reading {quote(source.label)}{size and f', {size}'}"
        self._desk.store.commands.send(self._token, "inspect", source=source.to_dict())

    def look(self) -> Inspection | Failure | None:
        """The answer, once.

        Raises:
            StoreError: the store cannot be read.
        """
        if self._source is None:
            return None
        if self._token != self._desk.engine.token:
            self.ask(self._source)
        found = self._desk.store.inspections.get(self._source, self._asked_at)
        if found is not None:
            self._source = None
        return found

    @staticmethod
    def about(source: Source, target: str) -> Source:
        """The same table, to be counted by the classes of another target."""
        return replace(source, target=target, positive=None, multiclass=False)
