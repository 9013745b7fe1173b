"""``lrtui watch`` put to a script, as a person would, and its patch put to a copy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.scripts.measuring import NAME

LIMIT = 240.0  # seconds for one script
LRTUI = Path(sys.executable).with_name("lrtui")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
KEYS = {
    *("status", "single_label", "cause", "findings", "ruled_out"),
    *("patch", "before", "after", "reruns", "seconds"),
}


@dataclass(frozen=True)
class Answer:
    """What lrtui says of a script.

    Attributes:
        causes: ids of the findings, the cause first.
        seconds: of the clock, from the command to its end.
        error: why there is no answer, or nothing.
    """

    status: str = "error"
    causes: tuple[str, ...] = ()
    patch: str | None = None
    reruns: int | None = None
    seconds: float = 0.0
    error: str = ""
    whole: dict[str, Any] = field(default_factory=dict)


def ask(text: str, folder: Path, *more: str) -> Answer:
    """Run ``lrtui watch train.py --json`` in an empty folder."""
    (folder / NAME).write_text(text)
    started = time.perf_counter()
    command = [str(LRTUI), "watch", NAME, "--json", *more]
    try:
        done = subprocess.run(
            command, cwd=folder, env=surroundings(folder), capture_output=True, text=True, timeout=LIMIT
        )
    except subprocess.TimeoutExpired:
        return Answer(error=f"no answer in {LIMIT:g} s", seconds=LIMIT)
    seconds = time.perf_counter() - started
    try:
        whole = json.loads(done.stdout)
    except ValueError:
        said = " ".join(done.stderr.split()[-40:])
        return Answer(error=f"exit {done.returncode}, no JSON: {said}", seconds=seconds)
    missing = KEYS - set(whole)
    return Answer(
        str(whole.get("status")),
        _causes(whole),
        whole.get("patch"),
        whole.get("reruns"),
        seconds,
        f"the JSON lacks {', '.join(sorted(missing))}" if missing else "",
        whole,
    )


def _causes(whole: dict[str, Any]) -> tuple[str, ...]:
    named = [finding["cause"] for finding in whole.get("findings") or ()]
    first = [whole["cause"]] if whole.get("cause") else []
    return tuple(dict.fromkeys([*first, *named]))


def plain_seconds(text: str, folder: Path) -> float:
    """The script's own time, with its Python's start."""
    (folder / NAME).write_text(text)
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, NAME], cwd=folder, env=surroundings(folder), capture_output=True, timeout=LIMIT
    )
    return time.perf_counter() - started


def surroundings(folder: Path) -> dict[str, str]:
    """A store of its own, and one thread."""
    home = str(folder.parent / "lrtui-home")
    return {**os.environ, **ONE_THREAD, "LRTUI_HOME": home, "LRTUI_CACHE": home}


def patched(text: str, patch: str, folder: Path) -> str | None:
    """The script with a patch on it; ``None`` where it does not apply."""
    copy = folder / "patched"
    copy.mkdir(exist_ok=True)
    (copy / NAME).write_text(text)
    done = subprocess.run(["patch", "-p1", "-s"], input=patch, cwd=copy, text=True, capture_output=True)
    return (copy / NAME).read_text() if done.returncode == 0 else None
