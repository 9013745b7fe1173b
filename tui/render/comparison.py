"""Runs side by side as lines: what differs, then what each reached."""

from __future__ import annotations

from typing import Any

from lrtui.core.comparison import Comparison, Row
from lrtui.core.config import knob, knobs, shown_value
from lrtui.core.doctor.diagnosis import Health
from lrtui.datasets.text import width as columns_of
from lrtui.tui.render.diagnosis import WORDS
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import clock, number
from lrtui.tui.render.wrapping import fit, pad, wrapped

LETTERS = "ABCDEF"  # of the runs, here and in the plot
BEST = "*"
LABEL = 18  # columns at most
LEAST = 7  # columns for a run
LABELS = {
    "epochs_done": "epochs done", "train_loss": "train loss", "test_loss": "test loss",
    "test_accuracy": "accuracy", "test_balanced_accuracy": "balanced accuracy", "test_auc": "ROC AUC",
    "seconds": "time",
}  # fmt: skip


def comparison_lines(found: Comparison, width: int, glyphs: Glyphs) -> list[str]:
    """A column for each run under its letter; ``*`` is the best of numbers that can be compared."""
    runs = [(letter, run) for letter, run in zip(LETTERS, found.runs, strict=False)]
    heads = [f"{letter} run {run.id}" for letter, run in runs]
    names = [glyphs.safe(run.title) for _, run in runs]
    body = [(_label(row.name), _cells(row, glyphs)) for row in (*found.differs, *found.reached)]
    label = min(LABEL, max(columns_of(text) for text, _ in body))
    room = max(LEAST, (width - label - 1) // len(runs) - 1)
    cells = [heads, names, *(cells for _, cells in body)]
    room = min(room, max(columns_of(cell) for row in cells for cell in row))

    def line(title: str, values: list[str]) -> str:
        shown = " ".join(pad(fit(value, room, glyphs.ellipsis), room, right=True) for value in values)
        return f"{pad(fit(title, label, glyphs.ellipsis), label)} {shown}".rstrip()

    lines = [line("", heads), line("", names), ""]
    lines += [line(title, values) for title, values in body[: len(found.differs)]]
    lines += [] if found.differs else ["No setting differs."]
    lines += ["", *(line(title, values) for title, values in body[len(found.differs) :])]
    if not found.same_rows:
        lines += ["", "Tested on different rows: no score is better than another."]
    elif any(row.best for row in found.reached):
        lines += ["", f"{BEST} the best of them"]
    if found.flattered:
        which = ", ".join(LETTERS[place] for place in found.flattered)
        told = f"Shown at the epoch of the best test loss, so that its test scores flatter: {which}."
        lines += ["", *wrapped(told, width)]
    return lines


def _label(name: str) -> str:
    return knob(name).label if name in knobs() else LABELS.get(name, name.replace("_", " "))


def _cells(row: Row, glyphs: Glyphs) -> list[str]:
    found = [_cell(row.name, value, glyphs) for value in row.values]
    marks = [BEST if place in row.best else " " if row.best else "" for place in range(len(found))]
    return [f"{text}{mark}" for text, mark in zip(found, marks, strict=True)]


def _cell(name: str, value: Any, glyphs: Glyphs) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or value == "":
        return "-" if glyphs.ascii_only else "–"
    if name in knobs():
        return glyphs.safe(shown_value(name, value))
    if name == "verdict":
        return WORDS[Health(value)]
    if name == "epochs_done":
        return f"{value:,}"
    if name == "seconds":
        return clock(value)
    if isinstance(value, float):
        return number(value, 4 if name.endswith("loss") else 3)
    return glyphs.safe(", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value))
