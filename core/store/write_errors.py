"""Why a file cannot be written, where SQLite says only that input or output failed."""

from __future__ import annotations

import errno
import os
import resource
from contextlib import suppress
from pathlib import Path

from lrtui.core.errors import StoreError
from lrtui.datasets.text import quote

PAGE = 4096  # bytes
ROOM = 64 * PAGE  # what a write may add to a file
FREE = "Free some space."


def write_trouble(path: Path) -> StoreError | None:
    """What keeps this process from writing beside a store, found by trying; ``None`` where nothing does."""
    where = quote(str(path))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if limit != resource.RLIM_INFINITY and _largest(path) + ROOM > limit:
        return StoreError(
            f"The store {where} has come to the limit that is set on the size of files ({limit:,} bytes).",
            "Raise the limit (ulimit -f), or set LRTUI_HOME to another folder and start again.",
        )
    try:
        try_to_write(path.parent)
    except OSError as error:
        return _told(error, where)
    return None


def try_to_write(folder: Path) -> None:
    """Write a page into a file without a name, which leaves nothing behind."""
    unnamed = getattr(os, "O_TMPFILE", None)
    if unnamed is None:
        return
    try:
        descriptor = os.open(folder, os.O_WRONLY | unnamed | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
            return  # this file system has no such files
        raise
    try:
        os.write(descriptor, bytes(PAGE))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _largest(path: Path) -> int:
    sizes = [0]
    for suffix in ("", "-wal"):
        with suppress(OSError):
            sizes.append(path.with_name(path.name + suffix).stat().st_size)
    return max(sizes)


def _told(error: OSError, where: str) -> StoreError:
    known = {
        errno.ENOSPC: (f"The disk that holds the store {where} is full.", FREE),
        errno.EDQUOT: (f"Your quota on the disk that holds the store {where} is used up.", FREE),
        errno.EROFS: (
            f"The disk that holds the store {where} can only be read.",
            "Mount it writable, or set LRTUI_HOME to another folder and start again.",
        ),
    }
    unknown = (
        f"The store {where} cannot be written: {(error.strerror or str(error)).lower()}.",
        "Check the disk and the folder's permissions, or set LRTUI_HOME to another folder.",
    )
    return StoreError(*known.get(error.errno or 0, unknown))
