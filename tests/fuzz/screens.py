"""What must hold of the screen at any time: nothing but proper text and known sequences, whole lines."""

from __future__ import annotations

import re

from textual.app import App
from textual.widgets import Input

from tests.e2e import vt
from tests.fuzz.failures import Failure

# What a dashboard on a harmless table sends, and no other shape of sequence.
SHAPES = {"CSI m", "CSI H", "CSI G", "CSI J", "CSI 5n", "CSI ?2026h", "CSI ?2026l"}
DRAWN = re.compile(r"\x1b\[[0-9;]*[mHG]")
# The shape of the mouse's pointer, and what was copied from an input.
ASIDE = re.compile(r"OSC (22;[a-z-]+|52;c;[A-Za-z0-9+/=]*)\x07?")
_proper: set[str] = set()  # characters that the strict reader has found to be text
LEAKED = "<>"  # stand in reports of the mouse and answers of the terminal, and on no key that is pressed


def garbage(written: str) -> Failure | None:
    """What was sent and should not have been."""
    # Of the three sequences that everything is drawn with there are thousands: out with them at once.
    rest = DRAWN.sub("", written)
    if _proper.issuperset(rest):
        return None
    try:
        stream = vt.read(rest.encode())
    except (UnicodeEncodeError, vt.BrokenStreamError) as error:
        return Failure("garbage", f"a broken stream: {type(error).__name__}", str(error))
    if odd := {shape for shape in stream.shapes - SHAPES if not ASIDE.fullmatch(shape)}:
        return Failure("garbage", f"sequences {sorted(odd)}", repr(written[:2000]))
    if odd := stream.controls - {"\r", "\n", "\x07"}:
        return Failure("garbage", f"controls {sorted(odd)}", repr(written[:2000]))
    if odd := stream.improper:
        return Failure("garbage", f"characters {sorted(odd)}", repr(written[:2000]))
    _proper.update(stream.text)
    return None


def crooked(app: App[int]) -> Failure | None:
    """A line of the screen that is not as wide as the screen."""
    if not app.screen_stack or not app.screen.is_attached:
        return None
    # The compositor's own size: just after a resize the app's is ahead of it.
    width = app.screen._compositor.size.width
    strips = app.screen._compositor.render_strips()
    widths = {strip.cell_length for strip in strips}
    if widths - {width}:
        lines = [strip.text for strip in strips if strip.cell_length != width]
        name = type(app.screen).__name__
        return Failure(
            "garbage", f"lines of another width on {name}", f"{width}: {widths}\n" + "\n".join(lines)
        )
    return None


def leaked(app: App[int]) -> Failure | None:
    """Parts of an escape sequence that were taken for typed text."""
    for field in app.screen.query(Input) if app.screen_stack else ():
        if any(c in LEAKED or not c.isprintable() for c in field.value):
            where = f"in the input of {type(app.screen).__name__}"
            return Failure("garbage", f"an escape sequence {where}", repr(field.value))
    return None
