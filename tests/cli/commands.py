"""Calling ``lrtui``: what the tests of the command line share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

Lrtui = Callable[..., tuple[int, str, str]]


def refused(result: tuple[int, str, str]) -> str:
    """What a refused command said: two sentences on stderr, nothing on stdout, exit code 2."""
    code, out, err = result
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    what, fix = err.strip().split("\n")
    assert what.startswith("lrtui: ")
    assert what.endswith(".")
    assert fix.strip().endswith(".")
    return err


def start(home: Path, *arguments: str, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start a command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "lrtui.tui", *arguments],
        env={**os.environ, "LRTUI_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
    )
