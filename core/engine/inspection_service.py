"""Who wants to see a table before it is trained on: read and looked at beside the training."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from lrtui.core.engine.background_task import DETAILS, BackgroundTask, GoOn, Result, failure_of
from lrtui.core.engine.dataset_cache import Identity, identity
from lrtui.core.store import Failure, Store
from lrtui.core.store.loads import Load
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.loading import fetch
from lrtui.datasets.progress import Progress, Step
from lrtui.datasets.source import Source

if TYPE_CHECKING:
    from lrtui.datasets.inspection.inspector import Inspector

TELL_SECONDS = 0.1  # between two words on how far it is
UNEXPECTED = Failure("Engine", "The engine hit an unexpected error in looking at this table.", DETAILS)
FULL = Failure("Engine", "There is not enough memory to look at this table.", "Take fewer rows or columns.")


class InspectionService:
    """Answers the newest question; its table is ``kept``: another target costs no second reading."""

    def __init__(self, store: Store, owner: str = "") -> None:
        """``owner`` is who tells how far the fetching of a table is that lies elsewhere."""
        self._store, self._owner = store, owner
        self._step: Step | None = None  # the newest, from the thread
        self._shown: Step | None = None
        self._told_at = 0.0
        self.task: BackgroundTask[tuple[int, Source], Inspection] = BackgroundTask()
        self.kept: tuple[Identity, Inspector] | None = None

    def ask(self, number: int, source: Source) -> None:
        """Somebody looks at a table; what was asked before matters no more."""
        self.task.wanted = number, source

    def cancel(self, number: int) -> None:
        """Nobody waits for the answer any more."""
        self.task.forget(lambda job: job[0] == number)

    def look(self) -> None:
        """Write the answer when it is there, and take up the next question."""
        self.task.deliver(self._tell)
        self._tell_how_far()
        job = self.task.take_wanted()
        if job is not None:
            self.task.begin(job, lambda go_on: self._inspect(job[1], go_on), "an inspection")

    def release(self) -> None:
        """A run begins: the table that was looked at makes room for the one that is trained on."""
        if self.task.idle:
            self.kept = None

    def _tell(self, result: Result[tuple[int, Source], Inspection]) -> None:
        found = result.value or failure_of(result.error, FULL, UNEXPECTED)
        self._store.answers.put(result.job[0], found)

    def _tell_how_far(self) -> None:
        step, job, now = self._step, self.task.job, time.monotonic()
        if job is None or self.task.cancelled:
            self._step = step = None
        if step is self._shown or (step is not None and now - self._told_at < TELL_SECONDS):
            return
        self._shown, self._told_at = step, now
        if step is None or job is None:
            self._store.loads.drop(self._owner)
        else:
            self._store.loads.put(self._owner, Load(job[1].label, step.what, round(step.share, 4)))

    def _hear(self, step: Step) -> None:
        self._step = step

    def _inspect(self, source: Source, go_on: GoOn) -> Inspection:
        """In the thread."""
        from lrtui.datasets.inspection.inspector import Inspector  # polars, not before

        watch = Progress(go_on, self._hear)
        fetch(source, watch)  # before it is asked whether it changed
        this = identity(as_read(source))
        if self.kept is None or self.kept[0] != this:
            self.kept = None  # before the next one is read, not after
            self.kept = this, Inspector(source, watch)
        return self.kept[1].look(source.target)


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
