"""A run that patience ended shows its best epoch, and says so wherever its numbers stand."""

from __future__ import annotations

import pytest

from tests.tui.bench import dashboard

EARLY = {"optimizer": "adam", "lr": 0.5, "batch_size": 0, "epochs": 300, "patience": 20}


async def test_the_best_epoch_is_shown_and_named_and_more_epochs_go_on_from_the_last() -> None:
    async with dashboard("breast-cancer", (120, 40), **EARLY) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        run = bench.app.session.run
        assert run is not None
        assert run.shown_best is not None
        best, last = run.shown_best.epoch, run.epoch
        shown = bench.app.poller.view.measurement
        assert shown is not None
        assert (shown.epoch, last) == (best, best + 20)
        assert f"finished, best epoch {best}" in bench.status
        assert f"epoch {last}/300" in bench.screen
        rows = [line for line in bench.screen.split("\n") if "shown: best epoch" in line]
        assert [str(best) in row for row in rows] == [True]
        assert "best" in str(bench.app.body.loss.copied()[1])  # the mark in the plot
        await bench.press("plus")
        await bench.train_to_the_end()
        assert bench.app.session.run is not None
        assert bench.app.session.run.epoch == last + 20
        assert "patience 20 anew" in bench.screen


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_it_is_said_on_small_screens_too(size: tuple[int, int]) -> None:
    async with dashboard("breast-cancer", size, ascii_only=True, **EARLY) as bench:
        await bench.press("space")
        await bench.train_to_the_end()
        assert "finished, best" in bench.status
        assert all(len(line) <= size[0] for line in bench.screen.split("\n"))
