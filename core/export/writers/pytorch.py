"""A plain PyTorch script that trains the same model from the same file, to the same weights."""

from __future__ import annotations

import base64
import shlex
import zlib
from pathlib import Path
from pprint import pformat
from typing import Any

import numpy as np

from lrtui.core.config import Config
from lrtui.core.errors import ExportError
from lrtui.core.export.plain import one_line
from lrtui.core.export.recipe import Cell, Made
from lrtui.core.export.script_source import Table, table_of
from lrtui.core.export.trained import own_data
from lrtui.core.export.writers.taken import Taken
from lrtui.core.store import Store
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.storage.mapped import mapping_of

TEMPLATES = Path(__file__).parents[1] / "templates"
MOST_ROWS = 5_000_000  # whose order is written into the script
LIVE = ("lr", "momentum", "weight_decay", "batch_size")


def write(taken: Taken) -> str:
    """The script, with all that it needs to know."""
    run, recipe = taken.run, taken.recipe
    if run.branch is not None:
        raise ExportError(
            f"Run {run.id} began with the weights of run {run.branch.run}, which no script of its own has.",
            "Take sklearn, onnx or state-dict, which have what it learned.",
        )
    problem = own_data(taken.model, taken.watch)
    _check(problem, run.config)
    source = table_of(run.source, taken.model.preparation, problem)
    told = {
        "CELLS": [_cell(cell) for cell in recipe.cells] if source.file else [],
        "COLUMNS": [_column(made) for made in recipe.made],
        "FILLS": [[c.codes, c.fill, c.low, c.high] for c in recipe.cells],
        "OFFSET": recipe.offset.tolist(),
        "SCALE": recipe.scale.tolist(),
        "POWERS": recipe.powers,
        "KERNEL": None
        if recipe.kernel is None
        else [recipe.kernel.components.tolist(), recipe.kernel.normalization.tolist(), recipe.kernel.gamma],
        "AFTER": None if recipe.after is None else [values.tolist() for values in recipe.after],
        "CLASSES": list(recipe.classes),
        "THRESHOLD": recipe.threshold,
        **_training(taken.store, run.id, run.config, problem, taken.model.epoch),
    }
    text = _assembled(taken, source, told, problem)
    compile(text, "script", "exec")  # whatever the names of the columns are
    taken.draft.write_text(text, encoding="utf-8")
    name = shlex.quote(str(taken.path))
    return f"python {name} trains it again; with a path behind, it saves the weights there."


def _assembled(taken: Taken, source: Table, told: dict[str, Any], problem: Problem) -> str:
    run = taken.run
    heading = (
        f"Run {run.id} of lrtui again, without lrtui: the same rows, the same preparation, the same "
        f"weights after {taken.model.epoch} epochs.\n\nData: {run.source.label}. Needs torch"
        f"{' and polars' if source.polars else ''}."
    )
    rows = {"TRAIN_ROWS": problem.train_rows, "TEST_ROWS": problem.test_rows}
    constants = [f"{name} = {_literal(value)}" for name, value in {**source.constants, **told}.items()]
    constants += [f"{name} = unpacked({_packed(values)!r})" for name, values in rows.items()]
    parts = ["optimizer", "main"]
    parts = [source.template, *(["cells"] if source.file else []), *parts]
    head, *rest = ((TEMPLATES / f"{name}.txt").read_text(encoding="utf-8") for name in ["head", *parts])
    # A name of a column may hold anything: as a literal it is text and nothing else.
    document = _literal(one_line(heading).replace("\\n", "\n"))
    return "\n".join([document, head, *constants, "", "", "".join(rest)])


def _literal(value: Any) -> str:
    return pformat(value, width=100, compact=True, sort_dicts=False)


def _packed(rows: Any) -> str:
    """Numbers of rows as text: compressed, four bytes each."""
    return base64.b64encode(zlib.compress(rows.astype("<i4").tobytes(), 9)).decode()


def _check(problem: Problem, config: Config) -> None:
    n = len(problem.y_train)
    if n + len(problem.y_test) > MOST_ROWS:
        raise ExportError(
            f"A script with the order of {n:,} rows in it would be too long.", "Take sklearn or onnx."
        )
    batches = 0 < config.batch_size < n and config.shuffle and config.optimizer != "newton"
    if mapping_of(problem.design_train) is not None and batches:
        raise ExportError(
            "The file is so large that it was shuffled by blocks on the disk, which no plain script does.",
            "Train with batch_size = 0 or without shuffling, or take sklearn or onnx.",
        )


def _cell(cell: Cell) -> dict[str, Any]:
    reading = cell.reading
    layout = reading.layout
    found: dict[str, Any] = {"column": reading.name, "as": reading.how}
    if cell.words:
        found["words"] = list(cell.words)
    if cell.part:
        found["part"] = cell.part
    if layout is not None:
        found["pattern"] = layout.shape
        found |= {
            key: value
            for key, value in (
                ("plain", layout.plain.replace("${", "\\g<").replace("}", ">")),
                ("format", layout.format),
                ("groups", layout.groups),
                ("comma", layout.comma),
            )
            if value
        }
    return found


def _column(made: Made) -> tuple[Any, ...]:
    if made.kind == "level":
        return made.kind, made.cell, dict(made.levels), made.missing
    return made.kind, made.cell


def _training(store: Store, run_id: int, config: Config, problem: Problem, epoch: int) -> dict[str, Any]:
    """The hyperparameters as they were at the beginning, and what was changed on the way."""
    from lrtui.core.training.losses import default_loss  # torch
    from lrtui.core.training.model import class_shares
    from lrtui.core.training.weighting import weights_by_class

    first: dict[str, Any] = {name: getattr(config, name) for name in LIVE}
    changes: dict[int, dict[str, Any]] = {}
    for change in reversed(store.history.changes(run_id)):
        if change.field in LIVE:
            first[change.field] = change.old
            if change.epoch < epoch:
                changes.setdefault(change.epoch, {}).setdefault(change.field, change.new)
    bias: Any = config.init_bias
    if bias == "log-odds":
        bias = default_loss(problem.classes).first_bias(class_shares(problem))
    by_class = weights_by_class(problem, config)
    return {
        "SETTINGS": first,
        "CHANGES": dict(sorted(changes.items())),
        "EPOCHS": epoch,
        "OPTIMIZER": config.optimizer,
        "LOSS": config.loss,
        "INIT": config.init,
        "INIT_STD": config.init_std,
        "INIT_BIAS": bias,
        "SHUFFLE": config.shuffle,
        "SEED": config.seed,
        "CLASS_WEIGHTS": None if by_class is None else np.asarray(by_class).tolist(),
    }
