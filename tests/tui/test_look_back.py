"""Back in time: every pane shows an earlier epoch and says which; another run may begin there."""

from __future__ import annotations

import re
from math import inf

import pytest

from lrtui.core.config import Config, changed
from lrtui.core.store import Status
from lrtui.core.training import snapshotter
from lrtui.core.training.problem import problem_of
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.tui.look_back import shown_snapshot
from tests.tui.bench import Bench, dashboard

BACK, FORWARD = "left_square_bracket", "right_square_bracket"
ASKED = {"epochs": 12, "batch_size": 0, "lr": 0.3}


@pytest.fixture(autouse=True)
def every_epoch_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshotter, "CHEAP", inf)  # or a busy machine leaves some out


def at(epochs: int) -> Trainer:
    """A run of so many epochs: what an earlier epoch of a longer one has to be like."""
    config = changed(Config(), **ASKED | {"epochs": epochs})
    found = Trainer(problem_of(load(Source("breast-cancer")), config), config)
    found.advance()
    return found


def accuracy_row(bench: Bench) -> str:
    return next(line for line in bench.screen.split("\n") if "balanced accuracy" in line)


async def test_weights_metrics_predictions_and_mark_go_back_together_and_come_forward_again() -> None:
    async with dashboard("breast-cancer", (130, 44), **ASKED) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        view, newest = bench.app.poller.view, bench.screen
        await bench.press(*[BACK] * 10)
        past = at(2)
        snapshot = shown_snapshot(bench.app.session)
        assert snapshot is not None
        assert [*snapshot.weights, snapshot.bias] == past.theta
        assert view.shown == past.measure() != view.measurement
        assert "Epoch 2 of 12 is shown." in bench.banner
        assert "shown: epoch 2" in bench.status
        assert "Loss ─ epoch 12/12 ─ shown: epoch 2" in bench.screen
        assert "Predictions ─ epoch 2" in bench.screen
        assert "shown" in bench.app.body.loss.copied()[1]
        assert re.search(r"shown: epoch +2 ", bench.screen)
        assert f"{past.measure().test_balanced_accuracy:.3f}" in accuracy_row(bench)
        await bench.press(*[BACK] * 3)
        assert view.shown.epoch == 0
        assert "first epoch that is kept" in bench.banner
        await bench.press(*[FORWARD] * 11)
        assert "Epoch 11 of 12 is shown" in bench.banner
        await bench.press(FORWARD)
        assert view.past is None
        assert bench.screen.replace(bench.banner, "") == newest.replace(bench.banner, "")
        await bench.press(BACK, "escape")
        assert view.past is None


async def test_a_run_that_trains_goes_on_while_an_older_epoch_is_shown() -> None:
    async with dashboard("breast-cancer", (100, 30), **ASKED | {"epochs": 10_000_000}) as bench:
        await bench.press("space")
        await bench.train(3)
        await bench.press(*[BACK] * 6)
        view, before = bench.app.poller.view, bench.app.poller.view.epoch
        assert view.past is not None
        shown = view.shown
        await bench.train(5)
        assert view.epoch > before
        assert view.shown == shown
        assert view.measurement != shown
        await bench.press("escape")
        assert view.shown == view.measurement
        await bench.press(FORWARD)
        assert bench.banner == "This is the newest epoch."


async def test_a_branch_begins_with_the_weights_that_are_shown_and_the_config_of_the_form() -> None:
    async with dashboard("breast-cancer", (100, 30), **ASKED) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press(*[BACK] * 2, "right", "b")  # another learning rate
        rate = bench.app.session.config.lr
        assert rate != ASKED["lr"]
        await bench.train_to_the_end()
        run = bench.app.session.run
        assert run is not None
        assert (run.id, str(run.branch), run.status, run.config.lr) == (2, "1@10", Status.FINISHED, rate)
        config = changed(Config(), **ASKED | {"lr": rate})
        oracle = Trainer(problem_of(load(Source("breast-cancer")), config), config, start=at(10).theta)
        oracle.advance()
        last = bench.store.history.newest_snapshot(2)
        assert last is not None
        assert [*last.weights, last.bias] == oracle.theta


async def test_a_branch_onto_other_columns_is_refused() -> None:
    async with dashboard("breast-cancer", (100, 30), scaling="none", **ASKED) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        bench.app.session.change(changed(bench.app.session.config, scaling="standard"))
        await bench.press("b")
        assert "belong to other rows or columns: scaling differs." in bench.banner
        assert len(bench.store.runs.recent()) == 1


@pytest.mark.parametrize(("size", "ascii_only"), [((80, 24), True), ((40, 12), False)])
async def test_it_is_said_on_small_screens_too(size: tuple[int, int], ascii_only: bool) -> None:
    async with dashboard("moons", size, ascii_only=ascii_only, **ASKED) as bench:
        await bench.press(BACK, "b")
        assert bench.banner == "No epoch is kept yet to go back to."
        await bench.press("space")
        await bench.train_to_the_end()
        await bench.press(*[BACK] * 3)
        assert "Epoch 9 of 12" in bench.screen
        assert "finished, epoch 9" in bench.status.replace("shown: ", "")
        assert all(len(line) <= size[0] for line in bench.screen.split("\n"))
