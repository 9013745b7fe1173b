"""The time budget of one ``advance``. No torch in here."""

from __future__ import annotations

import time

CLOCK_SECONDS = 0.002  # epochs between two looks at the clock take about so long


class Pace:
    """Says how many epochs to run before the next look at the clock: many where epochs are short.

    ``seconds`` is the budget, or ``None``; ``epochs`` is a first guess, and holds the newest afterwards.
    """

    def __init__(self, seconds: float | None, epochs: int) -> None:
        self.epochs = epochs
        self._started = self._looked_at = time.perf_counter()
        self._until = None if seconds is None else self._started + seconds

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self._started

    def over(self, done: int) -> bool:
        """Called after so many epochs: is the budget used up?"""
        now = time.perf_counter()
        fitting = int(done * CLOCK_SECONDS / max(now - self._looked_at, 1e-9))
        self.epochs = max(1, min(2 * max(done, self.epochs), fitting))
        self._looked_at = now
        return self._until is not None and now >= self._until
