"""What is predicted over two columns, every other where it mostly is, with test rows by class."""

from __future__ import annotations

from typing import Any

import numpy as np

from lrtui.core.doctor.figures import short
from lrtui.core.inside.figures import plain
from lrtui.core.inside.plane import Axis, Plane, plane, probabilities, shown_rows
from lrtui.core.inside.record import Asked, Curves, Map, Seen, Series, Spot
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found, InsideView
from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.storage.mapped import rows_of
from lrtui.datasets.text import quote

ACROSS, DOWN = 96, 40  # cells that are computed
SPOTS = 300  # test rows that are drawn
STATED = 6  # other columns that are named
SHADES = ((" ", 0.0), (".", 0.25), (":", 0.5), ("=", 0.75))  # of p(y = 1), from their share of each side on
MARKS = " .:-=+~,;'^\"!_/"  # of more than two classes


def _look(trained: Trained, asked: Asked) -> Found:
    dataset = trained.load()
    where = plane(trained, dataset, asked)
    rows = shown_rows(trained, SPOTS)
    data = rows_of(dataset.X, rows).astype(np.float64)
    if len(where.axes) == 1:
        return _alone(trained, dataset, where, rows, data)
    x, y = where.axes
    xs, ys = _places(x, ACROSS), _places(y, DOWN)[::-1]
    places = np.column_stack([np.tile(xs, len(ys)), np.repeat(ys, len(xs))])
    p = probabilities(trained, where, places).reshape(len(ys), len(xs), -1)
    threshold = trained.threshold(asked)
    cells, shades = _two_classes(p[..., 0], threshold, trained) if trained.binary else _many(p, trained)
    found = Map(
        x.name,
        y.name,
        x.ends,
        y.ends,
        cells,
        shades,
        tuple(
            Spot(float(row[x.column]), float(row[y.column]), int(label))
            for row, label in zip(data, dataset.y[rows], strict=True)
            if np.isfinite(row[[x.column, y.column]]).all()
        ),
        trained.problem.class_names,
        x.names,
        y.names,
    )
    seen = Seen(
        "boundary",
        "",
        about=f"{x.name} and {y.name}",
        parts=(found,),
        notes=tuple(_notes(dataset, where, len(rows), len(trained.problem.test_rows))),
        choices=where.choices,
    )
    return Found(seen, lambda: _data(trained, dataset, where, p, xs, ys, threshold))


def _places(axis: Axis, most: int) -> Floats:
    """Where cells are computed: in the middle of each; of a category as many for each level."""
    if axis.names:
        return axis.steps(most)
    low, high = axis.ends
    width = (high - low) / most
    return np.asarray(low + width * (np.arange(most) + 0.5))


def _two_classes(
    p: Floats, threshold: float, trained: Trained
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Four shades, with the threshold between the second and the third."""
    _, yes = trained.problem.class_names
    low, high = threshold / 2, (1 + threshold) / 2
    place = (p >= low).astype(int) + (p >= threshold) + (p >= high)
    marks = np.array([mark for mark, _ in SHADES])
    words = f"p({yes}) < {low:.2g}", f"< {threshold:.3g}", f"from {threshold:.3g}", f"from {high:.2g}"
    shades = tuple((mark, word) for (mark, _), word in zip(SHADES, words, strict=True))
    return tuple("".join(row) for row in marks[place]), shades


def _many(p: Floats, trained: Trained) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """A shade for each class that is the likeliest somewhere."""
    best = p.argmax(axis=-1)
    present = np.unique(best).tolist()
    mark_of = {number: MARKS[place % len(MARKS)] for place, number in enumerate(present)}
    cells = tuple("".join(mark_of[number] for number in row) for row in best.tolist())
    return cells, tuple((mark_of[number], trained.problem.class_names[number]) for number in present)


def _alone(trained: Trained, dataset: Dataset, where: Plane, rows: Indices, data: Floats) -> Found:
    """Of one column, p as a curve over it."""
    (x,) = where.axes
    xs = x.steps(4 * ACROSS)
    p = probabilities(trained, where, xs[:, None])
    names, labels = trained.problem.class_names, dataset.y[rows]
    told = {names[1]: p[:, 0]} if trained.binary else {name: p[:, i] for i, name in enumerate(names)}
    lines = [
        Series(f"p({name})", tuple(zip(xs.tolist(), one.tolist(), strict=True)))
        for name, one in told.items()
    ]
    spots = []
    if trained.binary:
        for class_, mark in ((0, "A"), (1, "B")):
            at = data[labels == class_, x.column]
            at = at[np.isfinite(at)]
            spots.append(
                Series(names[class_], tuple((value, float(class_)) for value in at.tolist()), mark)
            )
    curves = Curves(x.name, "p", (*lines, *spots), x.ends, (0.0, 1.0))
    seen = Seen(
        "boundary",
        "",
        about=x.name,
        parts=(curves,),
        notes=tuple(_notes(dataset, where, len(rows), len(trained.problem.test_rows))),
        choices=where.choices,
    )
    return Found(seen, lambda: _data(trained, dataset, where, p[None], xs, np.empty(0), None))


def _notes(dataset: Dataset, where: Plane, drawn: int, rows: int) -> list[str]:
    """Where the other columns stand, and how many rows are drawn."""
    notes = [f"{drawn:,} of {rows:,} test rows are drawn." if drawn < rows else f"All {rows:,} test rows."]
    others = [number for number in where.used if number not in [axis.column for axis in where.axes]]
    if others:
        told = [
            f"{quote(dataset.feature_names[n])} {_stands(dataset, where.base, n)}" for n in others[:STATED]
        ]
        more = f" and {len(others) - STATED:,} more" if len(others) > STATED else ""
        notes.append(
            f"The other columns at their means, categories at their commonest: {', '.join(told)}{more}."
        )
    return notes


def _stands(dataset: Dataset, base: Floats, number: int) -> str:
    value, column = base[number], dataset.kinds[number]
    if not np.isfinite(value):
        return "missing"
    return quote(column.levels[int(value)]) if column.levels else short(float(value))


def _data(
    trained: Trained,
    dataset: Dataset,
    where: Plane,
    p: Floats,
    xs: Floats,
    ys: Floats,
    threshold: float | None,
) -> dict[str, Any]:
    names, levels = trained.problem.class_names, [axis.names for axis in where.axes]
    others = [n for n in where.used if n not in [axis.column for axis in where.axes]]
    base = {dataset.feature_names[n]: _plain(dataset, where.base, n) for n in others}
    values = [
        [found[int(i)] for i in at] if found else at for at, found in zip((xs, ys), levels, strict=False)
    ]
    found: dict[str, Any] = plain(
        {
            "features": [axis.name for axis in where.axes],
            "classes": list(names),
            "threshold": threshold if trained.binary else None,
            "others": base,
            "values": values,
            "probabilities": {
                name: p[..., i] for i, name in (((0, names[1]),) if trained.binary else enumerate(names))
            },
        }
    )
    return found


def _plain(dataset: Dataset, base: Floats, number: int) -> float | str | None:
    value, column = float(base[number]), dataset.kinds[number]
    return column.levels[int(value)] if column.levels and np.isfinite(value) else value


BOUNDARY = InsideView("boundary", "Boundary", 6, _look, heeds=("threshold", "features"), whole=True)
