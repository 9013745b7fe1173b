"""Test rows by class and by prediction."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.inside.figures import percent, plain
from lrtui.core.inside.record import Asked, Column, Seen, Table
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView
from lrtui.datasets.array_types import Floats, Indices

FEW = 3  # classes, whose cells have room for shares
MANY = 12  # classes of which the whole table is drawn


def _look(trained: Trained, asked: Asked) -> Found:
    names, y = trained.problem.class_names, trained.problem.y_test.astype(np.int64)
    predicted, k = trained.predictions(asked).astype(np.int64), len(names)
    table: Indices = np.bincount(y * k + predicted, minlength=k * k).reshape(k, k)
    right = int(table.trace())
    how = f"threshold {trained.threshold(asked):.4g}" if trained.binary else "by the highest p"
    parts = [_by_class(table, names)]
    if k <= MANY:
        parts.insert(0, _counts(table, names))
    seen = Seen(
        "confusion",
        "",
        about=how,
        lines=(f"{right:,} of {len(y):,} test rows are predicted right, {percent(right / len(y))}.",),
        parts=tuple(parts),
        notes=(
            "Rows of the table by their class, across by prediction."
            if k <= MANY
            else _worst(table, names),
            "Precision: of rows predicted so, those that are so; recall: of those that are, predicted so.",
        ),
    )
    return Found(seen, lambda: _data(trained, asked, table))


def _counts(table: Indices, names: tuple[str, ...]) -> Table:
    """Counts, of few classes each with its share of the class."""
    heads = [
        Column("class", name=True, right=False),
        *(Column(f"as {name}", 100 - i) for i, name in enumerate(names)),
    ]
    rows = []
    for name, counts in zip(names, table.tolist(), strict=True):
        all_ = sum(counts) or 1
        shares = [f" ({100 * count / all_:.0f} %)" if len(names) <= FEW else "" for count in counts]
        rows.append((name, *(f"{count:,}{share}" for count, share in zip(counts, shares, strict=True))))
    return Table(tuple(heads), tuple(rows))


def _by_class(table: Indices, names: tuple[str, ...]) -> Table:
    heads = {"class": 0, "rows": 4, "predicted": 3, "precision": 8, "recall": 9, "F1": 5}
    columns = tuple(
        Column(head, weight, right=weight > 0, name=not weight) for head, weight in heads.items()
    )
    actual, predicted = table.sum(axis=1), table.sum(axis=0)
    rows = [
        (name, f"{actual[i]:,}", f"{predicted[i]:,}", *map(percent, shares))
        for i, (name, shares) in enumerate(zip(names, _scores(table), strict=True))
    ]
    return Table(columns, tuple(rows))


def _scores(table: Indices) -> list[tuple[float, float, float]]:
    """Precision, recall and F1 of each class; NaN where nothing was predicted so, or none is so."""
    right, actual, predicted = (v.astype(float) for v in (table.diagonal(), table.sum(1), table.sum(0)))
    precision: Floats = right / predicted
    recall: Floats = right / actual
    f1: Floats = 2 * right / (actual + predicted)
    return list(zip(precision.tolist(), recall.tolist(), f1.tolist(), strict=True))


def _worst(table: Indices, names: tuple[str, ...]) -> str:
    """What is taken for what most often, of classes that are too many for a table."""
    others = table - np.diag(table.diagonal())
    places = np.argsort(-others, axis=None, kind="stable")[:5]
    pairs = [(int(place) // len(names), int(place) % len(names)) for place in places if others.flat[place]]
    told = [f"{names[a]} as {names[b]} ({others[a, b]:,})" for a, b in pairs]
    return f"Taken for another most often: {', '.join(told)}." if told else "None is taken for another."


def _data(trained: Trained, asked: Asked, table: Indices) -> dict[str, Any]:
    names = trained.problem.class_names
    scores = [dict(zip(("precision", "recall", "f1"), one, strict=True)) for one in _scores(table)]
    found: dict[str, Any] = plain(
        {
            "threshold": trained.threshold(asked) if trained.binary else None,
            "classes": list(names),
            "counts": table,
            "accuracy": table.trace() / table.sum(),
            "by_class": [
                {"class": name, "rows": rows, **one}
                for name, rows, one in zip(names, table.sum(axis=1).tolist(), scores, strict=True)
            ],
        }
    )
    return found


CONFUSION = InsideView("confusion", "Confusion", 5, _look, heeds=("threshold",))
