"""``lrtui cause``: the page of a cause, the list of them, and what is said of one that is unknown."""

from __future__ import annotations

import re

import pytest

from lrtui.core.doctor.pages import FOLDER, causes_with_page, page_of
from tests.cli.commands import Lrtui, refused
from tests.test_imports import modules_after


def test_without_a_name_it_lists_every_cause_with_its_title(lrtui: Lrtui) -> None:
    code, out, _ = lrtui("cause")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(causes_with_page())
    for cause in causes_with_page():
        page = page_of(cause)
        assert page is not None
        assert any(line.startswith(f"{cause} ") and line.endswith(page.title) for line in out.splitlines())


@pytest.mark.parametrize("columns", [40, 80, 100, 200])
def test_a_page_fits_the_terminal_and_no_command_is_broken(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, _ = lrtui("cause", "non-finite")
    assert code == 0
    words, command = out.split("Try it\n")
    assert max(map(len, words.split("\n"))) <= min(columns, 100)
    assert words.startswith("Values that are not finite\n\nWhat you see\n")
    assert "  lrtui diagnose gaps.csv --target churned --missing error\n" in command
    assert "    visits, age = random.gauss(0, 1), random.gauss(40, 9)\n" in command  # as Python indents it
    assert "```" not in out
    assert "**" not in out


def test_links_are_told_by_their_words(lrtui: Lrtui) -> None:
    out = lrtui("cause", "imbalance")[1]
    assert "threshold in the wrong place" in " ".join(out.split()).lower()
    assert ".md" not in out
    assert "](" not in out


@pytest.mark.parametrize("columns", [40, 100])
def test_every_item_of_a_list_begins_a_line_of_its_own(
    lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    written = (FOLDER / "no-signal.md").read_text(encoding="utf-8")
    begun = [line.split()[:4] for line in written.split("\n") if line.startswith("- ")]
    lines = lrtui("cause", "no-signal")[1].split("\n")
    assert [line.split()[:4] for line in lines if line.startswith("- ")] == begun
    assert len(begun) > 2
    after = [lines[number + 1] for number, line in enumerate(lines) if line.startswith("- ")]
    assert all(line.startswith(("  ", "- ")) or not line for line in after)


@pytest.mark.parametrize("cause", causes_with_page())
def test_a_page_is_told_without_marks_of_its_file(lrtui: Lrtui, cause: str) -> None:
    words = lrtui("cause", cause)[1].split("Try it\n")[0]
    assert not re.search(r"`|\]\(|\*|^#|\S - ", words, re.MULTILINE)


@pytest.mark.parametrize(
    "name", ["full-moon", "../pages/unscaled", "unscaled.md", "", "\x1b[31m", "/etc/passwd"]
)
def test_an_unknown_cause_is_answered_in_two_sentences(lrtui: Lrtui, name: str) -> None:
    said = refused(lrtui("cause", name))
    assert "The doctor knows no cause" in said
    assert "lrtui cause lists them all." in said


def test_a_name_that_is_nearly_right_is_told(lrtui: Lrtui) -> None:
    assert "Perhaps outliers is meant; lrtui cause lists them all." in refused(lrtui("cause", "outlier"))


def test_a_locale_without_utf8_gets_plain_ascii(lrtui: Lrtui, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C")
    for cause in causes_with_page():
        assert lrtui("cause", cause)[1].isascii()


def test_reading_a_page_needs_neither_torch_nor_numpy() -> None:
    found = modules_after("import lrtui.tui.cli.cause")
    assert not found & {"torch", "numpy", "textual", "polars"}
    assert "lrtui.core.doctor.pages" in found
