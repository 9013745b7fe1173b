"""Plots of a run as SVG, drawn without any library: two axes, lines, bars, and words that are escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import ceil, floor, isfinite, log10

from lrtui.core.export.plain import one_line

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 42, 44
COLOURS = ("#1f6feb", "#d1570a", "#2da44e", "#8250df", "#bf3989", "#57606a")  # told apart by place, too
MOST_POINTS = 600  # of a line
LONGEST = 34  # characters of a name beside a bar
Points = Sequence[tuple[float, float]]


def line_chart(title: str, x: str, lines: dict[str, Points]) -> str:
    """Lines over one axis, each with its name; numbers that are not finite leave a gap."""
    shown = {
        name: _thinned([point for point in points if isfinite(point[1])]) for name, points in lines.items()
    }
    every = [point for points in shown.values() for point in points] or [(0.0, 0.0)]
    xs, ys = [point[0] for point in every], [point[1] for point in every]
    across, up = _scale(min(xs), max(xs)), _scale(min(0.0, *ys), max(ys))
    parts = [*_frame(title, across, up), _words(WIDTH / 2, HEIGHT - 8, x, "middle")]
    for number, (name, points) in enumerate(shown.items()):
        colour, dashes = (
            COLOURS[number % len(COLOURS)],
            "" if number == 0 else f' stroke-dasharray="{6 - number} 3"',
        )
        path = " ".join(f"{_x(px, across):.1f},{_y(py, up):.1f}" for px, py in points)
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dashes}/>'
        )
        at = LEFT + 150 * number
        parts.append(
            f'<line x1="{at}" y1="26" x2="{at + 22}" y2="26" stroke="{colour}" stroke-width="2"{dashes}/>'
        )
        parts.append(_words(at + 28, 30, name))
    return _svg(title, parts, HEIGHT)


def bar_chart(title: str, bars: Sequence[tuple[str, float]]) -> str:
    """A bar for each name, to the right of the middle or to the left."""
    height = TOP + 18 * max(len(bars), 1) + 12
    largest = max((abs(number) for _, number in bars), default=0.0) or 1.0
    middle, room = 430.0, 130.0
    parts = [_words(8, 18, title, bold=True)]
    for number, (name, value) in enumerate(bars):
        y = TOP + 18 * number
        length = room * abs(value) / largest
        x = middle if value >= 0 else middle - length
        colour = COLOURS[0] if value >= 0 else COLOURS[1]
        short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
        parts.append(_words(8, y + 12, short))
        parts.append(f'<rect x="{x:.1f}" y="{y}" width="{length:.1f}" height="14" fill="{colour}"/>')
        parts.append(_words(WIDTH - 8, y + 12, f"{value:.4g}", "end"))
    parts.append(f'<line x1="{middle}" y1="{TOP - 4}" x2="{middle}" y2="{height - 8}" stroke="#57606a"/>')
    return _svg(title, parts, height)


def histogram(title: str, x: str, counts: dict[str, Sequence[int]]) -> str:
    """How many rows fall into equal parts from 0 to 1, a colour a class, one beside the other."""
    most = max((max(values, default=0) for values in counts.values()), default=0) or 1
    across, up = (0.0, 1.0, 0.2), _scale(0.0, float(most))
    parts = [*_frame(title, across, up), _words(WIDTH / 2, HEIGHT - 8, x, "middle")]
    for number, (name, values) in enumerate(counts.items()):
        bins = max(len(values), 1)
        wide = (WIDTH - LEFT - RIGHT) / bins / max(len(counts), 1)
        for place, count in enumerate(values):
            left, top = _x(place / bins, across) + wide * number, _y(count, up)
            tall = _y(0, up) - top
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(wide - 0.6, 0.5):.1f}" '
                f'height="{tall:.1f}" fill="{COLOURS[number % len(COLOURS)]}"/>'
            )
        at = LEFT + 220 * number
        parts.append(
            f'<rect x="{at}" y="21" width="12" height="10" fill="{COLOURS[number % len(COLOURS)]}"/>'
        )
        parts.append(_words(at + 18, 30, name))
    return _svg(title, parts, HEIGHT)


def _svg(title: str, parts: Sequence[str], height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img" font-family="sans-serif" font-size="12">'
        f"<title>{_text(title)}</title>"
        f'<rect width="100%" height="100%" fill="#ffffff"/>{"".join(parts)}</svg>'
    )


def _text(text: str) -> str:
    return escape(one_line(text))


def _words(x: float, y: float, text: str, anchor: str = "start", *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{weight} fill="#24292f">{_text(text)}</text>'


Axis = tuple[float, float, float]
"""From where to where, and how far apart its numbers are."""


def _scale(low: float, high: float) -> Axis:
    """An axis of round numbers that holds both."""
    if not high > low:
        low, high = low - 0.5, low + 0.5
    rough = (high - low) / 5
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    return floor(low / step) * step, ceil(high / step) * step, step


def _frame(title: str, across: Axis, up: Axis) -> list[str]:
    parts = [_words(8, 16, title, bold=True)]
    for axis, vertical in ((across, False), (up, True)):
        low, high, step = axis
        for number in range(round((high - low) / step) + 1):
            value = low + number * step
            if vertical:
                y = _y(value, axis)
                parts.append(
                    f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#d0d7de"/>'
                )
                parts.append(_words(LEFT - 6, y + 4, f"{value:.6g}", "end"))
            else:
                parts.append(_words(_x(value, axis), HEIGHT - BOTTOM + 16, f"{value:.6g}", "middle"))
    return parts


def _x(value: float, axis: Axis) -> float:
    return LEFT + (value - axis[0]) / (axis[1] - axis[0]) * (WIDTH - LEFT - RIGHT)


def _y(value: float, axis: Axis) -> float:
    return HEIGHT - BOTTOM - (value - axis[0]) / (axis[1] - axis[0]) * (HEIGHT - TOP - BOTTOM)


def _thinned(points: Points) -> Points:
    """Of many points the lowest and the highest of each stretch, in their order."""
    if len(points) <= MOST_POINTS:
        return points
    each = ceil(2 * len(points) / MOST_POINTS)
    found: list[tuple[float, float]] = []
    for start in range(0, len(points), each):
        some = points[start : start + each]
        found += sorted({min(some, key=lambda one: one[1]), max(some, key=lambda one: one[1])})
    return found
