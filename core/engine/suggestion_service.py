"""What a problem says of learning rates and more, found beside the training, not in its way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.doctor.suggested import Suggestions
from lrtui.core.engine.background_task import BackgroundTask, GoOn, Result, failure_of
from lrtui.core.engine.dataset_cache import DatasetCache, Identity, identity
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Store
from lrtui.core.store.messages import Suggest
from lrtui.core.training.problem import problem_key
from lrtui.core.training.stable_rate import Smoothness
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.core.doctor.suggestions import Adviser

LARGE = 200_000  # numbers to be looked at: below, the sums are too small to need a second thread
Key = tuple[Identity, str]
Training = tuple[Source, Config, Problem]


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        id: of the command. key: of the problem, as it is now.
        about: the problem, or who knows it already.
    """

    id: int
    key: Key
    config: Config
    about: Problem | Adviser
    smoothness: Smoothness | None = None

    @property
    def large(self) -> bool:
        """Whether to answer it would take much of the machine."""
        about = self.about
        return (about.design_train.size if isinstance(about, Problem) else about.numbers) > LARGE


class SuggestionService:
    """Answers the newest question: with the smoothness constants of its problem, then with suggestions.

    Suggestions take longer and have a thread of their own: nobody who asks about another problem waits for
    them. The one before is dropped; what is known of its problem is kept.
    """

    def __init__(self, store: Store, cache: DatasetCache) -> None:
        self._store = store
        self._cache = cache
        self.task: BackgroundTask[Question, Smoothness] = BackgroundTask()
        self.advising: BackgroundTask[Question, Suggestions] = BackgroundTask()
        self._wanted: tuple[int, Suggest] | None = None
        self._adviser: tuple[Key, Adviser] | None = None  # of the problem that was asked about last

    def ask(self, number: int, question: Suggest) -> None:
        """Somebody wants to know; what was asked before matters no more."""
        self._wanted = number, question

    def cancel(self, number: int) -> None:
        """Nobody waits for the answer any more."""
        if self._wanted is not None and self._wanted[0] == number:
            self._wanted = None
        self.task.forget(lambda question: question.id == number)
        self.advising.forget(lambda question: question.id == number)

    def leave(self) -> None:
        """The engine ends."""
        self.task.leave()
        self.advising.leave()

    def look(self, training: Training | None, *, busy: bool = False) -> None:
        """Take up the question, and write the answer when it is there.

        ``training`` is the problem that is being trained on, if there is one: it is used if it is the one
        that was asked for. Nothing is loaded beside it, and large data never for this alone. While the
        machine is ``busy`` much data has no suggestions.
        """
        self.task.deliver(self._tell)
        if self.task.idle and self._wanted is not None:
            self._begin(*self._wanted, training)
        advising = self.advising
        advising.deliver(self._tell_suggestions)
        if advising.wanted is None:
            return
        if not advising.idle:
            advising.cancel()
        elif not (busy and advising.wanted.large) and (question := advising.take_wanted()) is not None:
            advising.begin(question, lambda go_on: self._suggest(question, go_on), "suggestions")

    def _tell(self, result: Result[Question, Smoothness]) -> None:
        """Write what was found, and let the suggestions be looked for."""
        self._store.answers.put(result.job.id, result.value or failure_of(result.error))
        if result.value is not None:
            self.advising.wanted = replace(result.job, smoothness=result.value)

    def _tell_suggestions(self, result: Result[Question, Suggestions]) -> None:
        if result.value is not None:
            self._store.answers.put(result.job.id, result.value)

    def _begin(self, number: int, asked: Suggest, training: Training | None) -> None:
        key, config = (identity(asked.source), asked.problem), asked.config
        if (known := self._known(key)) is not None:
            self._store.answers.put(number, known.smoothness)
            self._wanted = None
            self.advising.wanted = Question(number, key, config, known)
            return
        try:
            problem = self._problem(asked.source, config, training)
        except (LrtuiError, MemoryError) as error:
            self._wanted = None
            self._store.answers.put(number, failure_of(error))
            return
        if problem is None:
            return  # when it is trained on, or training has ended
        self._wanted = None
        self.task.begin(
            Question(number, key, config, problem), lambda _: _smoothness(problem, config), "smoothness"
        )

    def _problem(self, source: Source, config: Config, training: Training | None) -> Problem | None:
        """The problem, if it is at hand or may be loaded."""
        wanted = source, problem_key(config)
        if training is not None and (training[0], problem_key(training[1])) == wanted:
            return training[2]
        if self._cache.takes_long(source, config):
            return None
        if self._cache.holds(source) or (training is None and not self._cache.knows_large(source)):
            return self._cache.problem(source, config)
        return None

    def _known(self, key: Key) -> Adviser | None:
        """Who knows a problem, if it is the one that was asked about last."""
        known = self._adviser
        return None if known is None or known[0] != key else known[1]

    def _suggest(self, question: Question, go_on: GoOn) -> Suggestions:
        """In the thread."""
        from lrtui.core.doctor.suggestions import Adviser  # scikit-learn and torch, not before

        about = self._known(question.key) or question.about
        if isinstance(about, Problem):
            about = Adviser(about, question.config, question.smoothness)
        self._adviser = question.key, about
        return about.suggest(question.config, go_on)


def _smoothness(problem: Problem, config: Config) -> Smoothness:
    """In the thread."""
    from lrtui.core.training.smoothness import smoothness  # NumPy's linear algebra, not before

    return smoothness(problem, config)
