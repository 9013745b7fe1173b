"""What the data suggests, in the form: seen below the fields, taken with a key or the word."""

from __future__ import annotations

import pytest

from lrtui.core.config import Config, changed, knobs
from lrtui.core.doctor.suggested import FIELDS
from lrtui.core.store import Status
from lrtui.core.training.problem import problem_of
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.datasets.source_validation import parse_source
from lrtui.tui.render.suggestions import suggestion_text
from tests.core.doctor.cases import suggest
from tests.tui.bench import Bench, dashboard

LONG = 10_000_000
TO_WEIGHT_DECAY = ["down"] * list(knobs()).index("weight_decay")


async def suggested(bench: Bench) -> None:
    """Let the engine find what is suggested for the config at hand, and the dashboard look."""
    bench.app.look()

    def answered() -> bool:
        bench.app.look()
        return bench.app.context.limits.answered

    bench.engine.turn()
    bench.turn_until(answered)
    await bench.pilot.pause()
    await bench.pilot.pause()


async def test_a_suggestion_is_seen_taken_and_undone() -> None:
    async with dashboard("breast-cancer", lr=0.001) as bench:
        assert "take" not in bench.screen
        await suggested(bench)
        assert "safe up to 0.077" in bench.screen
        assert "suggested 0.05: t" in bench.screen
        assert "t take " in bench.screen
        await bench.press("t")
        assert bench.app.session.config.lr == 0.05
        assert "‹ 0.05 ›" in bench.screen
        assert "suggested" not in bench.screen
        assert "t take" not in bench.screen
        await bench.press("u")
        assert bench.app.session.config.lr == 0.001
        # One between the suggestion and the limit is left in peace.
        await bench.press("enter", *"0.07", "enter")
        await suggested(bench)
        assert "safe up to 0.077" in bench.screen
        assert "suggested" not in bench.screen
        await bench.press("t")
        assert bench.banner == "The learning rate is higher than suggested, and still within its limit."
        await bench.press("right")  # 0.1
        assert "suggested 0.05: t" in bench.screen
        bench.app.take_source(Source("moons"))  # which has other suggestions
        bench.app.look()
        await bench.pilot.pause()
        assert "suggested" not in bench.screen
        await bench.press("enter", *"0.001", "enter")
        await suggested(bench)
        assert "suggested 1:" in bench.screen
        await bench.press("enter", "t")  # a letter while something is typed
        assert bench.app.session.config.lr == 0.001
        assert "learning rate t" in bench.screen


async def test_epochs_are_those_for_the_learning_rate_on_the_desk() -> None:
    async with dashboard("moons:n=100", epochs=3) as bench:
        problem = problem_of(load(parse_source("moons:n=100")), Config())
        await suggested(bench)
        await bench.press("right", "down")  # another learning rate: what was found is not said of it
        bench.app.look()
        await bench.pilot.pause()
        assert "suggested" not in bench.screen
        await suggested(bench)
        expected = suggest(problem, changed(Config(), lr=0.1))
        assert f"suggested {expected.epochs}: t takes it" in bench.screen
        await bench.press("t")
        assert bench.app.session.config.epochs == expected.epochs
        # The word does the same as the key.
        await bench.press(*TO_WEIGHT_DECAY[1:], "enter", *"suggested", "enter")
        assert bench.app.session.config.weight_decay == expected.weight_decay != 0


async def test_where_nothing_is_suggested_the_banner_says_why_and_the_word_does_the_same() -> None:
    async with dashboard("moons", optimizer="adam") as bench:
        await bench.press("down", "t")
        assert bench.banner == "The data is not looked at yet."
        await suggested(bench)
        await bench.press("t")
        assert bench.banner == "Theory suggests no number of epochs here."
        await bench.press(*TO_WEIGHT_DECAY[1:], "enter", *"suggested", "enter")
        assert bench.banner == "The weight decay is what the data suggests."
        await bench.press("up", "enter", *"suggested", "enter")
        assert "Give bce-logits or bce." in bench.screen
        await bench.press("escape", "home", "down", "down", "t")
        assert bench.banner == "Nothing is suggested for the batch size."
        assert bench.app.session.config == changed(Config(), optimizer="adam")
        bench.app.session.change(changed(Config(), optimizer="newton"))
        await bench.press("home")
        await suggested(bench)
        assert "does nothing with " in bench.screen
        assert "optimizer newton " in bench.screen
        await bench.press("t")
        assert bench.banner == "The learning rate does nothing with optimizer newton."


async def test_a_suggestion_takes_effect_in_a_run_that_goes_on() -> None:
    async with dashboard("moons", epochs=LONG, lr=0.001) as bench:
        await bench.press("space")
        await bench.train(2)
        await suggested(bench)
        await bench.press("t")
        await bench.train(3)
        run = bench.store.runs.recent(1)[0]
        assert run.status is Status.RUNNING
        assert run.config.lr == bench.app.session.config.lr == 1


@pytest.mark.parametrize("size", [(60, 20), (120, 40)])
async def test_the_field_under_the_cursor_stays_in_view(size: tuple[int, int]) -> None:
    async with dashboard("moons:n=100", size=size, lr=0.001) as bench:
        await suggested(bench)
        for name in knobs():
            label = f"{knobs()[name].label}  "
            assert "‹" in next(line for line in bench.screen.split("\n") if label in line)
            assert ("suggested" in bench.screen) == (name in FIELDS)
            await bench.press("down")


async def test_a_form_too_low_for_a_suggestion_takes_it_all_the_same() -> None:
    async with dashboard("moons", size=(40, 12), lr=0.001) as bench:
        await suggested(bench)
        assert "take" not in bench.screen
        await bench.press("t")
        assert bench.app.session.config.lr == 1


def test_a_suggestion_keeps_to_its_room() -> None:
    config = changed(Config(), epochs=2_000_000, lr=0.2)
    assert suggestion_text("lr", config, 26) == "suggested 0.2: t takes it"
    assert suggestion_text("epochs", config, 26) == "suggested 2000000: t"
    assert suggestion_text("epochs", config, 18) == "suggested 2000000"
    assert set(FIELDS) <= set(knobs())
