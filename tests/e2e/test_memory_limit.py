"""The dashboard under a limit on memory: it opens, and says why nothing can be trained."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.conftest import LRTUI
from tests.e2e.terminal import Terminal


@pytest.mark.parametrize("limit", [300_000, 900_000])
def test_an_engine_without_memory_is_told_with_its_reason(home: Path, tmp_path: Path, limit: int) -> None:
    command = ["bash", "-c", f'ulimit -v {limit}; exec "{LRTUI}" moons --start']
    with Terminal(command, columns=100, rows=30, env={"LRTUI_HOME": str(home)}, cwd=tmp_path) as terminal:
        terminal.see("There is too little memory for the engine")
        terminal.see("Raise the limit")
        terminal.press("q")
        assert terminal.end() == 0
        assert "Traceback" not in terminal.raw.decode(errors="replace")
    log = (home / "engine.log").read_text()
    assert log.startswith("To load polars and PyTorch takes ")
    assert len(log.splitlines()) == 1
