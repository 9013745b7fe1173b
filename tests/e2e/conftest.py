"""The installed command, and a home of its own for every test."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest

from lrtui.tui.cli.group import main
from tests.e2e.terminal import Terminal, stop_engines

Ask = Callable[..., Any]
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


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """What a command prints as JSON, in this process, which has imported everything already."""

    def call(*arguments: str) -> Any:
        with pytest.raises(SystemExit) as caught:
            main((*arguments, "--json"))
        out, err = capsys.readouterr()
        assert not caught.value.code, err
        return json.loads(out)

    return call
