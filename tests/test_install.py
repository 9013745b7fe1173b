"""docs/install.md, the Dockerfile and what is built say the same."""

from __future__ import annotations

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path

from lrtui.tui.version import __version__
from scripts.shared import COMPLETIONS, MANUAL

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CPU = "--extra-index-url https://download.pytorch.org/whl/cpu"


def instructions() -> list[tuple[str, str]]:
    """The lines of the Dockerfile: its word, and what follows."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
    lines = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, " ".join(rest.split())) for word, _, rest in lines]


def test_the_version_has_one_place() -> None:
    assert "version" not in PROJECT["project"]
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "lrtui.tui.version.__version__"}
    assert f"lrtui-{__version__}-py3-none-any.whl" in PAGE


def test_the_image_runs_the_documented_line_on_a_python_that_is_checked_and_not_as_root() -> None:
    found = instructions()
    matrix = re.search(r"python: (\[.*\])", (ROOT / ".github" / "workflows" / "ci.yml").read_text())
    assert matrix is not None
    versions = json.loads(matrix[1])
    assert f"set up for {versions[0]} to {versions[-1]}" in PAGE
    bases = [
        re.fullmatch(r"python:([0-9.]+)-slim( AS build)?", rest) for word, rest in found if word == "FROM"
    ]
    assert all(base is not None and base[1] in versions for base in bases)
    (install,) = (rest for word, rest in found if word == "RUN" and "pip install" in rest)
    assert f"pip install --no-cache-dir {CPU} -c " in install
    assert f"`pip install {CPU} -c constraints.txt .`" in PAGE
    words = [word for word, _ in found]
    user = dict(found)["USER"]
    assert user.isdigit()
    assert int(user) > 0
    assert f"useradd --create-home --uid {user} lrtui" in install
    assert words.index("USER") < words.index("ENTRYPOINT") == len(words) - 1
    assert json.loads(dict(found)["ENTRYPOINT"]) == ["lrtui"]


def test_the_volume_of_the_page_is_where_the_image_keeps_runs_and_belongs_to_its_user() -> None:
    environment = dict(one.split("=") for one in dict(instructions())["ENV"].split())
    folder = environment["LRTUI_HOME"]
    assert PAGE.count(f"-v lrtui-runs:{folder} ") == 2
    assert any(f"install -d -o lrtui -g lrtui -m 0700 {folder}" in rest for _, rest in instructions())


def test_what_the_image_is_built_from_is_not_kept_from_it() -> None:
    ignored = (ROOT / ".dockerignore").read_text().split()
    folders = PROJECT["tool"]["setuptools"]["package-dir"].values()
    manifest = re.findall(r"^include (.*)$", (ROOT / "MANIFEST.in").read_text(), re.MULTILINE)
    needed = [*folders, "setup.py", "pyproject.toml", "README.md", "LICENSE", *" ".join(manifest).split()]
    assert all((ROOT / path).exists() for path in needed)
    assert not [
        path for path in needed if any(fnmatch(Path(path).parts[0], pattern) for pattern in ignored)
    ]


def test_the_page_names_what_a_wheel_brings_beside_the_package() -> None:
    setup = (ROOT / "setup.py").read_text(encoding="utf-8")
    installed = dict(re.findall(r'"(share/[^"]+)": "([^"]+)"', setup))
    assert sorted(installed.values()) == sorted((MANUAL, *COMPLETIONS.values()))
    assert all(f"`{folder}/{name}`" in PAGE for folder, name in installed.items())
