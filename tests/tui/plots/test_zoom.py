"""A plot from nearer: what is in view, and that it stays live."""

from __future__ import annotations

import pytest

from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.loss import loss_frame
from lrtui.tui.plots.zoom import Zoom
from tests.tui.bench import dashboard

LONG = 10_000_000


def test_the_newest_stays_in_view_until_one_moves_away_from_it_and_again_when_one_comes_back() -> None:
    zoom = Zoom(follows=True)
    assert (zoom.part(0, 100), zoom.is_whole) == ((0, 100), True)
    zoom.pan(-1, 0, 100)
    assert zoom.is_whole
    zoom.step(1, 0, 100, least=10)
    assert zoom.part(0, 100) == (50, 100)
    assert zoom.part(0, 140) == (90, 140)  # the run goes on
    zoom.pan(-1, 0, 140)
    assert zoom.part(0, 200) == (77.5, 127.5)
    zoom.step(1, 0, 200, least=10)
    assert zoom.part(0, 200) == (90, 115)
    for _ in range(9):
        zoom.step(1, 0, 200, least=10)
    assert zoom.part(0, 200) == (97.5, 107.5)
    for _ in range(200):
        zoom.pan(1, 0, 200)
    assert zoom.part(0, 300) == (290, 300)
    for _ in range(200):
        zoom.pan(-1, 0, 300)
    assert zoom.part(0, 300) == (0, 10)
    zoom.step(-1, 0, 300, least=10)
    assert zoom.part(0, 300) == (0, 20)
    zoom.step(0, 0, 300, least=10)
    assert zoom.is_whole


def test_an_axis_that_does_not_grow_is_zoomed_about_its_middle() -> None:
    zoom = Zoom()
    zoom.step(1, 0, 1, least=0.1)
    assert zoom.part(0, 1) == (0.25, 0.75)
    zoom.pan(1, 0, 1)
    assert zoom.part(0, 1) == (0.375, 0.875)
    zoom.step(-1, 0, 1, least=0.1)
    assert zoom.is_whole


@pytest.mark.parametrize("ascii_only", [False, True])
def test_of_a_part_of_the_epochs_the_losses_fill_the_plot(ascii_only: bool) -> None:
    curve = Curve()
    curve.extend(1, [100.0 - epoch for epoch in range(100)])
    test = [(epoch, 101.0 - epoch) for epoch in range(10, 101, 10)]
    frame = loss_frame(
        curve, test, width=60, height=12, total_epochs=100, part=(40, 60), marks=[(50, "lr"), (90, "seed")],
        ascii_only=ascii_only,
    )  # fmt: skip
    text = [plain_text(line) for line in frame]
    assert text[-1].split()[0] == "40"
    assert text[-1].split()[-1] == "60"
    labels = [float(line[:5]) for line in text[:-2] if line[:5].strip()]
    assert 40 <= labels[-1] < labels[0] <= 62
    assert "lr" in "".join(text)
    assert "seed" not in "".join(text)
    drawn = [x for x in range(6, 60) if any(line[x] != " " for line in text[:-2])]
    assert (drawn[0], drawn[-1]) == (6, 59)


async def test_plus_minus_0_and_arrows_zoom_both_plots_and_what_is_seen_stays_live() -> None:
    async with dashboard("breast-cancer", epochs=LONG) as bench:
        await bench.press("L", "plus")
        assert "in view" not in bench.screen
        await bench.press("space")
        await bench.train(6)
        pane, poller = bench.app.body.loss, bench.app.poller
        await bench.press("plus")
        newest = poller.view.curve.last_epoch
        assert f"epochs {round(newest / 2):,}–{newest:,}" in bench.screen
        assert "0 whole" in bench.screen
        await bench.train(3)
        later = poller.view.curve.last_epoch
        assert later > newest
        assert f"–{later:,}" in bench.screen
        await bench.press("left")
        part = pane.part()
        assert part is not None
        assert part[1] < later
        await bench.train(2)
        assert pane.part() == part  # one looks at something that is past
        await bench.press("minus", "equals_sign", "0")
        assert pane.part() is None
        assert "in view" not in bench.screen

        await bench.press("P", "plus")
        assert "p(y=1) 0.25–0.75" in bench.screen
        await bench.press("right")
        assert "p(y=1) 0.375–0.875" in bench.screen
        await bench.press("L", "plus", "r")
        await bench.press("H", "space")  # another run has other epochs
        await bench.train(3)
        assert pane.zoom.is_whole
        assert "p(y=1) 0.375–0.875" in bench.screen
