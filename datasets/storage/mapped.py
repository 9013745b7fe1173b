"""Arrays that lie in files: mapped into memory, read where they are, and let go of once they were read."""

from __future__ import annotations

import mmap
import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WINDOW = 64 * 2**20  # bytes that may stay in memory behind a reader
NO_RESERVE = getattr(mmap, "MAP_NORESERVE", 0x4000 if os.uname().sysname == "Linux" else 0)


class Mapping(mmap.mmap):
    """A file in memory; whatever is written to it stays in this process.

    Attributes:
        held: what must live as long as any array of it, such as the claim on an entry of the cache.
    """

    held: object = None

    def let_go(self, start: int, stop: int) -> None:
        """Take the pages that lie whole in these bytes out of memory; reading them brings them back."""
        first = -(-start // mmap.PAGESIZE) * mmap.PAGESIZE
        length = (stop if stop >= len(self) else stop // mmap.PAGESIZE * mmap.PAGESIZE) - first
        if length > 0 and hasattr(mmap, "MADV_DONTNEED"):
            self.madvise(mmap.MADV_DONTNEED, first, length)


def map_file(path: Path, shape: tuple[int, ...], dtype: Any, held: object = None) -> NDArray[Any]:
    """The numbers in a file as an array; an empty one is not mapped at all.

    Raises:
        OSError: the file is not there, or not of that size.
    """
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    if size == 0:
        return np.empty(shape, kind)
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        if os.fstat(file).st_size != size:
            raise OSError(f"{path} holds {os.fstat(file).st_size} bytes, not {size}")
        # Private, so that no slip can spoil the file; unreserved, for it may be larger than memory.
        mapping = Mapping(
            file, size, flags=mmap.MAP_PRIVATE | NO_RESERVE, prot=mmap.PROT_READ | mmap.PROT_WRITE
        )
    finally:
        os.close(file)
    mapping.held = held
    return np.frombuffer(mapping, kind).reshape(shape)


def mapping_of(array: NDArray[Any]) -> Mapping | None:
    """The file that an array lies in; ``None`` for one in memory."""
    base: Any = array
    while isinstance(base, np.ndarray | memoryview):
        base = base.base if isinstance(base, np.ndarray) else base.obj
    return base if isinstance(base, Mapping) else None


class Reader:
    """Lets go of rows of a table (n, …) that were read, a window at a time; does nothing for one in memory.

    The first ``stays`` bytes of the table remain in memory: to map a page again takes about as long as to
    read it. ``done`` may be called from several threads: what one lets go of, another reads again.
    """

    def __init__(self, array: NDArray[Any], stays: int = 0) -> None:
        self._mapping = mapping_of(array)
        self._stays = stays
        self._start = 0
        self._row = array.strides[0] if array.ndim else 0
        if self._mapping is not None:
            origin = np.frombuffer(self._mapping, np.uint8).ctypes.data
            self._start = array.ctypes.data - origin

    @property
    def on_disk(self) -> bool:
        """Whether there is anything to let go of."""
        return self._mapping is not None

    def done(self, start: int, stop: int) -> None:
        """Rows from ``start`` up to ``stop`` are not needed for now."""
        if self._mapping is not None:
            first = max(start * self._row, self._stays)
            self._mapping.let_go(self._start + first, self._start + stop * self._row)


def rows_of(array: NDArray[Any], rows: NDArray[np.int64]) -> NDArray[Any]:
    """Some rows as a copy; where they come from a file, they are let go of a piece at a time."""
    reader = Reader(array)
    if not reader.on_disk:
        found: NDArray[Any] = array[rows]
        return found
    found = np.empty((len(rows), *array.shape[1:]), array.dtype)
    each = max(1, WINDOW // max(found[:1].nbytes, 1) // 16)
    for start in range(0, len(rows), each):
        piece = rows[start : start + each]
        found[start : start + each] = array[piece]
        reader.done(int(piece.min()), int(piece.max()) + 1)
    return found
