"""What every test shares: a home of its own, so that no test sees a person's store."""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

# Before NumPy is imported: processes share the cores, and more threads would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from lrtui.core.store import Store

gc.disable()  # until all tests are imported

# Tests make some thousands of folders; a disk takes half a minute to remove them, memory nothing.
MEMORY, ROOM = "/dev/shm", 4 << 30
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", MEMORY)

# As on a person's machine: what was compiled once is kept, for each process that a test starts, too.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Nothing here is judged by how long it takes. Each run draws other examples of a rule, but where a change
# is judged by it: what an old fault makes of a rare example is no word about the change.
settings.register_profile("lrtui", deadline=None, max_examples=15, derandomize="CI" in os.environ)
settings.load_profile("lrtui")

SAME_RUNS = ("causes", "doctor", "healthy_runs", "rates", "sentences")
TOGETHER = (
    ("tests/core/watch/",),  # they fork a Python that takes seconds to begin
    tuple(f"tests/core/doctor/test_{name}.py" for name in SAME_RUNS),  # which are diagnosed once
)
WAITING = Path(__file__).parent / "e2e"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What waits for processes comes first: at the end one worker would wait alone for the other."""
    items.sort(key=lambda item: not item.path.is_relative_to(WAITING))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling | None:
    """Workers take a file at a time, and the tests of ``TOGETHER`` as if they were one."""
    return FilesTogether(config, log) if config.getoption("dist") == "loadfile" else None


class FilesTogether(LoadFileScheduling):
    """What is begun or found once for many files is so by one worker."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return next((places[0] for places in TOGETHER if file.startswith(places)), file)


def pytest_collection_finish() -> None:
    """What was imported stays: the search for garbage leaves it out, and is seldom made of the rest."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own; its engines leave neither a traceback nor a library's warning in their log."""
    folder = tmp_path / "home"
    for name in list(os.environ):
        if name.startswith("LRTUI_"):  # each option has such a variable
            monkeypatch.delenv(name)
    monkeypatch.setenv("LRTUI_HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
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
