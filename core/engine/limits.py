"""Smoothness constants for whoever edits a learning rate, found beside the training, not in its way."""

from __future__ import annotations

import logging
import threading

from lrtui.core.config import Config
from lrtui.core.engine.shelf import Shelf
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.core.store.sweeps import smoothness_key
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.problem import problem_key
from lrtui.datasets.dataset import Problem
from lrtui.datasets.source import Source

log = logging.getLogger("lrtui.engine")


class LimitFinder:
    """Answers the newest question; the sums themselves are done in a thread of their own."""

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._wanted: tuple[Source, Config] | None = None
        self._thread: threading.Thread | None = None
        self._found: tuple[str, Smoothness | None] | None = None

    def ask(self, source: Source, config: Config) -> None:
        """Somebody wants the constants of this problem; what was asked before matters no more."""
        self._wanted = source, config

    def look(self, training: tuple[Source, Config, Problem] | None) -> None:
        """Take up the question, and write the answer when it is there.

        ``training`` is the problem that is being trained on, if there is one: it is used if it is the one
        that was asked for. Nothing is loaded beside it, and large data never for this alone.
        """
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
            if self._found is not None:
                self._store.sweeps.set_smoothness(*self._found)
                self._found = None
        if self._thread is None and self._wanted is not None:
            self._begin(*self._wanted, training)

    def _begin(
        self, source: Source, config: Config, training: tuple[Source, Config, Problem] | None
    ) -> None:
        key = smoothness_key(source, config)
        trained_on = training is not None and (training[0], problem_key(training[1])) == (
            source,
            problem_key(config),
        )
        try:
            if training is not None and trained_on:
                problem = training[2]
            elif self._shelf.holds(source) or (training is None and not self._shelf.knows_large(source)):
                problem = self._shelf.problem(source, config)
            else:
                return  # when it is trained on, or training has ended
        except (LrtuiError, MemoryError):
            self._wanted = None
            self._store.sweeps.set_smoothness(key, None)
            return
        self._wanted = None
        self._thread = threading.Thread(target=self._find, args=(key, problem, config), daemon=True)
        self._thread.start()

    def _find(self, key: str, problem: Problem, config: Config) -> None:
        from lrtui.core.training.smoothness import smoothness  # NumPy's linear algebra, not before

        try:
            self._found = key, smoothness(problem, config)
        except Exception:
            log.exception("no smoothness for %s", key)
            self._found = key, None
