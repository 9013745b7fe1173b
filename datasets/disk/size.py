"""Which files are too large to be held in memory. Neither NumPy nor, for most files, polars in here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from lrtui.datasets.reading.patterns import members
from lrtui.datasets.source import Source

LARGE_BYTES = 128_000_000  # of files: from here on
LARGE_NUMBERS = 50_000_000  # or of a table whose format tells its size
LOOKED_INTO = 4_000_000  # bytes of files that are smaller than LARGE_BYTES, to be worth the look


def is_large(source: Source) -> bool:
    """Whether a file is streamed to the disk rather than read into memory.

    Raises:
        DatasetError: no file matches a pattern.
    """
    if not source.is_file or source.test is not None:
        return False
    paths = members(source.name)
    try:
        size = sum(path.stat().st_size for path in paths)
    except (OSError, ValueError):  # reading it says what is wrong
        return False
    if size >= LARGE_BYTES:
        return True
    columnar = all(path.suffix.lower() in (".parquet", ".pq") for path in paths)
    return size >= LOOKED_INTO and columnar and _all_numbers(paths) >= LARGE_NUMBERS


def _all_numbers(paths: Sequence[Path]) -> int:
    return sum(_numbers(path, path.stat().st_size, path.stat().st_mtime_ns) for path in paths)


@lru_cache(64)  # asked often
def _numbers(path: Path, _size: int, _changed: int) -> int:
    """Rows times columns of a Parquet file; 0 where it is none."""
    import polars as pl  # the end of the file tells

    try:
        lazy = pl.scan_parquet(path, glob=False)
        return int(lazy.select(pl.len()).collect().item()) * len(lazy.collect_schema())
    except (pl.exceptions.PolarsError, OSError):
        return 0
