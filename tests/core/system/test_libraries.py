"""Libraries that are broken, or end Python; packages that are missing; GPUs as torch would tell of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from lrtui.core.system import libraries, packages
from lrtui.core.system.libraries import library_checks
from lrtui.core.system.probe import LIBRARIES
from lrtui.core.system.record import Check, State

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]
SOUND = {"threads": 2, "blas": "mkl", "built_for": None, "cards": [], "mps": False}
CARD = {"name": "A Card", "bytes": 24_000_000_000, "error": None}
ONE_BROKEN = """
import sys
import lrtui.core.system.probe as probe
probe.LIBRARIES = dict.fromkeys(("json", "torch", "csv"), "json") | {"torch": "broken"}
probe.main()
"""


def probed(folder: Path, source: str) -> dict[str, Check]:
    """What is told of three libraries, the one called torch being this source."""
    (folder / "broken.py").write_text(source)
    done = subprocess.run(
        [sys.executable, "-c", ONE_BROKEN],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        check=False,
    )
    answers = libraries._answers(done.stdout)
    told = library_checks(answers, done.returncode, done.stderr.decode())
    return {one.name: one for one in told if one.name in ("torch", "numpy", "libcst")}


def test_a_library_that_cannot_be_imported_is_a_line_with_the_line_that_mends_it(tmp_path: Path) -> None:
    torch = probed(tmp_path, "print('hello'); raise ImportError('libc10.so: no such file')")["torch"]
    assert torch.state is State.PROBLEM
    assert torch.found == "cannot be imported: ImportError: libc10.so: no such file"
    assert re.search(r"--force-reinstall 'torch>=", torch.command)


def test_a_library_that_ends_python_is_named_and_what_comes_after_it_was_not_tried(tmp_path: Path) -> None:
    for source, why in (
        ("import os, signal; os.kill(os.getpid(), signal.SIGILL)", "ends Python (SIGILL)"),
        ("import os; os.write(2, b'first\\nno such CPU\\n'); os._exit(3)", "with code 3: no such CPU"),
    ):
        found = probed(tmp_path, source)
        assert found["torch"].state is State.PROBLEM
        assert why in found["torch"].found
        assert "not tried" in found["libcst"].found


def test_an_attempt_that_takes_for_ever_or_that_never_began() -> None:
    told = {one.name: one for one in library_checks([{"begun": "torch"}], 0, "")}
    assert "more than 120 seconds" in told["torch"].found
    (one,) = library_checks([], 1, "No module named lrtui")
    assert (one.state, "No module named lrtui" in one.found) == (State.PROBLEM, True)


def sound(**torch: Any) -> dict[str, Check]:
    """What is told where all is sound but for what torch says."""
    answers: list[dict[str, Any]] = [
        {"package": name, "error": None} for name in LIBRARIES if name != "torch"
    ]
    answers += [{"begun": name} for name in LIBRARIES]
    answers.append({"package": "torch", "error": None, **SOUND, **torch})
    return {one.name: one for one in library_checks(answers, 0, "")}


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


def test_the_table_of_answers_is_what_a_probe_prints() -> None:
    line = json.dumps({"package": "numpy", "error": None}).encode()
    assert libraries._answers(line + b'\n{"begun": "to') == [{"package": "numpy", "error": None}]
