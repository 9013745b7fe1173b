"""A watched script in lines: how it was called, where it is, and what it printed."""

from __future__ import annotations

import os

from lrtui.core.store import Run, Script, Status
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.wrapping import Line, fit, wrapped

LONGEST = 400
NONE = "No script is shown. lrtui watch train.py shows one, and Ctrl+P does: Watch a script."
DAMAGED = "What is kept of this script cannot be read: its row in the store is damaged."
ELSEWHERE = "What it prints stands in the terminal that it was started in."


def where(run: Run | None, script: Script | None, glyphs: Glyphs) -> tuple[str, ...]:
    """The line of the newest step, the pass over the data, and the rate: for the title."""
    if script is None or run is None:
        return ()
    progress = script.progress
    name = glyphs.safe(os.path.basename(progress.file), 40)
    line = f"{name}:{progress.line}" if progress.line else ""
    if not run.status.live:
        return (f"{run.status}", *((f"epoch {progress.epoch:,}",) if progress.epoch else ()))
    epoch = f"epoch {progress.epoch:,}" if progress.epoch else ""
    return (
        line,
        epoch,
        f"{progress.rate:,.{0 if progress.rate >= 10 else 1}f} steps/s" if progress.rate else "",
    )


def script_lines(run: Run | None, script: Script | None, width: int, glyphs: Glyphs) -> list[Line]:
    """Everything, wrapped or cut to so many columns; the newest comes last."""
    room = max(width - 2, 8)
    if run is None or script is None:
        words = NONE if run is None else DAMAGED
        return [((f" {line}", "dim"),) for line in wrapped(words, room)]
    called = " ".join(script.asked.arguments)
    lines: list[Line] = [((f" {fit(glyphs.safe(called, LONGEST), room, glyphs.ellipsis)}", "bold"),)]
    if script.output is None:
        words = "starting" if run.status is Status.QUEUED else ELSEWHERE
        lines += [((f" {line}", "dim"),) for line in wrapped(words, room)]
    lines += [
        (f" {fit(glyphs.safe(line, LONGEST), room, glyphs.ellipsis)}",) for line in script.output or ()
    ]
    progress = script.progress
    if progress.ending and not run.status.live:
        lines += [((f" {line}", "bold"),) for line in wrapped(glyphs.safe(progress.ending, LONGEST), room)]
    elif progress.line:
        now = f"line {progress.line}: {glyphs.safe(progress.text, LONGEST)}"
        lines.append(((f" {fit(now, room, glyphs.ellipsis)}", "dim"),))
    return lines
