"""A file that is too large to be held, as a dataset whose numbers lie on disk."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from lrtui.datasets.cells import Gap, Holes
from lrtui.datasets.columns import Column
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.disk.cache import VERSION, Cache, Held
from lrtui.datasets.disk.folder import unusable
from lrtui.datasets.disk.mapped import map_file
from lrtui.datasets.disk.passes import expected_rows, passes
from lrtui.datasets.disk.streaming import TABLE
from lrtui.datasets.disk.writing import Draft
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.files import changed, identity
from lrtui.datasets.reading.patterns import members
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source
from lrtui.datasets.tables.assembly import no_target
from lrtui.datasets.tables.labels import as_values, classes_of, in_order
from lrtui.datasets.tables.roles import groups_of, roles_of, times_of, weights_of
from lrtui.datasets.text import quote
from lrtui.datasets.watching import NOBODY, Watch

Y, WEIGHTS, GROUPS, TIMES = "y.bin", "weights.bin", "groups.bin", "times.bin"


def key_of(source: Source) -> str:
    """The name of the entry: the same as long as the files and what is asked of them are.

    Raises:
        DatasetError: a file is not there.
    """
    try:
        files = [(str(path), *identity(path.stat())) for path in members(source.name)]
    except OSError as error:
        raise DatasetError(f"A file cannot be read: {error.strerror}.", "Check the path.") from None
    told = json.dumps([VERSION, source.to_dict(), files], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def load_large(source: Source, watch: Watch = NOBODY, cache: Cache | None = None) -> Dataset | None:
    """The dataset, streamed into the cache or found there; ``None`` where its format is only read whole.

    Raises:
        DatasetError: the file cannot be used as asked, or the cache not be written.
        Cancelled: the watcher says so.
    """
    cache = cache or Cache()
    name = key_of(source)
    held = cache.open(name, watch)
    while held is None:
        scan = scan_table(source)
        if scan is None:
            return None
        with cache.make(name, watch.go_on) as draft:
            if draft is not None:
                cache.make_room(_expected_size(scan))
                try:
                    _stream(source, scan, draft, watch)
                finally:
                    if key_of(source) != name:  # whatever was found of it
                        raise changed(scan.where)
        held = cache.open(name, watch, fresh=draft is not None)
    try:
        return _dataset(source, held)
    except OSError as error:  # found damaged by another process this moment, or no memory
        raise unusable(cache.folder, error) from None


def _stream(source: Source, scan: Scan, draft: Draft, watch: Watch) -> None:
    """Fill a draft with the table of a file."""
    names = scan.head.columns
    if source.target is None:
        raise no_target(scan.head, scan.where)
    target = source.target
    roles = roles_of(source, target, names, scan.where)
    others = [name for name in names if name not in roles.values()]
    learned = [name for name in others if not source.columns or name in source.columns]
    if not learned:
        raise DatasetError(f"{scan.where} has no column beside the target.", "Add columns to learn from.")
    columns, found, dtype = passes(source, scan, learned, roles, draft, watch)
    _label(source, found.role(target), scan.where, draft)
    for role, file, read in (
        ("weights", WEIGHTS, weights_of),
        ("group", GROUPS, groups_of),
        ("time", TIMES, times_of),
    ):
        if role in roles:
            values: NDArray[Any] = read(found.role(roles[role]), scan.where)
            draft.table(file, None, values.dtype).append(values)
    remarks = [*scan.remarks, *columns.remarks, *found.odd.values()]
    if found.unlabelled:
        one = found.unlabelled == 1
        many = f"{found.unlabelled:,} {'row has' if one else 'rows have'} no target ({quote(target)})"
        remarks.append(f"{many} and {'is' if one else 'are'} left out.")
    kinds = [column for encoder in columns.encoders for column in encoder.columns]
    draft.meta |= {
        "version": VERSION,
        "file": source.name,
        "what": "table",
        "made": time.time(),
        "rows": found.rows,
        "columns": columns.width,
        "dtype": dtype.name,
        "kinds": [[kind.name, kind.kind, list(kind.levels), kind.origin] for kind in kinds],
        "left_out": columns.left_out,
        "remarks": remarks,
        "unlabelled": found.unlabelled,
        "gaps": {name: [gap.row, gap.text, gap.is_text] for name, gap in found.gaps.items()},
        "holes": [
            [int(value) for value in found.statistics.missing],
            found.first.tolist(),
            found.hole_rows,
            found.infinite,
        ],
        "statistics": found.statistics.to_dict(),
        "roles": roles,
    }


def _label(source: Source, values: pl.Series, where: str, draft: Draft) -> None:
    """The number of each row's class into the draft."""
    found = values.value_counts(name="rows")
    raw, rows = found[values.name], found["rows"].to_list()
    texts = as_values(raw).to_list()
    counts: dict[str, int] = {}
    for text, many in zip(texts, rows, strict=True):
        counts[text] = counts.get(text, 0) + many
    counts = in_order(counts)
    classes = classes_of(counts, values.name, where, positive=source.positive, multiclass=source.multiclass)
    if source.multiclass or len(counts) == len(classes):
        codes = [classes.index(text) for text in texts]
    else:
        codes = [int(text == classes[1]) for text in texts]
    y = values.replace_strict(raw, codes, return_dtype=pl.Int8).to_numpy()
    draft.table(Y, None, np.int8).append(y)
    draft.meta["classes"] = list(classes)


def _expected_size(scan: Scan) -> int:
    return int(expected_rows(scan) * scan.head.width * np.dtype(np.float32).itemsize)


def _dataset(source: Source, held: Held) -> Dataset:
    """The dataset that lies in an entry."""
    meta = held.meta
    n, p = meta["rows"], meta["columns"]
    kinds = tuple(Column(name, kind, tuple(levels), origin) for name, kind, levels, origin in meta["kinds"])
    counts, first, rows, infinite = meta["holes"]

    def values(file: str, role: str, dtype: Any) -> NDArray[Any] | None:
        return map_file(held.folder / file, (n,), dtype, held) if role in meta["roles"] else None

    return Dataset(
        source,
        map_file(held.folder / TABLE, (n, p), np.dtype(meta["dtype"]), held),
        np.array(map_file(held.folder / Y, (n,), np.int8, held)),
        tuple(kind.name for kind in kinds),
        tuple(meta["classes"]),
        f"{source.label}, target {source.target}",
        gaps={name: Gap(*gap) for name, gap in meta["gaps"].items()},
        columns=kinds,
        left_out=meta["left_out"],
        remarks=tuple(meta["remarks"]),
        weights=values(WEIGHTS, "weights", np.float64),
        groups=values(GROUPS, "group", np.int64),
        times=values(TIMES, "time", np.float64),
        unlabelled=meta["unlabelled"],
        counted=Holes(np.array(counts), np.array(first), rows, infinite),
    )
