"""The page of a cause in the dashboard: Enter opens it from the letter and from the pane."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lrtui.core.doctor.diagnosis import Health, RuledOut
from lrtui.tui.screens.cause import CauseScreen
from lrtui.tui.screens.doctor import DoctorScreen
from tests.core.letters import UNSCALED, Says, letter, two_changes
from tests.tui.bench import Bench, dashboard, looked_at

SICK = {"scaling": "none", "lr": 0.01}
HEADINGS = ("What you see", "Why", "How lrtui proves it", "What to do")


async def read_through(bench: Bench, times: int = 60) -> str:
    """All that comes by on the screen while it scrolls down."""
    seen = bench.screen
    for _ in range(times):
        await bench.press("j")
        seen += f"\n{bench.screen}"
    return seen


async def test_enter_explains_the_marked_cause_of_the_letter_and_escape_comes_back() -> None:
    async with dashboard("example-scaling", doctor=Says(two_changes()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("d")
        assert "⏎ explain" in bench.screen
        assert "▸Unscaled features: proved" in bench.screen
        await bench.press("enter")
        assert isinstance(bench.app.screen, CauseScreen)
        assert "╭─ Unscaled features ─" in bench.screen
        assert "What you see" in bench.screen
        assert "Esc back" in bench.screen.split("\n")[-2] + bench.screen.split("\n")[-1]
        await bench.press("escape")
        assert isinstance(bench.app.screen, DoctorScreen)


async def test_tab_goes_from_cause_to_cause_through_what_was_ruled_out_too() -> None:
    async with dashboard("example-scaling", doctor=Says(two_changes()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("d")
        titles = []
        for _ in range(4):
            await bench.press("enter")
            titles.append(bench.screen.split("\n")[0].strip("╭─╮ "))
            await bench.press("escape", "tab")
            assert "▸" in bench.screen  # in view, however far down
        first = "Unscaled features"
        assert titles == [first, "Learning rate too high", "Bad first weights", first]
        await bench.press("shift+tab")
        assert "▸Unscaled features: proved" in bench.screen


async def test_enter_in_the_pane_explains_the_first_cause() -> None:
    async with dashboard("example-scaling", (160, 50), doctor=Says(two_changes()), **SICK) as bench:
        await looked_at(bench)
        await bench.press("7")
        assert "⏎ explain" in bench.screen
        await bench.press("enter")
        assert isinstance(bench.app.screen, CauseScreen)
        assert "Unscaled features" in bench.screen.split("\n")[0]
        await bench.press("q", "1")
        assert "⏎ explain" not in bench.screen


async def test_there_is_nothing_to_explain_where_no_cause_is_named() -> None:
    quiet = letter(Health.HEALTHY, ruled_out=())
    async with dashboard("example-scaling", (160, 50), doctor=Says(quiet), **SICK) as bench:
        await looked_at(bench)
        await bench.press("7", "enter")
        assert "explain" not in bench.screen
        await bench.press("d", "tab", "enter")
        assert isinstance(bench.app.screen, DoctorScreen)
        assert "explain" not in bench.screen


async def test_a_cause_without_a_page_is_told_and_cannot_be_opened() -> None:
    strange = replace(UNSCALED, cause="../../full-moon", title="Full moon")
    found = letter(findings=(strange,), ruled_out=(RuledOut("new-moon", "it was not"),))
    async with dashboard("example-scaling", (80, 50), doctor=Says(found), **SICK) as bench:
        await looked_at(bench)
        await bench.press("d", "enter")
        assert isinstance(bench.app.screen, DoctorScreen)
        assert "Full moon: proved" in bench.screen
        assert "New moon: it was not" in bench.screen


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)])
@pytest.mark.parametrize("ascii_only", [False, True])
async def test_a_page_is_read_to_its_end_on_every_screen(size: tuple[int, int], ascii_only: bool) -> None:
    found = letter(findings=(replace(UNSCALED, cause="non-finite"),))
    async with dashboard(
        "example-scaling", size, doctor=Says(found), ascii_only=ascii_only, **SICK
    ) as bench:
        await looked_at(bench)
        await bench.press("7", "d")
        assert isinstance(bench.app.screen, DoctorScreen)
        await bench.press("enter")
        seen = await read_through(bench, 90 if size == (40, 12) else 40)
        for words in (*HEADINGS, "Try it", "lrtui diagnose gaps.csv"):
            assert words in seen, words
        assert max(map(len, seen.split("\n"))) <= size[0]
        assert "scroll" in bench.screen
        assert "back" in bench.screen
