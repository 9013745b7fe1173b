"""What ends a run can be taken back, or asks first; and leaving asks about every run that goes on."""

from __future__ import annotations

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.engine.owner import new_owner
from lrtui.core.store import Status
from lrtui.core.store.messages import Stop
from lrtui.datasets.source import Source
from lrtui.tui import going_on
from lrtui.tui.screens.questions import QuitScreen, ResetScreen
from tests.tui.bench import dashboard

LONG = 10_000_000


@pytest.fixture(autouse=True)
def every_run_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "LONG_SECONDS", 0.0)


async def test_a_stopped_run_goes_on_with_space_and_ends_with_the_weights_of_one_that_never_rested() -> (
    None
):
    async with dashboard("moons", epochs=300, batch_size=0) as bench:
        await bench.press("s")
        await bench.train()
        await bench.press("x")
        await bench.train()
        assert "■ stopped" in bench.status
        assert bench.banner == "Run 1 is stopped. Space goes on with it."
        assert "␣ continue" in bench.screen
        await bench.press("s")  # one epoch more of the same run
        await bench.train()
        assert "‖ paused" in bench.status
        assert "epoch 2/300" in bench.screen
        await bench.press("x")
        await bench.train()
        await bench.press("right")  # a changed form begins another run, and undone it does not
        assert "␣ start" in bench.screen
        await bench.press("u", "space")
        await bench.train_to_the_end()
        assert "␣ start" in bench.screen
        await bench.press("r", "space")
        await bench.train_to_the_end()
        ends = [bench.store.history.newest_snapshot(run.id) for run in bench.store.runs.recent()]
        assert [run.status for run in bench.store.runs.recent()] == [Status.FINISHED] * 2
        assert ends[0] == ends[1]
        await bench.press("x")
        assert bench.banner == "No run is going on."


async def test_a_run_that_made_room_or_was_reset_goes_on_from_the_list() -> None:
    async with dashboard("moons", epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("D", "right", "space")
        assert bench.banner == "Run 1 was stopped to make room for run 2; it stands under Runs."
        await bench.train(2)
        await bench.press("r")
        assert isinstance(bench.app.screen, ResetScreen)
        assert "Run 2 is running at epoch" in bench.screen
        await bench.press("escape")
        assert "training" in bench.status
        await bench.press("r", "enter")
        await bench.train()
        assert "untrained" in bench.status
        assert bench.banner == "Run 2 stands under Runs; Enter there shows it again."
        assert {run.status for run in bench.store.runs.recent()} == {Status.STOPPED}
        await bench.press("R", "down", "enter", "space")
        await bench.train(2)
        assert [run.status for run in bench.store.runs.recent()] == [Status.STOPPED, Status.RUNNING]
        await bench.press("H", "down", "down", "down", "right", "x")  # an optimizer that waits for a start
        assert bench.banner == "Run 1 is stopped. Shown again from Runs, Space goes on with it."


async def test_a_short_run_is_stopped_and_reset_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(going_on, "LONG_SECONDS", 10.0)
    async with dashboard("moons", epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("r")
        assert "untrained" in bench.status
        assert bench.banner == ""


async def test_q_asks_about_every_run_that_goes_on_and_was_shown_or_begun_here() -> None:
    other = new_owner()
    async with dashboard("moons", epochs=LONG) as bench:
        runs = bench.store.runs
        ids = [
            runs.create(Source(name), changed(Config(), epochs=LONG), origin="test", owner=other.token)
            for name in ("xor", "moons")
        ]
        for run_id in ids:
            runs.update(run_id, status=Status.RUNNING, epoch=7)
        await bench.press("q")
        assert bench.app.return_value == 0  # those of others that nobody looked at are none of its business
    async with dashboard("moons", epochs=LONG) as bench:
        await bench.train()
        bench.app.show_run(ids[0])  # as the next dashboard shows the run that goes on
        await bench.press("q")
        assert isinstance(bench.app.screen, QuitScreen)
        assert "Run 1 is running at epoch 7 of 10,000,000, in another process." in bench.screen
        await bench.press("escape", "r", "space")
        await bench.train(2)
        await bench.press("q")
        assert "Run 3 is running" in bench.screen
        assert "Run 1 is running" in bench.screen
        assert "Run 2" not in bench.screen
        assert " let them run on  s stop them  Esc stay" in bench.screen.split("\n")[-1]
        await bench.press("s")
        assert bench.app.return_value == 0
        assert [c.message for c in bench.store.commands.take(other.token)] == [Stop(ids[0])]
        bench.engine.turn()
        assert bench.store.runs.get(3).status is Status.STOPPED
    other.release()


async def test_plus_trains_a_run_that_has_ended_for_as_many_epochs_again_or_to_those_of_the_form() -> None:
    async with dashboard(epochs=10) as bench:
        await bench.press("plus")
        assert bench.banner == "There is no run to go on with."
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press("plus")
        await bench.train_to_the_end()
        (run,) = bench.store.runs.recent()
        assert (run.epoch, run.config.epochs, run.status) == (20, 20, Status.FINISHED)
        assert bench.app.session.config.epochs == 20
        assert "20/20" in bench.screen
        await bench.press("down", *"50", "enter", "plus")
        await bench.train_to_the_end()
        (run,) = bench.store.runs.recent()
        assert run.epoch == 50


async def test_plus_zooms_in_a_plot_and_says_what_else_goes_on_with_a_run() -> None:
    async with dashboard(epochs=LONG) as bench:
        await bench.press("space")
        await bench.train(2)
        await bench.press("x")
        await bench.train()
        await bench.press("plus")
        assert "Space goes on with it." in bench.banner
        await bench.press("L", "plus")
        assert "in view" in bench.screen
        assert len(bench.store.runs.recent()) == 1
