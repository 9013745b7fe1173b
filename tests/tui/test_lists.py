"""Every list: its cursor is seen without colour, and / leaves what holds the words that are typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.widgets import Input

from lrtui.core.doctor import doctor
from lrtui.tui.panes.filter_line import FilterLine, holds
from lrtui.tui.screens.chooser import ChooserScreen, found
from lrtui.tui.screens.sweep import SweepScreen
from tests.tui.bench import Bench, dashboard, looked_at
from tests.tui.inspection_bench import looked_at as table_seen
from tests.tui.inspection_bench import passenger_file


def marked(bench: Bench, mark: str = "▸") -> str:
    """The line that has the cursor."""
    (line,) = (line for line in bench.screen.split("\n") if re.search(rf"[│|] *{mark}", line))
    return line


def keys(bench: Bench) -> str:
    """The last line."""
    return bench.screen.split("\n")[-1]


# --- what is typed, and what it finds ---


def test_every_word_that_is_typed_must_stand_somewhere() -> None:
    assert holds("", "anything")
    assert holds("LEARN rate", "learning", "rate")
    assert not holds("learn rake", "learning", "rate")


def test_an_exact_name_wins_then_beginnings_then_names_then_descriptions() -> None:
    assert found("circles", [])[0] == "circles"
    assert found("moons:n=5", [])[0] == "moons"
    assert str(found("example", [])[0]).startswith("example-")
    names = [str(name) for name in found("cancer", [])]
    assert names[0] == "breast-cancer"
    ranks = [("wine" in name) for name in map(str, found("wine", []))]
    assert ranks == sorted(ranks, reverse=True)  # those that only tell of it come last


async def test_circles_and_enter_open_circles() -> None:
    async with dashboard("moons", ascii_only=True) as bench:
        await bench.press("o", *"circles")
        assert isinstance(bench.app.screen, ChooserScreen)
        assert "> circles" in marked(bench, "> ")
        await bench.press("down")
        assert "> moons" in marked(bench, "> ")
        await bench.press("up", "enter")
        assert bench.app.session.source.name == "circles"


# --- panes ---


async def test_runs_are_found_by_dataset_status_and_number_and_the_one_that_is_shown_is_marked() -> None:
    async with dashboard("moons", (80, 24), epochs=3) as bench:
        for _ in range(2):
            await bench.press("H", "space")
            await bench.train_to_the_end()
        await bench.press("D", "right", "space")
        await bench.train_to_the_end()
        await bench.press("R")
        assert re.search(r"▸• 3 ✓ circles", bench.screen)
        await bench.press("slash", *"moons 1")
        assert re.search(r"▸  1 ✓ moons", bench.screen)
        assert not re.search(r" [23] ✓ ", bench.screen)
        assert "Esc all" in keys(bench)
        await bench.press("enter", "enter")  # the first keeps what is typed, the second shows the run
        assert "Esc all" in keys(bench)
        assert bench.app.session.source.name == "moons"
        assert re.search(r"▸• 1 ✓ moons", bench.screen)
        await bench.press("slash", *" nothing")
        assert "No such run." in bench.screen
        await bench.press("enter", "escape")
        assert len(re.findall(r" \d ✓ ", bench.screen)) == 3
        assert "Esc all" not in keys(bench)
        await bench.press("slash", *"circles", "down", "enter", "escape", "s")  # and then s is a key again
        assert len(bench.app.poller.runs) == 4


async def test_the_cursor_stays_on_its_run_while_others_come_and_go() -> None:
    async with dashboard("moons", (80, 24), epochs=3) as bench:
        for _ in range(3):
            await bench.press("space")
            await bench.train_to_the_end()
        await bench.press("R", "down")
        assert "▸  2 ✓" in bench.screen
        await bench.press("space")
        assert "▸  2 ✓" in bench.screen
        await bench.press("slash", *"ed", "enter", "end")  # finished or queued
        assert "▸  1 ✓" in bench.screen
        await bench.press("slash", *["backspace"] * 2, *"queued", "enter")
        assert "▸• 4" in bench.screen
        await bench.train_to_the_end()
        await bench.press("enter", "y")
        assert "No such run." in bench.screen


async def test_a_field_is_found_by_its_label_and_changed_where_it_stands() -> None:
    async with dashboard("moons") as bench:
        await bench.press("slash", *"rate")
        assert "learning rate" in bench.screen
        assert "epochs  " not in bench.screen
        await bench.press("escape", "slash", *"init", "down", "enter", "right")
        assert bench.app.body.form.field == "init_std"
        assert bench.app.session.config.init_std != 0.01
        await bench.press("home", *"5")
        assert "initialization" in bench.screen
        await bench.press("escape", "slash", *"zzz")
        assert "No such field." in bench.screen
        # What is not listed is under no cursor: no key changes, copies or sweeps it.
        before = bench.app.session.config
        await bench.press("enter", "right", *"5", "enter", "t")
        assert "No field is listed. Esc in the form" in bench.screen
        assert "change" not in keys(bench)
        assert "Esc all" in keys(bench)
        await bench.press("y", "w")
        assert "No field is listed." in bench.screen
        assert bench.app.session.config == before
        await bench.press("escape")
        assert "learning rate" in bench.screen
        assert "Esc all" not in keys(bench)
        await bench.press("D", "slash")  # the catalogue's filter is the chooser
        assert isinstance(bench.app.screen, ChooserScreen)


# --- sheets ---


async def test_columns_of_a_table_are_found_by_name_and_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with dashboard(str(passenger_file(tmp_path))) as bench:
        await table_seen(bench)
        assert "▸ Survived" in marked(bench)
        await bench.press("slash", *"fa")
        assert "▸ Fare" in marked(bench)
        assert "Age" not in bench.screen
        await bench.press("enter", "space", "escape")
        assert "▸ Fare" in marked(bench)
        assert "left out by you" in bench.screen
        # What is made of a column takes it from under no cursor, though it was found by that.
        await bench.press("slash", *"left", "enter", "end", "space", "y")
        assert "left out by you" not in bench.screen
        assert re.search("▸ Fare +number +number", bench.screen)
        await bench.press("escape", "slash", *"category", "down", "down", "tab", "t")
        assert bench.app.screen.query_one(FilterLine).display
        await table_seen(bench)
        assert "target Embarked" in bench.screen
        await bench.press(
            "slash", *"xx", "enter", "t", "space", "enter"
        )  # with nothing there no key does harm
        assert "No column is called so." in bench.screen
        await bench.press("escape", "escape")
        assert len(bench.app.screen_stack) == 1


async def test_the_palette_the_help_and_a_sweep_s_fields_have_a_marked_cursor_and_a_filter() -> None:
    async with dashboard("moons", epochs=5) as bench:
        await bench.press("ctrl+p", "slash", *"quit")
        assert bench.app.screen.query_one(Input).value == "quit"  # that / is not part of
        assert await bench.comes(lambda: "▸" in bench.screen)
        await bench.press("escape", "question_mark", "slash", *"sweep field")
        assert "sweep the field under the cursor" in bench.screen
        assert "train one epoch" not in bench.screen
        await bench.press("enter", "escape")
        assert "Esc all" not in keys(bench)
        await bench.press("escape", "w", "a")
        assert "▸ epochs" in marked(bench)
        await bench.press("G")
        assert "▸ stop if diverged" in marked(bench)
        await bench.press("g")
        assert "▸ epochs" in marked(bench)
        await bench.press("slash", *"decay", "enter")
        assert "▸ weight decay" in marked(bench)
        await bench.press("enter")
        assert isinstance(bench.app.screen, SweepScreen)
        assert "weight decay" in bench.screen


async def test_causes_of_a_letter_are_found_by_what_is_said_of_them() -> None:
    async with dashboard("example-scaling", doctor=doctor, scaling="none", lr=0.01, epochs=20) as bench:
        await looked_at(bench)
        # Of a page too g and G, Home and End are the ends, in the pane and in the letter.
        for opened, first, last in (("O", "home", "end"), ("d", "g", "G")):
            await bench.press(opened)
            top = bench.screen
            assert "The doctor took" not in top
            await bench.press(last)
            assert "The doctor took" in bench.screen
            await bench.press(first)
            assert bench.screen == top
        await bench.press("slash", *"decay")
        assert "▸Weight decay too strong" in bench.screen
        assert "Rows not shuffled" not in bench.screen
        await bench.press("down", "enter", "enter")
        assert "What you see" in bench.screen
        await bench.press("escape", "slash", *"zzz", "enter")
        assert "No cause that is named here is called so." in bench.screen
        await bench.press("escape", "escape")
        assert len(bench.app.screen_stack) == 1
