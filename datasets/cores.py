"""The cores that this process may use, and work on all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


def cores() -> int:
    """How many there are for this process."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS
        return os.cpu_count() or 1


def side_by_side(work: Callable[[Item], Found], items: Iterable[Item]) -> list[Found]:
    """What comes of each item, in their order; for work that NumPy and polars do without Python's lock.

    Raises:
        Exception: what the work on the first item that failed raised.
    """
    from concurrent.futures import ThreadPoolExecutor  # not for whoever only counts the cores

    with ThreadPoolExecutor(cores(), "lrtui-columns") as pool:
        return list(pool.map(work, items))
