"""From a dataset's columns to numbers that can be scaled: filled in, clipped, categories encoded.

The training part alone teaches it, and what it taught holds for any row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import Column
from lrtui.datasets.preparing.clip import Bounds, learn_bounds
from lrtui.datasets.preparing.levels import MISSING, LevelEncoder, learn_levels
from lrtui.datasets.preparing.missing import Codes, median
from lrtui.datasets.storage.mapped import rows_of
from lrtui.datasets.tables.missing import blocks


@dataclass(frozen=True)
class Encoding:
    """A map from the columns of a dataset to encoded columns.

    Attributes:
        names: of the encoded columns (q). origins: the column of the file that each comes from.
        columns: the numbers of the columns that are looked at (p); ``None`` where all are.
        codes: numbers that stand for a missing cell, where there are any.
        fill: what stands in place of a cell without a finite number, by column that is looked at (p,);
            ``None`` where there is none.
        bounds: between which the cells are kept; ``None`` where all stay as they are.
        flagged: those of them whose holes make a column of 0 and 1, which come last.
        encoder: of the categories, where there are any; then there is a ``fill`` too.
    """

    names: tuple[str, ...]
    origins: tuple[str, ...]
    columns: Indices | None = None
    fill: Floats | None = None
    flagged: Indices | None = None
    encoder: LevelEncoder | None = None
    codes: Codes | None = None
    bounds: Bounds | None = None

    def take(self, X: Floats) -> Floats:
        """The encoded columns (n, q) of rows (n, all columns); ``X`` itself where nothing is to be done."""
        found = X if self.columns is None else np.take(X, self.columns, axis=1)
        return self._encoded(found.astype(np.float64, copy=False))

    def _encoded(self, found: Floats) -> Floats:
        flags = None
        found = found if self.codes is None else self.codes.blank(found)
        if self.fill is not None:
            whole = np.isfinite(found)
            flags = None if self.flagged is None else ~whole[:, self.flagged]
            found = np.where(whole, found, self.fill)
        found = found if self.bounds is None else self.bounds.apply(found)
        found = found if self.encoder is None else self.encoder.transform(found)
        return found if flags is None else np.hstack([found, flags])

    def all_of(self, raw: Floats) -> Floats:
        """The same of columns that are already those looked at, which may be changed, by the block."""
        if self.fill is None and self.bounds is None:
            return raw
        same = self.encoder is None and self.flagged is None
        made = raw if same else np.empty((len(raw), len(self.names)))
        for block in blocks(*made.shape):
            made[block] = self._encoded(raw[block])
        return made


def gather(X: Floats, columns: Indices | None, rows: Indices) -> Floats:
    """Some rows and columns of a table, as a copy in float64, with no other copy beside it."""
    if columns is None and X.dtype == np.float64:
        return rows_of(X, rows)
    found = np.empty((len(rows), X.shape[1] if columns is None else len(columns)))
    for block in blocks(*found.shape):
        part = rows_of(X, rows[block])
        found[block] = part if columns is None else np.take(part, columns, axis=1)
    return found


def learn_encoding(
    raw: Floats,
    looked_at: Sequence[Column],
    columns: Indices | None,
    where: str,
    missing: str,
    codes: Codes | None = None,
    clip: float = 0.0,
) -> Encoding:
    """Learn a map from training rows (n, p) of the columns looked at, whose numbers are ``columns``.

    Where ``missing`` is ``median`` or ``indicator``, cells without a finite number become the median; with
    ``indicator`` a column of its own also says where they were. ``codes`` are such cells too, and in
    ``raw`` they are made so; ``clip`` is the share that is pulled in of those left. A missing category is a
    level of its own, in ``raw`` too. Levels in fewer than 10 rows (of few rows, one in a hundred)
    are joined; a category of more than 100 levels after that is hashed into 32 columns. A level that is not
    in ``raw`` has 0 in all columns.

    Raises:
        DatasetError: a column holds no finite number.
    """
    names = tuple(column.name for column in looked_at)
    origins = tuple(column.origin or column.name for column in looked_at)
    words = [number for number, column in enumerate(looked_at) if column.kind == "category"]
    fills = missing in ("median", "indicator")
    if codes is not None:
        raw[:] = codes.blank(raw)
    bounds = learn_bounds(raw, looked_at, clip)
    if not fills and not words:
        return Encoding(names, origins, columns, codes=codes, bounds=bounds)
    fill, flagged = np.full(len(names), np.nan), dict[str, int]()
    for number, column in enumerate(looked_at):
        holes = ~np.isfinite(raw[:, number])
        if column.kind == "category":
            fill[number] = len(column.levels)
            raw[holes, number] = len(column.levels)
        elif fills:
            fill[number] = median(raw[:, number], column.name, where)
            if missing == "indicator" and holes.any():
                flagged.setdefault(origins[number], number)  # one for all parts of a date
    encoder = learn_levels(raw, looked_at) if words else None
    if encoder is not None:
        names, origins = _encoded_names(encoder, looked_at)
    return Encoding(
        (*names, *(f"{origin} {MISSING}" for origin in flagged)),
        (*origins, *flagged),
        columns,
        fill,
        np.array(list(flagged.values())) if flagged else None,
        encoder,
        codes,
        bounds,
    )


def _encoded_names(
    encoder: LevelEncoder, looked_at: Sequence[Column]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the columns of an encoder are called, and where each comes from."""
    names: list[str] = []
    origins: list[str] = []
    for levels, column in zip(encoder.columns, looked_at, strict=True):
        found = (column.name,) if levels is None else levels.names
        names += found
        origins += [column.origin or column.name] * len(found)
    return tuple(names), tuple(origins)
