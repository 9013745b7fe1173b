"""A dataset: a table of numbers with a target."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Floats, Indices, Labels, Mask
from lrtui.datasets.classes import is_binary
from lrtui.datasets.columns import CellReading, Column
from lrtui.datasets.source import Source
from lrtui.datasets.storage.mapped import rows_of
from lrtui.datasets.tables.missing import Gap, Holes, holes_of
from lrtui.datasets.text import listed, quote, safe


@dataclass(frozen=True)
class Shares:
    """Which rows of a table that several processes share: from number ``first`` on, of ``rows``."""

    first: int
    rows: int


@dataclass(frozen=True)
class Dataset:
    """A table with a target.

    Attributes:
        X: (n, p) float64, C-contiguous; may hold NaN and infinities. A category stands as the number of its
            level, a flag as 0 or 1. On disk (a ``numpy.memmap``) it is float32.
        y: (n,) int8, the number of each row's class; of two classes, 1 is the positive one.
        feature_names: of the columns of ``X``. class_names: by their numbers.
        gaps: of columns of a file, what stands where they hold no number.
        columns: what each column of ``X`` is; empty where all are plain numbers.
        left_out: columns of the file that are not in ``X``, and why.
        remarks: sentences about the file that a person should know.
        weights: (n,) what each row weighs in the loss, or ``None``.
        groups: (n,) numbers of groups whose rows stay in one part, or ``None``.
        times: (n,) numbers whose largest make the test part, or ``None``.
        in_test: (n,) where a row belongs to a test part that was given, or ``None``.
        strata: (n,) int64, numbers by which rows are divided alike whichever class is the positive one, or
            ``None`` where these are those of ``y``.
        unlabelled: rows of the file that had no target, and are not among these.
        counted: the holes in ``X``, where they were counted as it was made.
        target: the column of the file that the labels come from, where there is one.
        readings: how the cells of each column of the file became columns of ``X``, in their order; empty
            where the columns of ``X`` are the numbers themselves.
        shares: where other processes have the other rows; holes and gaps are then those of all.
        picked: (n,) which rows of a larger table these are, or ``None`` where they are all of one.
    """

    source: Source
    X: Floats
    y: Labels
    feature_names: tuple[str, ...]
    class_names: tuple[str, ...]
    shows: str = ""
    plain_split: bool = False
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    weights: Floats | None = None
    groups: Indices | None = None
    times: Floats | None = None
    in_test: Mask | None = None
    strata: Indices | None = None
    unlabelled: int = 0
    counted: Holes | None = None
    picked: Indices | None = None
    target: str | None = None
    readings: tuple[CellReading, ...] = ()
    shares: Shares | None = None

    @property
    def n(self) -> int:
        """Number of rows."""
        return int(self.X.shape[0])

    @property
    def p(self) -> int:
        """Number of features."""
        return int(self.X.shape[1])

    @property
    def base_rate(self) -> float:
        """Share of the positive class; of more than two classes, of the commonest."""
        return base_rate(self.y, len(self.class_names))

    @property
    def where(self) -> str:
        """The dataset as an error names it."""
        return (quote if self.source.is_file else safe)(self.source.label)

    def take(self, rows: Indices) -> Dataset:
        """The dataset of some of its rows."""
        by_row: dict[str, Any] = {
            name: None if values is None else values[rows]
            for name in ("weights", "groups", "times", "in_test", "strata")
            for values in (getattr(self, name),)
        }
        picked = rows if self.picked is None else self.picked[rows]
        return replace(self, X=rows_of(self.X, rows), y=self.y[rows], counted=None, picked=picked, **by_row)

    def place(self, row: int) -> int:
        """The number that a row has in the whole table, from 0."""
        return row if self.picked is None else int(self.picked[row])

    @cached_property
    def holes(self) -> Holes | None:
        """Where ``X`` holds no finite number, or ``None``; looked for once."""
        if self.counted is not None:
            return self.counted if self.counted.cells else None
        return holes_of(self.X)

    @cached_property
    def kinds(self) -> tuple[Column, ...]:
        """What each column of ``X`` is, also where all are plain numbers."""
        return self.columns or tuple(Column(name, "number") for name in self.feature_names)

    @property
    def droppable(self) -> tuple[str, ...]:
        """Every name that may be dropped: columns of the file and of ``X``, and those left out anyway."""
        origins = (column.origin or column.name for column in self.kinds)
        return tuple(dict.fromkeys([*origins, *self.feature_names, *self.left_out]))

    @property
    def remark(self) -> str:
        """``12 cells missing; left out 'name'``; empty where all is well."""
        words = []
        if self.holes is not None:
            counts = self._cells_of_file(self.holes.counts)
            words.append(f"{counts:,} cell{'' if counts == 1 else 's'} missing")
            if self.in_test is not None:
                theirs = holes_of(self.X[self.in_test])
                many = 0 if theirs is None else self._cells_of_file(theirs.counts)
                words[0] += f", {'all' if many == counts else f'{many:,}'} in the test part" if many else ""
        if self.left_out:
            words.append(f"left out {listed(list(self.left_out))}")
        if self.unlabelled:
            words.append(f"{self.unlabelled:,} row{'' if self.unlabelled == 1 else 's'} without a target")
        return "; ".join(words)

    def _cells_of_file(self, holes: Indices) -> int:
        """How many cells so many holes of each column (p,) are: all parts of a date are one cell."""
        first = dict[str, int]()
        for number, column in enumerate(self.kinds):
            first.setdefault(column.origin or column.name, number)
        return int(holes[list(first.values())].sum())


def base_rate(y: Labels, classes: int) -> float:
    """Share of the positive class; of more than two classes, of the commonest."""
    if is_binary(classes):
        return float(y.mean())
    return int(np.bincount(y, minlength=classes).max()) / len(y)
