"""The libraries that lrtui needs, each really imported, in a process that may die of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from lrtui.core.config import knob
from lrtui.core.config.steps import Cycle
from lrtui.core.system.packages import fits, install_line, installed, required
from lrtui.core.system.probe import LIBRARIES
from lrtui.core.system.record import Check, State, bytes_text
from lrtui.datasets.memory_limit import ENGINE, MemoryLimitError, check_memory

TOPIC, GPU = "libraries", "GPU"
MOST_SECONDS = 120.0  # for all imports: from a slow disk torch alone takes half a minute
DRIVER = Path("/proc/driver/nvidia/version")
ANEW = "Install it anew."


class Probe:
    """The imports, which go on while other things are looked at. Use it as a context manager."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        try:
            check_memory(*ENGINE)
        except MemoryLimitError:  # libraries would print, or abort; the check of the limit says it
            return
        # -P: a file of the working folder is not what is meant.
        call = [sys.executable, "-P", "-m", "lrtui.core.system.probe"]
        self._process = subprocess.Popen(  # noqa: S603 - itself
            call, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()

    def checks(self) -> Iterator[Check]:
        """All libraries, then GPUs; waits for them."""
        if self._process is None:
            yield Check(TOPIC, "imports", "not tried, for memory is limited", State.NOTE)
            return
        try:
            out, err = self._process.communicate(timeout=MOST_SECONDS)
            ended = self._process.returncode
        except subprocess.TimeoutExpired:
            self._process.kill()
            out, err = self._process.communicate()
            ended = 0
        yield from library_checks(_answers(out), ended, err.decode(errors="replace"))


def library_checks(answers: list[dict[str, Any]], ended: int, printed: str) -> Iterator[Check]:
    """What a probe told, what became of it, and what it printed on its way, in words."""
    told = {one["package"]: one for one in answers if "package" in one}
    begun = [one["begun"] for one in answers if "begun" in one]
    bounds = {one.name: one.versions for one in required() if one.extra is None}
    for package in LIBRARIES:
        answer = told.get(package)
        if answer is None and (not begun or package == begun[-1]):
            yield _broken(package, _end(ended, printed))
            if not begun:
                return
        elif answer is not None and answer["error"] is not None:
            yield _broken(package, answer["error"])
        elif answer is not None:
            yield _sound(package, answer, bounds.get(package, ""))
        else:
            yield Check(TOPIC, package, f"not tried, for {begun[-1]} ended the attempt", State.NOTE)
    if (torch := told.get("torch")) is not None and torch["error"] is None:
        yield from _gpu(torch)


def _answers(out: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines() if line.endswith(b"}")]


def _end(ended: int, printed: str) -> str:
    """How a probe ended before it had answered."""
    last = printed.strip().rpartition("\n")[2]
    if ended < 0:
        return f"importing it ends Python ({signal.Signals(-ended).name})"
    if ended == 0:
        return f"importing it took more than {MOST_SECONDS:g} seconds"
    return f"importing it ends Python with code {ended}: {last}"


def _broken(package: str, why: str) -> Check:
    first = why.strip().partition("\n")[0].rstrip(".")
    bounds = next((one.text for one in required() if one.name == package and one.extra is None), package)
    how = install_line("--force-reinstall", bounds) if installed(package) else install_line(bounds)
    return Check(TOPIC, package, f"cannot be imported: {first}", State.PROBLEM, ANEW, how)


def _sound(package: str, answer: dict[str, Any], bounds: str) -> Check:
    found = installed(package) or "of unknown version"
    words = found
    if package == "torch":
        built = f"built for {answer['built_for']}" if answer["built_for"] else "built for the CPU alone"
        words = f"{found}, {built}, {answer['threads']} threads, BLAS {answer['blas'] or 'unknown'}"
    if bounds and installed(package) and not fits(found, bounds):
        what, how = f"{words}, and lrtui asks for {bounds}", install_line(f"{package}{bounds}")
        return Check(TOPIC, package, what, State.NOTE, command=how)
    return Check(TOPIC, package, words)


def _gpu(torch: dict[str, Any]) -> Iterator[Check]:
    for number, card in enumerate(torch["cards"]):
        what = f"{card['name']}, {bytes_text(card['bytes'])}"
        if card["error"] is None:
            yield Check(GPU, f"cuda:{number}", f"{what}, computes")
        else:
            fix = "Train with --device cpu, or update the driver."
            yield Check(
                GPU, f"cuda:{number}", f"{what}, does not compute: {card['error']}", State.NOTE, fix
            )
    if torch["cards"]:
        return
    if os.path.exists(DRIVER) and torch["built_for"] is None:
        fix = "docs/install.md has the line that installs one built for CUDA."
        yield Check(
            GPU, "NVIDIA", "a driver is there, and this torch is built for the CPU alone", State.NOTE, fix
        )
    elif os.path.exists(DRIVER):
        what = f"a driver is there, but torch, {torch['built_for']}, finds no card"
        yield Check(
            GPU,
            "NVIDIA",
            what,
            State.NOTE,
            "Compare the driver's version with the one that torch asks for.",
        )
    elif torch["mps"]:
        used = _takes("mps")
        yield Check(GPU, "Apple", f"found{'' if used else ', which lrtui does not train on'}")
    else:
        yield Check(GPU, "cards", "none; lrtui trains on the CPU")


def _takes(device: str) -> bool:
    """Whether the hyperparameter ``device`` can be this."""
    rule = knob("device").step
    return isinstance(rule, Cycle) and device in rule.values
