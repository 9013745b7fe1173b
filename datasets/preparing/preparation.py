"""What a run needs to take other rows as it took its own: kept with the run, and plain enough for JSON.

Everything in it was learned on the training part; rows of any later file go through the same functions as
those of the training part did.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from lrtui.datasets.array_types import Floats, Indices
from lrtui.datasets.columns import DEGREES, CellReading, Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.clip import Bounds
from lrtui.datasets.preparing.encode import Encoding
from lrtui.datasets.preparing.features import Features, PrepareOptions
from lrtui.datasets.preparing.levels import LevelEncoder, Levels
from lrtui.datasets.preparing.missing import Codes, kept_columns
from lrtui.datasets.preparing.scale import Scaler
from lrtui.datasets.preparing.split import ascending

VERSION = 1
SAMPLED = 500_000  # numbers, of which medians are taken where the table has no hole
STRETCHES = 64  # of rows that stand together


@dataclass(frozen=True)
class Preparation:
    """From the cells of a file to features.

    Attributes:
        readings: of the columns of the file that are learned from. columns: what they become (p).
        features: of those (n, p). missing: what becomes of cells in which nothing stands.
        target: the column of the labels, where there is one. class_names: by their numbers.
        rest: whether class 0 is whatever is not class 1.
    """

    readings: tuple[CellReading, ...]
    columns: tuple[Column, ...]
    features: Features
    missing: str
    target: str | None
    class_names: tuple[str, ...]
    rest: bool = False

    def pack(self) -> bytes:
        """All of it, to be kept."""
        return zlib.compress(json.dumps(self.to_dict()).encode())

    @classmethod
    def unpack(cls, data: bytes) -> Preparation:
        """What ``pack`` told.

        Raises:
            ValueError, KeyError, TypeError, zlib.error: it is none, or of a later version.
        """
        return cls.from_dict(json.loads(zlib.decompress(data)))

    def to_dict(self) -> dict[str, Any]:
        """All of it, for JSON."""
        return {
            "version": VERSION,
            "readings": [reading.to_dict() for reading in self.readings],
            "columns": [asdict(column) for column in self.columns],
            "features": _features_told(self.features),
            "missing": self.missing,
            "target": self.target,
            "class_names": list(self.class_names),
            "rest": self.rest,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Preparation:
        """What ``to_dict`` told."""
        if data["version"] != VERSION:
            raise ValueError("a preparation of another version")
        columns = tuple(
            Column(one["name"], one["kind"], tuple(one["levels"]), one["origin"]) for one in data["columns"]
        )
        return cls(
            tuple(map(CellReading.from_dict, data["readings"])),
            columns,
            _features_of(data["features"]),
            data["missing"],
            data["target"],
            tuple(data["class_names"]),
            data["rest"],
        )


def preparation_of(
    dataset: Dataset,
    asked: PrepareOptions,
    learned: Features,
    train: Indices,
    peers: Peers = ALONE,
) -> Preparation:
    """What is kept of a preparation that the training rows taught."""
    kept = kept_columns(dataset, asked.drop_columns)
    columns = dataset.kinds if kept is None else tuple(dataset.kinds[number] for number in kept)
    encoding = replace(
        learned.encoding, columns=None, fill=_fills(dataset, asked, learned, train, columns, peers)
    )
    source, names = dataset.source, dataset.class_names
    rest = source.positive is not None and not source.multiclass and names[0] == f"not {names[-1]}"
    return Preparation(
        tuple(_readings(dataset, {column.name for column in columns})),
        columns,
        replace(learned, encoding=encoding),
        asked.missing,
        dataset.target,
        names,
        rest,
    )


def _readings(dataset: Dataset, kept: set[str]) -> list[CellReading]:
    """How the cells of the columns are read that something kept is made of."""
    if not dataset.readings:
        return [CellReading(name, "number") for name in dataset.feature_names if name in kept]
    found = []
    for reading in dataset.readings:
        if reading.how == "date":
            parts = tuple(part for part in reading.parts if f"{reading.name} ({part})" in kept)
            if parts:
                found.append(replace(reading, parts=parts))
        elif reading.name in kept:
            found.append(reading)
    return found


def _fills(
    dataset: Dataset,
    asked: PrepareOptions,
    learned: Features,
    train: Indices,
    columns: Sequence[Column],
    peers: Peers,
) -> Floats | None:
    """What stands in for a missing cell (p,), also in columns that had none; NaN where nothing may."""
    fill, known = np.full(len(columns), np.nan), learned.encoding.fill
    for number, column in enumerate(columns):
        if column.kind == "category":
            fill[number] = len(column.levels)
    known = fill if known is None else np.where(np.isfinite(known), known, fill)
    unknown = np.flatnonzero(~np.isfinite(known))
    if asked.missing not in ("indicator", "median") or not len(unknown):
        return known
    known = known.copy()
    some = peers.gather(_some(dataset, train, learned.encoding.columns, unknown))
    known[unknown] = np.median(np.concatenate(some), axis=0)
    return known


def _some(dataset: Dataset, train: Indices, columns: Indices | None, wanted: Indices) -> Floats:
    """Cells of the training rows (k, wanted), of very many some, in stretches: they may lie on a disk."""
    X = dataset.X
    numbers = wanted if columns is None else columns[wanted]
    rows, most = train, SAMPLED // max(X.shape[1], 1)
    if len(rows) > most:
        apart = max(1, len(rows) // STRETCHES)
        stretches = ascending(rows, len(X))[: len(rows) // apart * apart].reshape(-1, apart)
        rows = stretches[:, : max(1, most // STRETCHES)].ravel()
    return np.take(np.asarray(X[rows]), numbers, axis=1).astype(np.float64)


# --- to and from JSON ---


def _features_told(features: Features) -> dict[str, Any]:
    encoding, after = features.encoding, features.after
    return {
        "names": list(features.names),
        "encoding": {
            "names": list(encoding.names),
            "origins": list(encoding.origins),
            "fill": None if encoding.fill is None else encoding.fill.tolist(),
            "flagged": None if encoding.flagged is None else encoding.flagged.tolist(),
            "encoder": None if encoding.encoder is None else list(map(_told, encoding.encoder.columns)),
            "codes": None
            if encoding.codes is None
            else [encoding.codes.values.tolist(), encoding.codes.columns.tolist()],
            "bounds": None
            if encoding.bounds is None
            else [encoding.bounds.low.tolist(), encoding.bounds.high.tolist()],
        },
        "scaler": _scaler_told(features.scaler),
        "expansion": _expansion_told(features.expansion),
        "after": None if after is None else _scaler_told(after),
    }


def _features_of(data: Mapping[str, Any]) -> Features:
    told = data["encoding"]
    encoder = None if told["encoder"] is None else LevelEncoder(tuple(map(_levels_of, told["encoder"])))
    codes = None if told["codes"] is None else Codes(*map(np.array, told["codes"]))
    bounds = None if told["bounds"] is None else Bounds(*map(np.array, told["bounds"]))
    encoding = Encoding(
        tuple(told["names"]),
        tuple(told["origins"]),
        None,
        None if told["fill"] is None else np.array(told["fill"], np.float64),
        None if told["flagged"] is None else np.array(told["flagged"], np.int64),
        encoder,
        codes,
        bounds,
    )
    return Features(
        tuple(data["names"]),
        encoding,
        _scaler_of(data["scaler"]),
        _expansion_of(data["expansion"], len(encoding.names)),
        None if data["after"] is None else _scaler_of(data["after"]),
    )


def _scaler_told(scaler: Scaler) -> dict[str, Any]:
    return {"name": scaler.name, "offset": scaler.offset.tolist(), "scale": scaler.scale.tolist()}


def _scaler_of(data: Mapping[str, Any]) -> Scaler:
    return Scaler(data["name"], np.array(data["offset"], np.float64), np.array(data["scale"], np.float64))


def _told(levels: Levels | None) -> dict[str, Any] | None:
    """For each level the place of the one number that is not 0, and that number."""
    if levels is None:
        return None
    places = [np.flatnonzero(row).tolist() for row in levels.table]
    rows = [
        [place[0], float(row[place[0]])] if place else None
        for place, row in zip(places, levels.table, strict=True)
    ]
    return {"names": list(levels.names), "rows": rows}


def _levels_of(data: Mapping[str, Any] | None) -> Levels | None:
    """The levels, with a row of zeros at the end: for one that training did not know."""
    if data is None:
        return None
    table = np.zeros((len(data["rows"]) + 1, len(data["names"])))
    for row, found in enumerate(data["rows"]):
        if found is not None:
            table[row, found[0]] = found[1]
    return Levels(tuple(data["names"]), table)


def _expansion_told(expansion: Any | None) -> dict[str, Any] | None:
    if expansion is None:
        return None
    if hasattr(expansion, "normalization_"):
        components, normalization = expansion.components_, expansion.normalization_
        return {"components": components.tolist(), "normalization": normalization.tolist()}
    return {"degree": int(expansion.degree)}


def _expansion_of(data: Mapping[str, Any] | None, columns: int) -> Any | None:
    """scikit-learn's transformer, as it was fitted."""
    if data is None:
        return None
    if "degree" in data:
        from sklearn.preprocessing import PolynomialFeatures  # a second to import: only where needed

        if data["degree"] not in DEGREES.values():
            raise ValueError("no such degree")
        return PolynomialFeatures(data["degree"], include_bias=False).fit(np.zeros((1, columns)))
    from sklearn.kernel_approximation import Nystroem  # rarely needed

    found = Nystroem(n_components=len(data["components"]))
    found.components_ = np.array(data["components"], np.float64)
    found.normalization_ = np.array(data["normalization"], np.float64)
    found.n_features_in_, found._n_features_out = columns, len(found.components_)
    return found
