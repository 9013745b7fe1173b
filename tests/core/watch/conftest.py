"""A Python with torch imported once, forked for every script of these tests."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.watch.observation import Observation
from lrtui.core.watch.warm import WarmPython
from lrtui.core.watch.watching import Start

Observe = Callable[..., Observation]


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmPython]:
    """The process that is forked, with one thread of torch's: the machine has few."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        with WarmPython(sys.executable, preload=["torch._dynamo"]) as python:  # as optimizers do
            yield python
    finally:
        if before is None:
            del os.environ["OMP_NUM_THREADS"]
        else:
            os.environ["OMP_NUM_THREADS"] = before


@pytest.fixture
def observe(warm: WarmPython, tmp_path: Path) -> Observe:
    """Run a script with the observer; what it prints stands in ``output.txt``."""

    def run(text: str, **options: Any) -> Observation:
        (tmp_path / "train.py").write_text(text, encoding="utf-8")
        with (tmp_path / "output.txt").open("wb") as output:
            start = Start(sys.executable, ["train.py"], folder=str(tmp_path))
            return warm.watch(start, output=output.fileno(), **options)

    return run
