"""Which part of an axis is in view, while the axis may grow: closer, farther, along it, and whole again."""

from __future__ import annotations

STEP = 0.25  # of what is in view, that one move goes


class Zoom:
    """A part of an axis from ``low`` to ``high``, which are told anew each time: a run goes on.

    Where it ``follows`` and the highest value is in view, that stays in view as the axis grows.
    """

    def __init__(self, *, follows: bool = False) -> None:
        self._follows = follows
        self._span: float | None = None  # of the part; the whole without it
        self._end: float | None = None  # where the part ends; at the highest value without it

    def reset(self) -> None:
        """All is in view."""
        self._span = self._end = None

    @property
    def is_whole(self) -> bool:
        """Whether all is in view."""
        return self._span is None

    def part(self, low: float, high: float) -> tuple[float, float]:
        """What is in view."""
        if self._span is None or self._span >= high - low:
            return low, high
        end = high if self._end is None else min(max(self._end, low + self._span), high)
        return end - self._span, end

    def step(self, by: int, low: float, high: float, least: float) -> None:
        """Half of what is in view (1), twice as much (-1), or the whole (0); never less than ``least``."""
        start, end = self.part(low, high)
        span = max((end - start) / 2, least) if by > 0 else 2 * (end - start)
        if not by or span >= high - low:
            self.reset()
        else:
            self._span = span
            self._stop(end if self._follows and end >= high else (start + end + span) / 2, low, high)

    def pan(self, by: int, low: float, high: float) -> None:
        """Along the axis, a quarter of what is in view a step."""
        start, end = self.part(low, high)
        if self._span is not None:
            self._stop(end + by * STEP * (end - start), low, high)

    def _stop(self, end: float, low: float, high: float) -> None:
        end = min(max(end, low + (self._span or 0.0)), high)
        self._end = None if self._follows and end >= high else end
