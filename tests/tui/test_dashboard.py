"""The dashboard, by keyboard: what a person presses, and what they then see."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from lrtui.core.store import Status
from lrtui.datasets.source import Source
from lrtui.tui import pictures
from lrtui.tui.screens.chooser import ChooserScreen
from lrtui.tui.screens.help import HelpScreen
from lrtui.tui.screens.questions import QuitScreen
from tests.tui.bench import dashboard

LONG = 10_000_000


# --- a run ---


async def test_an_untrained_desk_says_how_to_start() -> None:
    async with dashboard("breast-cancer") as bench:
        assert "untrained" in bench.status
        assert "breast-cancer" in bench.status
        assert "569×30, 63 % are 1" in bench.status
        assert "Space starts training" in bench.screen
        assert "␣ start" in bench.screen


async def test_space_starts_pauses_and_resumes_x_stops_and_r_resets() -> None:
    async with dashboard(epochs=LONG, lr=0.25) as bench:
        assert "x stop" not in bench.screen
        assert "u undo" not in bench.screen
        assert "r reset" not in bench.screen
        await bench.press("x")
        assert bench.banner == "No run is going on."
        await bench.press("right", "left", "space")
        assert "starting" in bench.status
        await bench.train(2)
        assert "▶ training" in bench.status
        for words in ("␣ pause", "x stop", "u undo", "? help", "q quit"):
            assert words in bench.screen
        await bench.press("space")
        await bench.train()
        assert "‖ paused" in bench.status
        assert "␣ resume" in bench.screen
        await bench.press("space")
        await bench.train()
        assert "▶ training" in bench.status
        await bench.press("x")  # what was learned is kept
        await bench.train()
        assert "■ stopped" in bench.status
        run = bench.store.runs.recent(1)[0]
        newest = bench.store.history.newest_snapshot(run.id)
        assert newest is not None
        assert newest.epoch == run.epoch > 0
        lr = bench.app.session.config.lr
        await bench.press("r", "space")
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].status is Status.RUNNING
        await bench.press("r")  # back to untrained with the same config, and the run is stopped
        await bench.train()
        assert "untrained" in bench.status
        assert bench.app.session.config.lr == lr
        assert [run.status for run in bench.store.runs.recent()] == [Status.STOPPED] * 2


async def test_a_run_ends_with_its_result_on_the_screen() -> None:
    async with dashboard("breast-cancer", (160, 50)) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        assert "✓ finished" in bench.status
        assert "epoch 200/200" in bench.screen
        assert re.search(r"accuracy +0\.965", bench.screen)
        assert re.search(r"always 1 +0\.632", bench.screen)
        assert re.search(r"61 % of the test rows are predicted 1", bench.screen)
        assert bench.banner == ""


async def test_every_key_is_back_in_the_footer_when_a_sheet_closes() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        before = bench.screen.split("\n")[-1]
        assert "q quit" in before
        for key in ("question_mark", "o", "w"):
            await bench.press(key)
            await bench.press("escape")
            assert bench.screen.split("\n")[-1] == before, key
        await bench.press("q")
        assert isinstance(bench.app.screen, QuitScreen)
        await bench.press("escape")
        assert bench.app.return_value is None
        await bench.press("q", "s")  # leaving can stop the run
        assert bench.app.return_value == 0
        bench.engine.turn()
        assert bench.store.runs.recent(1)[0].status is Status.STOPPED


async def test_s_trains_one_epoch_and_holds() -> None:
    async with dashboard(epochs=LONG) as bench:
        for epoch in (1, 2, 3):
            await bench.press("s")
            await bench.train()
            assert "‖ paused" in bench.status
            assert f"epoch {epoch}/" in bench.screen


async def test_a_diverging_run_says_at_which_epoch() -> None:
    async with dashboard("breast-cancer", lr=1e6, weight_decay=1e6) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        run = bench.store.runs.recent(1)[0]
        assert run.diverged_at is not None
        assert "diverged" in bench.status
        assert f"at epoch {run.diverged_at}" in bench.banner


async def test_a_dataset_that_fails_is_told_where_the_person_looks() -> None:
    async with dashboard("example-small-data", test_size=0.99) as bench:
        await bench.press("space")
        await bench.train()
        assert "✗ failed" in bench.status
        assert "one part would be empty" in bench.banner


async def test_one_label_for_every_row_raises_the_banner() -> None:
    async with dashboard("example-scaling", scaling="none", lr=0.01) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        assert "Every test row is predicted 1" in bench.banner


# --- datasets, runs, panes ---


async def test_the_chooser_filters_takes_parameters_and_says_what_is_wrong_with_them() -> None:
    async with dashboard("moons") as bench:
        await bench.press("D", "right")
        assert bench.app.session.source == Source("circles")
        await bench.press("left", "left")
        assert bench.app.session.source == Source("two-gaussians")
        await bench.press("enter")
        assert isinstance(bench.app.screen, ChooserScreen)
        await bench.press(*"wine", "enter")
        assert bench.app.session.source == Source("wine-1")
        assert "178×13" in bench.status
        await bench.press("o", *"moons:n=5", "enter")
        assert "cannot be '5'" in bench.screen
        await bench.press("0", "enter")
        assert bench.app.session.source == Source("moons:n=50")
        await bench.train()
        assert "50×2" in bench.status


async def test_the_runs_pane_shows_an_earlier_run_with_its_config() -> None:
    async with dashboard("xor", epochs=7) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("r", "D", "right", "H", "right", "space")
        await bench.train_to_the_end()
        assert "imbalanced" in bench.status
        await bench.press("R", "down", "enter")
        assert "xor" in bench.status
        assert "run 1" in bench.status
        assert bench.app.session.config.lr == 0.05


async def test_their_letters_and_tab_go_round_the_panes() -> None:
    async with dashboard() as bench:
        for key, name in zip("DHLPMROIS", bench.app.body.panes, strict=True):
            await bench.press(key)
            assert bench.app.body.focused_pane == name
        await bench.press("tab")
        assert bench.app.body.focused_pane == "dataset"
        await bench.press("shift+tab")
        assert bench.app.body.focused_pane == "inside"
        await bench.press("L", "l")
        assert "log" in str(bench.app.body.loss.border_title)
        await bench.press("l")
        assert "log" not in str(bench.app.body.loss.border_title)
        await bench.press("q")  # with nothing going on it just quits
        assert bench.app.return_value == 0


async def test_help_is_made_from_the_bindings() -> None:
    async with dashboard(size=(100, 240)) as bench:
        await bench.press("question_mark")
        assert isinstance(bench.app.screen, HelpScreen)
        for binding in bench.app.BINDINGS:
            words = binding.tooltip or binding.description  # type: ignore[union-attr]
            assert words in bench.screen
        assert "take what the data suggests for the field" in bench.screen
        assert "In a sweep" in bench.screen
        assert "sweep the field under the cursor" in bench.screen.lower()
        assert "In an inspection" in bench.screen
        assert "In the table of all runs" in bench.screen
        assert "put the marked runs away" in bench.screen
        assert "make the column the target" in bench.screen
        assert "Step size" in bench.screen
        await bench.press("escape")
        assert not isinstance(bench.app.screen, HelpScreen)


# --- folders ---


async def test_a_folder_that_others_can_write_to_is_said_in_the_banner(home: Path) -> None:
    home.mkdir()
    home.chmod(0o777)
    async with dashboard(size=(160, 50)) as bench:
        assert "Others can change what lrtui keeps in" in bench.banner
        assert "its mode is 0777" in bench.banner


async def test_a_picture_is_saved_over_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Still:
            return cls(2026, 1, 2, 3, 4, 5, 6, tz)

    monkeypatch.setattr(pictures, "datetime", Still)
    async with dashboard() as bench:
        bench.app.action_picture()
        await bench.pilot.pause()
        (picture,) = home.glob("*.svg")
        assert "Saved" in bench.banner
        picture.write_text("mine")
        bench.app.action_picture()
        await bench.pilot.pause()
        assert "There is a file of this name already" in bench.banner
        assert picture.read_text() == "mine"
