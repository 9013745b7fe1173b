"""Libraries that are broken, or end Python; packages that are missing; GPUs as torch would tell of them."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.system import libraries, packages
from lrtui.core.system.libraries import Probe, answers_of, gpu_checks, library_checks
from lrtui.core.system.probe import LIBRARIES
from lrtui.core.system.record import Check, State
from lrtui.datasets import memory_limit

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
SOUND = {"threads": 2, "blas": "mkl", "built_for": None, "cards": [], "mps": False}
CARD = {"name": "A Card", "bytes": 24_000_000_000, "error": None}


@pytest.fixture
def torch_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], dict[str, Check]]:
    """What is told where torch is a source, and click and platformdirs are what they are."""

    def told(source: str) -> dict[str, Check]:
        (tmp_path / "torch.py").write_text(source)
        with Probe() as probe:
            return {one.name: one for one in library_checks(probe.answers)}

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(libraries, "_affordable", lambda: ["click", "torch", "platformdirs"])
    return told


def test_a_library_that_cannot_be_imported_is_a_line_with_the_line_that_mends_it(
    torch_is: Callable[[str], dict[str, Check]],
) -> None:
    found = torch_is("print('hello'); raise ImportError('libc10.so: no such file')")
    torch = found["torch"]
    assert torch.state is State.PROBLEM
    assert torch.found == "cannot be imported: ImportError: libc10.so: no such file"
    assert re.search(r"--force-reinstall 'torch>=", torch.command)
    assert found["click"].state is found["platformdirs"].state is State.OK
    assert found["polars"].found.startswith("not tried")


def test_a_library_that_ends_python_is_named_and_the_others_are_tried_nonetheless(
    torch_is: Callable[[str], dict[str, Check]],
) -> None:
    for source, why in (
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "ends Python (SIGILL)"),
        ("import os; os.write(2, b'first\\nno such CPU\\n'); os._exit(3)", "with code 3: no such CPU"),
    ):
        found = torch_is(source)
        assert found["torch"].state is State.PROBLEM
        assert why in found["torch"].found
        assert found["click"].state is found["platformdirs"].state is State.OK


def test_a_library_that_takes_for_ever_is_given_up(
    torch_is: Callable[[str], dict[str, Check]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libraries, "_affordable", lambda: ["torch"])
    monkeypatch.setattr(libraries, "MOST_SECONDS", 0.0)
    assert "took more than 0 seconds" in torch_is("import signal; signal.pause()")["torch"].found


def test_where_memory_is_limited_only_what_fits_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_limit, "used", lambda: 0)
    monkeypatch.setattr(memory_limit, "is_loaded", lambda _: False)
    tried = []
    for most in (None, 1_700_000_000, 500_000_000):
        monkeypatch.setattr(memory_limit, "limit", lambda most=most: most)
        tried.append(libraries._affordable())
    assert tried == [[*LIBRARIES], [name for name in LIBRARIES if name != "polars"], []]
    for looked in (library_checks, gpu_checks):
        (one,) = looked({})
        assert one.state is State.NOTE


def sound(**torch: Any) -> dict[str, Check]:
    """What is told where all is sound but for what torch says."""
    answers: dict[str, dict[str, Any]] = {name: {"error": None} for name in LIBRARIES}
    answers["torch"] |= {**SOUND, **torch}
    return {one.name: one for one in (*library_checks(answers), *gpu_checks(answers))}


def test_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "DRIVER", tmp_path / "version")
    assert sound()["cards"].found == "none; lrtui trains on the CPU"
    card = sound(cards=[CARD], built_for="CUDA 12.8")["cuda:0"]
    assert (card.state, card.found) == (State.OK, "A Card, 24 GB, computes")
    card = sound(cards=[CARD | {"error": "no kernel image"}], built_for="CUDA 12.8")["cuda:0"]
    assert (card.state, "no kernel image" in card.found) == (State.NOTE, True)
    assert "lrtui does not train on" in sound(mps=True)["Apple"].found
    (tmp_path / "version").write_text("NVRM")
    assert "built for the CPU alone" in sound()["NVIDIA"].found
    assert "finds no card" in sound(built_for="CUDA 12.8")["NVIDIA"].found


def test_every_package_that_lrtui_needs_is_imported_and_every_extra_has_its_purpose() -> None:
    names = [re.match(r"[\w-]+", one)[0] for one in PROJECT["dependencies"]]  # type: ignore[index]
    assert sorted(names) == sorted(LIBRARIES)
    extras = PROJECT["optional-dependencies"].keys()
    assert extras - set(packages.FOR_DEVELOPERS) == packages.PURPOSES.keys()


def test_what_is_missing_of_an_extra_is_told_with_the_line_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = ["click<9,>=8.1", 'fastexcel>=0.12; extra == "excel"', "skops>=0.11; extra == 'export'"]
    monkeypatch.setattr(packages, "requires", lambda _: told)
    monkeypatch.setattr(packages, "installed", {"fastexcel": "0.13", "pip": "26"}.get)
    excel, export = packages.extra_checks()
    assert (excel.state, excel.found) == (State.OK, "fastexcel 0.13 (reads .xlsx, .xls and .ods)")
    assert (export.state, export.command) == (State.NOTE, f"{sys.executable} -m pip install 'skops>=0.11'")
    monkeypatch.setattr(packages, "installed", {"fastexcel": "0.11.9"}.get)  # too old, and no pip
    excel, _ = packages.extra_checks()
    assert excel.command == f"uv pip install --python {sys.executable} 'fastexcel>=0.12'"
    (tmp_path / "pipx_metadata.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    assert packages.install_line("skops") == "pipx inject lrtui skops"


@pytest.mark.parametrize(
    ("found", "versions", "fits"),
    [
        ("2.13.0+cpu", ">=2.4", True),
        ("9.0", ">=8.1,<9", False),
        ("8.1", ">=8.1.0,<9", True),
        ("8.0.9", ">=8.1,<9", False),
        ("1.10", "<1.9", False),
        ("anything", "", True),
    ],
)
def test_versions(found: str, versions: str, *, fits: bool) -> None:
    assert packages.fits(found, versions) is fits


def test_an_answer_that_was_cut_short_is_none() -> None:
    line = json.dumps({"package": "numpy", "error": None}).encode()
    assert answers_of(line + b'\n{"package": "to').keys() == {"numpy"}
