"""Preparing what lies on disk: design matrices written into the cache, or found there.

Rows are dealt over blocks (``dealing``), so they come in another order than in the file; ``train_rows`` and
``test_rows`` of the problem say which is where.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lrtui.datasets.cells import blocks
from lrtui.datasets.dataset import Dataset, Design, Indices, Problem
from lrtui.datasets.disk.cache import VERSION, Cache, Held
from lrtui.datasets.disk.dealing import Deal
from lrtui.datasets.disk.folder import unusable
from lrtui.datasets.disk.mapped import Reader, map_file, mapping_of
from lrtui.datasets.disk.statistics import Statistics
from lrtui.datasets.disk.writing import Draft
from lrtui.datasets.encoding import Encoding
from lrtui.datasets.features import Features
from lrtui.datasets.preparation import Asked, Exact, Parts, learn_from, relative_weights
from lrtui.datasets.watching import NOBODY, Watch

NUMBERS = 4_000_000  # of the table, read at a time
EXACT = ("standard", "minmax", "maxabs", "center")  # scalings that statistics of all rows tell
LEARNING = 0.3  # of the time of preparing, the rest is writing
PARTS = ("train", "test")
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
Found = TypeVar("Found")


def prepare_on_disk(dataset: Dataset, asked: Asked, *, single: bool, watch: Watch = NOBODY) -> Problem:
    """The problem of a dataset on disk.

    Raises:
        DatasetError: as ``prepare``. Cancelled: the watcher says so.
    """
    mapping = mapping_of(dataset.X)
    table = None if mapping is None else mapping.held
    if not isinstance(table, Held):
        raise TypeError("the dataset does not lie in the cache")
    cache = table.cache
    dtype = np.dtype(np.float32 if single else np.float64)
    name = _name(table, dataset, asked, dtype)
    held, learned = cache.open(name, watch, "preparing"), None
    while held is None:
        with cache.make(name, watch.go_on) as draft:
            if draft is not None:
                learned = _make(dataset, asked, dtype, draft, cache, watch)
                draft.meta["file"] = table.meta["file"]
        held = cache.open(name, watch, "preparing", fresh=draft is not None)
    try:
        return _problem(dataset, asked, held, learned, dtype)
    except OSError as error:  # found damaged by another process this moment, or no memory
        raise unusable(cache.folder, error) from None


def _name(table: Held, dataset: Dataset, asked: Asked, dtype: np.dtype[Any]) -> str:
    told = json.dumps([VERSION, asdict(asked), dtype.name])
    digest = hashlib.sha256(told.encode())
    digest.update(np.ascontiguousarray(dataset.y).view(np.uint8).data)
    return f"{table.folder.name}-{digest.hexdigest()[:16]}"


def _make(
    dataset: Dataset, asked: Asked, dtype: np.dtype[Any], draft: Draft, cache: Cache, watch: Watch
) -> Features:
    """Learn, and write everything that a problem needs into the draft."""
    known: list[Statistics] = []

    def exact(train: Indices, encoding: Encoding) -> Statistics | None:
        if asked.scaling in EXACT:
            known.append(_statistics(dataset, train, encoding, watch))
        return known[0] if known else None

    watch.at("preparing", 0.0)
    learned, train, test = learn_from(dataset, asked, exact=exact)
    weights = relative_weights(dataset, train)
    width = len(learned.names) + 1
    cache.make_room((len(train) + len(test)) * width * dtype.itemsize)
    deals = {"train": Deal(len(train), width), "test": Deal(len(test), width)}
    _write(dataset, learned, {"train": train, "test": test}, deals, draft, dtype, watch)
    for part, rows in (("train", train), ("test", test)):
        dealt = np.empty_like(rows)
        dealt[deals[part].places(0, len(rows))] = rows
        draft.table(f"rows_{part}.bin", None, np.int64).append(dealt)
        draft.table(f"y_{part}.bin", None, np.int8).append(dataset.y[dealt])
        if weights is not None:
            draft.table(f"weights_{part}.bin", None, np.float64).append(weights[dealt])
    draft.meta |= {
        "version": VERSION,
        "what": "prepared",
        "made": time.time(),
        "rows": len(train) + len(test),
        "columns": len(learned.names),
        "parts": [len(train), len(test)],
        "weighted": weights is not None,
        "statistics": known[0].to_dict() if known else None,
    }
    return learned


def _windows(X: NDArray[Any], width: int) -> list[slice]:
    """Rows of the table a piece at a time."""
    each = max(1, NUMBERS // max(width, X.shape[1]))
    return [slice(start, min(start + each, len(X))) for start in range(0, len(X), each)]


def _each(
    X: NDArray[Any], width: int, work: Callable[[slice], Found], watch: Watch, ends: tuple[float, float]
) -> list[Found]:
    """The work on each window, on every core, in order; tells how far it is between two shares."""
    reader, windows = Reader(X), _windows(X, width)

    def go(window: slice) -> Found:
        found = work(window)
        reader.done(window.start, window.stop)
        return found

    results: list[Found] = []
    with ThreadPoolExecutor(CORES) as pool:
        jobs = deque[Future[Found]]()
        try:
            for number, window in enumerate(windows):
                watch.at("preparing", ends[0] + (ends[1] - ends[0]) * number / len(windows))
                jobs.append(pool.submit(go, window))
                if len(jobs) > CORES:
                    results.append(jobs.popleft().result())
            results += [job.result() for job in jobs]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return results


def _statistics(dataset: Dataset, train: Indices, encoding: Encoding, watch: Watch) -> Statistics:
    """Those of the encoded training rows."""
    width = len(encoding.names)

    def take_in(window: slice) -> Statistics:
        found = Statistics(width)
        here = train[slice(*np.searchsorted(train, (window.start, window.stop)))]
        for block in blocks(len(here), width):
            found.add(np.asfortranarray(encoding.take(dataset.X[here[block]])))
        return found

    whole = Statistics(width)
    for found in _each(dataset.X, width, take_in, watch, (0.0, LEARNING)):
        whole.merge(found)
    return whole


def _write(
    dataset: Dataset,
    learned: Features,
    parts: dict[str, Indices],
    deals: dict[str, Deal],
    draft: Draft,
    dtype: np.dtype[Any],
    watch: Watch,
) -> None:
    """Both design matrices X̃, in one pass over the table."""
    width = len(learned.names) + 1
    files = {part: draft.table(f"design_{part}.bin", width, dtype) for part in parts}
    for part, rows in parts.items():
        files[part].reserve(len(rows))

    def write(window: slice) -> None:
        for part, rows in parts.items():
            first, last = np.searchsorted(rows, (window.start, window.stop)).tolist()
            places, order, cuts = deals[part].laid_out(first, last - first)
            made = _design(dataset, rows[first:last][order], learned, dtype)
            for place, start, stop in zip(places, cuts[:-1], cuts[1:], strict=True):
                files[part].put(place, made[start:stop])

    _each(dataset.X, width, write, watch, (LEARNING, 1.0))
    watch.at("preparing", 1.0)


def _design(dataset: Dataset, rows: Indices, learned: Features, dtype: np.dtype[Any]) -> Design:
    """X̃ of a few rows, in memory."""
    made: Design = np.empty((len(rows), len(learned.names) + 1), dtype)
    made[:, -1] = 1
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and training says so
        for block in blocks(*made.shape):
            made[block, :-1] = learned.apply(dataset.X[rows[block]])
    return made


def _problem(
    dataset: Dataset, asked: Asked, held: Held, learned: Features | None, dtype: np.dtype[Any]
) -> Problem:
    """The problem that lies in an entry; what was learned is learned again where it is not known."""
    meta = held.meta
    sizes = dict(zip(PARTS, meta["parts"], strict=True))

    def values(name: str, part: str, kind: Any) -> NDArray[Any]:
        return map_file(held.folder / f"{name}_{part}.bin", (sizes[part],), kind, held)

    rows = {part: values("rows", part, np.int64) for part in PARTS}
    if learned is None:
        told: dict[str, Any] | None = meta["statistics"]
        exact: Exact = lambda *_: None if told is None else Statistics.from_dict(told)  # noqa: E731
        parts: Parts = np.sort(rows["train"]), np.sort(rows["test"])
        learned, _, _ = learn_from(dataset, asked, parts=parts, exact=exact)
    width = len(learned.names) + 1
    designs = {
        part: map_file(held.folder / f"design_{part}.bin", (sizes[part], width), dtype, held)
        for part in PARTS
    }
    weighted = meta["weighted"]
    return Problem(
        dataset.source,
        learned.names,
        dataset.class_names,
        designs["train"],
        np.array(values("y", "train", np.int8)),
        designs["test"],
        np.array(values("y", "test", np.int8)),
        learned,
        rows["train"],
        rows["test"],
        np.array(values("weights", "train", np.float64)) if weighted else None,
        np.array(values("weights", "test", np.float64)) if weighted else None,
    )
