"""The result of a run as one plain object: what ``lrtui train --json`` and ``lrtui show`` print."""

from __future__ import annotations

from math import isfinite
from typing import Any

from lrtui.core.store import Run, Store

MEASURED = (
    "train_loss",
    "test_loss",
    "test_accuracy",
    "base_accuracy",
    "test_balanced_accuracy",
    "test_auc",
    "majority_share",
)


def result(store: Store, run: Run) -> dict[str, Any]:
    """Everything a script wants to know of a run; numbers that are not finite are ``None``.

    ``class_names`` are those of 0 and 1, ``None`` where the data was never loaded; ``weights`` are those of
    the model as trained, on scaled features; ``seconds`` is training alone.
    """
    newest = store.history.newest_snapshot(run.id)
    measured = run.measured or {}
    names = [] if run.problem is None else run.problem.feature_names
    weights = [] if newest is None else newest.weights
    return {
        "run_id": run.id,
        "status": str(run.status),
        "dataset": run.source.name,
        "target": run.source.target,
        "positive": run.source.positive,
        "class_names": None if run.problem is None else list(run.problem.class_names),
        "config": run.config.model_dump(mode="json"),
        "epochs": run.epoch,
        "diverged_at": run.diverged_at,
        **{name: finite(measured.get(name)) for name in MEASURED},
        "weights": {name: finite(weight) for name, weight in zip(names, weights, strict=False)},
        "bias": None if newest is None else finite(newest.bias),
        "seconds": run.seconds,
        "epochs_per_second": run.epochs_per_second,
        "changes": [
            {"epoch": c.epoch, "field": c.field, "old": c.old, "new": c.new}
            for c in store.history.changes(run.id)
        ],
    }


def summary(run: Run) -> dict[str, Any]:
    """One row of ``lrtui runs``."""
    measured = run.measured or {}
    return {
        "run_id": run.id,
        "dataset": run.source.name,
        "status": str(run.status),
        "epochs": run.epoch,
        "train_loss": finite(measured.get("train_loss")),
        "test_loss": finite(measured.get("test_loss")),
        "test_accuracy": finite(measured.get("test_accuracy")),
        "started": run.started,
        "seconds": run.seconds,
        "epochs_per_second": run.epochs_per_second,
    }


def finite(number: float | str | None) -> float | None:
    """The number, or ``None`` where it is infinite or not a number (records keep those as text)."""
    return None if number is None or not isfinite(float(number)) else float(number)
