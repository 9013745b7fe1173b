"""Round numbers for axes: where they stand and how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from math import ceil, floor, isclose, log10
from typing import NamedTuple

Tick = tuple[float, str]
SMALLEST = 1e-300  # a step of a hundredth of this is still above zero
LARGEST = 1e300  # twice this is still finite, so that no difference of two values overflows


class Axis(NamedTuple):
    """Limits, round ticks, and where a value stands between the limits."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    log: bool = False

    def fraction(self, value: float) -> float | None:
        """0 at ``low`` to 1 at ``high``; outside values are held at the ends.

        ``None`` for a value that a log scale cannot show.
        """
        if self.log:
            if value <= 0:
                return None
            low, high, value = log10(self.low), log10(self.high), log10(value)
        else:
            low, high = self.low, self.high
        return min(max((value - low) / (high - low), 0.0), 1.0)


def round_steps(least: float) -> Iterator[float]:
    """1, 2 or 5 times a power of ten, from the first that is at least ``least`` on."""
    exponent = floor(log10(least))
    while True:
        for mantissa in (1, 2, 5):
            step = float(f"{mantissa}e{exponent}")
            if step >= least * (1 - 1e-9):
                yield step
        exponent += 1


def round_up(value: float) -> int:
    """The first of 1, 2, 5, 10, 20, 50 … that is at least ``value``."""
    return int(next(round_steps(max(value, 1))))


def multiples(step: float, low: float, high: float) -> list[float]:
    """The multiples of ``step`` from ``low`` to ``high``."""
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [float(f"{n * step:.12g}") for n in range(first, last + 1)]


def value_labels(values: list[float], step: float) -> tuple[Tick, ...]:
    """Ticks ``step`` apart, short and all in one style: ``0.25``, ``40``, ``20k``, ``5e29``."""
    largest = max(map(abs, values), default=0.0)
    digit = floor(log10(step) + 1e-9)

    def label(value: float) -> str:
        if value == 0:
            return "0"
        if largest >= 1e6 or digit < -3:
            decimals = max(0, floor(log10(abs(value)) + 1e-9) - digit)
            mantissa, exponent = f"{value:.{decimals}e}".split("e")
            return f"{mantissa}e{int(exponent)}"
        if largest >= 1e4:
            return f"{value / 1000:.{max(0, 3 - digit)}f}k"
        return f"{value:.{max(0, -digit)}f}"

    return tuple((value, label(value)) for value in values)


def epoch_labels(epochs: list[int]) -> list[Tick]:
    """Epochs in full, or in thousands or millions where they are long."""
    largest = max(epochs, default=0)
    step = epochs[1] - epochs[0] if len(epochs) > 1 else largest
    for unit, letter in ((10**9, "G"), (10**6, "M")):
        if largest >= unit and step >= unit // 10:
            return [(e, f"{e / unit:g}{letter}" if e else "0") for e in epochs]
    if largest >= 10_000 or step >= 1000:
        return [(e, f"{e / 1000:g}k" if e else "0") for e in epochs]
    return [(e, str(e)) for e in epochs]


def epoch_ticks(last: int, columns: int, first: int = 0) -> list[Tick]:
    """Round epochs from ``first`` to ``last``, as many as are legible side by side."""
    span = last - first
    for step in map(int, round_steps(max(1.0, span / max(columns, 1)))):
        ticks = epoch_labels(list(range(-(-first // step) * step, last + 1, step)))
        widest = max((len(label) for _, label in ticks), default=0)
        if len(ticks) <= 1 or columns * step / span >= widest + 5:
            return ticks
    raise AssertionError("round_steps is endless")


def linear_axis(lowest: float, highest: float, rows: int, room: int, least_step: float = 0.0) -> Axis:
    """A linear axis of ``rows`` rows whose labels are at most ``room`` long.

    Ticks are at least ``least_step`` apart: 1 for counts.

    A range that is narrow for its height is widened to a hundredth of it: three digits tell its
    ticks apart, and rounding noise does not fill the plot. Zero is shown when it is not far.
    """
    low, high = (0.0 if abs(v) < SMALLEST else min(max(v, -LARGEST), LARGEST) for v in (lowest, highest))
    if 0 <= low <= 0.3 * high:
        low = 0.0
    least = max(abs(low), abs(high)) * 0.01 or 1.0
    if high - low < max(least, 1e-300):
        middle = low / 2 + high / 2
        low, high = (middle - least / 2, middle + least / 2) if middle else (0.0, 1.0)
    for step in round_steps(max((high - low) / max(rows, 2), least_step)):
        grain = step / 2
        bottom, top = floor(low / grain + 1e-9) * grain, ceil(high / grain - 1e-9) * grain
        ticks = value_labels(multiples(step, bottom, top), step)
        axis = Axis(bottom, top, ticks)
        if _legible(axis, rows, room):
            return axis
        if len(ticks) <= 1:
            return Axis(bottom, top, ())
    raise AssertionError("round_steps is endless")


def log_axis(lowest: float, highest: float, rows: int, room: int) -> Axis:
    """A logarithmic axis: powers of ten, 1-2-5 within few decades, any round number within one."""
    low, high = (log10(min(max(v, 1e-300), LARGEST)) for v in (lowest, highest))
    if high - low < 0.01:
        low, high = low - 0.02, high + 0.02
    grain = 0.25 if high - low > 0.5 else 0.05 if high - low > 0.1 else 0.01
    bottom, top = 10 ** (floor(low / grain) * grain), 10 ** (ceil(high / grain) * grain)
    found = Axis(bottom, top, (), log=True)
    candidates: list[Callable[[], Iterable[Tick]]] = [
        lambda: _rounds(bottom, top, (1, 2, 5)),
        *(lambda s=s: _rounds(bottom, top, (1,), s) for s in (1, 2, 5, 10, 20, 50, 100)),
        lambda: linear_axis(bottom, top, rows, room).ticks,
    ]
    if top / bottom < 5:
        candidates.insert(0, candidates.pop())
    for candidate in candidates:
        ticks = tuple(t for t in candidate() if bottom * (1 - 1e-9) <= t[0] <= top * (1 + 1e-9))
        axis = Axis(bottom, top, ticks, log=True)
        if len(ticks) >= min(2, rows) and _legible(axis, rows, room):
            return axis
        if len(ticks) == 1 and not found.ticks and _legible(axis, rows, room):
            found = axis
    return found


def _rounds(low: float, high: float, mantissas: tuple[int, ...], stride: int = 1) -> Iterator[Tick]:
    for exponent in range(floor(log10(low) / stride) * stride, ceil(log10(high)) + 1, stride):
        for mantissa in mantissas:
            yield float(f"{mantissa}e{exponent}"), power_label(mantissa, exponent)


def power_label(mantissa: int, exponent: int) -> str:
    """``0.001``, ``0.5``, ``20``; ``1e-4`` and ``2e4`` further out."""
    if not -3 <= exponent <= 3:
        return f"{mantissa}e{exponent}"
    return f"{mantissa * 10**exponent}" if exponent >= 0 else f"{mantissa / 10**-exponent:.{-exponent}f}"


def _legible(axis: Axis, rows: int, room: int) -> bool:
    """Whether labels fit their room, differ, and leave a row between them where rows allow."""
    labels = [label for _, label in axis.ticks]
    if any(len(label) > room for label in labels) or len(set(labels)) < len(labels):
        return False
    at = [(axis.fraction(value) or 0.0) * (rows - 1) for value, _ in axis.ticks]
    least = 1 if rows < 4 else 1.5 if axis.log or rows == 4 else 2
    return all(b - a >= least or isclose(b - a, least) for a, b in pairwise(at))
