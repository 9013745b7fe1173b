"""The trainer that a run begins with, or goes on with from the state that is kept of it."""

from __future__ import annotations

from dataclasses import replace

from lrtui.core.config.proposal import fitted
from lrtui.core.errors import EngineError
from lrtui.core.store import Run, Store
from lrtui.core.training.problem import size_of
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem


def begin(
    store: Store, run: Run, problem: Problem, *, fit: bool, ranks: Ranks = ALONE
) -> tuple[Run, Trainer]:
    """The trainer, and the run with the config that it begins with; what came after a state is forgotten.

    ``fit``: one that begins takes what is proposed for the size of its data. ``ranks`` have other rows.

    Raises:
        EngineError: the state is damaged, or of another problem; or the data of a branch has changed.
    """
    kept = store.history.checkpoint(run.id)
    if kept is not None:
        epoch, state = kept
        trainer = Trainer.resume(problem, run.config, state, ranks=ranks)
        store.history.truncate(run.id, epoch, trainer.changes)
        return run, trainer
    if fit:
        run = replace(run, config=fitted(run.config, size_of(problem)))
    trainer = Trainer(problem, run.config, start=_start(store, run, problem), ranks=ranks)
    store.history.truncate(run.id, 0, ())
    return run, trainer


def _start(store: Store, run: Run, problem: Problem) -> list[float] | None:
    """The weights that a branch begins with, once its data is seen to be that of the run they are of."""
    weights, facts = store.branches.weights(run.id), run.problem
    if weights is None:
        return None
    rows = int(problem.train_counts.sum()), int(problem.test_counts.sum())
    same = (
        facts is not None
        and (facts.train_rows, facts.test_rows) == rows
        and tuple(facts.class_names) == problem.class_names
        and tuple(store.features.get(run.id)) == problem.feature_names
    )
    if not same:
        raise EngineError(
            f"The data of {run.source.label} is no longer what the weights were learned on that run "
            f"{run.id} is to begin with.",
            "Start a run of its own.",
        )
    return weights
