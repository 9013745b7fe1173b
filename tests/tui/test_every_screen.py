"""Every screen at 80×24 and 40×12: no word is cut, each says its keys in one line, and can be left.

What a screen says where there is plenty of room are its words; a word that stands there not is a cut one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from rich.cells import cell_len

from lrtui.core.doctor.diagnosis import Health
from tests.core.letters import Says, two_changes
from tests.tui.bench import Bench, dashboard
from tests.tui.inspection_bench import looked_at, passenger_file

ROOMY, SIZES = (250, 70), ((80, 24), (40, 12))
WORD = re.compile(r"[^\W\d_]{3,}…?")
# What is said in other words where there is little room.
SHORT = {"jitters", "columns", "predicted", "more", "Tab", "shows", "all", "acc"}
SHEETS = {  # the keys that open one, and what is done there
    "help": ("question_mark",),
    "chooser": ("o",),
    "palette": ("ctrl+p",),
    "letter": ("O", "d"),
    "fix": ("f",),
    "quit": ("q",),
}


async def screens(bench: Bench) -> AsyncIterator[str]:
    """The name of each screen, while it is shown."""
    for pane in "DHLPMROS":
        await bench.press(pane)
        yield f"pane {pane}"
    await bench.press("H", "enter", "x", "enter")
    yield "a complaint"
    await bench.press("escape")
    for name, keys in SHEETS.items():
        await bench.press(*keys)
        assert len(bench.app.screen_stack) > 1, name
        yield name
        if name == "letter":
            await bench.press("enter")
            yield "a cause"
            await bench.press("escape")
        await bench.press("escape")
    await bench.press("H", "i")
    await looked_at(bench)
    for side in ("columns", "facts or warnings", "warnings or columns"):
        yield f"inspection, {side}"
        await bench.press("tab")
    await bench.press("escape", "H", "w")
    await bench.sweep()
    yield "a sweep"
    await bench.press("a")
    yield "its second field"
    await bench.press("escape", "escape")


def words(bench: Bench) -> Iterator[str]:
    for line in bench.screen.split("\n"):
        yield from WORD.findall(line)


async def test_no_word_is_cut_and_every_screen_says_its_keys_and_how_to_leave(tmp_path: Path) -> None:
    path = str(passenger_file(tmp_path))
    config = {"doctor": Says(two_changes()), "epochs": 20, "lr": 10, "scaling": "none"}
    async with dashboard(path, ROOMY, target="Survived", **config) as bench:
        await bench.press("s")
        await bench.train()
        await bench.examine()
        assert bench.app.poller.verdicts == {1: Health.SICK}
        known = {*SHORT, *WORD.findall(path)}
        async for _ in screens(bench):
            known |= set(words(bench))
        for size in SIZES:
            await bench.resize(*size)
            async for name in screens(bench):
                lines = bench.screen.split("\n")
                assert {cell_len(line) for line in lines} == {size[0]}, name
                cut = [word for word in words(bench) if word not in known and not word.endswith("…")]
                assert cut == [], (size, name, bench.screen)
                keys = lines[0 if name == "palette" and size[1] < 24 else -1]
                assert re.search(r" (quit|close|leave|leave it|stay|back) *$", keys), (size, name, keys)
