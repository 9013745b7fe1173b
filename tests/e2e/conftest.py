"""The installed command, and a home of its own for every test."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from tests.e2e.terminal import Terminal, stop_engines

LRTUI = str(Path(sys.executable).with_name("lrtui"))


class Open(Protocol):
    """Starts ``lrtui`` in a terminal."""

    def __call__(self, *arguments: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal: ...


@pytest.fixture
def lrtui(home: Path, tmp_path: Path) -> Iterator[Open]:
    with ExitStack() as stack:

        def start(*arguments: str, columns: int = 80, rows: int = 24, **env: str) -> Terminal:
            terminal = Terminal(
                [LRTUI, *arguments],
                columns=columns,
                rows=rows,
                env={"LRTUI_HOME": str(home), **env},
                cwd=tmp_path,
            )
            return stack.enter_context(terminal)

        yield start
    if (home / "lrtui.db").exists():
        stop_engines(home)


def ask(home: Path, *arguments: str) -> Any:
    """What a command prints as JSON."""
    done = subprocess.run(
        [LRTUI, *arguments, "--json"],
        env={"LRTUI_HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
