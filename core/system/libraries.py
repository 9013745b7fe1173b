"""The libraries that lrtui needs, each really imported, in a process that may die of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from lrtui.core.config import knob
from lrtui.core.config.steps import Cycle
from lrtui.core.system.packages import fits, install_line, installed, required
from lrtui.core.system.probe import LIBRARIES
from lrtui.core.system.record import Check, State, bytes_text
from lrtui.datasets.memory_limit import ENGINE, TRAINING, MemoryLimitError, check_memory

TOPIC, GPU = "libraries", "GPU"
MOST_SECONDS = 120.0  # for all imports: from a slow disk torch alone takes half a minute
DRIVER = Path("/proc/driver/nvidia/version")
ANEW = "Install it anew."


class Probe:
    """The imports, which go on while other things are looked at. Use it as a context manager."""

    def __init__(self) -> None:
        self._left = _affordable()
        self._process = _start(self._left)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    @cached_property
    def answers(self) -> dict[str, dict[str, Any]]:
        """By package, what came of importing it; waits for that."""
        found: dict[str, dict[str, Any]] = {}
        while self._left:
            out, end = self._ended()
            found |= answers_of(out)
            left = [package for package in self._left if package not in found]
            if left:  # the first of them is what ended it
                found[left[0]] = {"error": end}
            self._left = left[1:]
            if self._left:
                self._process = _start(self._left)
        return found

    def _ended(self) -> tuple[bytes, str]:
        """What a probe told, and how it ended."""
        try:
            out, err = self._process.communicate(timeout=MOST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.communicate()[0], f"importing it took more than {MOST_SECONDS:g} seconds"
        code = self._process.returncode
        if code < 0:
            return out, f"importing it ends Python ({signal.Signals(-code).name})"
        last = err.decode(errors="replace").strip().rpartition("\n")[2]
        return out, f"importing it ends Python with code {code}: {last}"


def answers_of(out: bytes) -> dict[str, dict[str, Any]]:
    """What a probe told, by package; a line that was cut short tells nothing."""
    found = (json.loads(line) for line in out.splitlines() if line.endswith(b"}"))
    return {one["package"]: one for one in found}


def library_checks(answers: Mapping[str, dict[str, Any]]) -> Iterator[Check]:
    """What came of importing each library, in words."""
    if not answers:
        yield Check(TOPIC, "imports", "none was tried, for memory is limited", State.NOTE)
        return
    bounds = {one.name: one.versions for one in required() if one.extra is None}
    for package in LIBRARIES:
        answer = answers.get(package)
        if answer is None:
            yield Check(TOPIC, package, "not tried, for it takes more memory than is allowed", State.NOTE)
        elif answer["error"] is not None:
            yield _broken(package, answer["error"])
        else:
            yield _sound(package, answer, bounds.get(package, ""))


def gpu_checks(answers: Mapping[str, dict[str, Any]]) -> Iterator[Check]:
    """The GPUs that torch tells of."""
    torch = answers.get("torch")
    if torch is None or torch["error"] is not None:
        yield Check(GPU, "cards", "not looked for, for torch is not to be had", State.NOTE)
    elif torch["cards"]:
        yield from (_card(number, card) for number, card in enumerate(torch["cards"]))
    else:
        yield _no_card(torch)


def _affordable() -> list[str]:
    """The libraries for which the memory limit has room; others would print, or abort."""
    for together, without in ((ENGINE, ()), (TRAINING, ("polars",))):
        with suppress(MemoryLimitError):  # the check of the limit says it
            check_memory(*together)
            return [package for package in LIBRARIES if package not in without]
    return []


def _start(packages: Sequence[str]) -> subprocess.Popen[bytes]:
    # -P: a file of the working folder is not what is meant.
    return subprocess.Popen(  # noqa: S603 - itself
        [sys.executable, "-P", "-m", "lrtui.core.system.probe", *packages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


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


def _card(number: int, card: dict[str, Any]) -> Check:
    what = f"{card['name']}, {bytes_text(card['bytes'])}"
    if card["error"] is None:
        return Check(GPU, f"cuda:{number}", f"{what}, computes")
    fix = "Train with --device cpu, or update the driver."
    return Check(GPU, f"cuda:{number}", f"{what}, does not compute: {card['error']}", State.NOTE, fix)


def _no_card(torch: dict[str, Any]) -> Check:
    if os.path.exists(DRIVER) and torch["built_for"] is None:
        what = "a driver is there, and this torch is built for the CPU alone"
        fix = "Install torch as pytorch.org says for this card."
        return Check(GPU, "NVIDIA", what, State.NOTE, fix)
    if os.path.exists(DRIVER):
        what = f"a driver is there, but torch, {torch['built_for']}, finds no card"
        fix = "Compare the driver's version with the one that torch asks for."
        return Check(GPU, "NVIDIA", what, State.NOTE, fix)
    if torch["mps"]:
        return Check(GPU, "Apple", f"found{'' if _takes('mps') else ', which lrtui does not train on'}")
    return Check(GPU, "cards", "none; lrtui trains on the CPU")


def _takes(device: str) -> bool:
    """Whether the hyperparameter ``device`` can be this."""
    rule = knob("device").step
    return isinstance(rule, Cycle) and device in rule.values
