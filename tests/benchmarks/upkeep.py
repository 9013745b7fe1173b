"""What a dashboard of 120×40 costs while it is only looked at: bytes to the terminal, time of a core."""

from __future__ import annotations

import time
from typing import NamedTuple

import psutil

from tests.benchmarks.report import Result
from tests.benchmarks.start_up import lrtui
from tests.e2e.terminal import Terminal

TRAINING = ("moons", "--epochs", "10000000", "--start")  # a loss that is noisy: every epoch moves it
KILOBYTES, TRAINING_SHARE, IDLE_SHARE = 25, 0.08, 0.005
SETTLING = 5.0  # seconds: an engine that starts is read too


class Upkeep(NamedTuple):
    """Bytes a second, and the share of a core."""

    bytes: float
    share: float


def upkeep(terminal: Terminal, seconds: float) -> Upkeep:
    """What a dashboard costs for so many seconds."""
    process = psutil.Process(terminal.process.pid)
    watch(terminal, SETTLING)
    before, used, started = terminal.bytes_read, process.cpu_times(), time.monotonic()
    watch(terminal, seconds)
    now, lasted = process.cpu_times(), time.monotonic() - started
    share = (now.user + now.system - used.user - used.system) / lasted
    return Upkeep((terminal.bytes_read - before) / lasted, share)


def watch(terminal: Terminal, seconds: float) -> None:
    """Read the screen for a while."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        terminal.read()


def measure(quick: bool = False) -> list[Result]:
    """Once each, for as long as the clock of the kernel needs to count it."""
    size = {"columns": 120, "rows": 40}
    with lrtui(*TRAINING, **size) as terminal:
        terminal.see(r"epoch [1-9]")
        training = upkeep(terminal, 2 if quick else 20)
    with lrtui("moons", **size) as terminal:
        terminal.see("untrained")
        idle = upkeep(terminal, 12 if quick else 40)  # a tick of the processor's clock is 10 ms
    sent = training.bytes / 1e3
    return [
        Result(
            "bytes a second to the terminal, training",
            f"{sent:.1f} kB",
            f"{KILOBYTES} kB",
            sent / KILOBYTES,
            1.0,
        ),
        *(
            Result(
                f"time of a core, {what}",
                f"{100 * found.share:.1f} %",
                f"{100 * bar:g} %",
                found.share / bar,
                1.0,
            )
            for what, found, bar in (("training", training, TRAINING_SHARE), ("idle", idle, IDLE_SHARE))
        ),
    ]
