"""Keys, clicks and pastes that come in one packet do what the same ones do when they come one by one."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual import events
from textual.command import CommandPalette

from lrtui.core.store import Status
from lrtui.datasets.source import Source
from lrtui.tui.screens.chooser import ChooserScreen
from lrtui.tui.screens.questions import QuitScreen
from tests.tui.bench import Bench, dashboard

SEED = 6456
LONG = 10_000_000
BURSTS = 1  # on each screen
KEYS = (
    *["enter"] * 4, *["escape"] * 3, "up", "down", "left", "right", "tab", "backspace", "home", "end",
    *"DHLPMROS", *"15.-", "o", "w", "d", "d", "i", "f", "u", "t", "a", "g", "l", "question_mark", "ctrl+p",
)  # fmt: skip
SCREENS = {
    "the dashboard": (),
    "the chooser": ("o",),
    "an inspection": ("i",),
    "help": ("question_mark",),
    "the doctor's letter": ("O", "d"),
    "a sweep": ("H", "w"),
    "a second field of a sweep": ("H", "w", "a"),
    "a form's field": ("H", "enter"),
    "the command palette": ("ctrl+p",),
}
Typing = Callable[[Bench, tuple[str, ...]], Awaitable[None]]


async def in_one_packet(bench: Bench, keys: tuple[str, ...]) -> None:
    for key in keys:
        bench.app.simulate_key(key)
    await bench.at_rest()


async def one_by_one(bench: Bench, keys: tuple[str, ...]) -> None:
    for key in keys:
        bench.app.simulate_key(key)
        await bench.pilot.pause()


async def closed(bench: Bench) -> None:
    """Close whatever lies over the dashboard."""
    while len(bench.app.screen_stack) > 1:
        await bench.app.pop_screen()
    await bench.pilot.pause()


def state(bench: Bench) -> tuple[object, ...]:
    """Everything that keys can change."""
    app = bench.app
    focused = "" if app.focused is None else type(app.focused).__name__
    return (
        *(type(screen).__name__ for screen in app.screen_stack), focused, app.body.focused_pane,
        app.session.source, app.session.config, app.body.loss.log_scale, app.body.form.field,
    )  # fmt: skip


async def typed(typing: Typing, table: Path) -> list[tuple[object, ...]]:
    """What came of some bursts of keys that are typed on each screen."""
    chance, found = random.Random(SEED), []
    async with dashboard(str(table), target="kind") as bench:
        for name, keys_to_it in SCREENS.items():
            for _ in range(BURSTS):
                await one_by_one(bench, keys_to_it)
                keys = tuple(chance.choices(KEYS, k=chance.choice((2, 2, 3))))
                await typing(bench, keys)
                found.append((name, keys, *state(bench)))
                await closed(bench)
                bench.app.take_source(Source(str(table), "kind"))
                bench.app.body.focus_pane("hyperparameters")
                await bench.pilot.pause()
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text("x,y,kind\n" + "".join(f"{i % 7},{i % 5},{i % 2}\n" for i in range(40)))
    return path


async def test_keys_in_one_packet_do_what_they_do_one_by_one(table: Path) -> None:
    at_once, one_by = await typed(in_one_packet, table), await typed(one_by_one, table)
    for burst, slow in zip(at_once, one_by, strict=True):
        assert burst == slow


@pytest.mark.parametrize("keys", [("q", "q"), ("q", "enter"), ("ctrl+p", "q", "enter")])
async def test_leaving_twice_leaves_once(keys: tuple[str, ...]) -> None:
    async with dashboard() as bench:
        await in_one_packet(bench, keys)
        assert bench.app.return_value in (0, None)


async def test_the_question_on_leaving_hears_what_was_typed_right_behind_it() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await in_one_packet(bench, ("q", "q"))
        assert len(bench.app.screen_stack) == 1
        assert bench.app.return_value is None
        await in_one_packet(bench, ("q", "enter", "enter", "enter"))
        assert bench.app.return_value == 0
        assert bench.store.runs.recent(1)[0].status is Status.RUNNING


async def test_what_is_typed_or_pasted_behind_o_goes_into_the_chooser() -> None:
    async with dashboard("moons") as bench:
        await in_one_packet(bench, ("o", *"wine", "enter", "R"))
        assert bench.app.session.source.name == "wine-1"
        assert bench.app.body.focused_pane == "runs"
        for event in (events.Key("o", "o"), events.Paste("xor"), events.Key("enter", "\r")):
            bench.app.post_message(event)
        await bench.at_rest()
        assert bench.app.session.source.name == "xor"


def click(x: int, y: int) -> list[events.Event]:
    """A press and a release of the mouse, as the driver gives them."""
    return [
        kind(None, x, y, 0, 0, 1, False, False, False, screen_x=x, screen_y=y)
        for kind in (events.MouseDown, events.MouseUp)
    ]


async def test_two_clicks_on_a_list_in_one_packet_choose_once_and_two_enters_run_one_command() -> None:
    async with dashboard("moons", (100, 30)) as bench:
        for opened in (("o",), ("ctrl+p",), ("H", "w", "a")):
            await one_by_one(bench, opened)
            depth = len(bench.app.screen_stack)
            for y in (8, 8, 9, 9):
                for event in click(30, y):
                    bench.app.post_message(event)
            await bench.pilot.pause()
            assert len(bench.app.screen_stack) <= depth, opened
            await closed(bench)
        await one_by_one(bench, ("ctrl+p",))
        assert isinstance(bench.app.screen, CommandPalette)
        await bench.press(*"open a dataset")
        await in_one_packet(bench, ("down", "enter", "enter"))
        assert not isinstance(bench.app.screen, (CommandPalette, QuitScreen))
        assert sum(isinstance(screen, ChooserScreen) for screen in bench.app.screen_stack) <= 1


@pytest.mark.parametrize("size", [(20, 5), (201, 10)])
async def test_the_page_keys_do_no_harm_before_a_list_is_drawn(size: tuple[int, int]) -> None:
    pages = ("pageup", "pagedown", "down", "pagedown", "pageup", "up", "pageup")
    async with dashboard("moons", size) as bench:
        for opened in (("ctrl+p",), ("ctrl+p", *"theme", "enter"), ("o",), ("H", "w", "a")):
            await in_one_packet(bench, (*opened, *pages))
            await bench.press(*pages)
            assert bench.app.failed is None, opened
            assert bench.app.is_running, opened
            await closed(bench)


@pytest.mark.parametrize("key", ["ctrl+p", "w", "ctrl+c"])
async def test_what_is_typed_after_leaving_opens_nothing(key: str) -> None:
    async with dashboard("moons") as bench:
        await in_one_packet(bench, ("ctrl+c", key))
        assert len(bench.app.screen_stack) <= 1
        assert bench.app.failed is None
    assert bench.app.return_code == 0
