"""Sweeps in the dashboard: what a person presses, and what they then see."""

from __future__ import annotations

import re

import pytest

from lrtui.core.config import Config, changed, knobs
from lrtui.core.store import Status
from lrtui.core.training.stable_rate import Smoothness
from lrtui.tui.render.numbers import rounded_down
from lrtui.tui.render.suggestions import limit_text
from lrtui.tui.screens.fields import FieldsScreen
from lrtui.tui.screens.sweep import SweepScreen
from tests.tui.bench import dashboard

LONG = 10_000_000
SMALL = "moons:n=100"
UNTIL_SCALING = ["down"] * list(knobs()).index("scaling")


async def test_w_sweeps_the_learning_rate_and_enter_takes_a_value_into_the_config() -> None:
    async with dashboard(SMALL, batch_size=0, epochs=50) as bench:
        await bench.press("w", "enter")
        assert bench.banner == ""  # the value that the config has already changes nothing
        await bench.press("w")
        assert isinstance(bench.app.screen, SweepScreen)
        assert "Sweep of learning rate ─ moons" in bench.screen
        assert "25 values, starting" in bench.screen
        assert "waiting for the first points" in bench.screen
        await bench.sweep()
        assert re.search(r"25 values in [\d.]+ s", bench.screen)
        assert "0.05┊now" in bench.screen or "now┊0.05" in bench.screen
        assert "learning rate 0.05   loss" in bench.screen
        for word in ("good", "slower"):
            assert word in bench.screen
        await bench.press("right", "right", "right", "left")
        assert "learning rate 0.2   loss" in bench.screen
        await bench.press("enter")
        assert len(bench.app.screen_stack) == 1
        assert bench.app.session.config.lr == 0.2
        assert "From the sweep: learning rate 0.2. u takes it back." in bench.banner
        await bench.press("u")
        assert bench.app.session.config.lr == 0.05


async def test_a_value_that_is_taken_changes_the_run_that_goes_on() -> None:
    async with dashboard(SMALL, epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("w", "right", "enter")
        await bench.train(2)
        assert bench.store.runs.recent(1)[0].config.lr == 0.1


async def test_form_and_sweep_say_how_large_a_rate_may_be_and_t_goes_to_the_suggested_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with dashboard("example-learning-rate", batch_size=0, epochs=100) as bench:
        await bench.train(5)
        assert "stable below 5.5" in bench.screen
        limits, known = bench.app.context.limits, bench.app.context.limits.found
        await bench.press("w")
        await bench.sweep()
        with monkeypatch.context() as held:
            held.setattr(limits, "look", lambda: False)  # the answer is in the store
            for limits.found in (None, known):  # what comes late is said though the sweep has ended
                bench.app.screen.look()  # type: ignore[attr-defined]
                await bench.pilot.pause()
                assert ("stable below" in bench.screen) == (limits.found is known)
        found = re.search(r"suggested (\S+), by experiment   stable below 5\.5", bench.screen)
        assert found
        await bench.press("t")
        assert f"learning rate {found.group(1)}   loss" in bench.screen
        await bench.press("b", "enter")
        assert 0 < bench.app.session.config.lr <= 10
        await bench.press(*UNTIL_SCALING, "left")
        bench.app.look()
        await bench.train(3)
        assert "stable below" in bench.screen
        assert "stable below 5.5" not in bench.screen


async def test_a_faster_rate_is_told_beside_the_limit_and_is_not_the_suggested_one() -> None:
    async with dashboard("breast-cancer", epochs=100) as bench:
        await bench.train(5)
        await bench.press("w")
        await bench.sweep()
        assert "suggested 0.05, by experiment   safe up to 0.077" in bench.screen
        assert re.search(r"faster, not proved safe: [125]", bench.screen)
        assert "too low" not in bench.screen
        await bench.press("t")
        assert "learning rate 0.05   loss" in bench.screen


async def test_escape_leaves_all_as_it_was_and_stops_the_sweep() -> None:
    async with dashboard(SMALL, epochs=30_000) as bench:
        await bench.press("w")
        await bench.sweep(turns=10)
        assert re.search(r"25 values, \S+ % of all epochs, \d+:\d\d", bench.screen)
        await bench.press("right", "escape")
        await bench.train()
        assert len(bench.app.screen_stack) == 1
        assert bench.app.session.config == changed(Config(), epochs=30_000)
        assert bench.store.sweeps.get(1).status is Status.STOPPED


async def test_a_sweep_of_choices_tries_them_all() -> None:
    async with dashboard("wine-1", epochs=5) as bench:
        await bench.press(*UNTIL_SCALING, "w")
        await bench.sweep()
        for choice in ("none", "standard", "minmax", "robust", "maxabs", "center"):
            assert choice in bench.screen
        assert "scaling standard   loss" in bench.screen
        await bench.press("left", "enter")
        assert bench.app.session.config.scaling == "none"


async def test_a_second_field_makes_a_table_with_the_curve_along_the_row_below() -> None:
    async with dashboard("wine-1", (100, 34), epochs=5) as bench:
        await bench.press("w")
        await bench.sweep()
        await bench.press("a")
        assert isinstance(bench.app.screen, FieldsScreen)
        assert "scaling            none, standard, minmax, robust, maxabs, center" in bench.screen
        assert re.search("momentum +does nothing with optimizer sgd", bench.screen)  # and cannot be chosen
        await bench.press("j", "j", "j", "down", "enter")
        await bench.sweep()
        assert "Sweep of scaling and learning rate" in bench.screen
        assert "scaling standard, learning rate 0.05" in bench.screen
        assert re.search(r"robust .*[█▓▒░·]", bench.screen)
        assert "0.05┊now" in bench.screen
        await bench.press("up", "right")
        assert "scaling none, learning rate 0.1" in bench.screen
        await bench.press("enter")
        assert (bench.app.session.config.scaling, bench.app.session.config.lr) == ("none", 0.1)


async def test_a_field_that_changes_no_result_is_not_swept() -> None:
    async with dashboard() as bench:
        await bench.press("end", "up", "w")  # device
        assert len(bench.app.screen_stack) == 1
        assert "there is nothing to sweep" in bench.banner


async def test_what_went_wrong_stands_where_the_person_looks() -> None:
    async with dashboard("example-small-data", test_size=0.9) as bench:
        await bench.press("end", *["up"] * 5, "w")  # test size
        await bench.sweep()
        assert "Sweep of test size" in bench.screen
        assert re.search("│ .*one part would be empty", bench.screen)
        keys = bench.screen.split("\n")[-1]
        assert "take it" not in keys
        assert "add a field" not in keys
        assert keys.rstrip().endswith("? help  Esc close")
        await bench.press("escape")
        assert len(bench.app.screen_stack) == 1


@pytest.mark.parametrize(
    ("ascii_only", "sizes"),
    [(False, [(80, 24), (160, 50), (120, 40), (60, 18), (40, 12)]), (True, [(160, 50), (40, 12)])],
)
async def test_every_size_shows_the_sweep_and_its_keys(
    ascii_only: bool, sizes: list[tuple[int, int]]
) -> None:
    async with dashboard(SMALL, sizes[0], ascii_only=ascii_only, epochs=5) as bench:
        await bench.press("w", "right")
        await bench.sweep()
        for size in sizes:
            await bench.resize(*size)
            assert "learning rate 0.1" in bench.screen  # the cursor stays where it was
            assert "take it" in bench.screen
            assert all(len(line) <= size[0] for line in bench.screen.split("\n"))
            assert bench.screen.isascii() or not ascii_only
            assert ("majority" in bench.screen) or size != (120, 40)
        assert "loss: train" in bench.screen
        assert ("o" if ascii_only else "●") in bench.screen
        await bench.press("a", "enter")
        await bench.sweep()
        assert "[" in bench.screen  # the cursor of the table


async def test_a_sweep_whose_engine_died_says_so() -> None:
    async with dashboard(SMALL, epochs=LONG) as bench:
        await bench.press("w")
        await bench.sweep(turns=5)
        bench.store.execute("UPDATE sweeps SET owner = 'gone'")
        bench.app.context.engine_watch.mark_orphans()
        bench.app.screen.look()  # type: ignore[attr-defined]
        await bench.pilot.pause()
        assert "interrupted" in bench.screen


# --- the quiet mark in the form ---


def test_what_is_said_of_a_learning_rate_is_true_of_the_config() -> None:
    found = Smoothness(full=0.36, row=2.0, rows=100)
    full = changed(Config(), batch_size=0)
    assert limit_text(found, full) == "stable below 5.5"
    assert limit_text(found, changed(full, weight_decay=0.64)) == "stable below 2"
    assert limit_text(found, Config()) == "safe up to 1.2"
    assert limit_text(found, changed(Config(), batch_size=100)) == "stable below 5.5"
    assert limit_text(found, changed(full, optimizer="adam")) == "w tries learning rates"
    assert limit_text(found, changed(full, optimizer="newton")) == "no learning rate needed"
    assert limit_text(found, changed(full, optimizer="momentum", momentum=0.5)) == "stable below 2.7"
    assert limit_text(found, changed(full, optimizer="nesterov", momentum=1.0)) == "no rate is safe"
    assert limit_text(None, full) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [(5.5599, "5.5"), (2.89e-7, "2.8e-07"), (0.3, "0.3"), (1234.0, "1.2e+03"), (1.0, "1")],
)
def test_limits_are_rounded_down(value: float, shown: str) -> None:
    assert rounded_down(value) == shown
    assert float(shown) <= value
