"""The pane on I: views of the run that is shown, one after the other."""

from __future__ import annotations

from pathlib import Path

import pytest

from lrtui.core.inside.catalogue import views
from lrtui.core.inside.record import Seen
from lrtui.core.store import Status
from lrtui.datasets.source import Source
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
    async with dashboard("moons:n=100", epochs=30) as bench:
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


async def test_it_goes_back_in_time_with_the_run() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await shows(bench, "coefficients")
        await bench.press("left_square_bracket")
        past = bench.app.poller.view.past
        assert past is not None
        await shows(bench, "coefficients")
        found = seen(bench)
        assert found is not None
        assert found.epoch == past.epoch < 30
        assert f"I Inside ─ epoch {past.epoch} ─ coefficients" in bench.screen
        await bench.press("escape")
        await shows(bench, "coefficients")
        assert (found := seen(bench)) is not None
        assert found.epoch == 30


async def test_it_stays_while_the_threshold_is_moved_on_the_form_and_goes_with_the_predictions() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await shows(bench, "coefficients")
        await to(bench, "confusion")
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


async def test_keys_may_be_typed_ahead_of_the_first_answer() -> None:
    async with dashboard("moons:n=100", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I", "v", "v")
        await shows(bench, list(views())[2])


async def test_while_it_is_not_shown_nothing_is_asked() -> None:
    async with dashboard("moons", epochs=30) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        assert bench.app.context.inside._query.question is None
        await bench.press("I", "P")
        await bench.train(3)
        assert not bench.app.context.inside.waits
        assert bench.engine.inside._wanted is None


@pytest.mark.parametrize("size", [(40, 12), (160, 50)])
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


async def to(bench: Bench, view: str) -> None:
    """To a view, by its key."""
    while (found := seen(bench)) is None or found.view != view:
        here = list(views()).index(found.view) if found is not None else -1
        if found is not None:
            await bench.press("v")
        await shows(bench, list(views())[(here + 1) % len(views())])


async def answered(bench: Bench) -> Seen:
    """What is shown once the last key was answered."""

    def so_far() -> bool:
        bench.app.look(force=True)
        return not bench.app.context.inside.waits

    bench.turn_until(so_far)
    await bench.train()
    found = seen(bench)
    assert found is not None
    return found


async def test_keys_choose_the_columns_of_a_boundary() -> None:
    async with dashboard("breast-cancer", epochs=5) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await to(bench, "boundary")
        before = (await answered(bench)).choices
        await bench.press("right")
        across = (await answered(bench)).choices
        await bench.press("up", "up", "up")  # faster than answers
        up = (await answered(bench)).choices
        assert [one.at for one in across] != [one.at for one in before]
        assert across[1].at == before[1].at
        assert up[0].at == across[0].at
        assert (across[1].at - up[1].at) % up[1].count in (3, 4)  # the column across is passed by


async def test_keys_choose_the_class_of_many(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,y\n" + "".join(f"{i % 8}.{i % 3},c{i % 4}\n" for i in range(120)))
    async with dashboard(epochs=2) as bench:
        bench.app.take_source(Source(str(path), "y", multiclass=True))
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("I")
        await to(bench, "roc")
        assert "class c0" in bench.screen
        await bench.press("left")
        assert (await answered(bench)).about == "class c3"


async def test_of_a_script_there_is_nothing_to_see_and_it_is_said_why() -> None:
    async with dashboard("moons", (120, 40)) as bench:
        number = bench.store.runs.create(
            Source("train.py"), bench.app.session.config, origin="watch", owner=None
        )
        bench.store.runs.update(number, status=Status.FINISHED, epoch=5)
        bench.app.show_run(number)
        await bench.press("I")
        assert "A script keeps its model to itself" in " ".join(bench.screen.split())
        assert bench.app.context.inside.waits is False
