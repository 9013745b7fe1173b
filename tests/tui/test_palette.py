"""Every action by its words, a pane that fills the screen, and what is copied."""

from __future__ import annotations

import os
from base64 import b64decode
from pathlib import Path

import pytest
from textual.binding import Binding

from lrtui.tui.layout import PANES
from lrtui.tui.palette import NOT_LISTED, own_bindings
from lrtui.tui.panes.hyperparameters import FIELDS
from lrtui.tui.terminal.clipboard import LIMIT, SCREEN_PART, by_tmux, osc52
from tests.tui.bench import Bench, dashboard


@pytest.fixture(autouse=True)
def no_multiplexer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMUX", "STY"):
        monkeypatch.delenv(name, raising=False)


def shown(bench: Bench) -> set[str]:
    return {name for name in PANES if bench.app.body.shows(name)}


async def test_every_action_of_the_dashboard_and_its_panes_is_in_the_palette_and_acts() -> None:
    async with dashboard() as bench:
        app = bench.app
        commands = {command.title: command for command in app.get_system_commands(app.screen)}
        bindings = [b for b in app.BINDINGS if isinstance(b, Binding) and b.id not in NOT_LISTED]
        for pane in app.body.panes.values():
            bindings += own_bindings(pane)
        listed = "\n".join(commands).lower()
        for binding in bindings:
            assert (binding.tooltip or binding.description).lower() in listed, binding.id
        assert not {"Maximize", "Minimize"} & set(commands)
        await commands["Runs: oldest"].callback()
        assert app.body.focused_pane == "runs"
        await commands["Hyperparameters: last field"].callback()
        assert app.body.form.field == FIELDS[-1]


async def test_z_makes_the_pane_fill_the_screen_and_again_gives_the_room_back() -> None:
    async with dashboard(size=(120, 40)) as bench:
        before = shown(bench)
        assert len(before) > 4
        await bench.press("L", "z")
        assert shown(bench) == {"loss"}
        pane = bench.app.body.panes["loss"]
        assert pane.size.width + 2 == 120
        await bench.press("M")  # another pane then has all the room
        assert shown(bench) == {"metrics"}
        await bench.resize(80, 24)
        assert shown(bench) == {"metrics"}
        await bench.resize(120, 40)
        await bench.press("z")
        assert shown(bench) == before
        assert bench.app.body.focused_pane == "metrics"


async def test_y_copies_the_value_the_line_or_the_pane_and_says_which() -> None:
    async with dashboard(size=(120, 40)) as bench:
        app = bench.app
        await bench.press("y")
        assert (app.clipboard, bench.banner) == ("0.05", "Copied the learning rate: 0.05.")
        await bench.press("D", "y")
        assert (app.clipboard, bench.banner) == ("moons", "Copied the dataset: moons.")
        await bench.press("R", "y")
        assert bench.banner == "Nothing was copied of the runs: there is nothing in it."
        await bench.press("s")
        await bench.train(2)
        await bench.press("y")
        assert app.clipboard.startswith("1 ‖ moons")
        assert bench.banner.startswith("Copied the line of run 1.")
        await bench.press("L", "y")
        assert "┤" in app.clipboard
        assert bench.banner.startswith("Copied the plot of the loss.")
        await bench.press("M", "y")
        assert "balanced accuracy" in app.clipboard
        await bench.press("question_mark", "y")
        assert "Hyperparameters" in app.clipboard
        await bench.press("escape")
        assert (
            app.copy("the page", "é" * LIMIT) == "Not copied, the page: 148 kB, where a terminal takes 74."
        )
        assert "é" not in app.clipboard


def test_a_text_goes_out_as_base64_and_through_a_multiplexer() -> None:
    plain = osc52("a\x1b[31mé", {"TERM": "xterm"})
    assert plain == "\x1b]52;c;YRtbMzFtw6k=\x07"
    assert osc52("a\x1b[31mé", {"TMUX": "/tmp/x"}) == (
        plain + "\x1bPtmux;\x1b\x1b]52;c;YRtbMzFtw6k=\x07\x1b\\"
    )
    parts = osc52("long " * 500, {"STY": "1.screen"}).split("\x1b\\")
    assert all(part.startswith("\x1bP") and len(part) <= SCREEN_PART + 2 for part in parts[:-1])
    whole = "".join(part.removeprefix("\x1bP") for part in parts)
    assert b64decode(whole.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode() == "long " * 500


def test_tmux_takes_a_text_from_its_own_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not by_tmux("text")  # there is none
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    tmux = tmp_path / "tmux"
    tmux.write_text(f'#!/bin/sh\n[ "$*" = "load-buffer -w -" ] && cat > {tmp_path}/taken\n')
    tmux.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert by_tmux("text é")
    assert (tmp_path / "taken").read_text() == "text é"
    tmux.write_text("#!/bin/sh\nexit 1\n")  # of a version that knows no -w
    assert not by_tmux("text")
