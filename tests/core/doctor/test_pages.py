"""Every cause has a page that a student can read, and the pages are installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from lrtui.core.doctor.catalogue import causes
from lrtui.core.doctor.pages import FOLDER, causes_with_page, page_of, title_of

ROOT = Path(__file__).parents[3]
HEADINGS = ["What you see", "Why", "How lrtui proves it", "What to do"]
MORE = ["Try it", "Sources"]


def test_every_cause_of_the_catalogue_has_a_page_under_its_own_title() -> None:
    titles: dict[str, set[str]] = {}
    for cause in causes():
        titles.setdefault(cause.id, set()).add(cause.title)
    assert set(titles) <= set(causes_with_page())
    for cause_id, named in titles.items():
        assert title_of(cause_id) in named, cause_id


@pytest.mark.parametrize("cause", causes_with_page())
def test_a_page_says_what_is_seen_why_how_it_is_proved_and_what_to_do_in_this_order(cause: str) -> None:
    page = page_of(cause)
    assert page is not None
    found = [heading for heading, _ in page.sections]
    assert found[:4] == HEADINGS
    assert found[4:] == [heading for heading in MORE if heading in found]
    assert all(len(text.split()) >= 5 for heading, text in page.sections[:4])


@pytest.mark.parametrize("cause", causes_with_page())
def test_a_page_names_no_file_of_the_repository(cause: str) -> None:
    text = (FOLDER / f"{cause}.md").read_text(encoding="utf-8")
    assert not re.search(r"docs/|core/|tests/|\.py\b|!\[", text)
    for target in re.findall(r"\]\(([^)]+)\)", text):
        assert target.removesuffix(".md") in causes_with_page()


def test_an_id_without_a_page_is_no_path_and_is_told_in_words() -> None:
    assert page_of("../pages/unscaled") is None
    assert title_of("full-moon") == "Full moon"


def test_what_is_installed_holds_the_pages() -> None:
    setup = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert "lrtui.core.doctor.pages" in setup["packages"]
    assert setup["package-data"]["lrtui.core.doctor.pages"] == ["*.md"]
    assert {path.name for path in FOLDER.iterdir() if path.suffix == ".md"} == {
        f"{cause}.md" for cause in causes_with_page()
    }


def test_the_table_of_causes_in_the_documentation_links_every_page() -> None:
    text = (ROOT / "docs" / "causes.md").read_text(encoding="utf-8")
    rows = dict(
        re.findall(r"^\| \[([\w-]+)\]\(\.\./core/doctor/pages/\1\.md\) \| (.+?) \|$", text, re.MULTILINE)
    )
    assert rows == {cause: title_of(cause) for cause in causes_with_page()}
