"""What the data suggests for the config on somebody's desk, found beside the training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.engine.aside import Aside, GoOn
from lrtui.core.engine.shelf import Identity
from lrtui.core.store import Store
from lrtui.core.training.limits import Smoothness
from lrtui.datasets.dataset import Problem

if TYPE_CHECKING:
    from lrtui.core.doctor.suggestions import Adviser

LARGE = 200_000  # numbers to be looked at: below, the sums are too small to need a second thread
Key = tuple[Identity, str]


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        key: of the problem, as it is now. name: under which the answer is kept.
        about: the problem, or who knows it already.
    """

    key: Key
    name: str
    config: Config
    about: Problem | Adviser
    smoothness: Smoothness

    @property
    def large(self) -> bool:
        """Whether to answer it would take much of the machine."""
        about = self.about
        return (about.design_train.size if isinstance(about, Problem) else about.numbers) > LARGE


class Advising:
    """Answers the newest question; the one before is dropped, what is known of its problem is kept."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._aside: Aside[Suggestions] = Aside()
        self._wanted: Question | None = None
        self._name = ""  # of the question that is being answered
        self._found: tuple[str, Suggestions] | None = None
        self._adviser: tuple[Key, Adviser] | None = None  # of the problem that was asked about last

    def adviser(self, key: Key) -> Adviser | None:
        """Who knows a problem, if it is the one that was asked about last."""
        known = self._adviser
        return None if known is None or known[0] != key else known[1]

    def ask(self, question: Question) -> None:
        """Somebody wants to know; what was asked before matters no more."""
        self._wanted = question

    def look(self, *, busy: bool) -> None:
        """Write the answer when it is there, and take up the next question; a large one unless ``busy``."""
        result = self._aside.collect()
        if result is not None and result.value is not None:
            self._found = self._name, result.value
        if self._found is not None:
            self._store.sweeps.set_suggestions(*self._found)
            self._found = None
        if self._wanted is None:
            return
        if not self._aside.idle:
            self._aside.cancel()
        elif not (busy and self._wanted.large):
            question, self._wanted = self._wanted, None
            self._name = question.name
            self._aside.begin(lambda go_on: self._suggest(question, go_on), "suggestions")

    def leave(self) -> None:
        """The engine ends."""
        self._aside.cancel()
        self._aside.wait(1.0)

    def _suggest(self, question: Question, go_on: GoOn) -> Suggestions:
        """In the thread."""
        from lrtui.core.doctor.suggestions import Adviser  # scikit-learn and torch, not before

        about = self.adviser(question.key) or question.about
        if isinstance(about, Problem):
            about = Adviser(about, question.config, question.smoothness)
        self._adviser = question.key, about
        return about.suggest(question.config, go_on)
