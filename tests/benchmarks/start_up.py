"""First screen, first loss point, the memory of the dashboard process, help and version."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.report import Result, duration, pairs, seconds
from tests.e2e.terminal import Terminal
from tests.wheels import build, copy_of_tree, install

LRTUI = str(Path(sys.executable).with_name("lrtui"))
MINIMAL = """
from textual.app import App
from textual.widgets import Static
class Minimal(App):
    def compose(self):
        yield Static("ready")
Minimal().run()
"""
MEGABYTES = 90


@contextmanager
def lrtui(*arguments: str, **more: Any) -> Iterator[Terminal]:
    """The dashboard with a store of its own; nothing trains on afterwards."""
    with tempfile.TemporaryDirectory(prefix="lrtui-", ignore_cleanup_errors=True) as home:
        with Terminal([LRTUI, *arguments], env={"LRTUI_HOME": home}, **more) as terminal:
            yield terminal
            engines = psutil.Process(terminal.process.pid).children()
        for engine in engines:  # one that is still starting would slow down what is measured next
            with suppress(psutil.NoSuchProcess):
                engine.kill()


def until(terminal: Terminal, pattern: str) -> float:
    """Seconds from now until the screen matches."""
    started = time.perf_counter()
    terminal.see(pattern)
    return time.perf_counter() - started


def first_screen() -> float:
    started = time.perf_counter()
    with lrtui() as terminal:
        terminal.see("H Hyperparameters")
        return time.perf_counter() - started


def minimal_screen() -> float:
    started = time.perf_counter()
    with Terminal([sys.executable, "-c", MINIMAL]) as terminal:
        terminal.see("ready")
        return time.perf_counter() - started


def first_loss() -> float:
    started = time.perf_counter()
    with lrtui("example-scaling", "--start") as terminal:
        terminal.see(r"epoch [1-9]")
        return time.perf_counter() - started


def import_torch() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return time.perf_counter() - started


def memory() -> tuple[float, bool]:
    """Resident megabytes of the dashboard after a run of 100,000 epochs, and whether torch is mapped."""
    with lrtui("example-small-data", "--batch-size", "0", "--epochs", "100000", "--start") as terminal:
        terminal.see("finished")
        process = psutil.Process(terminal.process.pid)
        mapped = any("torch" in os.path.basename(m.path) for m in process.memory_maps())
        return process.memory_info().rss / 1e6, mapped


def front(runs: int) -> Iterator[Result]:
    """Help and version of an installed wheel, beside an empty program of the same Python."""
    with tempfile.TemporaryDirectory(prefix="lrtui-wheel-") as folder:
        made = Path(folder)
        install(build("wheel", copy_of_tree(made / "tree"), made / "wheel"), made / "environment")
        python, lrtui = made / "environment" / "bin" / "python", made / "environment" / "bin" / "lrtui"
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

        def took(*call: object) -> float:
            return seconds(lambda: subprocess.run(call, stdout=subprocess.DEVNULL, env=kept, check=True))

        for flag in ("--version", "-h"):
            ours, empty, ratio = pairs(
                lambda flag=flag: took(lrtui, flag), lambda: took(python, "-c", "pass"), runs, warm_up=True
            )
            yield Result(
                f"lrtui {flag}, of an installed wheel",
                duration(ours),
                f"python -c pass {duration(empty)}",
                ratio,
                2.0,
            )


def measure(quick: bool = False) -> list[Result]:
    """Medians of pairs."""
    runs = 1 if quick else 7
    first_screen()  # the first start after an installation compiles; what follows is every day's
    screen, plain, screen_ratio = pairs(first_screen, minimal_screen, runs)
    loss, torch, loss_ratio = pairs(first_loss, import_torch, runs)
    megabytes, mapped = memory()
    return [
        Result("first screen", f"{screen:.2f} s", f"minimal Textual app {plain:.2f} s", screen_ratio, 2.3),
        Result("launch to first loss", f"{loss:.2f} s", f"import torch {torch:.2f} s", loss_ratio, 2.0),
        Result("dashboard memory", f"{megabytes:.0f} MB", f"{MEGABYTES} MB", megabytes / MEGABYTES, 1.0),
        Result("torch mapped into it", str(int(mapped)), "0", float(mapped), 0.0),
        *front(5 if quick else 41),
    ]
