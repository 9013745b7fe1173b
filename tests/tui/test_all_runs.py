"""All runs on one screen: shown, sorted, narrowed, marked, compared, named, put away, brought back."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from lrtui.core.config import Config, changed
from lrtui.core.store import Status, Store
from lrtui.datasets.source import Source
from lrtui.tui.run_list import FIRST, RunList
from lrtui.tui.screens.compare import CompareScreen
from lrtui.tui.screens.runs import RunsScreen
from tests.tui.bench import Bench, dashboard

MADE = (("moons", 0.5, 0.9), ("breast-cancer", 0.01, 0.99), ("xor", 0.2, None), ("circles", 0.1, 0.6))


def make(store: Store) -> list[int]:
    """A few runs that have ended; returns their numbers."""
    found = []
    for name, lr, auc in MADE:
        number = store.runs.create(Source(name), changed(Config(), lr=lr), origin="test", owner=None)
        store.runs.update(number, status=Status.FINISHED, seconds=0.0 if auc is None else auc)
        found.append(number)
    return found


def listed(bench: Bench) -> list[str]:
    """The names of the runs, as they stand from top to bottom."""
    lines = bench.screen.split("\n")
    return [name for line in lines for name, *_ in MADE if f" {name} " in line]


async def opened(bench: Bench) -> RunsScreen:
    make(bench.store)
    bench.app.look(force=True)
    await bench.press("R", "R")
    screen = bench.app.screen
    assert isinstance(screen, RunsScreen)
    return screen


async def test_a_second_r_opens_all_runs_and_enter_shows_one() -> None:
    async with dashboard() as bench:
        await opened(bench)
        assert listed(bench) == ["circles", "xor", "breast-cancer", "moons"]
        assert "newest first" in bench.screen
        await bench.press("down", "down", "enter")
        run = bench.app.session.run
        assert run is not None
        assert run.source.name == "breast-cancer"
        assert not isinstance(bench.app.screen, RunsScreen)
        await bench.press("ctrl+r", "escape")
        assert len(bench.app.screen_stack) == 1


async def test_arrows_sort_by_the_columns_and_v_the_other_way_round() -> None:
    async with dashboard() as bench:
        screen = await opened(bench)
        await bench.press("v")
        assert listed(bench) == ["moons", "breast-cancer", "xor", "circles"]
        assert "oldest first" in bench.screen
        await bench.press("left")
        assert "by seconds" in bench.screen
        await bench.press("left")
        assert screen.list.by == "lr"
        assert listed(bench) == ["moons", "xor", "circles", "breast-cancer"]  # large to small
        await bench.press("v")
        assert listed(bench) == ["breast-cancer", "circles", "xor", "moons"]


async def test_a_filter_has_terms_and_says_what_is_none() -> None:
    async with dashboard() as bench:
        await opened(bench)
        await bench.press("slash", *"lr>0.1 x")
        assert listed(bench) == ["xor"]
        assert "1 of 4" in bench.screen
        await bench.press("escape", "slash", *"lrr>1")
        assert "Runs have no field 'lrr'. Did you mean lr?" in bench.screen
        assert len(listed(bench)) == 4  # what is no filter yet hides none
        await bench.press("escape", "escape")
        assert len(bench.app.screen_stack) == 1


async def test_names_notes_and_tags_are_typed_over_the_line_and_taken_back() -> None:
    async with dashboard() as bench:
        await opened(bench)
        await bench.press(
            "e", *"base line", "enter", "n", *"too slow", "enter", "t", *"old, paper", "enter"
        )
        labels = bench.store.runs.get(4).labels
        assert (labels.name, labels.note, labels.tags) == ("base line", "too slow", ("old", "paper"))
        assert "base line" in bench.screen
        await bench.press("e", *["backspace"] * 9, "7", "enter")
        assert "'7' is no name for a run" in bench.screen
        assert bench.app.screen.query(Input).first().has_focus
        await bench.press("escape", "u", "u", "u")
        assert bench.store.runs.get(4).labels.name == ""
        await bench.press("u")
        assert "There is nothing to undo." in bench.screen


async def test_what_is_typed_goes_to_its_run_whatever_the_mouse_does_meanwhile() -> None:
    async with dashboard() as bench:
        screen = await opened(bench)
        await bench.press("e", *"mine")
        screen.wheel(2)
        screen.point(3)
        await bench.press("enter")
        assert [run.labels.name for run in bench.store.runs.recent()] == ["mine", "", "", ""]


async def test_marked_runs_are_put_away_and_come_back_and_what_goes_on_stays() -> None:
    async with dashboard() as bench:
        await opened(bench)
        await bench.press("space", "space", "delete")
        assert listed(bench) == ["breast-cancer", "moons"]
        assert "Runs 4, 3 are put away" in bench.screen
        await bench.press("u")
        assert len(listed(bench)) == 4
        bench.store.runs.update(2, status=Status.PAUSED, owner=bench.engine.token)
        await bench.train()
        await bench.press("home", "down", "down", "delete")
        assert "Run 2 is paused, so nothing was put away." in bench.screen
        assert len(listed(bench)) == 4


@pytest.mark.parametrize("size", [(80, 24), (160, 50), (40, 12)])
async def test_marked_runs_stand_side_by_side(size: tuple[int, int]) -> None:
    async with dashboard(size=size) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("right", "space")
        await bench.train_to_the_end()
        await bench.press("ctrl+r", "space", "c")
        assert "Mark two to 6 runs with" in " ".join(bench.screen.split())
        await bench.press("space", "c")
        assert isinstance(bench.app.screen, CompareScreen)
        assert "training loss" in bench.screen
        assert "A run 2" in bench.screen
        await bench.press("l")
        if size[0] > 40:
            assert "training loss ─ log" in bench.screen
        await bench.press("y")
        assert "learning rate" in bench.app.clipboard
        await bench.press("escape")
        assert isinstance(bench.app.screen, RunsScreen)


async def test_many_runs_are_read_once_somebody_looks_for_them(store: Store) -> None:
    for _ in range(FIRST + 5):
        store.runs.create(Source("xor"), Config(), origin="test", owner=None)
    found = RunList(store)
    assert found.total == FIRST
    found.narrow("run<3")
    assert [run.id for run in found.shown] == [2, 1]
    assert found.total == FIRST + 5
