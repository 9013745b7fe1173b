"""Step rules: which value comes next when a person presses ← or →."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import floor, isfinite, log10
from typing import NamedTuple, Protocol

Value = float | int | bool | str | tuple[str, ...] | tuple[float, ...] | None


class StepRule(Protocol):
    """Gives the neighbour of a value; values between two rungs go to the nearer rung in that direction."""

    def step(self, value: Value, direction: int) -> Value:
        """The next value up (``direction`` = 1) or down (−1); limits are applied by the caller."""


class OneTwoFive(NamedTuple):
    """1, 2, 5, 10, 20 … times powers of ten, from ``smallest``; below it stands 0 where allowed."""

    smallest: float
    zero: bool = False
    whole: bool = False

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring 1-2-5 value."""
        number = float(value)  # type: ignore[arg-type]
        if direction > 0:
            found = self.smallest if number < self.smallest * (1 - 1e-9) else self._above(number)
        elif number <= self.smallest * (1 + 1e-9):
            found = 0.0 if self.zero else self.smallest
        else:
            found = self._below(number)
        return round(found) if self.whole else found

    def _above(self, number: float) -> float:
        return next(rung for rung in _rungs(number) if rung > number * (1 + 1e-9))

    def _below(self, number: float) -> float:
        return next(rung for rung in reversed(_rungs(number)) if rung < number * (1 - 1e-9))


def _rungs(number: float) -> list[float]:
    # Decimal text, not multiplication: 5 * 10**-1 is 0.5, but 5 * 10.0**-3 is not 0.005.
    exponent = floor(log10(number))
    return [float(f"{m}e{e}") for e in range(exponent - 1, exponent + 2) for m in (1, 2, 5)]


class Ladder(NamedTuple):
    """A fixed list of numbers."""

    rungs: tuple[float, ...]

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring rung; the ends hold."""
        number = float(value)  # type: ignore[arg-type]
        rungs: Sequence[float] = self.rungs
        index = bisect_right(rungs, number) if direction > 0 else bisect_left(rungs, number) - 1
        return rungs[min(max(index, 0), len(rungs) - 1)]


class Doubling:
    """0, 1, 2, 4, 8 and so on."""

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring power of two; 0 stands below 1."""
        number = int(value)  # type: ignore[arg-type]
        if direction > 0:
            return 1 << number.bit_length() if number else 1
        return 1 << ((number - 1).bit_length() - 1) if number > 1 else 0


class Linear(NamedTuple):
    """Multiples of ``by``."""

    by: float
    whole: bool = False

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring multiple."""
        position = float(value) / self.by  # type: ignore[arg-type]
        near = round(position)
        on_rung = abs(position - near) < 1e-9
        if direction > 0:
            rung = near + 1 if on_rung else floor(position) + 1
        else:
            rung = near - 1 if on_rung else floor(position)
        found = round(rung * self.by, 12)
        return round(found) if self.whole else found


class Cycle(NamedTuple):
    """Choices, one after the other, round and round; a value that is not among them goes to an end."""

    values: tuple[Value, ...] = ()

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring choice."""
        if value not in self.values:
            return self.values[0 if direction > 0 else -1]
        return self.values[(self.values.index(value) + direction) % len(self.values)]


CHOICES = Cycle()  # stands for those of the field


class OrWord(NamedTuple):
    """A rule for numbers where a word may stand too: it is typed, and a key leads from it to ``start``."""

    numbers: StepRule
    start: float

    def step(self, value: Value, direction: int) -> Value:
        """The neighbouring number."""
        return self.start if isinstance(value, str) else self.numbers.step(value, direction)


class Emptying(NamedTuple):
    """A list has no neighbours: down empties it, up leaves it as it is.

    Attributes:
        holds: what stands in it. noun: one of them, where they are counted.
    """

    holds: str
    noun: str

    def step(self, value: Value, direction: int) -> Value:
        """Nothing, or what was there."""
        return () if direction < 0 else value


def rung_below(number: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above a positive number."""
    if not (isfinite(number) and number > 0):
        return number
    return max(rung for rung in _rungs(number) if rung <= number)


def tidy(number: float) -> float:
    """A number that a person would choose: one digit of 1, 2, 5, whichever is nearest."""
    if not (isfinite(number) and number > 0):
        return number
    exponent = floor(log10(number))
    mantissa = min((1, 2, 5, 10), key=lambda m: abs(log10(number) - exponent - log10(m)))
    return float(f"{mantissa}e{exponent}")
