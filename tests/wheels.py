"""Building wheel and sdist as pip does, without the network, and an environment that has nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT_OUT = ("*.egg-info", "__pycache__", "build", "dist", "docs", ".*")
BUILD = "import sys, setuptools.build_meta as build; getattr(build, sys.argv[1])(sys.argv[2])"


def copy_of_tree(folder: Path) -> Path:
    """What is built: nothing of it is left in this tree."""
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT)))


def build(what: str, tree: Path, into: Path) -> Path:
    """The one file that a build of a tree makes, ``sdist`` or ``wheel``."""
    into.mkdir()
    call = [sys.executable, "-c", BUILD, f"build_{what}", str(into)]
    done = subprocess.run(call, cwd=tree, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = into.iterdir()
    return made


def install(wheel: Path, folder: Path) -> None:
    """Make an environment, and install a wheel into it without anything that it needs."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    call = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*call, "--no-compile", "--disable-pip-version-check", wheel], check=True)
