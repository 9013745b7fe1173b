"""Large data is loaded beside the engine's loop: with word of how far it is, and an end at any moment."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from lrtui.core.config import Config
from lrtui.core.engine.aside import Aside, GoOn, Result
from lrtui.core.engine.shelf import Shelf
from lrtui.core.store import Command, Store
from lrtui.core.store.loads import Load
from lrtui.datasets.dataset import Problem
from lrtui.datasets.source import Source
from lrtui.datasets.watching import Rest, Step, Watch

TELL_SECONDS = 0.1  # between two words on how far it is
LEAVE_SECONDS = 5.0


@dataclass
class Job:
    """What is loaded, and for whom.

    Attributes:
        config: of the run that waits; ``None`` where somebody only wants to know what the dataset is.
        steps: epochs that the run then takes before it holds. commands: to the run, since it waits.
    """

    source: Source
    config: Config | None = None
    run_id: int | None = None
    steps: int | None = None
    commands: deque[Command] = field(default_factory=deque)


@dataclass(frozen=True)
class Loaded:
    """A job that is done: the problem where there is a config, or what went wrong."""

    job: Job
    result: Result[Problem | None]


class Loading:
    """One job at a time. The store is written from the engine's own thread."""

    def __init__(self, store: Store, shelf: Shelf, owner: str) -> None:
        self._store, self._shelf, self._owner = store, shelf, owner
        self._aside: Aside[Problem | None] = Aside()
        self._job: Job | None = None
        self._next: Job | None = None
        self._step: Step | None = None  # the newest, from the thread
        self._rest = Rest()
        self._told_at = 0.0
        self._shown = False

    @property
    def run_id(self) -> int | None:
        """The run that waits."""
        return next((job.run_id for job in (self._next, self._job) if job and job.run_id), None)

    def begin(self, job: Job) -> None:
        """Load this; what was loaded before matters no more, but a run goes before a description."""
        if job.run_id is None and self.run_id is not None:
            return
        current = self._job
        if current is not None and current.config is None and current.source == job.source:
            self._next = job if job.run_id is not None else self._next  # half of its work is being done
            return
        self._next = job
        self._cancel()

    def forget(self, run_id: int | None = None) -> None:
        """Nobody waits any more: for the run, or for a description."""
        if self._next is not None and self._next.run_id == run_id:
            self._next = None
        if self._job is not None and self._job.run_id == run_id:
            self._cancel()

    def keep(self, command: Command) -> None:
        """A command to the run that waits, which obeys when it begins."""
        for job in (self._next, self._job):
            if job is not None and job.run_id == command.run_id:
                job.commands.append(command)
                return

    def look(self) -> Loaded | None:
        """Tell how far it is, begin what is next, and hand over what is done."""
        result = self._aside.collect()
        job = self._job
        if result is not None and job is not None:
            self._job = None
            self._hide()
            return Loaded(job, result)
        if self._aside.idle:
            self._job = None
            self._hide()
            if self._next is not None:
                self._start(self._next)
        elif job is not None:
            self._tell(job)
        return None

    def leave(self) -> None:
        """The engine ends."""
        self._next = None
        self._cancel()
        self._aside.wait(LEAVE_SECONDS)
        self._hide()

    def _cancel(self) -> None:
        self._job = None
        self._aside.cancel()

    def _start(self, job: Job) -> None:
        self._job, self._next, self._step = job, None, None
        self._rest = Rest()
        self._aside.begin(lambda go_on: self._load(job, go_on), f"loading {job.source.label}")

    def _load(self, job: Job, go_on: GoOn) -> Problem | None:
        """In the thread."""
        watch = Watch(go_on, self._hear)
        if job.config is not None:
            return self._shelf.problem(job.source, job.config, watch)
        self._shelf.dataset(job.source, watch)
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
