"""Who wants to see a table before it is trained on: read and looked at beside the training."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrtui.core.engine.aside import Aside
from lrtui.core.engine.shelf import Identity, identity
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure, Store
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.datasets.inspection.inspector import Inspector

UNEXPECTED = Failure(
    "Engine",
    "The engine hit an unexpected error in looking at this table.",
    "The details are in engine.log, beside the store.",
)
FULL = Failure("Engine", "There is not enough memory to look at this table.", "Take fewer rows or columns.")


class Inspecting:
    """Answers the newest question; the table is kept, so that another target costs no second reading."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._aside: Aside[Inspection] = Aside()
        self._wanted: Source | None = None
        self._asked: Source | None = None  # that is being answered
        self._told: tuple[Source, Inspection | Failure] | None = None  # still to be written
        self._kept: tuple[Identity, Inspector] | None = None

    def ask(self, source: Source) -> None:
        """Somebody looks at a table; what was asked before matters no more."""
        self._wanted = source

    def look(self) -> None:
        """Write the answer when it is there, and take up the next question."""
        self._collect()
        if self._told is not None:
            self._store.inspections.put(*self._told)
            self._told = None
        if self._wanted is None or not self._aside.idle:
            return
        source, self._wanted = self._wanted, None
        self._asked = source
        self._aside.begin(lambda _: self._inspect(source), "an inspection")

    def release(self) -> None:
        """A run begins: the table that was looked at makes room for the one that is trained on."""
        if self._aside.idle:
            self._kept = None

    def leave(self) -> None:
        """The engine ends."""
        self._aside.cancel()
        self._aside.wait(1.0)

    def _collect(self) -> None:
        if self._asked is None:
            return
        result = self._aside.collect()
        if result is None:
            if self._aside.idle:  # not even an exception came out of the thread
                self._told, self._asked = (self._asked, UNEXPECTED), None
            return
        found: Inspection | Failure = UNEXPECTED
        if result.value is not None:
            found = result.value
        elif isinstance(result.error, LrtuiError):
            found = Failure.of(result.error)
        elif isinstance(result.error, MemoryError):
            found = FULL
        self._told, self._asked = (self._asked, found), None

    def _inspect(self, source: Source) -> Inspection:
        """In the thread."""
        from lrtui.datasets.inspection.inspector import Inspector  # polars, not before

        this = identity(as_read(source))
        if self._kept is None or self._kept[0] != this:
            self._kept = None  # before the next one is read, not after
            self._kept = this, Inspector(source)
        return self._kept[1].look(source.target)


def as_read(source: Source) -> Source:
    """A source without what only matters once its rows are read."""
    return replace(
        source,
        target=None,
        positive=None,
        multiclass=False,
        columns=(),
        weights=None,
        group=None,
        time=None,
    )
