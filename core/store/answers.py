"""Answers to the questions that were left for an engine, by the id of the question."""

from __future__ import annotations

import json
import time
from typing import Any, Protocol, Self, TypeVar

from lrtui.core.store.database import Database
from lrtui.core.store.reading import attempted, parsed
from lrtui.core.store.records import Failure

KEPT = 40  # answers: whoever asked has read an older one long before
UNREADABLE = Failure("Store", "The answer of the engine cannot be read: its row is damaged.", "Ask again.")


class Answer(Protocol):
    """What can be kept as an answer."""

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """What ``to_dict`` told."""


A = TypeVar("A", bound=Answer)


def kind_of(answer: type[Answer]) -> str:
    """The word under which answers of a class are kept; no class need be imported for it."""
    return answer.__name__.lower()


class AnswerTable:
    """The newest answers."""

    def __init__(self, database: Database, kept: int = KEPT) -> None:
        self._database, self._kept = database, kept

    def put(self, question: int, answer: Answer) -> None:
        """Keep an answer, or why there is none (a ``Failure``); forgets the oldest."""
        with self._database.transaction():
            kind, info = kind_of(type(answer)), json.dumps(answer.to_dict(), allow_nan=False)
            self._database.insert(
                "answers", replace=True, question=question, kind=kind, info=info, made=time.time()
            )
            self._database.execute(
                "DELETE FROM answers WHERE id NOT IN (SELECT id FROM answers ORDER BY id DESC LIMIT ?)",
                (self._kept,),
            )

    def get(self, question: int, kind: type[A]) -> A | Failure | None:
        """The answer of a kind, or why there is none; ``None`` until it is there."""
        row = self._database.row(
            "SELECT kind, info FROM answers WHERE question = ? AND kind IN (?, 'failure')",
            (question, kind_of(kind)),
        )
        if row is None:
            return None
        made: type[A] | type[Failure] = Failure if row["kind"] == kind_of(Failure) else kind
        return attempted(lambda: made.from_dict(parsed(row["info"]))) or UNREADABLE
