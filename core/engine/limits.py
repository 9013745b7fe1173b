"""What a problem says of learning rates and more, found beside the training, not in its way."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.engine.advising import Advising, Key, Question
from lrtui.core.engine.shelf import Shelf, identity
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.core.store.sweeps import smoothness_key, suggestions_key
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.problem import problem_key
from lrtui.datasets.dataset import Problem
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.doctor.suggestions import Adviser

log = logging.getLogger("lrtui.engine")


class LimitFinder:
    """Answers the newest question; the sums themselves are done in a thread of their own.

    First come the smoothness constants. The suggestions take longer and have another thread: nobody who
    asks about another problem waits for them.
    """

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._wanted: tuple[Source, Config] | None = None
        self._thread: threading.Thread | None = None
        self._found: Smoothness | None = None
        self._question: tuple[Key, Config, Problem] | None = None  # that is being answered
        self._advising = Advising(store)

    def ask(self, source: Source, config: Config) -> None:
        """Somebody wants the constants of this problem; what was asked before matters no more."""
        self._wanted = source, config

    def leave(self) -> None:
        """The engine ends."""
        self._advising.leave()

    def look(self, training: tuple[Source, Config, Problem] | None, *, busy: bool = False) -> None:
        """Take up the question, and write the answer when it is there.

        ``training`` is the problem that is being trained on, if there is one: it is used if it is the one
        that was asked for. Nothing is loaded beside it, and large data never for this alone. While the
        machine is ``busy`` much data has no suggestions.
        """
        if self._thread is not None and not self._thread.is_alive():
            self._tell()
        if self._thread is None and self._wanted is not None:
            self._begin(*self._wanted, training)
        self._advising.look(busy=busy)

    def _tell(self) -> None:
        """Write what was found, and let the suggestions be looked for."""
        assert self._question is not None, "the thread had one"
        key, config, problem = self._question
        self._store.sweeps.set_smoothness(key[1], self._found)
        if self._found is not None:
            self._advise(key, config, problem, self._found)
        self._thread = self._question = None

    def _advise(self, key: Key, config: Config, about: Problem | Adviser, found: Smoothness) -> None:
        name = suggestions_key(key[0][0], config)
        self._advising.ask(Question(key, name, config, about, found))

    def _begin(
        self, source: Source, config: Config, training: tuple[Source, Config, Problem] | None
    ) -> None:
        key = identity(source), smoothness_key(source, config)
        known = self._advising.adviser(key)
        if known is not None:
            self._store.sweeps.set_smoothness(key[1], known.smoothness)
            self._wanted = None
            self._advise(key, config, known, known.smoothness)
            return
        try:
            problem = self._problem(source, config, training)
        except (LrtuiError, MemoryError):
            self._wanted = None
            self._store.sweeps.set_smoothness(key[1], None)
            return
        if problem is None:
            return  # when it is trained on, or training has ended
        self._wanted = self._found = None
        self._question = key, config, problem
        self._thread = threading.Thread(target=self._find, args=(key[1], problem, config), daemon=True)
        self._thread.start()

    def _problem(
        self, source: Source, config: Config, training: tuple[Source, Config, Problem] | None
    ) -> Problem | None:
        """The problem, if it is at hand or may be loaded."""
        wanted = source, problem_key(config)
        if training is not None and (training[0], problem_key(training[1])) == wanted:
            return training[2]
        if self._shelf.takes_long(source, config):
            return None
        if self._shelf.holds(source) or (training is None and not self._shelf.knows_large(source)):
            return self._shelf.problem(source, config)
        return None

    def _find(self, key: str, problem: Problem, config: Config) -> None:
        from lrtui.core.training.smoothness import smoothness  # NumPy's linear algebra, not before

        try:
            self._found = smoothness(problem, config)
        except Exception:
            log.exception("no smoothness for %s", key)
