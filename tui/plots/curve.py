"""A loss curve in bounded memory: the extremes of equal stretches of epochs, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

BUCKETS = 2048


class Curve:
    """Buckets of ``width`` epochs each (a power of two), with the lowest and highest finite loss.

    Epochs count from 1; bucket i covers epochs ``i·width + 1`` to ``(i + 1)·width``. When all buckets
    are taken, neighbours are merged. A bucket without any finite loss is ``None``.
    """

    def __init__(self) -> None:
        self.width = 1
        self.buckets: list[tuple[float, float] | None] = []
        self.last_epoch = 0

    def extend(self, first_epoch: int, values: Sequence[float]) -> None:
        """Add the losses of consecutive epochs from ``first_epoch`` on; costs O(new epochs)."""
        if values:
            self._bucket(first_epoch + len(values) - 1)
        done = 0
        while done < len(values):
            epoch = first_epoch + done
            index = self._bucket(epoch)
            end = (index + 1) * self.width
            part = values[done : done + end - epoch + 1]
            finite = part if all(map(isfinite, part)) else [v for v in part if isfinite(v)]
            if finite:
                self._add(index, min(finite), max(finite))
            done += len(part)
            self.last_epoch = epoch + len(part) - 1

    def extend_summary(
        self, first_epoch: int, count: int, lowest: float | None, highest: float | None
    ) -> None:
        """Add a stretch of which only the extremes are known."""
        last = first_epoch + count - 1
        self._bucket(last)
        if lowest is not None and highest is not None:
            for index in range((first_epoch - 1) // self.width, (last - 1) // self.width + 1):
                self._add(index, lowest, highest)
        self.last_epoch = last

    def stretches(self, columns: int) -> list[tuple[float, float, float]]:
        """At most ``columns`` stretches from left to right: middle epoch, lowest, highest."""
        step = max(1, -(-len(self.buckets) // columns))
        found = []
        for start in range(0, len(self.buckets), step):
            part = [b for b in self.buckets[start : start + step] if b is not None]
            if part:
                first = start * self.width + 1
                last = min((start + step) * self.width, self.last_epoch)
                low, high = min(b[0] for b in part), max(b[1] for b in part)
                found.append(((first + last) / 2, low, high))
        return found

    def _bucket(self, epoch: int) -> int:
        """The bucket of an epoch, after making room for it."""
        while (epoch - 1) // self.width >= BUCKETS:
            old = self.buckets
            self.buckets = [_merge(old[i : i + 2]) for i in range(0, len(old), 2)]
            self.width *= 2
        index = (epoch - 1) // self.width
        self.buckets.extend([None] * (index + 1 - len(self.buckets)))
        return index

    def _add(self, index: int, low: float, high: float) -> None:
        self.buckets[index] = _merge([self.buckets[index], (low, high)])


def _merge(pair: list[tuple[float, float] | None]) -> tuple[float, float] | None:
    known = [bucket for bucket in pair if bucket is not None]
    if not known:
        return None
    return min(bucket[0] for bucket in known), max(bucket[1] for bucket in known)
