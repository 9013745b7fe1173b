"""Categories as columns: for each level a row of a table, found on the training part alone.

One-hot as scikit-learn's OneHotEncoder does it; importing that takes longer than most runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats
from lrtui.datasets.columns import HASHED, ONE_HOT, Column, common_from

RARE, MISSING = "rare", "missing"


@dataclass(frozen=True)
class Levels:
    """What becomes of one category.

    Attributes:
        names: of the columns made of it (w). table: (levels + 1, w), what stands in them for each level
            and, last, for a missing cell; zeros for a level that is not in the training part.
    """

    names: tuple[str, ...]
    table: Floats


@dataclass(frozen=True)
class LevelEncoder:
    """Categories to columns; the columns between them stay as they are.

    Attributes:
        columns: what becomes of each column that is looked at; ``None`` where it stays.
    """

    columns: tuple[Levels | None, ...]

    @property
    def width(self) -> int:
        """How many columns come of it."""
        return sum(1 if levels is None else len(levels.names) for levels in self.columns)

    def transform(self, found: Floats) -> Floats:
        """The columns (n, width) of rows (n, p), in which a category stands as the number of its level."""
        made = np.empty((len(found), self.width))
        at = 0
        for number, levels in enumerate(self.columns):
            if levels is None:
                made[:, at] = found[:, number]
                at += 1
            else:
                made[:, at : at + len(levels.names)] = levels.table[found[:, number].astype(np.intp)]
                at += len(levels.names)
        return made


def learn_levels(raw: Floats, looked_at: Sequence[Column]) -> LevelEncoder:
    """What the training rows (n, p) say of categories; a missing cell is the level after the last."""
    frequency = common_from(len(raw))
    return LevelEncoder(
        tuple(
            _levels(raw[:, number], column, frequency) if column.kind == "category" else None
            for number, column in enumerate(looked_at)
        )
    )


def _levels(codes: Floats, column: Column, frequency: int) -> Levels:
    rows = np.bincount(codes.astype(np.int64), minlength=len(column.levels) + 1)
    common = np.flatnonzero(rows >= frequency)
    if len(common) > ONE_HOT:
        names = [f"{column.name}#{number}" for number in range(1, HASHED + 1)]
        return Levels(tuple(names), _hashes(column))
    joined = np.flatnonzero((rows > 0) & (rows < frequency))
    rare, missing = (f"({word})" if word in column.levels else word for word in (RARE, MISSING))
    levels = (*column.levels, missing)
    names = [levels[code] for code in common.tolist()]
    table = np.zeros((len(levels), len(common) + bool(len(joined))))
    table[common, np.arange(len(common))] = 1
    if len(joined):
        table[joined, -1] = 1
        names.append(levels[int(joined[0])] if len(joined) == 1 else rare)
    return Levels(tuple(f"{column.name}={level}" for level in names), table)


def _hashes(column: Column) -> Floats:
    """For each level, and for a missing one, ±1 in one of 32 columns (levels + 1, 32)."""
    from sklearn.feature_extraction import FeatureHasher  # rarely needed

    hasher = FeatureHasher(HASHED, input_type="string")
    # Before a level stands a letter, so that the text of no level is that of the missing one.
    words = [[f"={level}"] for level in column.levels] + [[MISSING]]
    table: Floats = hasher.transform(words).toarray()
    return table
