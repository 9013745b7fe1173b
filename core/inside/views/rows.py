"""Test rows with their predictions, the most wrong first, and their cells as they stand in the file."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.doctor.figures import counted
from lrtui.core.inside.figures import cell, plain
from lrtui.core.inside.record import Asked, Column, Seen, Table
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView
from lrtui.datasets.array_types import Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.ingest.cells import Cells, cells_of
from lrtui.datasets.progress import Progress
from lrtui.datasets.source import members

COLUMNS = 40  # of the file in the table; the rest stands in the JSON
LONGEST = 60  # characters of a cell in the table
FIRST = 100  # weight of the first column of the file


def _look(trained: Trained, asked: Asked) -> Found:
    problem, losses = trained.problem, trained.test_losses
    places = _order(trained, asked)
    dataset = trained.load()
    cells = cells_of(dataset, problem.test_rows[places], Progress(trained.go_on))
    predicted = trained.predictions(asked)
    wrong = int((predicted != problem.y_test).sum())
    by = f"threshold {trained.threshold(asked):.3g}" if trained.binary else "the likeliest class"
    shown = len(places)
    seen = Seen(
        "rows",
        "",
        about="the most wrong first" if asked.wrong else "in the order of the file",
        lines=(f"{wrong:,} of {counted(len(losses), 'test row')} wrong ({by}).",),
        parts=(_table(trained, places, cells, predicted),),
        notes=(*_notes(dataset, asked), *([f"{shown:,} rows shown."] if shown < len(losses) else [])),
    )
    return Found(seen, lambda: _data(trained, asked, places, cells))


def _order(trained: Trained, asked: Asked) -> Indices:
    """The places in the test part of the rows to show: by their loss from the highest, or by the file."""
    rows, losses = trained.problem.test_rows, trained.test_losses
    limit = min(asked.limit, len(losses))
    keys = (rows, -losses) if asked.wrong else (rows,)
    if not asked.wrong or limit == len(losses):
        return np.lexsort(keys)[:limit]
    # Of many rows only those that may be shown are sorted: the worst, and what is as bad as the last.
    least = np.partition(losses, len(losses) - limit)[len(losses) - limit] if limit else np.inf
    some = np.flatnonzero(losses >= least)
    return some[np.lexsort((rows[some], -losses[some]))][:limit]


def _table(trained: Trained, places: Indices, cells: Cells, predicted: Any) -> Table:
    names, y, losses = trained.problem.class_names, trained.problem.y_test, trained.test_losses
    own = _own_probability(trained, places)
    told = cells.columns[:COLUMNS]
    heads = [
        Column("row"),
        Column("is", right=False),
        Column("predicted", right=False),
        Column("p of it", 200),
    ]
    heads += [Column("loss", 150), *(Column(name, FIRST - i) for i, name in enumerate(told))]
    rows = tuple(
        (
            f"{cells.numbers[i]:,}",
            names[y[place]],
            names[predicted[place]] + ("" if predicted[place] == y[place] else " x"),
            f"{own[i]:.3f}",
            cell(losses[place], 3),
            *("" if text is None else text[:LONGEST] for text in cells.rows[i][:COLUMNS]),
        )
        for i, place in enumerate(places.tolist())
    )
    return Table(tuple(heads), rows)


def _own_probability(trained: Trained, places: Indices) -> list[float]:
    """What the model gives to the class that each row is of."""
    p, y = trained.test_probabilities[places], trained.problem.y_test[places]
    found = np.where(y == 1, p, 1 - p) if trained.binary else p[np.arange(len(y)), y]
    told: list[float] = found.tolist()
    return told


def _notes(dataset: Dataset, asked: Asked) -> list[str]:
    """What is what."""
    source = dataset.source
    notes = ["p of it: of the class that the row is of; x: predicted otherwise; loss: -log of that p."]
    if source.test is not None:
        notes.append("Rows are counted in the file of the test part, from 1 below its header.")
    elif source.is_file and len(members(source.name)) > 1:
        notes.append("Rows are counted over all files, from 1.")
    elif source.is_file:
        notes.append("Rows are counted from 1 below the header of the file.")
    return notes


def _data(trained: Trained, asked: Asked, places: Indices, cells: Cells) -> dict[str, Any]:
    names, y = trained.problem.class_names, trained.problem.y_test
    predicted, own = trained.predictions(asked), _own_probability(trained, places)
    found: dict[str, Any] = plain(
        {
            "sorted": "wrong" if asked.wrong else "file",
            "test_rows": len(y),
            "wrong": int((predicted != y).sum()),
            "threshold": trained.threshold(asked) if trained.binary else None,
            "rows": [
                {
                    "row": cells.numbers[i],
                    "class": names[y[place]],
                    "predicted": names[predicted[place]],
                    "probability": own[i],
                    "loss": trained.test_losses[place],
                    "cells": dict(zip(cells.columns, cells.rows[i], strict=True)),
                }
                for i, place in enumerate(places.tolist())
            ],
        }
    )
    return found


ROWS = InsideView("rows", "Rows", 7, _look, heeds=("threshold",), whole=True)
