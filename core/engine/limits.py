"""What a problem says of some settings, found beside the training, not in its way."""

from __future__ import annotations

import logging
import threading
from collections import deque
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.engine.shelf import Identity, Shelf, identity
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.core.store.sweeps import smoothness_key, suggestions_key
from lrtui.core.training.limits import Smoothness
from lrtui.core.training.problem import problem_key
from lrtui.datasets.dataset import Problem
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.doctor.suggestions import Adviser

Key = tuple[Identity, str]
Found = tuple[str, Smoothness | Suggestions | None]
LEAVE_SECONDS = 1.0  # for a thread to end by itself
log = logging.getLogger("lrtui.engine")


class LimitFinder:
    """Answers the newest question; the sums themselves are done in a thread of their own.

    First come the smoothness constants, then the suggestions, which take longer: they are dropped when
    somebody asks something else.
    """

    def __init__(self, store: Store, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._wanted: tuple[Source, Config] | None = None
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._found: deque[Found] = deque()  # by the thread, and not yet written
        self._adviser: tuple[Key, Adviser] | None = None  # of the problem that was asked about last

    def ask(self, source: Source, config: Config) -> None:
        """Somebody wants to know of this problem; what was asked before matters no more."""
        self._wanted = source, config

    def look(self, training: tuple[Source, Config, Problem] | None) -> None:
        """Take up the question, and write the answers when they are there.

        ``training`` is the problem that is being trained on, if there is one: it is used if it is the one
        that was asked for. Nothing is loaded beside it, and large data never for this alone.
        """
        if self._thread is not None and not self._thread.is_alive():
            self._thread = None
        while self._found:
            self._write(*self._found[0])
            self._found.popleft()
        if self._wanted is None:
            return
        if self._thread is None:
            self._begin(*self._wanted, training)
        else:
            self._stop.set()

    def leave(self) -> None:
        """The engine ends."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(LEAVE_SECONDS)

    def _write(self, key: str, found: Smoothness | Suggestions | None) -> None:
        if isinstance(found, Suggestions):
            self._store.sweeps.set_suggestions(key, found)
        else:
            self._store.sweeps.set_smoothness(key, found)

    def _begin(
        self, source: Source, config: Config, training: tuple[Source, Config, Problem] | None
    ) -> None:
        key = identity(source), smoothness_key(source, config)
        known = self._adviser[1] if self._adviser is not None and self._adviser[0] == key else None
        try:
            problem = None if known is not None else self._problem(source, config, training)
        except (LrtuiError, MemoryError):
            self._wanted = None
            self._store.sweeps.set_smoothness(key[1], None)
            return
        if known is None and problem is None:
            return  # when it is trained on, or training has ended
        self._wanted = None
        self._stop = threading.Event()
        asked = suggestions_key(source, config)
        self._thread = threading.Thread(
            target=self._find, args=(key, asked, config, known or problem, self._stop), daemon=True
        )
        self._thread.start()

    def _problem(
        self, source: Source, config: Config, training: tuple[Source, Config, Problem] | None
    ) -> Problem | None:
        """The problem, if it is at hand or small enough to be loaded."""
        wanted = source, problem_key(config)
        if training is not None and (training[0], problem_key(training[1])) == wanted:
            return training[2]
        if self._shelf.holds(source) or (training is None and not self._shelf.knows_large(source)):
            return self._shelf.problem(source, config)
        return None

    def _find(
        self, key: Key, asked: str, config: Config, known: Adviser | Problem, stop: threading.Event
    ) -> None:
        """In the thread: the smoothness, and unless something else is asked by now, the suggestions."""
        from lrtui.core.training.smoothness import smoothness  # NumPy's linear algebra, not before

        try:
            found = smoothness(known, config) if isinstance(known, Problem) else known.smoothness
        except Exception:
            log.exception("no smoothness for %s", key[1])
            self._found.append((key[1], None))
            return
        self._found.append((key[1], found))
        if stop.is_set():
            return
        from lrtui.core.doctor.suggestions import Adviser
        from lrtui.core.doctor.trials import Cancelled

        try:
            adviser = Adviser(known, config, found) if isinstance(known, Problem) else known
            self._adviser = key, adviser
            self._found.append((asked, adviser.suggest(config, lambda: not stop.is_set())))
        except Cancelled:
            pass
        except Exception:
            log.exception("no suggestions for %s", asked)
