"""A file that is too large to be held, as a dataset whose numbers lie on disk."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.columns import CellReading, Column
from lrtui.datasets.dataset import Dataset, Shares
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.ingest.assembly import no_target, unlabelled_remark
from lrtui.datasets.ingest.merging import merge, whole_column
from lrtui.datasets.ingest.one_pass import TABLE, odd_remarks
from lrtui.datasets.ingest.restarts import expected_rows, passes
from lrtui.datasets.ingest.roles import learned_columns, roles_of, values_by_role
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.progress import Progress
from lrtui.datasets.reading.files import changed, identity
from lrtui.datasets.reading.scanning import scan_table
from lrtui.datasets.reading.table import Scan
from lrtui.datasets.source import Source, members
from lrtui.datasets.storage.cache import VERSION, Cache, CacheEntry
from lrtui.datasets.storage.folder import unusable
from lrtui.datasets.storage.mapped import map_file
from lrtui.datasets.storage.shared_cache import make_all, open_all
from lrtui.datasets.storage.writing import Draft
from lrtui.datasets.tables.labels import target_of
from lrtui.datasets.tables.missing import Gap, Holes

READING = 4  # how cells are understood and rows divided: what was read in another way is read anew
Y, STRATA = "y.bin", "strata.bin"
ROLE_FILES = {"weights": "weights.bin", "group": "groups.bin", "time": "times.bin"}


def key_of(source: Source, peers: Peers = ALONE) -> str:
    """The name of the entry: the same as long as the files and what is asked of them are.

    What one of several ``peers`` has is its own.
    """
    try:
        files = [(str(path), *identity(path.stat())) for path in members(source.name)]
    except OSError as error:
        raise DatasetError(f"A file cannot be read: {error.strerror}.", "Check the path.") from None
    shares = [peers.rank, peers.world] if peers.world > 1 else []
    told = json.dumps([VERSION, READING, source.to_dict(), files, *shares], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:24]


def load_large(source: Source, watch: Progress, peers: Peers = ALONE) -> Dataset | None:
    """The dataset, streamed into the cache or found there; ``None`` where its format is only read whole.

    Raises:
        DatasetError: the file cannot be used as asked, or the cache not be written.
        Cancelled: the watcher says so.
    """
    cache, name = Cache(), key_of(source, peers)
    held = open_all(cache, name, peers, watch)
    while held is None:
        scan = scan_table(source, peers=peers)
        if scan is None:
            return None
        with make_all(cache, name, peers, watch) as draft:
            if draft is not None:
                expected = expected_rows(scan) * scan.head.width * np.dtype(np.float32).itemsize
                cache.make_room(int(expected))
                try:
                    _stream(source, scan, draft, watch, peers)
                finally:
                    if key_of(source, peers) != name:  # whatever was found of it
                        raise changed(scan.where)
        held = open_all(cache, name, peers, watch, fresh=draft is not None)
    try:
        return _dataset(source, held)
    except OSError as error:  # found damaged by another process this moment, or no memory
        raise unusable(cache.folder, error) from None


def _stream(source: Source, scan: Scan, draft: Draft, watch: Progress, peers: Peers) -> None:
    """Fill a draft with the table of a file."""
    names = scan.head.columns
    if source.target is None:
        raise no_target(scan.head, scan.where)
    target = source.target
    roles = roles_of(source, target, names, scan.where)
    learned = learned_columns(source, roles, names, scan.where)
    columns, found, dtype = passes(source, scan, learned, roles, draft, watch, peers)
    labels = target_of(
        found.role(target), scan.where, positive=source.positive, multiclass=source.multiclass, peers=peers
    )
    whole = merge(found, peers)
    first = sum(whole.rows[: peers.rank])
    draft.table(Y, None, np.int8).append(labels.y)
    if labels.strata is not None:
        draft.table(STRATA, None, np.int64).append(labels.strata)
    by_role = values_by_role(roles, lambda name: whole_column(found.role(name), peers), scan.where)
    for role, values in by_role.items():
        draft.table(ROLE_FILES[role], None, values.dtype).append(values[first : first + found.rows])
    unlabelled = unlabelled_remark(whole.unlabelled, target)
    remarks = [*scan.remarks, *columns.remarks, *odd_remarks(whole.odd), *unlabelled]
    kinds = [column for encoder in columns.encoders for column in encoder.columns]
    holes = whole.holes
    draft.meta |= {
        "version": VERSION,
        "file": source.name,
        "what": "table",
        "rows": found.rows,
        "columns": columns.width,
        "dtype": dtype.name,
        "kinds": [[kind.name, kind.kind, list(kind.levels), kind.origin] for kind in kinds],
        "left_out": columns.left_out,
        "remarks": remarks,
        "unlabelled": whole.unlabelled,
        "classes": list(labels.classes),
        "gaps": {name: [gap.row, gap.text, gap.is_text] for name, gap in whole.gaps.items()},
        "holes": [holes.counts.tolist(), holes.first.tolist(), holes.rows, holes.infinite],
        "roles": roles,
        "readings": [encoder.whole_reading.to_dict() for encoder in columns.encoders],
        "strata": labels.strata is not None,
        "shares": [first, sum(whole.rows)] if peers.world > 1 else None,
    }


def _dataset(source: Source, held: CacheEntry) -> Dataset:
    """The dataset that lies in an entry."""
    meta = held.meta
    n, p = meta["rows"], meta["columns"]
    kinds = tuple(Column(name, kind, tuple(levels), origin) for name, kind, levels, origin in meta["kinds"])
    counts, first, rows, infinite = meta["holes"]

    def values(role: str, dtype: Any) -> NDArray[Any] | None:
        there = role in meta["roles"]
        return map_file(held.folder / ROLE_FILES[role], (n,), dtype, held) if there else None

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
        weights=values("weights", np.float64),
        groups=values("group", np.int64),
        times=values("time", np.float64),
        strata=map_file(held.folder / STRATA, (n,), np.int64, held) if meta["strata"] else None,
        unlabelled=meta["unlabelled"],
        target=source.target,
        readings=tuple(map(CellReading.from_dict, meta["readings"])),
        counted=Holes(np.array(counts), np.array(first), rows, infinite),
        shares=meta.get("shares") and Shares(*meta["shares"]),
    )
