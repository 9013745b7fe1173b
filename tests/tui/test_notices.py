"""What the banner says is said over whatever sheet is open, too."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lrtui.datasets.memory_limit import EXIT_CODE
from lrtui.tui import engine_supervisor
from tests.tui.bench import dashboard

WORDS = "The engine died (killed by signal 9); a fresh one is running."
SIZES = [(80, 24), (40, 12)]
SCREENS = {
    "help": ("question_mark",),
    "the chooser": ("o",),
    "the letter": ("O", "d"),
    "a sweep": ("H", "w"),
    "the second field": ("H", "w", "a"),
    "the palette": ("ctrl+p",),
}


async def test_a_notice_is_shown_over_every_sheet() -> None:
    async with dashboard("moons") as bench:
        for number, (name, keys) in enumerate(SCREENS.items()):
            await bench.pilot.resize_terminal(*SIZES[number % 2])
            bench.app.session.notice = None
            await bench.press(*keys)
            for size in SIZES:
                await bench.pilot.resize_terminal(*size)
                bench.app.session.notice = None
                bench.app.look()
                bench.app.session.notice = WORDS
                bench.app.look()
                await bench.pilot.pause()
                assert WORDS in " ".join(bench.screen.split()), name
            while len(bench.app.screen_stack) > 1:
                await bench.app.pop_screen()
            await bench.press("H")


async def test_what_was_said_before_a_sheet_was_opened_is_not_said_again_on_it() -> None:
    async with dashboard("moons") as bench:
        await bench.press("x")
        assert "No run is going on." in bench.screen
        await bench.press("question_mark")
        assert bench.screen.count("No run is going on.") <= 1
        bench.app.session.notice = None
        bench.app.look()
        bench.app.session.notice = "No run is going on."
        bench.app.look()
        await bench.pilot.pause()
        assert "No run is going on." in bench.screen.split("\n")[-2]
        # Trouble that lasts is said over a sheet that is opened later, too.
        await bench.press("escape")
        dead = cast("Any", SimpleNamespace(returncode=EXIT_CODE, stdin=None, poll=lambda: EXIT_CODE))
        bench.app.session.engine = replace(bench.app.session.engine, process=dead)
        bench.app.look()
        for keys in (("question_mark",), ("escape", "o")):
            await bench.press(*keys)
            assert "There is too little memory for the engine" in " ".join(bench.screen.split("\n")[-4:-1])


@pytest.mark.parametrize(
    ("code", "words"), [(-9, "died 3 times in a row (killed by signal 9)"), (1, "(exit code 1)")]
)
async def test_that_there_is_no_engine_any_more_stays_in_sight_whatever_is_pressed(
    code: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard("moons") as bench:
        dead = cast("Any", SimpleNamespace(returncode=code, stdin=None, poll=lambda: code))
        engine = replace(bench.app.session.engine, process=dead)
        monkeypatch.setattr(engine_supervisor, "start_engine", lambda: engine)
        bench.app.session.engine = engine
        for _ in range(engine_supervisor.MANY_DEATHS):
            bench.app.look()
        assert words in bench.banner
        assert "a fresh one" not in bench.banner
        await bench.press("space")
        await bench.press("s")
        assert words in bench.banner
        assert "start lrtui again" in bench.banner
