"""Round numbers for axes, and their labels."""

from __future__ import annotations

from math import ceil, floor, log10

STEPS = (1, 2, 5, 10)


def step_for(span: float, count: int) -> float:
    """The smallest of 1, 2, 5 times a power of ten that divides ``span`` into at most ``count``."""
    rough = span / max(count, 1)
    exponent = floor(log10(rough)) if rough > 0 else 0
    rungs = [float(f"{m}e{exponent}") for m in STEPS]
    return next(rung for rung in rungs if rung >= rough * (1 - 1e-9))


def linear_ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers that enclose a range; the first and last are the ends of the axis."""
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    if 0 < low < 0.5 * high:
        low = 0.0
    step = step_for(high - low, count)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [float(f"{i * step:.12g}") for i in range(first, max(last, first + 1) + 1)]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """Powers of ten that enclose a positive range, or 1-2-5 steps where it spans less than two."""
    bottom, top = floor(log10(low) + 1e-9), ceil(log10(high) - 1e-9)
    if top - bottom >= 2:
        stride = ceil((top - bottom) / max(count, 1))
        return [_power(1, e) for e in range(bottom, top + stride, stride)]
    rungs = [_power(m, e) for e in range(bottom - 1, top + 2) for m in (1, 2, 5)]
    below = [r for r in rungs if r <= low * (1 + 1e-9)][-1:]
    inside = [r for r in rungs if low * (1 + 1e-9) < r < high * (1 - 1e-9)]
    above = [r for r in rungs if r >= high * (1 - 1e-9) and r not in below][:1]
    return below + inside + above


def _power(mantissa: int, exponent: int) -> float:
    return float(f"{mantissa}e{exponent}")


def round_up(number: float) -> float:
    """The next of 1, 1.5, 2, 3, 5, 7 times a power of ten: an axis that grows seldom."""
    exponent = floor(log10(number))
    rungs = [float(f"{m}e{exponent}") for m in (1, 1.5, 2, 3, 5, 7, 10)]
    return next(rung for rung in rungs if rung >= number * (1 - 1e-9))


def number_label(value: float) -> str:
    """At most six columns: 0.25, 40, 2000, 1e6, 2e-5."""
    if value == 0:
        return "0"
    if 1e-3 <= abs(value) < 1e5 and len(f"{value:.6g}") <= 6:
        return f"{value:.6g}"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(exponent)}"


def epoch_label(epoch: float) -> str:
    """200, 2k, 1.5M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if epoch >= size:
            return f"{epoch / size:.6g}{unit}"
    return f"{epoch:.6g}"
