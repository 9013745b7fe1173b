"""The documentation is true: tested where a machine can."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lrtui.core.doctor.catalogue import causes
from lrtui.core.doctor.pages import FOLDER
from lrtui.core.inside.catalogue import views
from lrtui.core.inside.record import Asked
from lrtui.core.results import MEASURED
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.reading.formats import FORMATS
from lrtui.datasets.source import Source
from lrtui.tui.cli.front import COMMANDS
from scripts.hyperparameters import PAGE, page
from tests.core.inside.cases import noisy, trained

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *FOLDER.glob("*.md")])
WIDTH = 120


def test_the_page_of_hyperparameters_is_what_the_config_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_dataset_and_command_is_documented() -> None:
    text = (ROOT / "docs" / "datasets.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in CATALOGUE)
    text = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    assert all(f"lrtui {command}" in text for command in COMMANDS)
    assert all(f"`{key}`" in text for key in MEASURED)


def test_the_changelog_counts_the_catalogue() -> None:
    assert f"A catalogue of {len(CATALOGUE)} datasets" in (ROOT / "CHANGELOG.md").read_text(
        encoding="utf-8"
    )


def test_every_format_is_documented_with_its_suffixes() -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (`\..*?) \|", text, re.MULTILINE))
    assert {name: rows[name].strip("`").split("`, `") for name in rows} == {
        name: list(found.suffixes) for name, found in FORMATS.items()
    }


def test_every_view_is_documented() -> None:
    text = (ROOT / "docs" / "inside.md").read_text(encoding="utf-8")
    assert all(f"## {entry.title}\n" in text and f"`{entry.id}`" in text for entry in views().values())


def test_the_readme_counts_the_causes() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"It knows {len({cause.id for cause in causes()})} causes" in text


def test_the_samples_of_the_recipes_work() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    for sample in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(sample, found)
    (entry,), (avro,) = found["ENTRIES"], found["FORMATS"]
    data = entry.make(entry.rows, entry.parameters["noise"].default, np.random.default_rng(0))
    assert data.X.shape == (entry.rows, entry.columns)
    assert data.y.mean() == entry.base_rate
    frame, file = pl.DataFrame({"a": [1, 2]}), io.BytesIO()
    frame.write_avro(file)
    assert avro.shows(file.getvalue())
    assert avro.read(file.getvalue(), Source("a.avro"), "'a.avro'", "a.avro")[0].equals(frame)
    assert found["FULL_MOON"].applies(binary=True, known=set())
    seen = found["SURENESS"].look(trained(noisy()), Asked()).seen
    assert [row[0] for row in seen.parts[0].rows] == ["10%", "50%", "90%"]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leads_nowhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_prose_is_readable_in_a_terminal(path: Path) -> None:
    prose = re.sub(r"^ *```.*?^ *```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    long = [line for line in prose.split("\n") if len(line) > WIDTH]
    assert [line for line in long if not line.startswith(("|", "!["))] == []  # tables and pictures


def test_both_commands_of_the_readme_are_one_line_and_make_their_own_environment() -> None:
    commands = [
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").split("\n")
        if line.startswith("python3")
    ]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -c constraints.txt ")
