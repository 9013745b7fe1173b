"""A run as the doctor is told of it: what was asked, and what came of it so far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.engine.run_session import RunSession
from lrtui.core.errors import EngineError
from lrtui.core.store import Status, Store
from lrtui.datasets.source import Source

LOSSES = 100_000  # of longer runs the doctor gets a sample


@dataclass(frozen=True)
class DiagnosisRequest:
    """One run for the doctor; without an outcome it never got so far as to be trained."""

    run_id: int
    source: Source
    config: Config
    outcome: Outcome | None

    @property
    def epoch(self) -> int:
        """After which the run is looked at."""
        return 0 if self.outcome is None else self.outcome.epoch


def case_of(store: Store, session: RunSession, losses: int = LOSSES) -> DiagnosisRequest:
    """The run that a session holds, as it now stands."""
    trainer = session.trainer
    kept = store.losses.thinned(session.run_id, losses)
    theta = trainer.theta if session.best is None else session.best.theta.flatten().tolist()
    early = trainer.stopped_early
    outcome = Outcome(np.array(theta), trainer.epoch, trainer.diverged_at, kept, early)
    return DiagnosisRequest(session.run_id, store.runs.get(session.run_id).source, trainer.config, outcome)


def stored_case(store: Store, run_id: int) -> DiagnosisRequest:
    """A run as the store has it: its last snapshot, or that it could not begin.

    Raises:
        StoreError: there is no such run. EngineError: it was never trained.
    """
    run = store.runs.get(run_id)
    newest = store.history.shown_snapshot(run)
    if run.status is Status.FAILED and newest is None:
        return DiagnosisRequest(run_id, run.source, run.config, None)
    epoch = 0 if newest is None else run.epoch if run.shown_best else newest.epoch
    if newest is None or epoch == 0:
        raise EngineError(f"Run {run_id} has no trained weights to look at.", "Train it first.")
    outcome = Outcome(
        theta=np.array([*newest.weights, newest.bias]),
        epoch=epoch,
        diverged_at=run.diverged_at,
        losses=store.losses.thinned(run_id, LOSSES)[:epoch],
        stopped_early=run.status is Status.FINISHED
        and run.config.patience > 0
        and epoch < run.config.epochs,
    )
    return DiagnosisRequest(run_id, run.source, run.config, outcome)
