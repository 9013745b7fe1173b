"""Who wants to look inside a run: views are made beside the training, for at most 1 % of its time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from lrtui.core.engine.background_task import DETAILS, BackgroundTask, Clock, GoOn, Result, failure_of
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.engine.inside_request import InsideRequest, stored_request
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import LrtuiError, StoreError, UnreadableError
from lrtui.core.inside.record import Seen
from lrtui.core.store import Failure, Store
from lrtui.core.store.messages import LookInside
from lrtui.datasets.progress import Progress

if TYPE_CHECKING:
    from lrtui.core.inside.trained import Trained
    from lrtui.core.inside.view import InsideView

SHARE = 0.01  # of the training time may go into views that follow a run
KEPT_SECONDS = 60.0  # that large data stays here, once nobody looks
PACE = 0.25  # seconds between two of them, at least
WAITS = "This begins as soon as nothing trains."
UNEXPECTED = Failure("Inside", "The engine hit an unexpected error in looking inside this run.", DETAILS)
FULL = Failure(
    "Inside", "There is not enough memory to look inside this run.", "Take fewer rows or columns."
)


class Job(NamedTuple):
    """A question under the number of its command."""

    number: int
    asked: LookInside


@dataclass(frozen=True)
class Made:
    """A view, and the model that it was made of."""

    seen: Seen
    trained: Trained


class InsideService:
    """Answers the newest question. The store is written from the engine's own thread.

    What a person asks for is answered at once. The same again, of a run that has gone on since, waits until
    it is but a small share of the time; what is dear waits until nothing trains.
    """

    def __init__(self, store: Store, cache: DatasetCache, clock: Clock = time.monotonic) -> None:
        self._store, self._cache, self._clock = store, cache, clock
        self.task: BackgroundTask[Job, Made] = BackgroundTask()
        self._wanted: Job | None = None
        self._waits_told = 0  # the number of the question of which it was told that it waits
        self._answered: LookInside | None = None  # the last question
        self._due = self._used = 0.0  # when it may be answered again; when one was answered last
        self._heard: tuple[int, Seen] | None = None  # from the thread: what is there before all is
        self._request: InsideRequest | None = None  # of the last question, with its data
        self._trained: Trained | None = None

    def ask(self, number: int, asked: LookInside) -> None:
        """Somebody wants to see; what was asked before matters no more."""
        self._wanted = Job(number, asked)

    def cancel(self, number: int) -> None:
        """Nobody waits for the answer any more."""
        if self._wanted is not None and self._wanted.number == number:
            self._wanted = None
        self.task.forget(lambda job: job.number == number)

    def release(self) -> None:
        """A run begins: the data of what was looked at makes room."""
        if self.task.idle:
            self._request = self._trained = None

    def leave(self) -> None:
        """The engine ends."""
        self.task.leave()

    def look(self, session: RunSession | None, *, busy: bool) -> None:
        """Write what is there, and take up the question where it is time."""
        self.task.deliver(self._tell)
        if (heard := self._heard) is not None:
            self._heard = None
            if not self.task.cancelled:
                self._store.answers.put(*heard)
        job = self.task.job
        if job is not None and busy and not self._view(job.asked).follows and not self.task.cancelled:
            self.task.cancel()  # it gives way, and begins anew when nothing trains
            self._wanted = self._wanted or job
        if self._wanted is None:
            self._let_go()
            return
        if not self.task.idle:
            if job is not None and job.asked != self._wanted.asked:
                self.task.cancel()  # nobody waits for that any more
            return
        if self._may_begin(self._wanted, busy):
            self._begin(self._wanted, session, busy)

    def _let_go(self) -> None:
        """Large data is kept for who looks on, and not for long."""
        request = self._request
        if request is None or not self.task.idle or self._clock() < self._used + KEPT_SECONDS:
            return
        problem = request.problem
        if problem is not None and problem.design_train.size > self._cache.kept:
            self.release()

    def _may_begin(self, job: Job, busy: bool) -> bool:
        """Whether it is time for a question; tells once that it is not."""
        again = job.asked == self._answered
        if again and busy:
            return self._view(job.asked).follows and self._clock() >= self._due
        if busy and not self._view(job.asked).follows:
            self._put_off(job)
            return False
        return True

    def _put_off(self, job: Job) -> None:
        if self._waits_told != job.number:
            self._waits_told = job.number
            view = self._view(job.asked)
            told = Seen(view.id, view.title, progress=WAITS, run=job.asked.run, views=tuple(_views()))
            self._store.answers.put(job.number, told)

    def _begin(self, job: Job, session: RunSession | None, busy: bool) -> None:
        try:
            request = self._requested(job.asked, session)
        except (LrtuiError, MemoryError) as error:
            if isinstance(error, StoreError) and not isinstance(error, UnreadableError):
                raise
            self._wanted = None
            self._store.answers.put(job.number, failure_of(error, FULL, UNEXPECTED))
            return
        if busy and self._view(job.asked).whole and self._too_large(request):
            self._put_off(job)
            return
        self._wanted = None
        self.task.begin(job, lambda go_on: self._make(job, request, go_on, busy=busy), "a view")

    def _view(self, asked: LookInside) -> InsideView:
        return _views().get(asked.view) or next(iter(_views().values()))

    def _too_large(self, request: InsideRequest) -> bool:
        """Whether a dataset would have to be read a second time, beside what is trained on."""
        return request.dataset is None and self._cache.knows_large(request.run.source)

    def _requested(self, asked: LookInside, session: RunSession | None) -> InsideRequest:
        """The run with what is at hand of its data."""
        holds = session is not None and session.run_id == asked.run and asked.epoch is None
        training = session.training if session is not None and holds else None
        if session is not None and training is not None:
            trainer = session.trainer
            run, theta = self._store.runs.get(asked.run), np.array(trainer.theta)
            found = InsideRequest(run, trainer.config, theta, trainer.epoch, problem=training[2])
        else:
            found = stored_request(self._store, asked)
            found.problem = self._cache.known(found.run.source, found.config)
        last, source = self._request, found.run.source
        if last is not None and last.run.id == found.run.id:
            found.dataset = last.dataset
            found.problem = found.problem or last.problem
        if found.dataset is None and self._cache.holds(source):
            found.dataset = self._cache.dataset(source)
        self._request = found
        return found

    def _make(self, job: Job, request: InsideRequest, go_on: GoOn, *, busy: bool) -> Made:
        """In the thread."""
        from lrtui.core.inside.looking import look  # as ``_views``

        trained = self._trained
        if (
            trained is None
            or trained.problem is not request.problem
            or trained.config != request.config
            or not np.array_equal(trained.theta, request.theta)
        ):
            before, trained = trained, request.trained(Progress(go_on))
            if before is not None and before.problem is trained.problem:
                trained.kept = before.kept
        trained.epoch, trained.go_on, trained.busy = request.epoch, go_on, busy

        def tell(seen: Seen) -> None:
            self._heard = job.number, seen

        found = look(trained, self._view(job.asked).id, job.asked.asked, job.asked.run, tell)
        return Made(found.seen, trained)

    def _tell(self, result: Result[Job, Made]) -> None:
        self._heard, self._used = None, self._clock()
        job, made = result.job, result.value
        self._answered = job.asked
        if made is None:
            self._request = self._trained = None  # what is wrong may be mended
            self._store.answers.put(job.number, failure_of(result.error, FULL, UNEXPECTED))
            return
        self._trained = made.trained
        self._due = self._clock() + max(PACE, result.seconds / SHARE)
        self._store.answers.put(job.number, made.seen)


def _views() -> dict[str, InsideView]:
    """All views."""
    from lrtui.core.inside.catalogue import views  # scipy and polars: an engine trains before it looks

    return views()
