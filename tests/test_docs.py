"""The documentation is true: tested where a machine can."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lrtui.core.results import MEASURED
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.tui.cli.group import COMMANDS
from scripts.hyperparameters import PAGE, page

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])


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


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_link_leads_nowhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (path.parent / target).exists(), target


def test_both_commands_of_the_readme_are_one_line_and_make_their_own_environment() -> None:
    commands = [
        line
        for line in (ROOT / "README.md").read_text(encoding="utf-8").split("\n")
        if line.startswith("python3")
    ]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install -c constraints.txt ")
