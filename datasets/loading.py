"""From a source to a dataset, in memory or, where it is too large for that, on disk."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from socket import gethostname

import numpy as np

from lrtui.datasets import copies
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import TABLES, check_memory
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.source import Source, members
from lrtui.datasets.text import quote, safe

LARGE_BYTES = 128_000_000  # of files: from here on
LARGE_NUMBERS = 50_000_000  # or of a table whose format tells its size
LOOKED_INTO = 4_000_000  # bytes of files that are smaller than LARGE_BYTES, to be worth the look


def load(source: Source, watch: Progress = NOBODY, peers: Peers = ALONE) -> Dataset:
    """The dataset that a source names; a large file is streamed to the disk, which ``watch`` may follow.

    Of a large file each of the ``peers`` reads its share; what is smaller they all read whole.

    Raises:
        DatasetError: it is not to be had, or the file cannot be used as asked.
        MemoryLimitError: what reads tables has no room in memory. Cancelled: the watcher says so.
    """
    if source.is_table:
        check_memory(*TABLES)
    fetch(source, watch)
    if peers.world > 1 and source.is_file:
        _check_alike(source, peers)
    if is_large(source):
        from lrtui.datasets.ingest.large import load_large  # polars

        found = load_large(source, watch, peers)
        if found is not None:
            return found
    if source.is_table:
        from lrtui.datasets.ingest.assembly import dataset_of
        from lrtui.datasets.reading.reader import read_table  # polars, only for tables

        return dataset_of(source, read_table(source))
    entry, given = source.entry, source.parameters
    if given:
        random = np.random.default_rng(int(given["seed"]))
        made = entry.make(int(given["n"]), float(given["noise"]), random)
    else:
        made = entry.make()
    return Dataset(
        source,
        np.ascontiguousarray(made.X, dtype=np.float64),
        made.y.astype(np.int8),
        made.feature_names or tuple(f"x{i}" for i in range(1, made.X.shape[1] + 1)),
        made.class_names,
        entry.shows,
        entry.plain_split,
    )


def fetch(source: Source, watch: Progress = NOBODY) -> None:
    """Bring what lies elsewhere into the cache, unless it is there as it is now; else do nothing.

    Raises:
        DatasetError: it is not to be had, or the cache cannot be written. Cancelled: the watcher says so.
    """
    if source.elsewhere:
        from lrtui.datasets.remote.bringing import bring  # polars

        bring(source, watch)


def _check_alike(source: Source, peers: Peers) -> None:
    """See that every process finds the same files.

    Raises:
        DatasetError: one does not; names it, and its machine.
    """
    try:
        found = [(str(path), path.stat().st_size) for path in members(source.name)]
    except (DatasetError, OSError):
        found = []
    told = peers.gather((gethostname(), found))
    for rank, (host, other) in enumerate(told):
        if other != told[0][1]:
            files = f"{len(other)} file{'' if len(other) == 1 else 's'}"
            raise DatasetError(
                f"Rank {rank} on {safe(host)} finds {files} of {quote(source.label)} "
                f"that {'is' if len(other) == 1 else 'are'} not those of rank 0 on {safe(told[0][0])}.",
                "Every machine needs the same files at the same path.",
            )


def is_large(source: Source) -> bool:
    """Whether a file is streamed to the disk rather than read into memory; not what was not fetched."""
    if source.is_elsewhere and copies.held(source.name) is None:
        return False
    if not source.is_file or source.test is not None:
        return False
    paths = members(source.name)
    try:
        stats = [path.stat() for path in paths]
    except (OSError, ValueError):  # reading it says what is wrong
        return False
    size = sum(found.st_size for found in stats)
    if size >= LARGE_BYTES:
        return True
    columnar = all(path.suffix.lower() in (".parquet", ".pq") for path in paths)
    files = zip(paths, stats, strict=True)
    numbers = (_numbers(path, found.st_size, found.st_mtime_ns) for path, found in files)
    return size >= LOOKED_INTO and columnar and sum(numbers) >= LARGE_NUMBERS


@lru_cache(64)  # asked often
def _numbers(path: Path, _size: int, _changed: int) -> int:
    """Rows times columns of a Parquet file; 0 where it is none."""
    import polars as pl  # the end of the file tells

    try:
        lazy = pl.scan_parquet(path, glob=False)
        return int(lazy.select(pl.len()).collect().item()) * len(lazy.collect_schema())
    except (pl.exceptions.PolarsError, OSError):
        return 0
