"""What a dashboard says of a lost or damaged store, and of an engine that cannot write or answer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrtui.core.engine.process_state import ProcessState
from lrtui.core.engine.status_pipe import StatusReader, StatusWriter
from lrtui.core.store import Status, Store
from lrtui.core.store.rescue import rescues
from lrtui.tui.arrange import PANES
from tests.tui.desk import Bench, dashboard

SCREENS = ("", "o", "i", "w", "d", "question_mark", "ctrl+p", "q")
KEYS = (
    *"sxrwudftlhjkgGab", "space", "enter", "up", "down", "left", "right", "tab", "home", "end", "backspace",
    *map(str, range(1, len(PANES) + 1)), "escape",
)  # fmt: skip


async def look(bench: Bench) -> None:
    bench.app.look()
    await bench.pilot.pause()


@pytest.mark.parametrize("first", SCREENS)
async def test_a_lost_store_is_told_and_no_key_on_any_screen_crashes(home: Path, first: str) -> None:
    async with dashboard(size=(120, 40), epochs=10_000_000) as bench:
        await bench.press("space")
        await bench.train(3)
        (home / "lrtui.db").unlink()
        await look(bench)
        assert "was removed or moved away while it was in use" in bench.banner
        bench.engine.turn()
        bench.engine.turn()
        (rescue,) = rescues(home)
        for key in KEYS:
            if first and len(bench.app.screen_stack) == 1:
                await bench.pilot.press(first)
            await bench.pilot.press(key)
            if not bench.app._running:
                break  # q, Enter: it has left, and in good order
        if bench.app._running:
            await look(bench)
            assert "was removed or moved away while it was in use" in bench.banner
        session = bench.engine._session
        assert session is not None
        epoch = session.trainer.epoch
        bench.engine.turn()
        assert session.trainer.epoch > epoch  # it trains on
        bench.engine._told_to_leave = True
        assert not bench.engine.turn()
        bench.engine._leave()
    with Store(rescue) as kept:
        (run,) = kept.runs.recent()
        assert (run.status, run.epoch) == (Status.INTERRUPTED, session.trainer.epoch)


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
        bench.app.desk.notice = None
        await look(bench)
        await bench.press("question_mark")
        bench.app.tell("other words " * 40)
        await look(bench)
        lines = [line.strip() for line in bench.screen.split("\n")[-3:]]
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
    async with dashboard(size=(160, 50), epochs=3) as bench:
        for _ in range(2):
            await bench.press("space")
            await bench.train_to_the_end()
        bench.store.execute("UPDATE runs SET measured = '{', epoch = 'x' WHERE id = 1")
        bench.app.look(force=True)
        await bench.press("6")
        assert "unreadable" in bench.screen
        assert "finished" in bench.screen
        await bench.press("end", "enter")
        assert "Run 1 cannot be read" in bench.banner
        run = bench.app.desk.run
        assert run is not None
        assert run.id == 2
        bench.store.execute("UPDATE runs SET status = 'dancing' WHERE id = 2")  # the one that is shown
        for _ in range(2):
            bench.app.look(force=True)
        assert "Run 2 cannot be read" in bench.banner
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.app.desk.run is not None
        assert bench.app.desk.run.id == 3


async def test_what_the_engine_cannot_write_is_told_while_it_lasts() -> None:
    out, into = os.pipe()
    os.set_blocking(into, False)
    writer = StatusWriter(into)
    async with dashboard() as bench:
        handle = bench.app.desk.engine
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


async def test_a_stopped_engine_is_told_and_so_is_one_that_does_not_take_its_commands() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    async with dashboard() as bench:
        engine, state = bench.app.desk.engine, ProcessState(child.pid)
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
        bench.store.engines.announce(engine.token, 1, ready=True, info={})
        bench.store.commands.send(engine.token, "pause", 1)
        bench.store.execute("UPDATE commands SET created = created - 5.0")
        bench.app.engine_watch._looked_at = 0.0
        await look(bench)
        await look(bench)
        assert "The engine is busy, and has not answered for" in bench.banner
        bench.engine.turn()
        bench.app.engine_watch._looked_at = 0.0
        await look(bench)
        await look(bench)
        assert "busy" not in bench.banner
