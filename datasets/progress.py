"""Long work on data that somebody watches and may call off. Neither NumPy nor polars in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

SURE_SECONDS = 0.5  # of work, before anything is said of the rest


class Cancelled(Exception):  # noqa: N818 - nothing is wrong
    """The work was called off; nothing is left behind."""


@dataclass(frozen=True)
class Step:
    """How far the work is.

    Attributes:
        what: is done, as a word: ``reading`` or ``preparing``. share: of it that is done, from 0 to 1.
    """

    what: str
    share: float


@dataclass(frozen=True)
class Progress:
    """Who watches: ``tell`` hears of every step, and the work ends where ``go_on`` says no.

    Both are called often, from the thread of the work, and should take microseconds.
    """

    go_on: Callable[[], bool] = lambda: True
    tell: Callable[[Step], None] = lambda _: None

    def at(self, what: str, share: float) -> None:
        """The work is so far.

        Raises:
            Cancelled: it was called off.
        """
        if not self.go_on():
            raise Cancelled
        self.tell(Step(what, min(max(share, 0.0), 1.0)))


NOBODY = Progress()


class Rest:
    """How long the rest of a piece of work takes, from how long the beginning took."""

    def __init__(self) -> None:
        self._what = ""
        self._since = 0.0
        self._from = 0.0

    def left(self, step: Step, now: float) -> float | None:
        """Seconds, once there is something to judge by; ``now`` by a clock that only goes forward."""
        if step.what != self._what:
            self._what, self._since, self._from = step.what, now, step.share
        done, spent = step.share - self._from, now - self._since
        if done <= 0 or spent < SURE_SECONDS:
            return None
        return spent * (1 - step.share) / done
