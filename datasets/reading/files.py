"""What stands in a file: whole, and unchanged while it was read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.error_translation import unreadable
from lrtui.datasets.reading.formats import START
from lrtui.datasets.reading.opening import NotPlainError, first_bytes, open_plain, read_upto
from lrtui.datasets.text import quote


def contents(path: Path) -> bytes:
    """What stands in a file. Never mapped: a file that is cut while it is mapped kills the process.

    Raises:
        DatasetError: it cannot be read, is larger than the free memory, or changes meanwhile.
    """
    where = quote(path.name)
    with _refusing(path):
        descriptor = open_plain(path)
        try:
            before = os.fstat(descriptor)
            if before.st_size > memory_limit.available():
                raise memory_limit.too_large(where)
            data = read_upto(descriptor, before.st_size + 1)  # one more: it may grow faster than it is read
        finally:
            os.close(descriptor)
        after = path.stat()
    if identity(before) != identity(after) or len(data) != after.st_size:
        raise changed(where)
    return data


def beginning(path: Path, size: int = START) -> bytes:
    """The first bytes of a file."""
    with _refusing(path):
        return first_bytes(path, size)


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    """What the system says of a path, in our words."""
    where = quote(path.name)
    try:
        yield
    except MemoryError:
        raise memory_limit.too_large(where) from None
    except FileNotFoundError:
        raise DatasetError(f"There is no file {quote(str(path))}.", "Check the path.") from None
    except NotPlainError as error:
        raise DatasetError(
            f"{where} is no plain file: it is {error.sort}.", "Give the path of a file."
        ) from None
    except OSError as error:
        raise unreadable(where, error) from None


def identity(found: os.stat_result) -> tuple[int, int, int, int]:
    """What is another number once a file is written to or replaced."""
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def changed(where: str) -> DatasetError:
    """The error for a file that was written to meanwhile."""
    return DatasetError(
        f"{where} changed while it was read.", "Try again once nothing writes to it any more."
    )
