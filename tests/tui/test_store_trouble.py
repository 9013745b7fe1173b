"""What a dashboard says of a lost or damaged store, and of an engine that cannot write or answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrtui.core.engine.launch import ProcessState
from lrtui.core.engine.status_pipe import StatusReader, StatusWriter
from lrtui.core.store import Store
from lrtui.core.store.messages import Pause
from lrtui.core.store.rescue import rescues
from lrtui.tui import engine_supervisor
from lrtui.tui.layout import PANES
from lrtui.tui.panes.hyperparameters import FIELDS
from tests.tui.bench import Bench, dashboard

# What is pressed on the dashboard, and then on each sheet over it.
KEYS = (
    *"sxrwudftlhjkgGab", "space", "enter", "up", "down", "left", "right", "tab", "home", "end", "backspace",
    *map(str, range(1, len(PANES) + 1)), "escape",
)  # fmt: skip
SHEETS = {
    "o": ("m", "down", "pagedown", "tab", "backspace", "left", "enter"),
    "i": ("t", "space", "enter"),
    "w": ("right", "t", "b", "a", "enter"),
    "d": ("j", "end", "f"),
    "question_mark": ("j", "end", "escape"),
    "ctrl+p": ("s", "down", "enter"),
}


async def look(bench: Bench) -> None:
    bench.app.look()
    await bench.pilot.pause()


@pytest.mark.parametrize("last", [("q", "s"), ("q", "escape", "q", "enter")])
async def test_a_lost_store_is_told_and_no_key_on_any_screen_crashes(
    home: Path, last: tuple[str, ...]
) -> None:
    async with dashboard(epochs=10_000_000) as bench:
        await bench.press("space")
        await bench.train(3)
        (home / "lrtui.db").unlink()
        await look(bench)
        assert "was removed or moved away while it was in use" in bench.banner
        bench.engine.turn()
        bench.engine.turn()
        (rescue,) = rescues(home)
        first = epoch_of(rescue)
        if len(last) > 2:
            for key in KEYS:
                await bench.pilot.press(key)
            for sheet, keys in SHEETS.items():
                for key in keys:
                    if len(bench.app.screen_stack) == 1:
                        await bench.pilot.press(sheet)
                    await bench.pilot.press(key)
                while len(bench.app.screen_stack) > 1:
                    await bench.app.pop_screen()
            await look(bench)
            assert "was removed or moved away while it was in use" in bench.banner
        await bench.press(*last)
        assert bench.app.return_value == 0
        bench.turn_until(lambda: epoch_of(rescue) > first)  # it trains on


def epoch_of(rescue: Path) -> int:
    """How far the run in a rescue file is."""
    with Store(rescue) as kept:
        (run,) = kept.runs.recent()
        return run.epoch


async def test_the_cursor_goes_over_every_field_without_a_store(home: Path) -> None:
    async with dashboard(size=(120, 40)) as bench:
        (home / "lrtui.db").unlink()
        await bench.press("H", "home", *["down"] * len(FIELDS))
        assert "was removed or moved away while it was in use" in bench.banner


async def test_without_a_store_the_footer_names_only_what_still_does_something(home: Path) -> None:
    async with dashboard(size=(120, 40)) as bench:
        assert "o open" in bench.screen
        (home / "lrtui.db").unlink()
        await look(bench)
        footer = bench.screen.split("\n")[-2:]
        assert "q quit" in " ".join(footer)
        assert "open" not in " ".join(footer)


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_a_long_sentence_ends_in_an_ellipsis_in_the_banner_and_over_a_sheet(ascii_only: bool) -> None:
    async with dashboard(size=(80, 24), ascii_only=ascii_only) as bench:
        ellipsis = bench.app.glyphs.ellipsis
        bench.app.tell("many words " * 40)
        await bench.pilot.pause()
        lines = [line.strip() for line in bench.screen.split("\n") if line.startswith(" many words")]
        assert len(lines) == 3
        assert lines[-1].endswith(ellipsis)
        assert all(bench.app.body.shows(pane) for pane in ("hyperparameters", "loss", "predictions"))
        bench.app.session.notice = None
        await look(bench)
        await bench.press("question_mark")
        bench.app.tell("other words " * 40)
        await look(bench)
        lines = [line.strip() for line in bench.screen.split("\n")[-4:-1]]
        assert lines[0].startswith("other words")
        assert lines[-1].endswith(ellipsis)


async def test_a_truncated_store_is_told_though_nothing_trains(home: Path) -> None:
    async with dashboard() as bench:
        os.truncate(home / "lrtui.db", 0)
        await look(bench)
        assert "was cut short while it was in use. Start lrtui again." in bench.banner
        await bench.press("space")
        assert "was cut short" in bench.banner


async def test_an_unreadable_run_stands_in_the_list_and_says_so_when_it_is_chosen() -> None:
    async with dashboard(size=(120, 40), epochs=3) as bench:
        for _ in range(2):
            await bench.press("space")
            await bench.train_to_the_end()
        bench.store.execute("UPDATE runs SET measured = '{', epoch = 'x' WHERE id = 1")
        bench.app.look(force=True)
        await bench.press("R")
        assert "unreadable" in bench.screen
        assert "finished" in bench.screen
        await bench.press("end", "enter")
        assert "Run 1 cannot be read" in bench.banner
        run = bench.app.session.run
        assert run is not None
        assert run.id == 2
        bench.store.execute("UPDATE runs SET status = 'dancing' WHERE id = 2")  # the one that is shown
        for _ in range(2):
            bench.app.look(force=True)
        assert "Run 2 cannot be read" in bench.banner
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.app.session.run is not None
        assert bench.app.session.run.id == 3


async def test_what_the_engine_cannot_write_is_told_while_it_lasts() -> None:
    out, into = os.pipe()
    os.set_blocking(into, False)
    writer = StatusWriter(into)
    async with dashboard() as bench:
        handle = bench.app.session.engine
        object.__setattr__(handle, "status", StatusReader(out))
        os.write(into, b"printed by a library\n{}\n")
        writer.tell("Your quota is used up. Training waits for it. Free some space.")
        await look(bench)
        assert "Your quota is used up. Training waits for it." in bench.banner
        await bench.press("space")  # a key takes back what it said itself, and not this
        assert "Your quota is used up" in bench.banner
        writer.tell(None)
        await look(bench)
        assert "quota" not in bench.banner
        os.close(out)
        writer.tell("nobody reads any more")
        os.close(into)


async def test_a_stopped_engine_is_told_and_so_is_one_that_does_not_take_its_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine_supervisor, "ORPHAN_SECONDS", 0.0)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    async with dashboard() as bench:
        engine, state = bench.app.session.engine, ProcessState(child.pid)
        object.__setattr__(engine, "state", state)
        await look(bench)
        assert "engine" not in bench.banner
        child.send_signal(19)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED | os.WNOWAIT)
        await look(bench)
        assert f"is stopped and does not answer; kill -CONT {child.pid}" in bench.banner
        child.send_signal(18)
        os.waitid(os.P_PID, child.pid, os.WCONTINUED | os.WNOWAIT)
        await look(bench)
        assert "is stopped" not in bench.banner
        child.communicate(b"\n")
        bench.store.engines.announce(engine.token, 1)
        bench.store.commands.send(engine.token, Pause(1))
        bench.store.execute("UPDATE commands SET created = created - 5.0")
        await look(bench)
        await look(bench)
        assert "The engine is busy, and has not answered for" in bench.banner
        bench.engine.turn()
        await look(bench)
        await look(bench)
        assert "busy" not in bench.banner
