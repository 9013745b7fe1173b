"""How often the dashboard looks at the store and draws: at rest seldom, else as often as is cheap."""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST_SECONDS, MOST_SECONDS = 0.1, 0.5
SHARE = 0.06  # of a core, that looking and drawing may take
REST_SECONDS = 2.0  # without anything new, before it looks seldom


class Pace:
    """Measures what the time since the last look has cost; times are seconds of a clock and of a core."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, cpu: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._cpu = clock, cpu
        self._stirred, self._used = clock(), cpu()

    def stir(self) -> None:
        """Something has happened, and more may come of it."""
        self._stirred = self._clock()

    def pause(self) -> float:
        """How long until the next look, so that what the last one cost is ``SHARE`` of the time."""
        before, self._used = self._used, self._cpu()
        if self._clock() - self._stirred > REST_SECONDS:
            return MOST_SECONDS
        return min(max((self._used - before) / SHARE, LEAST_SECONDS), MOST_SECONDS)
