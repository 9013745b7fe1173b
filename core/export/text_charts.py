"""The plots of a run as lines of text: what reads Markdown mostly shows no picture that stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from lrtui.core.export.plain import one_line

ACROSS, UP = 60, 12  # characters of a plot
BAR, LABEL = 24, 30
SIGNS = ("•", "x", "+", "o")
Points = Sequence[tuple[float, float]]


def text_lines(x: str, lines: dict[str, Points]) -> str:
    """Points of lines over one axis, each line with a sign of its own."""
    shown = {name: [one for one in points if isfinite(one[1])] for name, points in lines.items()}
    every = [point for points in shown.values() for point in points]
    if not every:
        return "nothing but numbers that are not finite"
    low, high = min(0.0, *(point[1] for point in every)), max(point[1] for point in every)
    first, last = min(point[0] for point in every), max(point[0] for point in every)
    grid = [[" "] * ACROSS for _ in range(UP)]
    for number, points in reversed(list(enumerate(shown.values()))):
        for px, py in points:
            column = round((px - first) / ((last - first) or 1) * (ACROSS - 1))
            row = round((py - low) / ((high - low) or 1) * (UP - 1))
            grid[UP - 1 - row][column] = SIGNS[number % len(SIGNS)]
    marks = {0: f"{high:.4g}", UP - 1: f"{low:.4g}"}
    rows = [f"{marks.get(number, ''):>8} |{''.join(row)}".rstrip() for number, row in enumerate(grid)]
    legend = "   ".join(f"{SIGNS[n % len(SIGNS)]} {one_line(name)}" for n, name in enumerate(shown))
    ends = f"{first:g}".ljust(ACROSS - len(f"{last:g}")) + f"{last:g}"
    return "\n".join(
        [*rows, f"{'':8} +{'-' * ACROSS}", f"{'':10}{ends}", f"{'':10}{one_line(x)}   {legend}"]
    )


def text_bars(bars: Sequence[tuple[str, float]]) -> str:
    """A bar of # for each name, one below 0 of -."""
    largest = max((abs(value) for _, value in bars), default=0.0) or 1.0
    rows = []
    for name, value in bars:
        plain = one_line(name)
        short = plain if len(plain) <= LABEL else f"{plain[: LABEL - 1]}…"
        bar = ("#" if value >= 0 else "-") * round(BAR * abs(value) / largest)
        rows.append(f"{short:<{LABEL}} {value:>11.4g} {bar}".rstrip())
    return "\n".join(rows)


def text_histogram(counts: dict[str, Sequence[int]], together: int = 4) -> str:
    """Rows by probability, a column a class, some bins of the histogram together."""
    names = [one_line(name) for name in counts]
    each = [
        [sum(values[start : start + together]) for start in range(0, len(values), together)]
        for values in counts.values()
    ]
    rows = [f"{'from':>6} {'to':>6}  {'   '.join(names)}"]
    for number, found in enumerate(zip(*each, strict=True)):
        low, high = number / len(each[0]), (number + 1) / len(each[0])
        cells = (f"{count:>{max(len(name), 1)},}" for count, name in zip(found, names, strict=True))
        rows.append(f"{low:>6.2f} {high:>6.2f}  {'   '.join(cells)}")
    return "\n".join(rows)
