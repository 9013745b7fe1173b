"""No two threads of an engine import at once: one would see the other's modules half made."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Of Python alone, or read by the faces alone; what begins the engine's own thread.
LIGHT = {"platformdirs", "polars.io._expand_paths", "lrtui.core.config.toml", "lrtui.core.engine.loop"}


def lazily_imported(path: Path) -> Iterator[str]:
    """The modules that a file imports inside functions."""
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and node.module:
                    yield node.module
                elif isinstance(node, ast.Import):
                    yield from (alias.name for alias in node.names)


def test_whatever_an_engine_imports_late_it_imports_before_any_thread_begins(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.imports_by_thread"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "LRTUI_HOME": str(tmp_path / "home")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    heavy = {name for name in told["threads"] if name.partition(".")[0] not in sys.stdlib_module_names}
    assert heavy == set()

    files = [file for folder in ("core", "datasets") for file in (ROOT / folder).rglob("*.py")]
    # What watches scripts, takes runs away or trains by many processes is no part of an engine.
    others = {"watch", "export", "distributed"}
    engines = (f for f in files if others.isdisjoint(f.parts) and f.name != "script_session.py")
    late = {module for file in engines for module in lazily_imported(file)}
    assert {
        "polars",
        "lrtui.core.doctor.doctor",
        "sklearn.model_selection",
    } <= late  # the search finds some
    assert late - LIGHT - set(told["before"]) - set(sys.stdlib_module_names) == set()
