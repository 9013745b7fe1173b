"""From a dataset's columns to numbers that can be scaled: filled in, clipped, categories encoded.

scikit-learn's encoders learn it on the training part alone; what it taught holds for any row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import HASHED, ONE_HOT, Column, common_from
from lrtui.datasets.preparing.clip import Bounds, learn_bounds
from lrtui.datasets.preparing.missing import Codes, median
from lrtui.datasets.storage.mapped import rows_of
from lrtui.datasets.tables.missing import blocks

RARE, MISSING = "rare", "missing"


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
        encoder: scikit-learn's ColumnTransformer, where there are categories; then there is a ``fill`` too.
    """

    names: tuple[str, ...]
    origins: tuple[str, ...]
    columns: Indices | None = None
    fill: Floats | None = None
    flagged: Indices | None = None
    encoder: Any | None = None
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
    encoder = _encoder(raw, looked_at) if words else None
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


def _encoder(raw: Floats, looked_at: Sequence[Column]) -> Any:
    """A ColumnTransformer that knows the categories; the other columns pass through."""
    from sklearn.compose import ColumnTransformer  # a second to import: only where needed
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder

    frequency = common_from(len(raw))
    steps: list[tuple[str, Any, list[int]]] = []
    for column, numbers in _runs(looked_at):
        step: Any = "passthrough"
        if column is not None:
            rows = np.bincount(raw[:, numbers[0]].astype(np.int64))
            if (rows >= frequency).sum() > ONE_HOT:
                step = FunctionTransformer(partial(_looked_up, table=_hashes(column)))
            else:
                step = OneHotEncoder(
                    handle_unknown="ignore", min_frequency=frequency, sparse_output=False, dtype=np.float64
                )
        steps.append((str(numbers[0]), step, numbers))
    return ColumnTransformer(steps, sparse_threshold=0).fit(raw)


def _runs(looked_at: Sequence[Column]) -> Iterator[tuple[Column | None, list[int]]]:
    """Each category by itself, and between them the columns that stay as they are."""
    for number, run in groupby(
        range(len(looked_at)), lambda n: n if looked_at[n].kind == "category" else -1
    ):
        yield None if number < 0 else looked_at[number], list(run)


def _encoded_names(encoder: Any, looked_at: Sequence[Column]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the columns of an encoder are called, and where each comes from."""
    names: list[str] = []
    origins: list[str] = []
    for column, numbers in _runs(looked_at):
        if column is None:
            found = [looked_at[number].name for number in numbers]
            origins += [looked_at[number].origin or looked_at[number].name for number in numbers]
        else:
            found = _level_names(encoder.named_transformers_[str(numbers[0])], column)
            origins += [column.name] * len(found)
        names += found
    return tuple(names), tuple(origins)


def _level_names(step: Any, column: Column) -> list[str]:
    """``port=Cherbourg``, with the rare levels and the missing ones; ``port#1`` where it is hashed."""
    if not hasattr(step, "categories_"):
        return [f"{column.name}#{number}" for number in range(1, HASHED + 1)]
    rare, missing = (f"({word})" if word in column.levels else word for word in (RARE, MISSING))
    levels = (*column.levels, missing)
    joined = step.infrequent_categories_[0]
    apart = set() if joined is None else {int(code) for code in joined}
    found = [levels[int(code)] for code in step.categories_[0] if int(code) not in apart]
    if apart:
        found.append(levels[apart.pop()] if len(apart) == 1 else rare)
    return [f"{column.name}={level}" for level in found]


def _hashes(column: Column) -> Floats:
    """For each level, and for a missing one, ±1 in one of 32 columns (levels + 1, 32)."""
    from sklearn.feature_extraction import FeatureHasher  # rarely needed

    hasher = FeatureHasher(HASHED, input_type="string")
    # Before a level stands a letter, so that the text of no level is that of the missing one.
    words = [[f"={level}"] for level in column.levels] + [[MISSING]]
    table: Floats = hasher.transform(words).toarray()
    return table


def _looked_up(codes: Floats, table: Floats) -> Floats:
    return table[codes[:, 0].astype(np.int64)]
