"""A run as tables, CSV or Parquet by the suffix: its predictions, curve, snapshots, coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lrtui.core.export.trained import TrainedModel, own_data
from lrtui.core.export.writers.taken import Taken
from lrtui.datasets.array_types import Floats
from lrtui.datasets.preparing.problem import Problem

SUFFIXES = (".csv", ".parquet")
BLOCK = 2_000_000  # features at a time
READS = {
    ".csv": 'polars.read_csv(NAME), pandas.read_csv(NAME) or a spreadsheet reads it.',
    ".parquet": "polars.read_parquet(NAME) or pandas.read_parquet(NAME) reads it.",
}  # fmt: skip


def _use(taken: Taken) -> str:
    return READS[taken.path.suffix.lower()].replace("NAME", repr(str(taken.path)))


def predictions(taken: Taken) -> str:
    """What the run says of its own rows."""
    import polars as pl  # formats are listed without it

    from lrtui.core.export.predictions import PROBABILITY
    from lrtui.core.export.tables import write_table

    model, problem = taken.model, own_data(taken.model, taken.watch)
    classes = {f"{PROBABILITY} {name}": pl.Float64() for name in model.class_names}
    schema = {
        "row": pl.Int64(),
        "part": pl.String(),
        "target": pl.String(),
        "label": pl.String(),
        **classes,
    }
    names = pl.Series(list(model.class_names))

    def frames() -> Iterator[pl.DataFrame]:
        for part, rows, y, p in _predicted(model, problem):
            columns = [pl.Series(rows + 1), pl.Series([part] * len(rows), dtype=pl.String)]
            columns += [names.gather(y), names.gather(model.labels(p)), *map(pl.Series, p.T)]
            yield pl.DataFrame([one.alias(name) for one, name in zip(columns, schema, strict=True)])

    write_table(frames(), schema, taken.draft)
    return f"A row for each row that has a target, those that were trained on first. {_use(taken)}"


def _predicted(model: TrainedModel, problem: Problem) -> Iterator[tuple[str, Any, Any, Floats]]:
    """Part, rows, labels and probabilities (n, K), by the block, in the order of the file."""
    each = max(1, BLOCK // max(len(problem.feature_names), 1))
    parts = (
        ("train", problem.train_rows, problem.y_train, problem.X_train),
        ("test", problem.test_rows, problem.y_test, problem.X_test),
    )
    for part, rows, y, X in parts:
        order = np.argsort(rows)
        for start in range(0, len(rows), each):
            some = order[start : start + each]
            yield (
                part,
                rows[some],
                y[some].astype(np.int64),
                model.probabilities(X[some].astype(np.float64)),
            )


def curve(taken: Taken) -> str:
    """The training loss of every epoch."""
    import polars as pl  # formats are listed without it

    from lrtui.core.export.tables import write_table

    counted = "pass" if taken.run.watched else "epoch"
    schema = {counted: pl.Int64(), "train_loss": pl.Float64()}

    def frames() -> Iterator[pl.DataFrame]:
        for chunk in taken.store.losses.read(taken.run.id):
            epochs = range(chunk.first_epoch, chunk.first_epoch + len(chunk.values))
            yield pl.DataFrame({counted: epochs, "train_loss": list(chunk.values)}, schema=schema)

    write_table(frames(), schema, taken.draft)
    return _use(taken)


def snapshots(taken: Taken) -> str:
    """What was measured, and the weights."""
    import polars as pl  # formats are listed without it

    from lrtui.core.export.tables import write_table

    run, found = taken.run, taken.store.history.snapshots(taken.run.id)
    features = taken.store.features.get(run.id)
    classes = [] if run.problem is None else list(run.problem.class_names)
    first = found[0].measurement if found else {}
    measured = [key for key, value in first.items() if isinstance(value, float | int) or value is None]
    names = _weight_names(features, classes)
    schema: dict[str, Any] = {"epoch": pl.Int64()}
    schema |= {key: pl.Float64() for key in measured if key != "epoch"}
    schema |= {name: pl.Float64() for name in names}

    def frames() -> Iterator[pl.DataFrame]:
        for snapshot in found:
            numbers = [snapshot.measurement.get(key) for key in measured if key != "epoch"]
            weights = [*snapshot.weights, snapshot.bias]
            row = [snapshot.epoch, *numbers, *(weights if names else [])]
            yield pl.DataFrame([row], schema=schema, orient="row")

    write_table(frames(), schema, taken.draft)
    return _use(taken)


def _weight_names(features: list[str], classes: list[str]) -> list[str]:
    """What the weights of a snapshot are called, in their order; none where their names are not known."""
    if not features:
        return []
    if len(classes) == 2:
        return [*(f"weight of {name}" for name in features), "bias"]
    each = [[*(f"weight of {name} for {one}" for name in features), f"bias for {one}"] for one in classes]
    return [name for names in each for name in names]


def coefficients(taken: Taken) -> str:
    """The weights by feature."""
    import polars as pl  # formats are listed without it

    from lrtui.core.export.tables import write_table

    model = taken.model
    features = model.preparation.features
    offset, scale = features.scaler.offset, features.scaler.scale
    made = features.after is not None
    if features.after is not None:  # of what was made of several scaled columns, so of no value of the file
        offset, scale = features.after.offset, features.after.scale
    classes = model.class_names[1:] if model.binary else model.class_names
    rows = []
    for name, weights, bias in zip(classes, model.weights, model.bias, strict=True):
        for feature, weight, centre, unit in zip(features.names, weights, offset, scale, strict=True):
            rows.append((feature, name, weight, centre, unit, None if made else weight / unit))
        rows.append(("bias", name, bias, None, None, None))
    kinds = dict.fromkeys(("weight", "offset", "scale", "weight_per_unit"), pl.Float64())
    schema = {"feature": pl.String(), "class": pl.String(), **kinds}
    write_table([pl.DataFrame(rows, schema=schema, orient="row")], schema, taken.draft)
    if made:
        return f"weight is of (value − offset) / scale of what was made of scaled columns. {_use(taken)}"
    return f"weight is of (value − offset) / scale; weight_per_unit of the value itself. {_use(taken)}"
