"""The dashboard on terminals of every size, and with a mouse."""

from __future__ import annotations

import pytest

from lrtui.tui.screens.chooser import ChooserScreen
from tests.tui.bench import dashboard

LONG = 10_000_000


# --- sizes ---

SIZES = [(40, 12), (79, 23), (80, 24), (120, 40), (250, 70)]


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_line_fits_at_every_size(ascii_only: bool) -> None:
    async with dashboard("breast-cancer", SIZES[0], ascii_only=ascii_only, epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        for size in SIZES:
            await bench.resize(*size)
            for key in "1234567":
                await bench.press(key)
                assert f"{key} {bench.app.body.focused_pane.capitalize()}" in bench.screen, size
            assert bench.screen.isascii() or not ascii_only
            assert len(bench.screen.split("\n")) == size[1]


async def test_eighty_by_twenty_four_shows_four_panes_at_once() -> None:
    async with dashboard() as bench:
        for title in ("1 Dataset", "2 Hyperparameters", "3 Loss", "4 Predictions"):
            assert title in bench.screen


async def test_resizing_loses_nothing() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        for size in [(40, 12), (160, 50), (80, 24)]:
            await bench.pilot.resize_terminal(*size)
            await bench.train()
        assert "▶ training" in bench.status
        assert "3 Loss" in bench.screen


async def test_every_number_can_be_reached_on_the_smallest_screen() -> None:
    async with dashboard("breast-cancer", (40, 12), epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("5")
        assert "epochs/s" in bench.screen
        assert "ROC AUC" not in bench.screen
        await bench.press(*["down"] * 20)
        assert "weight norm" in bench.screen
        await bench.press("k")
        assert "gradient norm" in bench.screen
        await bench.press("4")
        assert "0 ⣿  1 █" in bench.screen


async def test_every_key_is_in_the_footer_of_a_narrow_screen() -> None:
    async with dashboard("breast-cancer", (40, 12), epochs=LONG) as bench:
        await bench.press("right", "space")
        await bench.train(2)
        for pane in "1234567":
            await bench.press(pane)
            for words in ("pause", "s step", "r reset", "x stop", "w sweep", "u undo", "? help", "q quit"):
                assert words in bench.screen, (pane, words)


# --- the mouse ---


async def test_clicks_choose_step_and_type_a_field() -> None:
    async with dashboard() as bench:
        await bench.pilot.click("#hyperparameters", offset=(3, 3))
        await bench.pilot.pause()
        form = bench.app.body.panes["hyperparameters"]
        assert form.field == "batch_size"  # type: ignore[attr-defined]
        await bench.pilot.click("#hyperparameters", offset=(form.size.width, 3))
        await bench.pilot.pause()
        assert bench.app.session.config.batch_size == 64
        await bench.pilot.click("#hyperparameters", offset=(3, 3))
        await bench.press(*"100", "enter")
        assert bench.app.session.config.batch_size == 100


async def test_a_click_on_the_dataset_opens_the_chooser() -> None:
    async with dashboard() as bench:
        await bench.pilot.click("#dataset", offset=(5, 1))
        await bench.pilot.pause()
        assert isinstance(bench.app.screen, ChooserScreen)
