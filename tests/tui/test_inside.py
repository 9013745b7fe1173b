"""The pane on I: views of the run that is shown, one after the other."""

from __future__ import annotations

import pytest

from lrtui.core.inside.catalogue import views
from lrtui.core.inside.record import Seen
from tests.tui.bench import Bench, dashboard


def seen(bench: Bench) -> Seen | None:
    return bench.app.context.inside.seen


async def shows(bench: Bench, view: str) -> None:
    """Turn the engine until the pane shows a view of the newest weights."""

    def so_far() -> bool:
        bench.app.look(force=True)
        found, run = seen(bench), bench.app.session.run
        settled = not bench.app.context.inside.waits
        return (
            settled and found is not None and run is not None and (found.view, found.run) == (view, run.id)
        )

    bench.turn_until(so_far)
    await bench.train()


async def test_a_run_is_looked_into_view_by_view() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("I")
        assert "No run is shown: Space starts one." in bench.screen
        await bench.press("space")
        await bench.train_to_the_end()
        for view in [*views(), next(iter(views()))]:
            await shows(bench, view)
            assert f"I Inside ─ {views()[view].title.lower()}" in bench.screen
            await bench.press("v")
        await bench.press("V")
        await shows(bench, next(iter(views())))


async def test_it_stays_while_the_threshold_is_moved_on_the_form_and_goes_with_the_predictions() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await shows(bench, "coefficients")
        while (found := seen(bench)) is not None and found.view != "confusion":
            await bench.press("v")
            await shows(bench, list(views())[(list(views()).index(found.view) + 1) % len(views())])
        assert "threshold 0.5" in bench.screen
        await bench.press("H", "slash", *"threshold", "enter", "right", "right")
        await shows(bench, "confusion")
        at = bench.app.session.config.threshold
        assert at != 0.5
        assert f"threshold {at:g}" in bench.screen
        assert bench.app.body.shows("inside")
        await bench.press("P")
        assert not bench.app.body.shows("inside")
        await bench.press("H")
        assert bench.app.body.shows("predictions")


async def test_while_it_is_not_shown_nothing_is_asked() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.app.context.inside._query.question is None
        await bench.press("I", "P")
        await bench.train(3)
        assert not bench.app.context.inside.waits
        assert bench.engine.inside._wanted is None


@pytest.mark.parametrize("size", [(40, 12), (160, 50), (120, 40)])
async def test_it_fits_on_any_screen_in_plain_ascii(size: tuple[int, int]) -> None:
    async with dashboard("moons", size, ascii_only=True, epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await shows(bench, "coefficients")
        assert bench.screen.isascii()
        assert "I Inside" in bench.screen
        lines = bench.screen.split("\n")
        assert all(len(line) == size[0] for line in lines)
