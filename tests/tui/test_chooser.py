"""The chooser: the catalogue, and the way through folders to a file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Input, OptionList

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source
from lrtui.tui import browsing
from lrtui.tui.browsing import above, entries, is_path, split
from lrtui.tui.render.numbers import bytes_words
from lrtui.tui.screens.chooser import ChooserScreen
from lrtui.tui.screens.inspect import InspectScreen
from tests.tui.bench import Bench, dashboard
from tests.tui.inspection_bench import looked_at, passenger_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, with two folders and three tables."""
    made = tmp_path / "work"
    (made / "data" / "old").mkdir(parents=True)
    (made / ".hidden").mkdir()
    passenger_file(made / "data")
    (made / "data" / "sales.parquet").write_bytes(b"PAR1")
    (made / "data" / "notes.md").write_text("not a table")
    (made / "top.csv.gz").write_bytes(b"x" * 2048)
    monkeypatch.chdir(made)
    return made


def names(text: str) -> list[str]:
    return [entry.name for entry in entries(text)]


# --- paths ---


def test_folders_come_first_then_tables_by_their_names(folder: Path) -> None:
    assert names("./") == ["data", "top.csv.gz"]
    assert names("data/") == ["old", "sales.parquet", "titanic.csv"]
    assert names("data/TI") == ["titanic.csv"]
    assert names("./.h") == [".hidden"]
    assert names(str(folder) + "/d") == ["data"]
    assert [entry.text for entry in entries("./da")] == ["./data/"]
    assert entries("data/ti")[0].size == (folder / "data" / "titanic.csv").stat().st_size


def test_the_home_folder_is_written_with_a_tilde(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    assert names("~/") == ["data", "top.csv.gz"]
    assert names("~") == ["data", "top.csv.gz"]
    assert above("~/") == (f"{folder.parent}/", "work")


def test_a_new_file_is_seen_at_once(folder: Path) -> None:
    assert "new.csv" not in names("data/")
    (folder / "data" / "new.csv").write_text("a\n1\n")
    os.utime(folder / "data", ns=(1, 1))
    assert "new.csv" in names("data/")


@pytest.mark.parametrize(
    ("text", "up"),
    [
        ("data/old/", ("data/", "old")),
        ("data/", ("./", "data")),
        ("./", ("../", "")),
        ("../", ("../../", "")),
        ("/a/b/", ("/a/", "b")),
        ("/a/", ("/", "a")),
        ("/", ("/", "")),
    ],
)
def test_the_way_up(text: str, up: tuple[str, str]) -> None:
    assert above(text) == up


def test_a_folder_that_cannot_be_listed_is_said_in_words(folder: Path) -> None:
    with pytest.raises(DatasetError, match="no such file"):
        entries("nowhere/")
    with pytest.raises(DatasetError, match="not a directory"):
        entries("data/titanic.csv/")
    with pytest.raises(DatasetError, match="cannot be opened"):
        entries("a\0b/")


def test_no_permission_is_said_in_words(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(browsing.os, "scandir", refuse)
    with pytest.raises(DatasetError, match="cannot be opened: permission denied"):
        entries("data/")


def test_links_that_lead_round_and_round_are_no_folders(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    (folder / "loop.csv").symlink_to("loop.csv")
    assert names("./") == ["data", "loop.csv", "top.csv.gz"]
    assert entries("./loop")[0].size is None


@given(st.text(alphabet="ab./~", max_size=12))
def test_any_text_is_taken_apart_and_put_together(text: str) -> None:
    start, end = split(text)
    assert start + end in (text, text + "/")
    if is_path(text) and text.endswith("/"):
        assert above(text)[0].endswith("/")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (812, "812 bytes"),
        (1500, "1.5 kB"),
        (59_940, "60 kB"),
        (2.4e9, "2.4 GB"),
    ],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert bytes_words(int(size)) == words


# --- the screen ---


def typed(bench: Bench) -> str:
    """What stands in the field of the chooser."""
    assert isinstance(bench.app.screen, ChooserScreen)
    return bench.app.screen.query_one(Input).value


async def test_enter_goes_into_folders_and_looks_at_a_file_and_takes_it(folder: Path) -> None:
    async with dashboard("moons") as bench:
        await bench.press("o", "pageup", "pageup", "enter")  # the first line leads to this folder
        assert "data/" in bench.screen
        assert "2.0 kB" in bench.screen
        await bench.press("enter")
        assert "old/" in bench.screen
        assert "notes.md" not in bench.screen
        await bench.press("down", "down", "enter")
        assert isinstance(bench.app.screen, InspectScreen)
        await bench.press("escape")  # back to the folder
        assert isinstance(bench.app.screen, ChooserScreen)
        await bench.press("escape")
        assert bench.app.session.source == Source("moons")
        await bench.press("o", *"data/ti", "enter")
        await looked_at(bench)
        assert "target Survived" in bench.screen
        await bench.press("enter")
        assert len(bench.app.screen_stack) == 1
        assert bench.app.session.source == Source(str(folder / "data" / "titanic.csv"), "Survived")


async def test_backspace_and_left_go_up_and_tab_completes_the_name_under_the_cursor(folder: Path) -> None:
    async with dashboard("moons") as bench:
        await bench.press("o", *"data/old/", "backspace")
        assert typed(bench) == "data/"
        under_cursor = bench.app.screen.query_one(OptionList).highlighted_option
        assert under_cursor is not None  # it stays on what was left
        assert str(under_cursor.prompt).strip() == "old/"
        await bench.press("left")
        assert typed(bench) == "./"
        await bench.press(*"x", "backspace")  # where a name is typed, it only takes a letter away
        assert typed(bench) == "./"
        await bench.press(*"d", "tab", *"t", "tab")
        assert typed(bench) == "./data/titanic.csv"
        await bench.press("escape", "o", *"top")
        assert "top.csv.gz" in bench.screen  # found beside the catalogue
        await bench.press(*["backspace"] * 3, *"da")
        assert "data/" in bench.screen
        assert "digits-3-8" not in bench.screen
        await bench.press("escape", "o", "slash", "backspace")  # above / there is nothing but the catalogue
        assert typed(bench) == ""


async def test_what_is_not_there_is_said_and_can_be_corrected(folder: Path) -> None:
    async with dashboard("moons") as bench:
        await bench.press("o", *"data/none.csv", "enter")
        assert "There is no file" in bench.screen
        await bench.press(*["backspace"] * 8)
        assert "There is no file" not in bench.screen
        assert "titanic.csv" in bench.screen
        await bench.press(*"x/")
        assert "cannot be opened" in bench.screen


async def test_the_chooser_opens_in_the_folder_of_the_file_on_the_desk(folder: Path) -> None:
    async with dashboard(str(folder / "data" / "titanic.csv"), target="Sex") as bench:
        await bench.press("o")
        assert typed(bench) == f"{folder}/data/"
        await bench.press("enter")
        await looked_at(bench)
        assert "target Sex" in bench.screen
        await bench.press("escape", *"wine", "enter")  # the path was selected: typing replaces it
        assert bench.app.session.source == Source("wine-1")


async def test_a_huge_folder_shows_its_beginning_and_finds_the_rest(folder: Path) -> None:
    many = folder / "many"
    many.mkdir()
    for number in range(2_000):
        (many / f"f{number:05}.csv").touch()
    async with dashboard("moons") as bench:
        await bench.press("o", *"many/")
        assert "1,700 more; type to find them" in bench.screen
        await bench.press(*"f01999")
        assert "f01999.csv" in bench.screen
        assert "more; type" not in bench.screen


async def test_names_in_a_folder_are_shown_harmless_and_in_line(folder: Path) -> None:
    (folder / "data" / "\x1b[31m[red].csv").write_text("a\n1\n")
    (folder / "data" / "データ.csv").write_text("a\n1\n")
    async with dashboard("moons") as bench:
        await bench.press("o", *"data/")
        assert "\\x1b[31m[red].csv" in bench.screen
        assert "\x1b" not in bench.screen
        ends = [line.rstrip(" │▁▂▃▄▅▆▇█").endswith(("bytes", "kB")) for line in bench.screen.split("\n")]
        assert sum(ends) == 4
        await bench.press(*"データ", "enter")
        await looked_at(bench)
        assert "Inspect ─ データ.csv" in bench.screen


@pytest.mark.parametrize("ascii_only", [False, True])
async def test_every_size_shows_a_folder(folder: Path, ascii_only: bool) -> None:
    async with dashboard("moons", ascii_only=ascii_only) as bench:
        await bench.press("o", *"data/")
        for size in ((160, 50), (60, 18), (40, 12)):
            await bench.resize(*size)
            for name in ("old/", "sales.parquet", "titanic.csv"):
                assert name in bench.screen
            assert bench.screen.isascii() or not ascii_only
