"""Themes whose every colour can be read: with the contrast of 4.5 that WCAG 2 asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import BLACK, WHITE, Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES, Theme

LEAST = 4.5
STEP = 0.05  # of the way to black or white, or to the background
# The terminal's own sixteen colours: right on light and dark ones, and over any connection.
TERMINAL_THEME = replace(BUILTIN_THEMES["ansi-dark"], name="terminal", accent="ansi_cyan")
# What stands back, with how much of the foreground is in it where that can still be read.
QUIET = {"quiet-frame": 0.4, "quiet-axis": 0.6, "quiet-ghost": 0.45, "quiet-note": 0.75}
TERMINALS_OWN = {name: f"ansi_default {share:.0%}" for name, share in QUIET.items()} | {
    "quiet-frame": "ansi_bright_black"
}
"""The same where the colours are the terminal's."""

COLOURED = ("foreground", "accent", "error", "warning", "text-primary", "text-warning", "text-error")
BEHIND = ("background", "surface", "panel")


def legible(theme: Theme) -> dict[str, str]:
    """Variables of a theme: its colours as they are where they can be read, else darker or lighter.

    Of one that has the terminal's colours nobody knows how they look.
    """
    if theme.ansi:
        return TERMINALS_OWN
    found = theme.to_color_system().generate()
    behind = [Color.parse(found[name]) for name in BEHIND]
    colours = {name: readable(Color.parse(found[name]), behind) for name in COLOURED}
    text = colours["foreground"]
    for name, share in QUIET.items():
        colours[name] = readable(towards(text, behind[0], 1 - share), behind)
    colours["text"] = text
    colours["text-muted"] = colours["text-disabled"] = colours["quiet-note"]
    for name in ("scrollbar", "scrollbar-hover", "scrollbar-active"):
        colours[name] = colours["quiet-frame"]
        colours[name.replace("scrollbar", "scrollbar-background")] = behind[0]
    cursor = readable(Color.parse(found["primary"]), behind[:1])
    colours["block-cursor-foreground"], colours["block-cursor-background"] = behind[0], cursor
    colours["block-cursor-blurred-foreground"] = text
    colours["block-cursor-blurred-background"] = behind[0]
    return {name: colour.hex for name, colour in colours.items()}


def contrast(one: Color, other: Color) -> float:
    """The ratio of two relative luminances, as WCAG 2 defines it: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Color) -> float:
    """Relative luminance, as WCAG 2 defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def readable(colour: Color, behind: Sequence[Color]) -> Color:
    """The colour, or as much darker or lighter as it has to be to be read on all of these."""
    end = BLACK if luminance(behind[0]) > 0.18 else WHITE
    part = 0.0
    while part < 1 and not _reads(found := colour.blend(end, part, 1.0), behind):
        part += STEP
    return found if part < 1 else end


def towards(colour: Color, background: Color, part: float) -> Color:
    """The colour, that far on its way to the background, or as far as it can still be read."""
    while part > 0 and not _reads(found := colour.blend(background, part, 1.0), [background]):
        part -= STEP
    return found if part > 0 else colour


def _reads(colour: Color, behind: Sequence[Color]) -> bool:
    return all(contrast(colour, one) >= LEAST for one in behind)


class Undimmed(LineFilter):
    """Dim text as a colour that can be read: what a terminal makes of it is mostly too faint on white."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """The same text; the terminal's own colours stay as they are."""
        if background.ansi is not None:
            return segments
        return [
            Segment(text, _undimmed(style, background), control)
            if style is not None and style.dim
            else Segment(text, style, control)
            for text, style, control in segments
        ]


@lru_cache(1024)
def _undimmed(style: Style, background: Color) -> Style:
    behind = background if style.bgcolor is None else Color.from_rich_color(style.bgcolor)
    if style.color is None or style.color.is_default or behind.ansi is not None:
        return style
    found = towards(Color.from_rich_color(style.color), behind, 0.4)
    return style + Style(color=found.rich_color, dim=False)


UNDIMMED = Undimmed()
