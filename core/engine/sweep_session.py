"""One sweep between runner and store: trains in slices, writes points as they come."""

from __future__ import annotations

import logging
import time

from lrtui.core.engine.background_task import DETAILS, BackgroundTask, failure_of
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure, Status, Store
from lrtui.core.sweep.plan import SweepPlan
from lrtui.core.sweep.runner import SweepRunner
from lrtui.datasets.progress import Progress

WRITE_SECONDS = 0.1
FULL = Failure("Engine", "The sweep ran out of memory.", "Sweep fewer values at once.")
UNEXPECTED = Failure("Engine", "The engine hit an unexpected error in this sweep.", DETAILS)
log = logging.getLogger("lrtui.engine")


class SweepSession:
    """A sweep that this process holds; ``slice`` it while ``running``: until its end is written."""

    def __init__(self, store: Store, sweep_id: int, cache: DatasetCache) -> None:
        self.sweep_id = sweep_id
        self.running = True
        self._store = store
        self._cache = cache
        self._runner: SweepRunner | None = None
        self._plan: SweepPlan | None = None
        self._task: BackgroundTask[SweepPlan, SweepRunner] = BackgroundTask()
        self._status = Status.RUNNING
        self._failure: Failure | None = None
        self._written_at = 0.0
        self._started = time.monotonic()

    def slice(self, seconds: float) -> None:
        """Train for about so long, and write what is due; what goes wrong ends the sweep with a reason."""
        if self._status is Status.RUNNING:
            try:
                self._advance(seconds)
            except Exception as error:
                if not isinstance(error, LrtuiError | MemoryError):
                    log.exception("unexpected error in sweep %s", self.sweep_id)
                self._status, self._failure = Status.FAILED, failure_of(error, FULL, UNEXPECTED)
        if self._status is not Status.RUNNING or time.monotonic() - self._written_at >= WRITE_SECONDS:
            self._write()

    def stop(self) -> None:
        """End the sweep where it is; the points that are done stay."""
        if self._status is Status.RUNNING:
            self._task.cancel()
            self._status = Status.STOPPED
            self._write()

    def _advance(self, seconds: float) -> None:
        if self._runner is None:
            self._runner = self._made(seconds)
        if self._runner is None:
            return
        self._runner.advance(seconds)
        if self._runner.finished:
            self._status = Status.FINISHED

    def _made(self, seconds: float) -> SweepRunner | None:
        """The runner; for large data it is made in a thread, and ``None`` until it is there."""
        if self._plan is None:
            self._plan = self._store.sweeps.get(self.sweep_id).plan
        plan = self._plan
        if not self._cache.takes_long(plan.source, plan.config) and self._task.idle:
            return SweepRunner(self._cache.dataset(plan.source), plan)
        if self._task.idle:
            self._task.begin(
                plan, lambda go_on: self._load(plan, Progress(go_on)), f"sweep {self.sweep_id}"
            )
        self._task.wait(seconds)
        result = self._task.collect()
        if result is not None and result.error is not None:
            raise result.error
        return None if result is None else result.value

    def _load(self, plan: SweepPlan, watch: Progress) -> SweepRunner:
        """In the thread."""
        runner = SweepRunner(self._cache.dataset(plan.source, watch), plan)
        runner.prepare(watch)
        return runner

    def _write(self) -> None:
        runner = self._runner
        self._store.sweeps.note(
            self.sweep_id,
            self._status,
            [] if runner is None else runner.points,
            progress=0.0 if runner is None else runner.progress,
            seconds=time.monotonic() - self._started,  # by the clock: a run may train in turn
            failure=self._failure,
        )
        self._written_at = time.monotonic()
        self.running = self._status is Status.RUNNING
