"""The doctor's look in passing at a run that trains: cheap evidence, for at most 1 % of the time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.engine.background_task import BackgroundTask, Clock
from lrtui.core.engine.diagnosis_request import case_of
from lrtui.core.engine.run_session import RunSession
from lrtui.core.store import Store
from lrtui.datasets.preparing.problem import Problem

Glance = Callable[[Problem, Config, Outcome], Diagnosis]

SHARE = 0.01  # of the training time
PATIENCE = 3.0  # seconds of training with one label
PART = 0.1  # or such a part of the epochs
ONE_LABEL = 0.98
LOSSES = 2000
SECONDS = 1.0  # what a glance costs, before one was measured: mostly that of fitting the reference
SECONDS_PER_NUMBER = 2e-6


@dataclass
class _Watch:
    """One run that is trained."""

    run_id: int
    since: tuple[int, float] | None = None  # epoch and training time at which the trouble began
    glanced: Config | None = None  # the config that was glanced at
    epoch: int = 0  # of that glance
    spent: float = 0.0
    each: float | None = None  # seconds of the last glance


class LiveCheck:
    """Watches the run that trains; what a glance said is kept as long as the trouble lasts."""

    def __init__(self, store: Store, owner: str, glance: Glance, clock: Clock = time.perf_counter) -> None:
        self._store, self._owner, self._glance, self._clock = store, owner, glance, clock
        self._watch = _Watch(0)
        self.task: BackgroundTask[int, Diagnosis] = BackgroundTask(clock)

    def look(self, session: RunSession | None) -> None:
        """Collect what was seen, and glance at the run if it is time."""
        self._collect(session)
        if session is None or not session.running:
            return
        watch = self._watch
        if watch.run_id != session.run_id:
            watch = self._watch = _Watch(session.run_id)
        if not in_trouble(session):
            if watch.glanced is not None:
                self._store.diagnoses.drop(session.run_id)
            watch.since = watch.glanced = None
        elif self._due(watch, session) and self.task.idle:
            self._begin(watch, session)

    def at_rest(self, session: RunSession) -> None:
        """Glance at a paused run that is too large to be examined beside what it holds in memory."""
        if self.task.idle:
            self._watch = _Watch(session.run_id)
            self._begin(self._watch, session)

    def _due(self, watch: _Watch, session: RunSession) -> bool:
        trainer = session.trainer
        if watch.since is None:
            watch.since = trainer.epoch, trainer.seconds
        epoch, seconds = watch.since
        long = (
            trainer.seconds - seconds >= PATIENCE or trainer.epoch - epoch >= PART * trainer.config.epochs
        )
        if not (long or trainer.diverged_at is not None) or watch.glanced == trainer.config:
            return False
        return watch.spent + self._cost(watch, session) <= SHARE * trainer.seconds

    def _cost(self, watch: _Watch, session: RunSession) -> float:
        """What the next glance will take."""
        if watch.each is not None:
            return watch.each
        training = session.training
        numbers = 0 if training is None else training[2].design_train.size
        return SECONDS + SECONDS_PER_NUMBER * numbers

    def _begin(self, watch: _Watch, session: RunSession) -> None:
        training = session.training
        if training is None:
            return
        started = self._clock()
        case = case_of(self._store, session, LOSSES)
        watch.glanced, watch.epoch = case.config, case.epoch
        watch.spent += self._clock() - started
        problem, outcome = training[2], case.outcome
        assert outcome is not None, "it trains"
        self.task.begin(
            case.run_id,
            lambda _: self._glance(problem, case.config, outcome),
            f"a glance at run {case.run_id}",
        )

    def _collect(self, session: RunSession | None) -> None:
        found, watch = self.task.collect(), self._watch
        if found is None:
            return
        watch.spent += found.seconds
        watch.each = found.seconds
        still = session is not None and session.run_id == watch.run_id and session.held
        if found.value is not None and still and watch.glanced is not None:
            self._store.diagnoses.glance(watch.run_id, watch.epoch, found.value, self._owner)


def in_trouble(session: RunSession) -> bool:
    """Whether a run that trains has diverged, or gives nearly every row one label though there are two."""
    if session.trainer.diverged_at is not None:
        return True
    newest = session.newest
    return (
        newest is not None and newest.epoch > 0 and newest.majority_share >= ONE_LABEL and newest.one_label
    )
