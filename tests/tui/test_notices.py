"""What the banner says is said over whatever sheet is open, too."""

from __future__ import annotations

import pytest

from tests.tui.desk import dashboard

WORDS = "The engine died (killed by signal 9); a fresh one is running."
SCREENS = {
    "help": ("question_mark",),
    "the chooser": ("o",),
    "the letter": ("7", "d"),
    "a sweep": ("2", "w"),
    "the second field": ("2", "w", "a"),
    "the palette": ("ctrl+p",),
}


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_a_notice_is_shown_over_every_sheet(size: tuple[int, int]) -> None:
    async with dashboard("moons", size) as bench:
        for name, keys in SCREENS.items():
            bench.app.desk.notice = None
            await bench.press(*keys)
            bench.app.desk.notice = WORDS
            bench.app.look()
            await bench.pilot.pause()
            assert WORDS in " ".join(bench.screen.split()), name
            while len(bench.app.screen_stack) > 1:
                await bench.app.pop_screen()
            await bench.press("2")


async def test_what_was_said_before_a_sheet_was_opened_is_not_said_again_on_it() -> None:
    async with dashboard("moons") as bench:
        await bench.press("x")
        assert "No run is going on." in bench.screen
        await bench.press("question_mark")
        assert bench.screen.count("No run is going on.") <= 1
        bench.app.desk.notice = None
        bench.app.look()
        bench.app.desk.notice = "No run is going on."
        bench.app.look()
        await bench.pilot.pause()
        assert "No run is going on." in bench.screen.split("\n")[-1]
