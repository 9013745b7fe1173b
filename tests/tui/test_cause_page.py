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


async def read_through(bench: Bench) -> str:
    """All that comes by on the screen while it scrolls down, less than a screen at a time."""
    seen, last = bench.screen, ""
    while bench.screen != last:
        last = bench.screen
        await bench.press(*["j"] * max(bench.app.size.height // 2 - 2, 1))
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
        # Tab goes from cause to cause, through what was ruled out too.
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


async def test_enter_in_the_pane_explains_the_first_cause_where_one_is_named() -> None:
    doctor = Says(two_changes())
    async with dashboard("example-scaling", (160, 50), doctor=doctor, **SICK) as bench:
        await looked_at(bench)
        await bench.press("O")
        assert "⏎ explain" in bench.screen
        await bench.press("enter")
        assert isinstance(bench.app.screen, CauseScreen)
        assert "Unscaled features" in bench.screen.split("\n")[0]
        await bench.press("q", "D")
        assert "⏎ explain" not in bench.screen
        doctor.diagnosis = letter(Health.HEALTHY, ruled_out=())
        await looked_at(bench)
        await bench.press("O", "enter")
        assert "explain" not in bench.screen
        await bench.press("d", "tab", "enter")
        assert isinstance(bench.app.screen, DoctorScreen)
        assert "explain" not in bench.screen
        await bench.press("escape")
        strange = replace(UNSCALED, cause="../../full-moon", title="Full moon")
        doctor.diagnosis = letter(findings=(strange,), ruled_out=(RuledOut("new-moon", "it was not"),))
        await looked_at(bench)
        await bench.press("O", "d", "enter")  # a cause without a page is told, and cannot be opened
        assert isinstance(bench.app.screen, DoctorScreen)
        assert "Full moon: proved" in bench.screen
        assert "New moon: it was not" in bench.screen


@pytest.mark.parametrize(
    ("ascii_only", "sizes"), [(False, [(40, 12), (160, 50)]), (True, [(40, 12), (80, 24)])]
)
async def test_a_page_is_read_to_its_end_on_every_screen(
    ascii_only: bool, sizes: list[tuple[int, int]]
) -> None:
    doctor = Says(letter(findings=(replace(UNSCALED, cause="non-finite"),)))
    async with dashboard("example-scaling", doctor=doctor, ascii_only=ascii_only, **SICK) as bench:
        await looked_at(bench)
        for size in sizes:
            await bench.resize(*size)
            await bench.press("O", "d")
            assert isinstance(bench.app.screen, DoctorScreen)
            await bench.press("enter")
            seen = await read_through(bench)
            for words in (*HEADINGS, "Try it", "lrtui diagnose gaps.csv"):
                assert words in seen, words
            assert max(map(len, seen.split("\n"))) <= size[0]
            assert "scroll" in bench.screen
            assert "back" in bench.screen
            await bench.press("escape", "escape")
