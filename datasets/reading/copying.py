"""What stands elsewhere, read by polars and written as it comes: no more in memory than polars holds."""

from __future__ import annotations

from collections.abc import Mapping
from io import RawIOBase
from typing import IO, Any, cast

import polars as pl

Reach = Mapping[str, Any]
"""``storage_options`` and ``credential_provider`` for polars."""


def copy_parquet(address: str, into: RawIOBase, reach: Reach) -> None:
    """The table of a Parquet object as a Parquet file; packed as fast as can be, for it is read soon."""
    pl.scan_parquet(address, glob=False, **reach).sink_parquet(_file(into), compression="lz4")


def copy_arrow(address: str, into: RawIOBase, reach: Reach) -> None:
    """The table of an Arrow file as one."""
    pl.scan_ipc(address, glob=False, **reach).sink_ipc(_file(into))


def copy_lines(address: str, into: RawIOBase, reach: Reach) -> None:
    """Text as it is, line by line; what gzip or zstd packed is unpacked."""
    lines = pl.scan_lines(address, glob=False, **reach)
    lines.sink_csv(_file(into), include_header=False, quote_style="never")


def _file(into: RawIOBase) -> IO[bytes]:
    """The same to a type checker: polars writes to it and nothing else."""
    return cast("IO[bytes]", into)
