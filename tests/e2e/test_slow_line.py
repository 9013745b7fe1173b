"""Over a line of 20 kB a second and 300 ms a person sees what is, and what a key does, within a second.

A second is counted in bytes, which the line carries in it: so a busy machine changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lrtui.core.store import Store
from tests.e2e.conftest import LRTUI
from tests.e2e.slow import SlowTerminal
from tests.e2e.terminal import stop_engines

RATE = 20_000
CLEAR = b"\x1b[2J"


@pytest.fixture
def screen(home: Path) -> Iterator[SlowTerminal]:
    command = [LRTUI, "moons", "--epochs", "10000000", "--start"]
    env = {"LRTUI_HOME": str(home)}
    with SlowTerminal(command, columns=120, rows=40, env=env, rate=RATE, delay=0.3) as screen:
        yield screen
    stop_engines(home)


def shown(screen: SlowTerminal) -> int:
    found = re.search(r"epoch ([\d,]+)/", screen.text)
    return int(found[1].replace(",", "")) if found else -1


def stored() -> int:
    with Store() as store:
        return store.runs.recent(1)[0].epoch


def test_while_a_run_trains_what_is_seen_is_a_second_old_at_most_and_keys_act(screen: SlowTerminal) -> None:
    def within_a_second(condition: Callable[[], object], what: str) -> None:
        before = screen.bytes_read
        screen.wait(condition, what)
        assert screen.bytes_read - before < RATE, what

    within_a_second(lambda: "▶ training" in screen.text, "the first screen")
    screen.see(r"epoch [1-9]")
    for _ in range(4):
        epoch = stored()
        within_a_second(lambda epoch=epoch: shown(screen) >= epoch, "what was stored")
    screen.press("right")
    within_a_second(lambda: "‹ 0.1 ›" in screen.text, "the step")
    screen.press("?")
    within_a_second(lambda: "Everywhere" in screen.text, "help")
    screen.press("escape")
    within_a_second(lambda: "Everywhere" not in screen.text, "the panes again")
    screen.press("enter", "9")
    screen.see("take it")
    screen.press("escape")
    screen.gone("take it")
    screen.press("z", "L", "z", "space")
    screen.see("‖ paused")
    screen.see("R Runs")
    screen.see("d why")  # the doctor's word on the run as it stands is the last that changes
    assert_whole(screen)
    screen.press("o")
    screen.see("Choose a dataset")
    assert_whole(screen)
    screen.press("escape")
    screen.gone("Choose a dataset")
    screen.press("q")
    screen.see("stop it")
    screen.press("s")
    assert screen.end() == 0


def assert_whole(screen: SlowTerminal) -> None:
    """What was drawn by its differences is what is drawn when all of it is sent anew."""
    for _ in range(10):  # until it stands still
        screen.read(0.1)
    before, cleared = screen.text, screen.raw.count(CLEAR)
    screen.press("\x0c")
    screen.wait(lambda: screen.raw.count(CLEAR) > cleared and screen.text == before, "the same screen")
