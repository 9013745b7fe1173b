"""The terminal as the dashboard would find it: kind, size, colours and characters."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Iterator

from lrtui.core.system.record import Check, State
from lrtui.tui.cli.dashboard import is_dumb
from lrtui.tui.render.glyphs import deciding_locale, wants_ascii

TOPIC = "terminal"
SMALLEST = (40, 12)  # columns and rows that the dashboard is made for
WITHOUT = "The dashboard needs a terminal; lrtui train does the same work without one."
BETWEEN = {
    "TMUX": "in tmux",
    "STY": "in screen",
    "SSH_CONNECTION": "over SSH",
}


def terminal_checks() -> Iterator[Check]:
    """What a dashboard in place of this command would have to do with."""
    term = os.environ.get("TERM") or "not set"
    between = [words for variable, words in BETWEEN.items() if os.environ.get(variable)]
    kind = f"TERM is {', '.join((term, *between))}"
    if elsewhere := [name for name in ("stdin", "stdout", "stderr") if not getattr(sys, name).isatty()]:
        yield Check(TOPIC, "kind", f"no terminal at {', '.join(elsewhere)}; {kind}", State.NOTE, WITHOUT)
    elif is_dumb():
        yield Check(TOPIC, "kind", f"{kind}, which can show no dashboard", State.NOTE, WITHOUT)
    else:
        yield Check(TOPIC, "kind", kind)
    if (size := _size()) is not None:
        yield size
    yield Check(TOPIC, "colours", _colours())
    yield _characters()


def _size() -> Check | None:
    for stream in (sys.stdout, sys.stderr, sys.stdin):
        try:
            columns, rows = os.get_terminal_size(stream.fileno())
        except (OSError, ValueError):
            continue
        if not columns or not rows:
            return Check(TOPIC, "size", "not told", State.NOTE, "stty columns 80 rows 24 tells it.")
        found = f"{columns}×{rows}"
        if columns >= SMALLEST[0] and rows >= SMALLEST[1]:
            return Check(TOPIC, "size", found)
        least = "×".join(map(str, SMALLEST))
        return Check(TOPIC, "size", found, State.NOTE, f"The dashboard is made for {least} and more.")
    return None


def _colours() -> str:
    if "NO_COLOR" in os.environ:
        return "none, for NO_COLOR is set"
    try:
        from rich.console import Console  # which the dashboard asks as well
    except ImportError:  # the libraries' own check says so
        return "not told"
    depth = {"truecolor": "16 million", "256": "256", "standard": "16"}
    return depth.get(Console(force_terminal=True).color_system or "", "none")


def _characters() -> Check:
    says = "=".join(deciding_locale() or ()) or "no locale is set"
    try:
        locale.setlocale(locale.LC_CTYPE, "")
    except locale.Error:
        fix = "Set LANG to one of those that locale -a lists, such as C.UTF-8."
        return Check(TOPIC, "characters", f"{says}, which this system does not have", State.NOTE, fix)
    if wants_ascii():
        fix = "Marks are plain ASCII; LANG=C.UTF-8 gives all of them."
        return Check(TOPIC, "characters", f"ASCII ({says})", State.NOTE, fix)
    return Check(TOPIC, "characters", f"UTF-8 ({says})")
