"""What a person wrote on a run, in words."""

from __future__ import annotations

from lrtui.core.store import Run
from lrtui.tui.render.glyphs import Glyphs

NOTE = 2000  # columns


def called(run: Run, glyphs: Glyphs) -> str:
    """``run 3``, with its name behind it where it has one."""
    return f"run {run.id}" + (f", {glyphs.safe(run.labels.name)}" if run.labels.name else "")


def label_lines(run: Run, glyphs: Glyphs) -> list[str]:
    """Note and tags, a line each where there are any."""
    labels = run.labels
    note = [f"  note               {glyphs.safe(labels.note, NOTE)}"] if labels.note else []
    tags = [f"  tags               {', '.join(map(glyphs.safe, labels.tags))}"] if labels.tags else []
    return note + tags
