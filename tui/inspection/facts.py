"""What is known of the column under the cursor, with its small histogram."""

from __future__ import annotations

from lrtui.datasets.inspection.record import Facts
from lrtui.tui.inspection.bars import level_bars, number_bars
from lrtui.tui.inspection.choice import Choice
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import counted, share, short
from lrtui.tui.render.wrapping import Part, fit, wrapped

Lines = list[list[Part]]
PARTS = {
    "weights": "weighs the rows in the loss",
    "group": "rows with equal values stay in one part",
    "time": "the latest rows are the test part",
}
LEAST_BARS = 4  # lines below which a histogram says nothing


def fact_lines(choice: Choice, facts: Facts, width: int, height: int, glyphs: Glyphs) -> Lines:
    """At most ``height`` lines of ``width`` columns: name, facts, and where the values lie."""
    shown: Lines = [[(fit(glyphs.safe(facts.name, 200), width, glyphs.ellipsis), "bold")]]
    for text, style in _sentences(choice, facts, glyphs):
        shown += [[(line, style)] for line in wrapped(text, width)]
    room = height - len(shown) - 1
    bars = _bars(choice, facts, width, room, glyphs)
    if not bars and facts.histogram is not None and height > LEAST_BARS + 3:
        shown = shown[: height - LEAST_BARS - 2]
        bars = _bars(choice, facts, width, height - len(shown) - 1, glyphs)
    if bars:
        shown.append([""])
        shown += [[bar] for bar in bars]
    return shown[:height]


def _sentences(choice: Choice, facts: Facts, glyphs: Glyphs) -> list[tuple[str, str]]:
    """What is known, and what becomes of the column; with the style of each sentence."""
    rows = choice.inspection.looked_at
    found = [(f"{facts.kind}, {facts.distinct:,} distinct", "")]
    if facts.missing:
        found.append((f"{facts.missing:,} missing ({share(facts.missing / max(rows, 1))})", ""))
    found += [(text, "") for text in _range(facts, glyphs)]
    if facts.codes:
        words = " and ".join(facts.codes)
        taken = set(map(float, facts.codes)) <= set(choice.codes)
        found.append((f"{words} counts as missing" if taken else f"{words}: missing? m says so", ""))
    for candidate in choice.inspection.candidates:
        if candidate.column == facts.name and facts.name != choice.target:
            found.append((f"may be the target: {', '.join(candidate.reasons)}", ""))
    use = choice.use_of(facts)
    if facts.name == choice.target:
        found.append(("the target", ""))
    elif use in PARTS:
        found.append((PARTS[use], ""))
    elif use != facts.kind:
        found.append((use if use.startswith("left out") else f"becomes {use}", ""))
    if facts.reason and facts.reason not in (use, "0 and 1"):
        found.append((glyphs.safe(facts.reason), "dim"))
    return found


def _range(facts: Facts, glyphs: Glyphs) -> list[str]:
    if facts.first:
        return [f"{facts.first} to {facts.last}"]
    if facts.low is not None and facts.high is not None and facts.kind != "flag":
        found = [f"{short(facts.low)} to {short(facts.high)}"]
        if facts.mean is not None and facts.median is not None:
            found.append(f"mean {short(facts.mean)}, median {short(facts.median)}")
        return found
    if facts.histogram is None and facts.levels and facts.distinct > 1:
        told = (f"{glyphs.safe(value, 20)} ({counted(n, 'row')})" for value, n in facts.levels[:4])
        return [", ".join(told)]
    return []


def _bars(choice: Choice, facts: Facts, width: int, height: int, glyphs: Glyphs) -> list[tuple[str, str]]:
    bars = facts.histogram
    if bars is None or height < LEAST_BARS:
        return []
    inspection = choice.inspection
    classes = inspection.shown_classes
    if facts.name == inspection.target:
        classes = ()  # of the target itself only the rows of each value tell something
    if bars.labels:
        positive = choice.positive if inspection.target == choice.target else ""
        return level_bars(bars, classes, positive, width, height, glyphs)
    if facts.first:
        ends = facts.first[:10], facts.last[:10]
    else:
        ends = short(facts.low or 0.0), short(facts.high or 0.0)
    return number_bars(bars, classes, ends, width, height, glyphs)
