"""What people install: wheel and sdist, built without the network, in an empty environment."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from lrtui.tui.version import __version__
from tests.e2e.terminal import Terminal, stop_engines
from tests.wheels import ROOT, build, copy_of_tree, install

SHARED = {
    "share/man/man1/lrtui.1",
    "share/bash-completion/completions/lrtui",
    "share/zsh/site-functions/_lrtui",
    "share/fish/vendor_completions.d/lrtui.fish",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The sdist and the wheel of a copy of this tree, and the wheel of that sdist."""
    folder = tmp_path_factory.mktemp("built")
    sdist = build("sdist", copy_of_tree(folder / "tree"), folder / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "unpacked", filter="data")
    (tree,) = (folder / "unpacked").iterdir()
    yield {
        "sdist": sdist,
        "wheel": build("wheel", folder / "tree", folder / "wheel"),
        "again": build("wheel", tree, folder / "again"),
    }
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def environment(built: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An environment with that wheel; what it needs is borrowed from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    install(built["again"], folder)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder)}))
    (own / "borrowed.pth").write_text(f"{Path(torch.__file__).parents[1]}\n")
    yield folder
    shutil.rmtree(folder)


def contents(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_sdist_builds_the_very_wheel_of_the_tree_with_all_of_the_package_and_no_test(
    built: dict[str, Path],
) -> None:
    found = contents(built["wheel"])
    assert found == contents(built["again"])
    packages = {"top": "lrtui", **{name: f"lrtui/{name}" for name in ("core", "datasets", "tui")}}
    ours = {
        f"{installed}/{path.relative_to(ROOT / folder)}"
        for folder, installed in packages.items()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    data = f"lrtui-{__version__}.data/data/"
    rest = {name for name in found if not name.startswith(f"lrtui-{__version__}.dist-info/")}
    assert rest == ours | {data + name for name in SHARED}
    with tarfile.open(built["sdist"]) as archive:
        assert not [name for name in archive.getnames() if "/tests" in name or "/build" in name]


def test_installed_elsewhere_it_trains_and_shows_its_first_screen(
    environment: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # away from the folders of the repository
    lrtui = str(environment / "bin" / "lrtui")
    told = subprocess.run([lrtui, "--version"], capture_output=True, text=True, check=True).stdout
    assert told == f"lrtui {__version__}\n"
    call = [lrtui, "train", "breast-cancer", "--quiet", "--json"]
    done = subprocess.run(call, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    run = json.loads(done.stdout)
    assert run["status"] == "finished"
    assert run["test_accuracy"] > 0.9
    with Terminal([lrtui], env={"LRTUI_HOME": str(home)}) as terminal:
        terminal.see("breast-cancer")
        terminal.see("finished")
    stop_engines(home)


def test_what_was_run_came_from_the_wheel(environment: Path) -> None:
    code = "import lrtui.core, lrtui.tui.cli; print(lrtui.core.__file__, lrtui.tui.cli.__file__)"
    python = environment / "bin" / "python"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=environment)
    assert all(path.startswith(f"{environment}/lib/") for path in done.stdout.split())


def test_bash_completes_by_the_file_that_was_installed(environment: Path, home: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    asked = (
        f". {environment}/share/bash-completion/completions/lrtui\n"
        "COMP_WORDS=(lrtui pres); COMP_CWORD=1; _lrtui_completion lrtui; echo ${COMPREPLY[@]}\n"
        "complete -p lrtui"
    )
    done = subprocess.run(
        [bash, "--norc", "-c", asked],
        env={**os.environ, "PATH": f"{environment}/bin:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    offered, registered = done.stdout.splitlines()
    assert offered == "presets"
    assert registered.endswith("-F _lrtui_completion lrtui")
