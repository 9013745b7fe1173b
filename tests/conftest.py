"""What every test shares: a home of its own, so that no test sees a person's store."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

# Before NumPy is imported: processes share the cores, and more threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from lrtui.core.store import Store

# Nothing here is judged by how long it takes; and fifty examples of a rule are many.
settings.register_profile("lrtui", deadline=None, max_examples=50)
settings.load_profile("lrtui")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own; its engines leave neither a traceback nor a library's warning in their log."""
    folder = tmp_path / "home"
    monkeypatch.setenv("LRTUI_HOME", str(folder))
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)
    yield folder
    log = folder / "engine.log"
    if log.is_file():
        assert not re.search("Traceback|Warning", log.read_text()), log.read_text()


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with Store() as opened:
        yield opened
