"""Small histograms as lines of text: numbers as one row of bars a class, levels as a bar each."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from lrtui.datasets.inspection.record import Histogram
from lrtui.datasets.text import width as columns
from lrtui.tui.plots.predictions import merged
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import counted, share
from lrtui.tui.render.wrapping import fit, pad

EIGHTHS = " ▁▂▃▄▅▆▇█"
PLAIN = " .-=#"
STYLES = ("", "bold")
LABEL = 12  # columns for a level


def number_bars(
    found: Histogram, classes: Sequence[str], ends: tuple[str, str], width: int, height: int, glyphs: Glyphs
) -> list[tuple[str, str]]:
    """Bars of a column of numbers, a line of text with its style each, in at most ``height`` lines.

    Each class is drawn by the share of its own rows, all on one scale: so their shapes compare, however
    many rows they have. ``ends`` are the values at the left and the right end.
    """
    many = len(found.counts)
    room = height - 1  # the ends stand below
    if room < many or width < 12:
        return []
    titled = room >= 2 * many and len(classes) == many and many > 1
    rows = min(room // many - titled, 5)
    bins = [merged(line, width) for line in found.counts]
    wide = max(1, width // len(bins[0]))
    shares = [[count / max(sum(line), 1) for count in line] for line in bins]
    top = max(max(line) for line in shares) or 1.0
    shown = []
    for number, line in enumerate(shares):
        style = STYLES[number % len(STYLES)]
        if titled:
            name = fit(glyphs.safe(classes[number], 60), width - 14, glyphs.ellipsis)
            shown.append((f"{name}: {counted(sum(found.counts[number]), 'row')}", style))
        shown += [
            (text, style)
            for text in _bars([s / top for s in line], rows, wide, ascii_only=glyphs.ascii_only)
        ]
    low, high = ends
    drawn = wide * len(bins[0])
    if len(low) + len(high) + 1 <= drawn:
        shown.append((low + " " * (drawn - len(low) - len(high)) + high, "dim"))
    return shown


def _bars(heights: Sequence[float], rows: int, wide: int, *, ascii_only: bool) -> list[str]:
    """Lines from the top; of a bar that is there at all, something is seen."""
    ramp = PLAIN if ascii_only else EIGHTHS
    steps = len(ramp) - 1
    levels = [ceil(height * rows * steps - 1e-9) for height in heights]
    found = []
    for row in range(rows - 1, -1, -1):
        cells = (ramp[min(max(level - row * steps, 0), steps)] for level in levels)
        found.append("".join(cell * wide for cell in cells))
    return found


def level_bars(
    found: Histogram, classes: Sequence[str], positive: str, width: int, height: int, glyphs: Glyphs
) -> list[tuple[str, str]]:
    """A bar for each level with its rows and, by class, the share of the positive or the commonest one."""
    totals = [sum(line[place] for line in found.counts) for place in range(len(found.labels))]
    if not totals or height < 2 or width < 20:
        return []
    dots, block = glyphs.ellipsis, "#" if glyphs.ascii_only else "█"
    numbers = [f"{total:,}" for total in totals]
    count = max(map(len, numbers))
    notes = [_note(found, classes, positive, place, total, glyphs) for place, total in enumerate(totals)]
    note = max(map(columns, notes), default=0)
    label = min(max(columns(glyphs.safe(text, LABEL)) for text in found.labels), LABEL, max(width // 3, 6))
    room = width - label - count - note - 3
    shown: list[tuple[str, str]] = []
    if note and height > len(totals):
        title = f"share of {glyphs.safe(positive, 20)}" if positive else "commonest class"
        shown.append((pad(fit(title, width, dots), width, right=True), "dim"))
    for place, text in enumerate(found.labels[: height - len(shown)]):
        length = ceil(max(room, 0) * totals[place] / max(max(totals), 1))
        bar = pad(block * length, max(room, 0))
        name = pad(fit(glyphs.safe(text, 60), label, dots), label)
        said = pad(notes[place], note, right=True)
        shown.append((f"{name} {bar} {numbers[place]:>{count}} {said}".rstrip(), ""))
    return shown


def _note(
    found: Histogram, classes: Sequence[str], positive: str, place: int, total: int, glyphs: Glyphs
) -> str:
    if len(found.counts) < 2 or len(classes) != len(found.counts) or not total:
        return ""
    if positive in classes:
        return share(found.counts[classes.index(positive)][place] / total)
    if positive:
        return ""
    most = max(range(len(classes)), key=lambda number: found.counts[number][place])
    return f"{glyphs.safe(classes[most], 10)} {share(found.counts[most][place] / total)}"
