"""A run of ten million epochs: memory of the dashboard, size of the store, and what drawing costs."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from lrtui.core.store import Store
from lrtui.tui.plots.curve import Curve
from lrtui.tui.plots.loss import loss_frame
from tests.benchmarks.report import Result, duration, pairs, seconds
from tests.benchmarks.start_up import LRTUI
from tests.benchmarks.stores import opened
from tests.e2e.terminal import Terminal

SLOWEST = 5_000  # epochs a second: a run that is slower than that has gone wrong
MEGABYTES = 5
BYTES = 6
REDRAW = 1.1  # of the time early in the run is unchanged
FRAMES = 20  # drawn for a measurement
WIDTH, HEIGHT = 100, 30

Drawn = tuple[Curve, list[tuple[int, float]]]


def watched(home: Path, epochs: int, early: int) -> tuple[float, float, int]:
    """Bytes: resident in the dashboard early in a run and at its end, and in the store at its end."""
    command = [LRTUI, "example-small-data", "--batch-size", "0", "--epochs", str(epochs), "--start"]
    with Terminal(command, env={"LRTUI_HOME": str(home)}) as terminal:
        dashboard = psutil.Process(terminal.process.pid)
        terminal.wait(lambda: _epoch(terminal) >= early, f"epoch {early:,}")
        before = _resident(terminal, dashboard)
        terminal.see("finished", patience=60 + epochs / SLOWEST)
        after = _resident(terminal, dashboard)
        stored = sum(file.stat().st_size for file in home.glob("lrtui.db*"))
    return before, after, stored


def _epoch(terminal: Terminal) -> int:
    """The epoch that the screen shows."""
    found = re.search(r"epoch (\d[\d,]*)/", terminal.text)
    return 0 if found is None else int(found[1].replace(",", ""))


def _resident(terminal: Terminal, process: psutil.Process) -> float:
    """Resident bytes over a few frames."""
    found = []
    for _ in range(10):
        terminal.read()
        found.append(process.memory_info().rss)
    return median(found)


def drawn(store: Store, until: int) -> Drawn:
    """What the loss plot of the newest run has to draw at an epoch: the curve and the test losses."""
    run = store.runs.recent(1)[0]
    curve = Curve()
    for chunk in store.losses.read(run.id):
        if chunk.first_epoch <= until:
            curve.extend(chunk.first_epoch, chunk.values[: until - chunk.first_epoch + 1])
    snapshots = store.history.snapshots(run.id)
    return curve, [(s.epoch, s.measurement["test_loss"]) for s in snapshots if s.epoch <= until]


def redraw(what: Drawn, total_epochs: int) -> float:
    """Seconds to draw a frame of the loss plot."""
    curve, test = what

    def frames() -> None:
        for _ in range(FRAMES):
            loss_frame(curve, test, width=WIDTH, height=HEIGHT, total_epochs=total_epochs)

    return seconds(frames) / FRAMES


def measure(quick: bool = False) -> list[Result]:
    """One run; the frames early and late in it in turn."""
    epochs, early, runs = (1_000_000, 20_000, 1) if quick else (10_000_000, 100_000, 15)
    with TemporaryDirectory(prefix="lrtui-bench-", ignore_cleanup_errors=True) as home:
        before, after, stored = watched(Path(home), epochs, early)
        with opened(Path(home)) as store:
            first, last = drawn(store, early), drawn(store, epochs)
    late, soon, ratio = pairs(
        lambda: redraw(last, epochs), lambda: redraw(first, epochs), runs, warm_up=True
    )
    grown, each = (after - before) / 1e6, stored / epochs
    what = f"{epochs:,} epochs, "
    return [
        Result(
            f"{what}dashboard memory grows by",
            f"{grown:.1f} MB",
            f"{MEGABYTES} MB",
            grown / MEGABYTES,
            1.0,
        ),
        Result(f"{what}store per epoch", f"{each:.1f} bytes", f"{BYTES} bytes", each / BYTES, 1.0),
        Result(
            f"{what}redraw of the loss plot",
            duration(late),
            f"at {early:,} {duration(soon)}",
            ratio,
            REDRAW,
        ),
    ]
