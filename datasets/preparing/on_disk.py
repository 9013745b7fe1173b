"""Preparing what lies on disk: design matrices written into the cache, or found there.

Rows are dealt over blocks (``dealing``), so they come in another order than in the file; ``train_rows`` and
``test_rows`` of the problem say which is where.
"""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.array_types import Indices
from lrtui.datasets.cores import cores
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.encode import Encoding
from lrtui.datasets.preparing.features import Features, PrepareOptions
from lrtui.datasets.preparing.fit import learn_from, relative_weights
from lrtui.datasets.preparing.problem import Part, Problem, Whole, problem_of
from lrtui.datasets.preparing.scale import FROM_STATISTICS
from lrtui.datasets.preparing.split import ascending
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.storage.block_shuffle import BlockShuffle
from lrtui.datasets.storage.cache import VERSION, Cache, CacheEntry
from lrtui.datasets.storage.folder import unusable
from lrtui.datasets.storage.mapped import Reader, map_file, mapping_of
from lrtui.datasets.storage.own_rows import OwnDeal
from lrtui.datasets.storage.ownership import PARTS
from lrtui.datasets.storage.shared_cache import make_all, open_all
from lrtui.datasets.storage.writing import Draft
from lrtui.datasets.tables.missing import blocks
from lrtui.datasets.tables.statistics import Statistics

NUMBERS = 4_000_000  # of the table, read at a time
LEARNING = 0.3  # of the time of preparing, the rest is writing
Found = TypeVar("Found")


def prepare_on_disk(
    dataset: Dataset,
    asked: PrepareOptions,
    *,
    single: bool,
    watch: Progress = NOBODY,
    peers: Peers = ALONE,
) -> Problem:
    """The problem of a dataset on disk."""
    mapping = mapping_of(dataset.X)
    table = None if mapping is None else mapping.held
    if not isinstance(table, CacheEntry):
        raise TypeError("the dataset does not lie in the cache")
    cache = table.cache
    dtype = np.dtype(np.float32 if single else np.float64)
    name = _name(table, dataset, asked, dtype)
    held, learned = open_all(cache, name, peers, watch, "preparing"), None
    while held is None:
        with make_all(cache, name, peers, watch) as draft:
            if draft is not None:
                learned = _make(dataset, asked, dtype, draft, cache, watch, peers)
                draft.meta["file"] = table.meta["file"]
        held = open_all(cache, name, peers, watch, "preparing", fresh=draft is not None)
    try:
        return _problem(dataset, asked, held, learned, dtype, peers)
    except OSError as error:  # found damaged by another process this moment, or no memory
        raise unusable(cache.folder, error) from None


def _name(table: CacheEntry, dataset: Dataset, asked: PrepareOptions, dtype: np.dtype[Any]) -> str:
    options = asdict(asked)
    if not asked.validation:  # as before there was any: what lies in the cache is still found
        del options["validation"]
    told = json.dumps([VERSION, options, dtype.name])
    digest = hashlib.sha256(told.encode())
    digest.update(np.ascontiguousarray(dataset.y).view(np.uint8).data)
    return f"{table.folder.name}-{digest.hexdigest()[:16]}"


def _make(
    dataset: Dataset,
    asked: PrepareOptions,
    dtype: np.dtype[Any],
    draft: Draft,
    cache: Cache,
    watch: Progress,
    peers: Peers,
) -> Features:
    """Learn, and write everything that a problem needs into the draft."""
    draft.meta["statistics"] = None

    def exact(train: Indices, encoding: Encoding) -> Statistics | None:
        if asked.scaling not in FROM_STATISTICS:
            return None
        found = Statistics(len(encoding.names))
        for own in peers.gather(_statistics(dataset, train, encoding, watch)):
            found.merge(own)
        draft.meta["statistics"] = found.to_dict()
        return found

    watch.at("preparing", 0.0)
    learned, found = learn_from(dataset, asked, exact=exact, peers=peers)
    weights = relative_weights(dataset, found[0], peers)
    width, parts = len(learned.names) + 1, dict(zip(PARTS, found, strict=False))
    rows_in_all = sum(map(len, found))
    cache.make_room(rows_in_all * width * dtype.itemsize)
    deals = {part: _deal(rows, width, peers) for part, rows in parts.items()}
    own = [dataset.y[rows].astype(np.int64) for rows in found]
    told = peers.gather([np.bincount(y, minlength=len(dataset.class_names)) for y in own])
    _write(dataset, learned, parts, deals, draft, dtype, watch)
    for part, rows in parts.items():
        dealt = np.empty_like(rows)
        dealt[deals[part].places(0, len(rows))] = rows
        draft.table(f"rows_{part}.bin", None, np.int64).append(dealt)
        draft.table(f"y_{part}.bin", None, np.int8).append(dataset.y[dealt])
        if weights is not None:
            draft.table(f"weights_{part}.bin", None, np.float64).append(weights[dealt])
    draft.meta |= {
        "version": VERSION,
        "what": "prepared",
        "rows": rows_in_all,
        "columns": len(learned.names),
        "parts": [len(rows) for rows in found],
        "weighted": weights is not None,
        "counts": [sum(counts).tolist() for counts in zip(*told, strict=True)],
    }
    return learned


def _deal(rows: Indices, width: int, peers: Peers) -> BlockShuffle:
    """How the rows of a part lie on the disk of this process."""
    if peers.world == 1:
        return BlockShuffle(len(rows), width)
    return _own_deal(len(rows), width, peers)


def _own_deal(rows: int, width: int, peers: Peers) -> OwnDeal:
    many = peers.gather(rows)
    start = sum(many[: peers.rank])
    return OwnDeal(sum(many), width, start, start + rows)


def _each(
    X: NDArray[Any], width: int, work: Callable[[slice], Found], watch: Progress, ends: tuple[float, float]
) -> list[Found]:
    """The work on each window of rows, on every core, in order; tells how far it is between two shares."""
    reader, each = Reader(X), max(1, NUMBERS // max(width, X.shape[1]))
    windows = [slice(start, min(start + each, len(X))) for start in range(0, len(X), each)]

    def go(window: slice) -> Found:
        found = work(window)
        reader.done(window.start, window.stop)
        return found

    results: list[Found] = []
    many = cores()
    with ThreadPoolExecutor(many) as pool:
        jobs = deque[Future[Found]]()
        try:
            for number, window in enumerate(windows):
                watch.at("preparing", ends[0] + (ends[1] - ends[0]) * number / len(windows))
                jobs.append(pool.submit(go, window))
                if len(jobs) > many:
                    results.append(jobs.popleft().result())
            results += [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return results


def _statistics(dataset: Dataset, train: Indices, encoding: Encoding, watch: Progress) -> Statistics:
    """Those of the encoded training rows."""
    width = len(encoding.names)

    def take_in(window: slice) -> Statistics:
        found = Statistics(width)
        here = train[slice(*np.searchsorted(train, (window.start, window.stop)))]
        for block in blocks(len(here), width):
            found.update(np.asfortranarray(encoding.take(dataset.X[here[block]])))
        return found

    whole = Statistics(width)
    for found in _each(dataset.X, width, take_in, watch, (0.0, LEARNING)):
        whole.merge(found)
    return whole


def _write(
    dataset: Dataset,
    learned: Features,
    parts: dict[str, Indices],
    deals: dict[str, BlockShuffle],
    draft: Draft,
    dtype: np.dtype[Any],
    watch: Progress,
) -> None:
    """The design matrix X̃ of each part, in one pass over the table."""
    width = len(learned.names) + 1
    files = {part: draft.table(f"design_{part}.bin", width, dtype) for part in parts}
    for part, rows in parts.items():
        files[part].reserve(len(rows))

    def write(window: slice) -> None:
        for part, rows in parts.items():
            first, last = np.searchsorted(rows, (window.start, window.stop)).tolist()
            places, order, cuts = deals[part].laid_out(first, last - first)
            made = np.empty((last - first, width), dtype)
            learned.write(dataset.X, rows[first:last][order], made)
            for place, start, stop in zip(places, cuts[:-1], cuts[1:], strict=True):
                files[part].put(place, made[start:stop])

    _each(dataset.X, width, write, watch, (LEARNING, 1.0))
    watch.at("preparing", 1.0)


def _problem(
    dataset: Dataset,
    asked: PrepareOptions,
    held: CacheEntry,
    learned: Features | None,
    dtype: np.dtype[Any],
    peers: Peers,
) -> Problem:
    """The problem that lies in an entry; what was learned is learned again where it is not known."""
    meta = held.meta
    sizes = dict(zip(PARTS, meta["parts"], strict=False))

    def values(name: str, part: str, kind: Any, *width: int) -> NDArray[Any]:
        return map_file(held.folder / f"{name}_{part}.bin", (sizes[part], *width), kind, held)

    rows = {part: values("rows", part, np.int64) for part in sizes}
    if learned is None:
        known = meta["statistics"] and Statistics.from_dict(meta["statistics"])
        parts = tuple(ascending(each, dataset.n) for each in rows.values())
        learned, _ = learn_from(dataset, asked, parts=parts, exact=lambda *_: known, peers=peers)
    train, test, *apart = (
        Part(
            values("design", part, dtype, len(learned.names) + 1),
            np.array(values("y", part, np.int8)),
            rows[part],
            np.array(values("weights", part, np.float64)) if meta["weighted"] else None,
        )
        for part in sizes
    )
    validation = apart[0] if apart else None
    found = problem_of(dataset, asked, learned, train, test, validation, peers)
    if peers.world == 1:
        return found
    counts = [np.array(many) for many in meta["counts"]]
    own = _own_deal(sizes["train"], len(learned.names) + 1, peers).own
    return replace(found, whole=Whole(counts[0], counts[1], counts[2] if apart else None, own))
