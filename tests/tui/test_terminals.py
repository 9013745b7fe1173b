"""The dashboard on terminals of every size, and with a mouse."""

from __future__ import annotations

from rich.cells import cell_len

from lrtui.tui.keys import in_one_line
from lrtui.tui.screens.chooser import ChooserScreen
from tests.tui.bench import Bench, dashboard

LONG = 10_000_000


# --- sizes ---

SIZES = [(40, 12), (79, 23), (80, 24), (250, 70)]


async def test_every_line_fits_at_every_size() -> None:
    async with dashboard("breast-cancer", SIZES[0], epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        for size in SIZES:
            await bench.resize(*size)
            await every_pane_fits(bench)


async def test_every_line_fits_in_plain_ascii_and_every_number_is_in_reach_on_the_smallest_screen() -> None:
    async with dashboard("breast-cancer", (160, 50), ascii_only=True, epochs=20) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await every_pane_fits(bench)
        await bench.resize(40, 12)
        await every_pane_fits(bench)
        await bench.press("M")
        assert "epochs/s" in bench.screen
        assert "ROC AUC" not in bench.screen
        await bench.press(*["down"] * 20)
        assert "weight norm" in bench.screen
        await bench.press("k")
        assert "gradient norm" in bench.screen


async def every_pane_fits(bench: Bench) -> None:
    width, height = bench.app.size
    for key in "DHLPMROS":
        await bench.press(key)
        assert f"{key} {bench.app.body.focused_pane.capitalize()}" in bench.screen, (width, height)
        assert bench.screen.isascii() or not bench.app.glyphs.ascii_only
        lines = bench.screen.split("\n")
        assert len(lines) == height
        assert {cell_len(line) for line in lines} == {width}


async def test_eighty_by_twenty_four_shows_four_panes_at_once_and_resizing_loses_nothing() -> None:
    async with dashboard(epochs=LONG) as bench:
        for title in ("D Dataset", "H Hyperparameters", "L Loss", "P Predictions"):
            assert title in bench.screen
        await bench.press("space")
        await bench.train(2)
        for size in [(40, 12), (160, 50), (80, 24)]:
            await bench.pilot.resize_terminal(*size)
            await bench.train()
        assert "▶ training" in bench.status
        assert "L Loss" in bench.screen


async def test_the_footer_is_one_line_with_the_most_needed_keys_and_always_help_and_quit() -> None:
    async with dashboard("moons", (40, 12), epochs=LONG) as bench:
        await bench.press("right", "space")
        await bench.train(2)
        for width, words in ((40, ["␣ pause"]), (80, ["x stop", "d doctor", "u undo"])):
            await bench.resize(width, 24 if width == 80 else 12)
            for pane in "DHLPMROS":
                await bench.press(pane)
                *above, footer = bench.screen.split("\n")
                assert footer.startswith(" ␣ pause")
                assert footer.rstrip().endswith("? help  q quit")
                assert all(found in footer for found in words), (pane, footer)
                assert "quit" not in "".join(above)
        await bench.resize(40, 12)
        await bench.press("P")
        assert "0 ⣿  1 █" in bench.screen


def test_what_leaves_the_screen_is_told_however_little_room_there_is() -> None:
    keys = [("a", "long words", False), ("b", "short", False), ("q", "quit", True)]
    assert [key for key, _, _ in in_one_line(keys, 80)] == ["a", "b", "q"]
    assert [key for key, _, _ in in_one_line(keys, 16)] == ["b", "q"]
    assert [key for key, _, _ in in_one_line(keys, 3)] == ["q"]


# --- the mouse ---


async def test_clicks_choose_step_and_type_a_field_and_open_the_chooser() -> None:
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
        await bench.pilot.click("#dataset", offset=(5, 1))
        await bench.pilot.pause()
        assert isinstance(bench.app.screen, ChooserScreen)
