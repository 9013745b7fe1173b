"""Large data is loaded beside the engine's loop: with word of how far it is, and an end at any moment."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from lrtui.core.config import Config
from lrtui.core.engine.background_task import BackgroundTask, GoOn, Result
from lrtui.core.engine.dataset_cache import DatasetCache
from lrtui.core.store import Store
from lrtui.core.store.loads import Load
from lrtui.core.store.messages import Command, RunMessage, Start
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import Progress, Rest, Step
from lrtui.datasets.source import Source

TELL_SECONDS = 0.1  # between two words on how far it is
LEAVE_SECONDS = 5.0


@dataclass
class Job:
    """What is loaded, and for whom.

    Attributes:
        config: of the run that waits; ``None`` where somebody only wants to know what the dataset is.
        question: the command that asks for that.
        start: how the run then begins. commands: to the run, since it waits.
    """

    source: Source
    config: Config | None = None
    run_id: int | None = None
    start: Start | None = None
    commands: deque[Command] = field(default_factory=deque)
    question: int | None = None


Loaded = Result[Job, Problem | None]  # the problem where there is a config, or what went wrong


class LoadingService:
    """One job at a time. The store is written from the engine's own thread."""

    def __init__(self, store: Store, cache: DatasetCache, owner: str) -> None:
        self._store, self._cache, self._owner = store, cache, owner
        self.task: BackgroundTask[Job, Problem | None] = BackgroundTask()
        self._step: Step | None = None  # the newest, from the thread
        self._rest = Rest()
        self._told_at = 0.0
        self._shown = False

    @property
    def run_id(self) -> int | None:
        """The run that waits."""
        return next((job.run_id for job in self._jobs if job.run_id is not None), None)

    @property
    def _jobs(self) -> list[Job]:
        """What waits and what is being loaded for somebody."""
        current = None if self.task.cancelled else self.task.job
        return [job for job in (self.task.wanted, current) if job is not None]

    def begin(self, job: Job) -> None:
        """Load this; what was loaded before matters no more, but a run goes before a description."""
        if job.run_id is None and self.run_id is not None:
            return
        same = [one for one in self._jobs if one.config is None and one.source == job.source]
        if same and same[-1] is self.task.job:  # half of its work is being done
            if job.run_id is not None:
                self.task.wanted = job
            else:
                same[-1].question = job.question
            return
        self.task.wanted = job
        self.task.cancel()

    def cancel(self, question: int) -> None:
        """Nobody waits for a description any more."""
        self.task.forget(lambda job: job.question == question)

    def forget(self, run_id: int | None = None) -> None:
        """Nobody waits any more: for the run, or for a description."""
        self.task.forget(lambda job: job.run_id == run_id)

    def keep(self, command: Command) -> None:
        """A command to the run that waits, which obeys when it begins."""
        message = command.message
        for job in self._jobs:
            if isinstance(message, RunMessage) and job.run_id == message.run_id:
                job.commands.append(command)
                return

    def look(self) -> Loaded | None:
        """Tell how far it is, begin what is next, and hand over what is done."""
        result = self.task.collect()
        if result is not None:
            self._hide()
            return result
        if self.task.idle:
            self._hide()
            if (job := self.task.take_wanted()) is not None:
                self._start(job)
        elif self.task.job is not None and not self.task.cancelled:
            self._tell(self.task.job)
        return None

    def leave(self) -> None:
        """The engine ends."""
        self.task.wanted = None
        self.task.leave(LEAVE_SECONDS)
        self._hide()

    def _start(self, job: Job) -> None:
        self._step = None
        self._rest = Rest()
        self.task.begin(job, lambda go_on: self._load(job, go_on), f"loading {job.source.label}")

    def _load(self, job: Job, go_on: GoOn) -> Problem | None:
        """In the thread."""
        watch = Progress(go_on, self._hear)
        if job.config is not None:
            return self._cache.problem(job.source, job.config, watch)
        self._cache.dataset(job.source, watch)
        return None

    def _hear(self, step: Step) -> None:
        self._step = step

    def _tell(self, job: Job) -> None:
        step, now = self._step, time.monotonic()
        if step is None or now - self._told_at < TELL_SECONDS:
            return
        self._told_at, self._shown = now, True
        left = self._rest.left(step, now)
        self._store.loads.put(
            self._owner, Load(job.source.label, step.what, round(step.share, 4), left, self.run_id)
        )

    def _hide(self) -> None:
        if self._shown:
            self._store.loads.drop(self._owner)
            self._shown = False
