"""A trained model step by step, as plain data: what scripts, SQL, spreadsheets and ONNX are made from.

A row of raw cells becomes numbers, the numbers become columns, the columns are scaled and, where the run
says so, expanded; the weights make logits of them:

    c = cells, filled in and clipped     e = c, or what a level stands for, or 1 where a cell is missing
    s = (e − offset) / scale             f = s, or products of s, or a kernel map, scaled again
    z = W f + b                          p = sigmoid(z), or softmax(z) of more than two classes
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lrtui.core.errors import ExportError
from lrtui.core.export.trained import TrainedModel
from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import CellReading
from lrtui.datasets.preparing.preparation import Preparation

Number = float | None


@dataclass(frozen=True)
class Cell:
    """A raw cell that goes in.

    Attributes:
        name: of the column of the file; of a date, of one of its parts: ``when (year)``.
        reading: how the column of the file is read. part: of a date.
        words: the levels of a category, by their numbers; or the two words of a flag.
        codes: numbers that stand for a missing cell. fill: what stands in its place; ``None``: nothing may.
        low, high: between which it is kept; ``None`` where it is not.
    """

    name: str
    reading: CellReading
    part: str = ""
    words: tuple[str, ...] = ()
    codes: tuple[float, ...] = ()
    fill: Number = None
    low: Number = None
    high: Number = None

    @property
    def category(self) -> bool:
        """Whether it becomes a column for each level."""
        return self.reading.how == "category"

    @property
    def text(self) -> bool:
        """Whether words go in."""
        return bool(self.words)


@dataclass(frozen=True)
class Made:
    """A column that is made of a cell.

    Attributes:
        name: as lrtui calls it. cell: the number of the cell. kind: the ``number`` itself, what each
            ``level`` stands for, or whether the cell is a ``hole``.
        levels: of a category, the number for each word that has one other than 0. missing: that of a hole.
    """

    name: str
    cell: int
    kind: str
    levels: tuple[tuple[str, float], ...] = ()
    missing: float = 0.0


@dataclass(frozen=True)
class Kernel:
    """A Gaussian kernel to so many points, ``exp(−γ‖s − c‖²)``, times a matrix."""

    components: Floats
    normalization: Floats
    gamma: float


@dataclass(frozen=True)
class Recipe:
    """All steps.

    Attributes:
        offset, scale: of the made columns (p,). powers: of each feature, the numbers of the scaled columns
            that it is the product of; ``None`` where the features are these columns.
        kernel: of the features, where they are such. after: offset and scale of expanded features.
        weights: (K, q), of two classes (1, q). bias: (K,). classes: by their numbers.
        threshold: of p(y = 1), of two classes.
    """

    cells: tuple[Cell, ...]
    made: tuple[Made, ...]
    offset: Floats
    scale: Floats
    powers: tuple[tuple[int, ...], ...] | None
    kernel: Kernel | None
    after: tuple[Floats, Floats] | None
    weights: Floats
    bias: Floats
    classes: tuple[str, ...]
    threshold: float

    @property
    def binary(self) -> bool:
        """Whether there are two classes."""
        return len(self.classes) == 2

    @property
    def terms(self) -> tuple[tuple[tuple[int, ...], ...], Floats, Floats]:
        """The logits as sums of products of scaled columns: the products, (K, q) factors, (K,) constants.

        Raises:
            ExportError: the features are a kernel map, which is no such sum.
        """
        if self.kernel is not None:
            raise ExportError(
                "A model with features = rbf is no formula that could be written down: it has a hundred "
                "kernels.",
                "Take pytorch, sklearn or onnx.",
            )
        products = self.powers or tuple((number,) for number in range(len(self.made)))
        weights, bias = self.weights, self.bias
        if self.after is not None:
            offset, scale = self.after
            weights = weights / scale
            bias = bias - weights @ offset
        return products, weights, bias


def recipe_of(model: TrainedModel) -> Recipe:
    """The steps of a model."""
    prepared = model.preparation
    features, encoding = prepared.features, prepared.features.encoding
    after = features.after
    return Recipe(
        tuple(_cells(prepared)),
        tuple(_made(prepared)),
        features.scaler.offset,
        features.scaler.scale,
        _powers(features.expansion),
        _kernel(features.expansion, len(encoding.names)),
        None if after is None else (after.offset, after.scale),
        model.weights,
        model.bias,
        model.class_names,
        model.threshold,
    )


def _cells(prepared: Preparation) -> list[Cell]:
    encoding = prepared.features.encoding
    by_name = {reading.name: reading for reading in prepared.readings}
    found = []
    for number, column in enumerate(prepared.columns):
        origin = column.origin or column.name
        reading = by_name[origin]
        part = column.name.removeprefix(f"{origin} (").removesuffix(")") if column.origin else ""
        worded = reading.how == "flag" and reading.levels != ("0", "1")
        codes, bounds = encoding.codes, encoding.bounds
        coded = codes is not None and bool(codes.columns[number])
        fill = None if encoding.fill is None else _finite(encoding.fill[number])
        found.append(
            Cell(
                column.name,
                reading,
                part,
                reading.levels if reading.how == "category" or worded else (),
                tuple(codes.values.tolist()) if coded and codes is not None else (),
                fill,
                None if bounds is None else _finite(bounds.low[number]),
                None if bounds is None else _finite(bounds.high[number]),
            )
        )
    return found


def _made(prepared: Preparation) -> list[Made]:
    encoding = prepared.features.encoding
    encoder, names = encoding.encoder, iter(encoding.names)
    found = []
    for number, column in enumerate(prepared.columns):
        levels = None if encoder is None else encoder.columns[number]
        if levels is None:
            found.append(Made(next(names), number, "number"))
            continue
        table = levels.table
        for place in range(len(levels.names)):
            pairs = zip(column.levels, table[:, place].tolist(), strict=False)
            numbers = tuple((word, value) for word, value in pairs if value)
            found.append(
                Made(next(names), number, "level", numbers, float(table[len(column.levels), place]))
            )
    for number in [] if encoding.flagged is None else encoding.flagged.tolist():
        found.append(Made(next(names), number, "hole"))
    return found


def _finite(number: float) -> Number:
    return float(number) if np.isfinite(number) else None


def _powers(expansion: Any) -> tuple[tuple[int, ...], ...] | None:
    """Of each feature the columns that it multiplies, one that stands twice twice."""
    if not hasattr(expansion, "powers_"):
        return None
    rows = expansion.powers_.tolist()
    return tuple(tuple(number for number, power in enumerate(row) for _ in range(power)) for row in rows)


def _kernel(expansion: Any, columns: int) -> Kernel | None:
    if not hasattr(expansion, "components_"):
        return None
    return Kernel(expansion.components_, expansion.normalization_, 1 / columns)
