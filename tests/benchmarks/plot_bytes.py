"""Bytes sent to the terminal for a frame of both plots: lrtui's PlotView and textual-plotext.

Each side is a small Textual app in a real pseudo-terminal of 80×24. It shows the next frame of the
same evolving run on every key, and the bytes that follow the key are counted. So neither start-up
nor exit counts, only what a person on a slow line waits for.
"""

from __future__ import annotations

import os
import random
import sys
from abc import abstractmethod
from math import exp
from pathlib import Path
from statistics import mean

import pexpect
from textual.app import App, ComposeResult
from textual.containers import Vertical

from tests.benchmarks.report import Result

BAR = 0.5
EPOCHS = 1200
QUIET = 0.15  # seconds without a byte end a frame

Counts = tuple[list[int], list[int]]


def run_data() -> tuple[list[float], list[tuple[int, float]], list[Counts]]:
    """A noisy run of 1,200 epochs: losses, test losses, and histograms that part over time."""
    chance = random.Random(0)
    losses = [0.1 + 0.6 * exp(-e / 150) + chance.gauss(0, 0.02) for e in range(EPOCHS)]
    test = [(e, losses[e - 1] + 0.03 + chance.gauss(0, 0.01)) for e in range(10, EPOCHS, 10)]
    return losses, test, [histogram(epoch) for epoch in range(0, EPOCHS, 10)]


def histogram(epoch: int) -> Counts:
    """p(y = 1) of 60 + 110 rows, which start at one half and go apart."""
    chance = random.Random(1)
    counts: Counts = ([0] * 40, [0] * 40)
    for label, rows in ((0, 60), (1, 110)):
        for _ in range(rows):
            drift = (label - 0.5) * 6 * (1 - exp(-epoch / 200))
            logit = drift + chance.gauss(0, 0.2 + epoch / 600)
            counts[label][min(int(40 / (1 + exp(-logit))), 39)] += 1
    return counts


class Player(App[None]):
    """Two bordered plots, one above the other; a key shows the next frame."""

    CSS = "Vertical > * { height: 1fr; border: round $panel; }"

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.frames = frames
        self.shown = 0
        self.losses, self.test_losses, self.histograms = run_data()

    def key_n(self) -> None:
        self.shown += 1
        epoch = EPOCHS * self.shown // self.frames
        test = [point for point in self.test_losses if point[0] <= epoch]
        self.draw(epoch, test, self.histograms[min(epoch // 10, len(self.histograms) - 1)])

    @abstractmethod
    def draw(self, epoch: int, test: list[tuple[int, float]], counts: Counts) -> None:
        """Show both plots as they are at an epoch."""


class Ours(Player):
    """lrtui's plots; all is imported before the first key, or that one would have to wait for it."""

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Those of the dashboard's plots."""
        from lrtui.tui.themes import TERMINALS_OWN

        return TERMINALS_OWN

    def compose(self) -> ComposeResult:
        from lrtui.tui.plots import curve, loss, predictions, view

        self.plots = curve, loss, predictions
        with Vertical():
            yield view.PlotView(id="loss")
            yield view.PlotView(id="predictions")

    def draw(self, epoch: int, test: list[tuple[int, float]], counts: Counts) -> None:
        from lrtui.tui.plots.view import PlotView

        curves, losses, histograms = self.plots
        curve = curves.Curve()
        curve.extend(1, self.losses[:epoch])
        loss, predictions = self.query(PlotView)
        width, height = loss.frame_size
        loss.show(losses.loss_frame(curve, test, width=width, height=height, total_epochs=EPOCHS))
        width, height = predictions.frame_size
        predictions.show(histograms.predictions_frame(counts, width=width, height=height))


class Theirs(Player):
    """The same plots with textual-plotext, with fixed axes, which is to its advantage."""

    def compose(self) -> ComposeResult:
        from textual_plotext import PlotextPlot

        with Vertical():
            yield PlotextPlot(id="loss")
            yield PlotextPlot(id="predictions")

    def draw(self, epoch: int, test: list[tuple[int, float]], counts: Counts) -> None:
        from textual_plotext import PlotextPlot

        loss, predictions = self.query(PlotextPlot)
        plot = loss.plt
        plot.clear_data()
        plot.xlim(0, EPOCHS)
        plot.ylim(0, 0.8)
        plot.plot(list(range(1, epoch + 1)), self.losses[:epoch], marker="braille")
        plot.scatter([e for e, _ in test], [value for _, value in test], marker="•")
        loss.refresh()
        plot = predictions.plt
        plot.clear_data()
        plot.xlim(0, 1)
        plot.stacked_bar([(n + 0.5) / 40 for n in range(40)], [counts[1], counts[0]], width=1)
        plot.xticks([0, 0.25, 0.5, 0.75, 1])
        plot.vline(0.5)
        predictions.refresh()


def bytes_per_frame(side: str, frames: int) -> float:
    """Play one side in a pseudo-terminal; the mean number of bytes that a frame sends."""
    environment = {
        **os.environ,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        "PYTHONUNBUFFERED": "1",
    }
    for name in ("NO_COLOR", "LINES", "COLUMNS"):
        environment.pop(name, None)
    child = pexpect.spawn(
        sys.executable,
        ["-m", "tests.benchmarks.plot_bytes", "--play", side, str(frames)],
        cwd=str(Path(__file__).parents[2]),
        dimensions=(24, 80),
        env=environment,
        timeout=30,
    )
    try:
        child.expect(b"\xe2\x95\xaf")  # the lower right corner: the first screen is there
        drain(child, 1.0)
        sent = []
        for _ in range(frames):
            child.send("n")
            sent.append(drain(child, QUIET))
        if not all(sent):
            raise RuntimeError(f"{side}: a frame sent nothing")
        return mean(sent)
    finally:
        child.close(force=True)


def drain(child: pexpect.spawn[str], quiet: float) -> int:
    """Read until nothing more comes; how much came."""
    count = 0
    while True:
        try:
            count += len(child.read_nonblocking(65536, timeout=quiet))
        except pexpect.TIMEOUT:
            return count


def measure(quick: bool = False) -> list[Result]:
    """Both sides, the same frames."""
    frames = 12 if quick else 60
    ours, theirs = bytes_per_frame("ours", frames), bytes_per_frame("theirs", frames)
    what = "bytes per frame, both plots, 80×24"
    return [Result(what, f"{ours:,.0f}", f"textual-plotext {theirs:,.0f}", ours / theirs, BAR)]


def main(arguments: list[str]) -> None:
    """The other end of the pseudo-terminal: play the frames of one side."""
    {"ours": Ours, "theirs": Theirs}[arguments[1]](int(arguments[2])).run()


if __name__ == "__main__":
    main(sys.argv[1:])
