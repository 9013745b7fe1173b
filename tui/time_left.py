"""How long a run still takes at its present rate: nothing before it was measured, no jumping after."""

from __future__ import annotations

from collections import deque

from lrtui.core.store import Run, Status

SURE_SECONDS = 2.0  # of epochs that were seen, before anything is said
WINDOW_SECONDS = 20.0  # the rate is that of so long
APART_SECONDS = 0.25  # between two epochs that are kept of it
STEADY = 0.15  # a word stands while what is measured differs by less than this part of it,
HOLD_SECONDS = 5.0  # and for so long in any case,
FAR = 0.5  # but where it differs by more than this part
STALLED = 4.0  # times as long as an epoch took: the rate is not what it was


class TimeLeft:
    """Watches one run by the clock on the wall, which is what a person waits by."""

    def __init__(self) -> None:
        self._run: tuple[int, int] | None = None  # and its number of epochs, which may be changed
        self._seen: deque[tuple[float, int]] = deque()  # when an epoch was first seen, by that epoch
        self._end: float | None = None  # by the same clock, as it was told last
        self._told_at = 0.0
        self._last = (0.0, 0)

    def left(self, run: Run | None, now: float) -> float | None:
        """Seconds; ``None`` where that is not known. ``now`` by a clock that only goes forward."""
        if run is None or run.status is not Status.RUNNING:
            self._run = None
            return None
        if (run.id, run.config.epochs) != self._run:
            self._run, self._end, self._last = (run.id, run.config.epochs), None, (now, run.epoch)
            self._seen.clear()
        if run.epoch != self._last[1]:  # the first is not told: nobody knows when it began
            self._last = (now, run.epoch)
            if not self._seen or now - self._seen[-1][0] >= APART_SECONDS:
                self._seen.append(self._last)
            while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW_SECONDS:
                self._seen.popleft()
        found = self._measured(run.config.epochs, now)
        if found is None:
            self._end = None
        elif self._end is None or self._is_off(found, now):
            self._end, self._told_at = found, now
        return None if self._end is None else max(self._end - now, 0.0)

    def _is_off(self, found: float, now: float) -> bool:
        """Whether what was told is not true enough any more."""
        off, rest = abs(found - (self._end or 0.0)), found - now
        held = now - self._told_at < HOLD_SECONDS
        return off > max((FAR if held else STEADY) * rest, 1.0)

    def _measured(self, epochs: int, now: float) -> float | None:
        """When the run ends, if it goes on as in the window."""
        first = self._seen[0] if self._seen else self._last
        seconds, done = self._last[0] - first[0], self._last[1] - first[1]
        if seconds < SURE_SECONDS or done <= 0:
            return None
        each = seconds / done
        if now - self._last[0] > max(STALLED * each, SURE_SECONDS):
            return None
        return self._last[0] + (epochs - self._last[1]) * each
