"""Every theme can be read: each foreground on the background that it stands on, as it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from textual.color import Color

from lrtui.tui.themes import LEAST, contrast, readable
from tests.tui.bench import Bench, dashboard

SCREENS = {  # how to get to each from the one before
    "the dashboard": ("2",),
    "a field with a complaint": ("enter", "x", "enter"),
    "a sweep": ("escape", "w"),
    "its second field": ("a",),
    "the chooser": ("escape", "escape", "o"),
    "the chooser with a complaint": ("x", "x", "enter"),
    "the palette": ("escape", "ctrl+p"),
    "the help": ("escape", "question_mark"),
}


def faint(bench: Bench) -> Iterator[str]:
    """What is drawn on the screen and cannot be read."""
    for strip in bench.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            if not text.strip():
                continue
            assert style is not None
            colours = style.color, style.bgcolor
            if style.dim or any(colour is None or colour.triplet is None for colour in colours):
                yield f"{text!r}: {style} is the terminal's own"
                continue
            one, other = (Color.from_rich_color(colour) for colour in colours)
            if contrast(one, other) < LEAST:
                yield f"{text!r}: {contrast(one, other):.2f}, {style}"


async def test_every_theme_can_be_read() -> None:
    async with dashboard("moons", epochs=5) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("right")
        themes = bench.app.available_themes
        assert {"textual-light", "solarized-light", "terminal"} <= set(themes)
        for name in (name for name, theme in themes.items() if not theme.ansi):
            bench.app.theme = name
            await bench.pilot.pause()
            assert list(faint(bench)) == [], name
        bench.app.theme = "textual-light"
        for screen, keys in SCREENS.items():
            await bench.press(*keys)
            assert list(faint(bench)) == [], screen


def test_a_contrast_is_that_of_wcag() -> None:
    black, white, grey = Color(0, 0, 0), Color(255, 255, 255), Color(118, 118, 118)
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(white, white) == 1
    assert contrast(grey, white) == pytest.approx(4.54, abs=0.005)  # the palest grey that passes on white
    assert readable(black, [white]) == black
    assert contrast(readable(Color.parse("#ffa62b"), [white]), white) >= LEAST
