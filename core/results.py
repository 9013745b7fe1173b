"""The result of a run as one plain object: what ``lrtui train --json`` and ``lrtui show`` print."""

from __future__ import annotations

from functools import partial
from math import isfinite
from typing import Any

from lrtui.core.doctor.diagnosis import Health
from lrtui.core.reproduce import line_of
from lrtui.core.store import Run, SnapshotRow, Store
from lrtui.core.store.reading import attempted
from lrtui.core.store.run_rows import measurement_of
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.classes import is_binary, logit_count

MEASURED = (
    "train_loss",
    "test_loss",
    "test_accuracy",
    "base_accuracy",
    "test_balanced_accuracy",
    "test_auc",
    "majority_share",
)
MEASURED_OF_SCRIPT = ("train_loss", "test_accuracy", "test_balanced_accuracy", "majority_share")


def result(store: Store, run: Run, at: SnapshotRow | None = None) -> dict[str, Any]:
    """Everything a script wants to know of a run; numbers that are not finite are ``None``.

    ``at`` is the snapshot of an epoch to be told of in place of that by which the run is judged.

    ``class_names`` are those of 0 and 1 (or of all classes), ``None`` where the data was never loaded;
    ``weights`` are those of the model as trained, on scaled features, of more than two classes by class, as
    ``bias`` is then; ``confusion`` is told of more than two classes: for each its rows by prediction;
    ``seconds`` is training alone. All scores and weights are those of ``measured_epoch``, which is the
    best and not the last where early stopping has ended the run.
    """
    told = shown_snapshot(store, run) if at is None else at
    measured = (run.measured or {}) if at is None else at.measurement
    return {
        "run_id": run.id,
        **run.labels.to_dict(),
        "status": str(run.status),
        "dataset": run.source.name,
        "target": run.source.target,
        "positive": run.source.positive,
        "class_names": None if run.problem is None else list(run.problem.class_names),
        "config": run.config.model_dump(mode="json"),
        "command": line_of(store, run),
        "branch": None if run.branch is None else {"run": run.branch.run, "epoch": run.branch.epoch},
        "epochs": run.epoch,
        "diverged_at": run.diverged_at,
        "measured_epoch": measured.get("epoch"),
        "best": None if run.best is None else {**run.best.to_dict(), "loss": finite(run.best.loss)},
        **{name: finite(measured.get(name)) for name in MEASURED},
        **_weights(store, run, told),
        "seconds": run.seconds,
        "epochs_per_second": run.epochs_per_second,
        "changes": [
            {"epoch": c.epoch, "field": c.field, "old": c.old, "new": c.new}
            for c in store.history.changes(run.id)
        ],
    }


def script_result(store: Store, run: Run) -> dict[str, Any]:
    """The same of a script of the person's own; ``letter`` is what ``lrtui diagnose --json`` prints."""
    script, told = store.scripts.get(run.id), store.diagnoses.get(run.id)
    measured = run.measured or {}
    letter = None if told is None else told.letter
    return {
        "run_id": run.id,
        **run.labels.to_dict(),
        "status": str(run.status),
        "script": run.source.name,
        "arguments": [] if script is None else list(script.asked.arguments),
        "ending": "" if script is None else script.progress.ending,
        "steps": run.epoch,
        **{name: finite(measured.get(name)) for name in MEASURED_OF_SCRIPT},
        "letter": None if letter is None else letter.to_json(),
        "patch": None if script is None or script.patch is None else script.patch.diff,
        "applied": script is not None and script.patch is not None and bool(script.patch.kept),
        "seconds": run.seconds,
    }


def shown_snapshot(store: Store, run: Run) -> SnapshotRow | None:
    """The last snapshot of a run, or its best epoch where that is shown.

    ``None`` where it is damaged, and so no true word about the run.
    """
    newest = store.history.shown_snapshot(run)
    return newest if newest is None or fits(run, newest) else None


def fits(run: Run, newest: SnapshotRow) -> bool:
    """Whether a snapshot has as many weights and classes as its run, so far as that is known."""
    problem = run.problem
    if problem is None:
        return True
    numbers = (problem.features + 1) * logit_count(problem.classes)
    measured = attempted(partial(measurement_of, newest.measurement))
    whole = len(newest.weights) + 1 == numbers and measured is not None
    return whole and measured is not None and measured.classes == problem.classes


def _weights(store: Store, run: Run, newest: SnapshotRow | None) -> dict[str, Any]:
    """Weights and bias, by the names of features, and of classes where there are more than two."""
    problem = run.problem
    if problem is None or newest is None:
        return {"weights": {}, "bias": None if newest is None else finite(newest.bias)}
    names = store.features.get(run.id)
    found = [_named(names, theta) for theta in newest.by_class(problem.classes)]
    if is_binary(problem.classes):
        return {"weights": found[0][0], "bias": found[0][1]}
    pairs = dict(zip(problem.class_names, found, strict=True))
    measured = Measurement.from_json(newest.measurement)
    return {
        "weights": {name: weights for name, (weights, _) in pairs.items()},
        "bias": {name: bias for name, (_, bias) in pairs.items()},
        "confusion": {
            name: dict(zip(problem.class_names, row, strict=True))
            for name, row in zip(problem.class_names, measured.table, strict=True)
        },
    }


def _named(names: list[str], theta: list[float]) -> tuple[dict[str, float | None], float | None]:
    """Weights by feature, and the bias, which is the last."""
    return {name: finite(w) for name, w in zip(names, theta[:-1], strict=False)}, finite(theta[-1])


def summary(run: Run, verdict: Health | None = None) -> dict[str, Any]:
    """One row of ``lrtui runs``; ``verdict``: the doctor's on the run as it stands."""
    measured = run.measured or {}
    return {
        "run_id": run.id,
        **run.labels.to_dict(),
        "dataset": run.source.name,
        "status": str(run.status),
        "health": None if verdict is None else str(verdict),
        "epochs": run.epoch,
        "train_loss": finite(measured.get("train_loss")),
        "test_loss": finite(measured.get("test_loss")),
        "test_accuracy": finite(measured.get("test_accuracy")),
        "test_balanced_accuracy": finite(measured.get("test_balanced_accuracy")),
        "test_auc": finite(measured.get("test_auc")),
        "config": None if run.watched else run.config.model_dump(mode="json"),
        "started": run.started,
        "seconds": run.seconds,
        "epochs_per_second": run.epochs_per_second,
    }


def finite(number: float | None) -> float | None:
    """The number, or ``None`` where it is infinite or not a number."""
    return None if number is None or not isfinite(number) else float(number)
