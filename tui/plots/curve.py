"""A loss curve of any length in constant memory: the lowest and the highest of each few epochs."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from math import ceil, inf, isfinite, nan

BUCKETS = 2048


class Curve:
    """The extremes of a loss curve, epoch by epoch at first, coarser as it grows.

    Epochs count from 1. At most ``BUCKETS`` buckets of ``bucket_epochs`` epochs each are kept; the
    width of a bucket is a power of two and depends on the newest epoch alone, and buckets begin at
    fixed epochs. So how the values were sliced when they came in never changes the result.
    """

    def __init__(self) -> None:
        self.bucket_epochs = 1
        self.last_epoch = 0
        self.first_nonfinite: int | None = None
        self.lowest = array("d")
        self.highest = array("d")

    def __bool__(self) -> bool:
        """Whether there is a finite value."""
        return self.extremes() is not None

    def extend(self, first_epoch: int, values: Sequence[float] | array[float]) -> None:
        """Add the losses of consecutive epochs, each epoch once.

        Values that are not finite are left out; ``first_nonfinite`` is the first such epoch.
        The cost is that of the new values, however many came before.

        Raises:
            ValueError: ``first_epoch`` is below 1.
        """
        if not values:
            return
        self._grow(first_epoch, len(values))
        done = 0
        while done < len(values):
            index, offset = divmod(first_epoch - 1 + done, self.bucket_epochs)
            part = values[done : done + self.bucket_epochs - offset]
            if not isfinite(sum(part)):  # or the sum overflows, which costs time but no truth
                self._note_nonfinite(first_epoch + done, part)
                part = [value for value in part if isfinite(value)]
            if part:
                self._merge(index, min(part), max(part))
            done += self.bucket_epochs - offset

    def extend_summary(
        self, first_epoch: int, count: int, lowest: float | None, highest: float | None
    ) -> None:
        """Add ``count`` epochs of which only the extremes are known.

        Every bucket they reach gets both extremes: no bucket says less than what may have been.
        ``None``, or an extreme that is not finite, says that some of them were not finite.

        Raises:
            ValueError: ``first_epoch`` is below 1.
        """
        if count <= 0:
            return
        self._grow(first_epoch, count)
        known = [value for value in (lowest, highest) if value is not None and isfinite(value)]
        if len(known) < 2:
            self._note_nonfinite(first_epoch, [nan])
        if known:
            start = (first_epoch - 1) // self.bucket_epochs
            stop = (first_epoch + count - 2) // self.bucket_epochs + 1
            for index in range(start, stop):
                self._merge(index, known[0], known[-1])

    def spans(self, end: int, slots: int, begin: int = 0) -> list[tuple[int, float, float]]:
        """The curve on an axis from epoch ``begin`` to ``end`` that is ``slots`` wide.

        For each slot in which there is a finite value: the slot, the lowest and the highest value.
        Every bucket counts in one slot, that of its middle; on a whole axis what lies beyond counts in the
        last. The cost is that of the slots, for the buckets are sliced.
        """
        scale = (slots - 1) / max(end - begin, 1)
        middle = 1 + (self.bucket_epochs - 1) / 2

        def after(slot: int) -> int:
            """The first bucket that counts in a later slot."""
            return ceil((begin + (slot + 0.5) / scale - middle) / self.bucket_epochs - 1e-9)

        found = []
        start = max(after(-1), 0) if begin else 0
        for slot in range(slots):
            stop = len(self.lowest) if slot == slots - 1 and not begin else after(slot)
            if stop <= start:
                continue
            low = min(self.lowest[start:stop], default=inf)
            if low < inf:
                found.append((slot, low, max(self.highest[start:stop])))
            start = stop
        return found

    def extremes(self) -> tuple[float, float] | None:
        """The lowest and the highest finite value, if there is one."""
        lowest, highest = min(self.lowest, default=inf), max(self.highest, default=-inf)
        return (lowest, highest) if lowest <= highest else None

    def least_positive(self) -> float | None:
        """The least of the extremes kept that is above 0: where a log scale must begin."""
        found = [v for v in self.lowest if 0 < v < inf] or [v for v in self.highest if v > 0]
        return min(found, default=None)

    def _grow(self, first_epoch: int, count: int) -> None:
        """Make room before anything is added: so a long extension is coarse from its start."""
        if first_epoch < 1:
            raise ValueError(f"epochs count from 1, not from {first_epoch}")
        self.last_epoch = max(self.last_epoch, first_epoch + count - 1)
        while (self.last_epoch - 1) // self.bucket_epochs >= BUCKETS:
            self._halve()
        missing = (self.last_epoch - 1) // self.bucket_epochs + 1 - len(self.lowest)
        self.lowest.extend([inf] * missing)
        self.highest.extend([-inf] * missing)

    def _halve(self) -> None:
        """Merge pairs of buckets; an odd one out is half of a pair still to come."""
        if len(self.lowest) % 2:
            self.lowest.append(inf)
            self.highest.append(-inf)
        self.lowest = array("d", map(min, self.lowest[::2], self.lowest[1::2]))
        self.highest = array("d", map(max, self.highest[::2], self.highest[1::2]))
        self.bucket_epochs *= 2

    def _merge(self, index: int, lowest: float, highest: float) -> None:
        self.lowest[index] = min(self.lowest[index], lowest)
        self.highest[index] = max(self.highest[index], highest)

    def _note_nonfinite(self, first_epoch: int, values: Sequence[float] | array[float]) -> None:
        for epoch, value in enumerate(values, first_epoch):
            if not isfinite(value):
                if self.first_nonfinite is None or epoch < self.first_nonfinite:
                    self.first_nonfinite = epoch
                return
