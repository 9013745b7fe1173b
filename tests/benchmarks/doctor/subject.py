"""The doctor as the benchmark asks it: by its function, or by the command line where a file matters."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.doctor.records import Setup

FILE_SECONDS = 60  # for the command line, its imports included


@dataclass(frozen=True)
class Answer:
    """What a diagnoser said.

    Attributes:
        status: the verdict in a word. causes: ids, the most likely first.
        fixes: the change that each finding offers, where it offers one. fix: all of them together.
        seconds: that the diagnosis took, the run itself not counted.
        letter: all that was said, as ``asdict`` or ``lrtui diagnose --json`` has it.
    """

    status: str
    causes: tuple[str, ...]
    fixes: tuple[dict[str, Any] | None, ...]
    fix: dict[str, Any] | None
    seconds: float
    letter: dict[str, Any] | None = None


def ask(setup: Setup) -> Answer:
    """Train and diagnose."""
    if setup.target_values:
        return _ask_about_file(setup)
    from lrtui.core.doctor.doctor import diagnose  # type: ignore[import-not-found,unused-ignore]

    started = time.perf_counter()
    found = asdict(diagnose(setup.dataset, setup.config))
    return _answer(found, time.perf_counter() - started)


def _ask_about_file(setup: Setup) -> Answer:
    """A CSV file whose target holds these values, by ``lrtui diagnose FILE --json``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        write(path, setup)
        options = ("--target", "target", "--seed", str(setup.config.seed), "--json")
        program = "from lrtui.tui.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", program, "diagnose", str(path), *options],
            capture_output=True,
            text=True,
            timeout=FILE_SECONDS,
        )
    if not done.stdout.strip():
        raise RuntimeError(f"exit code {done.returncode}: {done.stderr.strip()[-300:]}")
    return _answer(json.loads(done.stdout), None)


def write(path: Path, setup: Setup) -> None:
    """The features and the target's values as CSV with a header."""
    names = [*(f"x{i}" for i in range(1, setup.dataset.p + 1)), "target"]
    rows = np.column_stack([setup.dataset.X, np.array(setup.target_values)])
    lines = [",".join(f"{value:.10g}" for value in row) for row in rows]
    path.write_text("\n".join([",".join(names), *lines]) + "\n")


def _answer(found: dict[str, Any], seconds: float | None) -> Answer:
    findings = found["findings"]
    return Answer(
        str(found["status"]),
        tuple(finding["cause"] for finding in findings),
        tuple(finding["fix"] for finding in findings),
        found["fix"],
        # The doctor's own figure leaves out the run; where it is missing, all of the call counts.
        float(found.get("seconds") or seconds or 0.0),
        found,
    )
