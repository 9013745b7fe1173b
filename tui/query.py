"""A question to the engine: left in the store, and its answer read without standing still."""

from __future__ import annotations

from contextlib import suppress
from typing import Generic, TypeVar

from lrtui.core.errors import StoreError
from lrtui.core.store import Description, Failure
from lrtui.core.store.answers import A
from lrtui.core.store.messages import Cancel, Describe, Question
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.columns import check_dropped
from lrtui.datasets.text import safe
from lrtui.tui.session_state import SessionState

Q = TypeVar("Q", bound=Question)


class Query(Generic[Q]):
    """One question at a time; a fresh engine in place of a dead one is asked again. Raises ``StoreError``.

    Attributes:
        question: what was asked last. engine: the token of the engine that was asked.
    """

    def __init__(self, session: SessionState) -> None:
        self.question: Q | None = None
        self._session = session
        self.engine = ""
        self._id: int | None = None  # of the command

    @property
    def waits(self) -> bool:
        """The engine was asked, and nobody has taken that back."""
        return self._id is not None

    def ask(self, question: Q, *, send: bool = True) -> None:
        """Ask; only remember the question unless ``send``, where the engine could not answer it."""
        self.question, self._id = question, None
        self.engine = self._session.engine.token
        if send:
            self._id = self._session.tell_engine(question)

    def read(self, kind: type[A]) -> A | Failure | None:
        """The answer of a kind, or why there is none; ``None`` until it is there."""
        if self._id is None or self.question is None:
            return None
        if self.engine != self._session.engine.token:
            self.ask(self.question)
        return self._session.store.answers.get(self._id, kind)

    def close(self) -> None:
        """Nobody waits any more; what was read already stays as it is."""
        self._id = None

    def cancel(self) -> None:
        """Let the engine stop looking for the answer, where it was not read."""
        if self._id is not None and self.engine == self._session.engine.token:
            self._session.tell_engine(Cancel(self._id))
        self._id = None


class DescriptionQuery:
    """What the engine knows of the dataset at hand, where the catalogue does not describe it."""

    def __init__(self, session: SessionState) -> None:
        self.found: Description | None = None
        self._session = session
        self._query: Query[Describe] = Query(session)

    def ask(self) -> None:
        """The dataset at hand is another one."""
        source, asked = self._session.source, self._query.question
        if asked is not None and asked.source != source:
            self._query.cancel()
        self._query.close()
        self.found = None
        if source.name not in CATALOGUE and not self._session.needs_target:
            self._query.ask(Describe(source))

    def ask_columns(self) -> None:
        """The names of the columns are wanted, also of what the catalogue describes.

        They are asked for in passing: of a store that fails the dashboard's own look tells.
        """
        if self.found is None and not self._query.waits and not self._session.needs_target:
            with suppress(StoreError):
                self._query.ask(Describe(self._session.source))

    def check_dropped(self, names: tuple[str, ...]) -> None:
        """Refuse to drop columns that are not there, so far as that is known.

        Raises:
            DatasetError: there is no such column.
        """
        if self.found is not None and self.found.droppable:
            check_dropped(names, self.found.droppable, safe(self._session.source.label))

    def look(self) -> None:
        """Read the answer, once it is there."""
        found = self._query.read(Description)
        if found is not None:
            self._query.close()
            self.found = Description(failure=found) if isinstance(found, Failure) else found
            if self.found.failure is None:
                self._session.describe(self.found)
