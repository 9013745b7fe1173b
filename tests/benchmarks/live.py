"""While training runs flat out: how soon a key shows, and what the dashboard costs the training."""

from __future__ import annotations

import json
import subprocess
import time
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory

from tests.benchmarks.report import Result, duration, pairs
from tests.benchmarks.start_up import LRTUI, lrtui
from tests.e2e.terminal import Terminal

RUN = ("example-scaling", "--batch-size", "0")
MILLISECONDS = 50


def key_latency(presses: int) -> float:
    """Median seconds from a key to its effect on the screen."""
    with lrtui(*RUN, "--epochs", "10000000", "--start") as terminal:
        terminal.see(r"epoch [1-9]\d,\d+")
        found = []
        for _ in range(presses):
            for key, shown in (("right", "0.1"), ("left", "0.05")):
                started = time.perf_counter()
                terminal.press(key)
                terminal.see(rf"‹ {shown} ›")
                found.append(time.perf_counter() - started)
        return median(found)


def seconds_of(home: str) -> float:
    """Training seconds of the newest run."""
    done = subprocess.run(
        [LRTUI, "show", "last", "--json"],
        env={"LRTUI_HOME": home},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["status"] == "finished"
    return float(found["seconds"])


def under_the_dashboard(epochs: int) -> float:
    """Training seconds of a run that a dashboard shows."""
    with TemporaryDirectory(prefix="lrtui-bench-", ignore_cleanup_errors=True) as home:
        command = [LRTUI, *RUN, "--epochs", str(epochs), "--start"]
        with Terminal(command, env={"LRTUI_HOME": home}) as terminal:
            terminal.see("finished")
            return seconds_of(home)


def by_the_command_line(epochs: int) -> float:
    """Training seconds of the same run by ``lrtui train``, as it tells them itself."""
    command = [LRTUI, "train", *RUN, "--epochs", str(epochs), "--quiet", "--json"]
    with TemporaryDirectory(prefix="lrtui-bench-") as home:
        environment = {"LRTUI_HOME": home, "PATH": "/usr/bin:/bin"}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["seconds"])


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs."""
    latency = key_latency(5 if quick else 40)
    found = [
        Result(
            "key to screen, training flat out",
            f"{1e3 * latency:.0f} ms",
            f"{MILLISECONDS} ms",
            1e3 * latency / MILLISECONDS,
            1.0,
        )
    ]
    # The short run falls into the dashboard's start; the long one into its steady drawing.
    for epochs, runs in ((20_000, 1),) if quick else ((20_000, 15), (1_000_000, 7)):
        sides = partial(under_the_dashboard, epochs), partial(by_the_command_line, epochs)
        ours, against, ratio = pairs(*sides, runs)
        what = f"{epochs:,} epochs under the dashboard"
        found.append(Result(what, duration(ours), f"train --quiet {duration(against)}", ratio, 1.05))
    return found
