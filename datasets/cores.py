"""The cores that this process may use, work on all of them, and what no thread waits for another for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Found = TypeVar("Found")


class once(Generic[Found]):  # noqa: N801 - it is used as ``cached_property`` is
    """A property that is computed once: ``functools.cached_property`` without its lock.

    Up to Python 3.11 that lets one thread at a time compute it, for all instances together.
    """

    def __init__(self, compute: Callable[[Any], Found]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type | None = None) -> Found:
        found: Found = self._compute(instance)
        vars(instance)[self._name] = found  # where it is looked for first from now on
        return found


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
