"""Ranks that are threads of one process: sums in the order of ranks, nothing sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

import torch
from torch import Tensor

Found = TypeVar("Found")
SECONDS = 60


class Room:
    """Where all of them put what they give."""

    def __init__(self, world: int) -> None:
        self.world = world
        self.places: list[Any] = [None] * world
        self.barrier = Barrier(world)


class ThreadRanks:
    """One of them; what rank 0 leads is kept, to be looked at."""

    threads = 1

    def __init__(self, room: Room, rank: int) -> None:
        self._room, self.rank, self.world = room, rank, room.world
        self.led: list[str] = []

    def gather(self, value: Any) -> list[Any]:
        self._room.places[self.rank] = value
        self._room.barrier.wait(SECONDS)
        found = list(self._room.places)
        self._room.barrier.wait(SECONDS)  # before anybody gives the next
        return found

    def sum(self, *values: Tensor) -> Sequence[Tensor]:
        given = self.gather([value.double().clone() for value in values])
        return [torch.stack(parts).sum(0) for parts in zip(*given, strict=True)]

    def from_first(self, value: Tensor) -> Tensor:
        found: Tensor = self.gather(value.clone())[0]
        return found.clone()

    def lead(self, what: str, **details: Any) -> None:
        self.led.append(what)


def on_ranks(world: int, work: Callable[[ThreadRanks], Found]) -> list[Found]:
    """What each of so many ranks finds."""
    room = Room(world)

    def go(rank: int) -> Found:
        try:
            return work(ThreadRanks(room, rank))
        except BaseException:
            room.barrier.abort()
            raise

    with ThreadPoolExecutor(world) as pool:
        jobs = [pool.submit(go, rank) for rank in range(world)]
    errors = [error for job in jobs if (error := job.exception()) is not None]
    for error in sorted(errors, key=lambda error: isinstance(error, BrokenBarrierError)):
        raise error  # that which broke it comes first
    return [job.result() for job in jobs]
