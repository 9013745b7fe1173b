"""What a session tells the store of its problem and its snapshots."""

from __future__ import annotations

from array import array

from lrtui.core.store import BestEpoch, Description, ProblemFacts, SnapshotRow
from lrtui.core.training.device import advice
from lrtui.core.training.snapshotter import Snapshot
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.array_types import Indices
from lrtui.datasets.classes import is_binary
from lrtui.datasets.columns import encoded_columns
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem

MOST_NAMES = 2_000  # told to whoever asks for a description


def description_of(dataset: Dataset) -> Description:
    """What is worth knowing of a dataset before it is prepared."""
    holed = 0 if dataset.holes is None else int((dataset.holes.counts > 0).sum())
    return Description(
        rows=dataset.n,
        columns=dataset.p,
        base_rate=dataset.base_rate,
        class_names=dataset.class_names,
        remark=dataset.remark,
        encoded=encoded_columns(dataset.kinds) + holed,
        droppable=dataset.droppable if dataset.p <= MOST_NAMES else (),
    )


def facts_of(problem: Problem, trainer: Trainer) -> ProblemFacts:
    """What is worth knowing of a problem, and of where it is trained."""
    train, test, apart = problem.train_counts, problem.test_counts, problem.validation_counts
    rows, columns = int(train.sum()), problem.X_train.shape[1]
    return ProblemFacts(
        train_rows=rows,
        test_rows=int(test.sum()),
        train_positive=int(train[1]),
        test_positive=int(test[1]),
        features=len(problem.feature_names),
        class_names=list(problem.class_names),
        device=str(trainer.device),
        threads=trainer.threads,
        note=advice(trainer.device, rows, columns, spilled=trainer.spilled),
        train_counts=_counts(problem, train),
        test_counts=_counts(problem, test),
        validation_rows=0 if apart is None else int(apart.sum()),
    )


def best_of(problem: Problem, trainer: Trainer) -> BestEpoch | None:
    """The best epoch so far, where early stopping watches."""
    best, part = trainer.best, "test" if problem.validation is None else "validation"
    return None if best is None else BestEpoch(best.epoch, best.loss, part)


def _counts(problem: Problem, counts: Indices) -> list[int] | None:
    """The rows of each class, where there are more than two."""
    if is_binary(problem.classes):
        return None
    found: list[int] = counts.tolist()
    return found


def row_of(snapshot: Snapshot) -> SnapshotRow:
    """A snapshot, weights as float32."""
    return SnapshotRow(
        snapshot.measurement.epoch,
        snapshot.measurement.to_json(),
        array("f", snapshot.weights),
        snapshot.bias,
    )
