"""Nothing from outside reaches a terminal raw: hostile tables through the real programs, byte by byte.

Every stream is taken apart by a strict reader. What a harmless table of the same figures makes the programs
send is what they may send at all; text must stand in columns of its own; borders must stand in line.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.boxes import straight
from tests.e2e import vt
from tests.e2e.conftest import LRTUI, Open, ask
from tests.e2e.hostile import FILE_NAME, MARK, PIECES, generated, numbered, write_table
from tests.e2e.terminal import Terminal, stop_engines

FILE = "hostile.csv"
TARGET = f"\x1b[{MARK}mtarget[/]\u202e\u200b🇩🇪e\u0301"
VALUES = (f"\x1b]0;{MARK}\x07yes[red]", "no\u202e\x9b2J漢字" + "\u0301" * 100)
NAMES = numbered(PIECES)
PANES = ("Dataset", "Hyperparameters", "Loss", "Predictions", "Metrics", "Runs", "Doctor")


def run(home: Path, folder: Path, *arguments: str, columns: int = 100, **more: str) -> tuple[int, bytes]:
    """A command in a terminal: exit code and every byte it sent."""
    env = {"LRTUI_HOME": str(home), **more}
    with Terminal([LRTUI, *arguments], columns=columns, rows=50, env=env, cwd=folder) as terminal:
        return terminal.end(), bytes(terminal.raw)


def assert_harmless(raw: bytes, shapes: set[str]) -> vt.Stream:
    """No sequence but those of a harmless table, none with something of ours in it, and proper text."""
    stream = vt.read(raw)
    assert stream.controls <= {"\r", "\n"}
    assert stream.improper == set()
    assert stream.shapes - shapes == set()
    assert [s for s in stream.sequences if MARK in s.body] == []
    return stream


# --- the command line ---


@pytest.fixture
def commands(home: Path, tmp_path: Path) -> Callable[..., tuple[int, vt.Stream]]:
    """Runs a command and checks what it sends; only a progress bar may clear its line."""

    def check(*arguments: str, columns: int = 100) -> tuple[int, vt.Stream]:
        code, raw = run(home, tmp_path, *arguments, columns=columns)
        return code, assert_harmless(raw, {"CSI K"})

    return check


def test_over_a_thousand_names_and_values_pass_through_the_command_line(
    commands: Callable[..., tuple[int, vt.Stream]], tmp_path: Path
) -> None:
    found = numbered(generated(1200))
    write_table(tmp_path / FILE, found[:600], TARGET, VALUES, found[600:])
    assert commands("train", FILE, "--target", TARGET, "--epochs", "3", "--positive", VALUES[0])[0] == 0
    code, shown = commands("show", "last", columns=140)
    assert code == 0
    assert "\\x1b[" in shown.text
    assert commands("inspect", FILE)[0] == 0
    code, told = commands("train", FILE, "--target", f"nosuch{found[7]}")
    assert code == 2
    assert "has no column" in told.text


def test_every_command_shows_hostile_words_safely(
    commands: Callable[..., tuple[int, vt.Stream]], home: Path, tmp_path: Path
) -> None:
    write_table(tmp_path / FILE_NAME, NAMES[:40], TARGET, VALUES, NAMES[40:100])
    of_file = (FILE_NAME, "--target", TARGET)
    assert commands("train", *of_file, "--epochs", "3", "--scaling", "none")[0] == 0
    for arguments in (
        ("runs",),
        ("show", "1"),
        ("diagnose", "--run", "1"),
        ("sweep", *of_file, "--epochs", "3", "--lr", "0.1,0.2"),
        ("inspect", FILE_NAME),
        ("inspect", FILE_NAME, "--target", "none such\x1b["),
        ("train", *of_file, "--weights", NAMES[39]),
        ("train", *of_file, "--positive", f"\x1b[{MARK}m"),
    ):
        code, _ = commands(*arguments)
        assert code in (0, 1, 2), arguments
    assert run(home, tmp_path, "runs", LANG="C")[1].isascii()
    assert run(home, tmp_path, "show", "1", LANG="C")[1].isascii()


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", f"\x1b]0;{MARK}\x07moons"),
        ("train", f"moons:\x1b[{MARK}m=3"),
        ("train", "moons", "--lr", f"\x1b[{MARK}m"),
        ("train", "moons", "--optimizer", "\u202egds"),
        ("train", "moons", f"--no-such-\x1b[{MARK}m"),
        ("train", "moons", "--config", f"\x1b[{MARK}m.toml"),
        ("show", f"\x9b{MARK}m"),
        ("resume", f"\x9b{MARK}m"),
        ("runs", "--limit", f"\x1b[{MARK}m"),
        ("sweep", "moons", "--lr", f"\x1b[{MARK}m,2"),
        (f"\x1b[{MARK}m/\x07nowhere.csv",),
        ("train", b"\xff\xfe\x1b[31337m.csv".decode("utf-8", "surrogateescape")),
    ],
    ids=repr,
)
def test_a_hostile_argument_is_refused_without_being_obeyed(
    commands: Callable[..., tuple[int, vt.Stream]], arguments: tuple[str, ...]
) -> None:
    assert commands(*arguments)[0] == 2


def test_a_hostile_config_file_is_refused_without_being_obeyed(
    commands: Callable[..., tuple[int, vt.Stream]], tmp_path: Path
) -> None:
    for text in (
        f'"\\u001b[{MARK}m\\u202e" = 1\n',
        f'optimizer = "\\u001b[{MARK}m"\n',
        f"\x1b[{MARK}m = 1",
    ):
        (tmp_path / "c.toml").write_text(text)
        code, told = commands("train", "moons", "--config", "c.toml")
        assert code == 2
        assert "lrtui: " in told.text


def test_json_is_ascii_whatever_the_names_are(home: Path, tmp_path: Path) -> None:
    write_table(tmp_path / FILE_NAME, NAMES, TARGET, VALUES, NAMES)
    options = ("--target", TARGET, "--epochs", "3", "--json")
    _, raw = run(home, tmp_path, "train", FILE_NAME, *options, "--quiet")
    for data in (
        raw,
        *(
            run(home, tmp_path, *words, "--json")[1]
            for words in (("show", "1"), ("runs",), ("inspect", FILE_NAME))
        ),
    ):
        assert all(byte in b"\r\n" or 32 <= byte < 127 for byte in data)
    found = ask(home, "show", "1")
    assert found["dataset"] == str(tmp_path / FILE_NAME)
    assert json.loads(raw)["dataset"] == found["dataset"]


# --- the dashboard ---

TITLES = {"w": "Sweep of learning rate", "?": "Help", "i": "Inspect", "o": "Choose a dataset"}
PASTED = f"\x1b[200~{MARK}\u202e漢e\u0301\u200b\x9b2J[red]🇩🇪\x7f/no.csv\x1b[201~"


def tour(screen: Terminal, pasted: str) -> None:
    """Everything that a person can open, one after another."""
    screen.see("untrained")
    screen.press("space")
    screen.see("✓ finished")
    for number, name in enumerate(PANES, start=1):
        screen.press(str(number))
        screen.see(f"{number} {name}")
        stands(screen)
    for key, title in TITLES.items():
        screen.press(key)
        screen.see(title)
        stands(screen, title)
        if key == "o":
            screen.press(pasted, "enter")
            screen.see(r"There is no|No file")
        screen.press("escape")
        screen.gone(title)
    screen.press("d")
    screen.see("Doctor on run")  # the pane has the focus already, so this is the whole letter
    stands(screen, "Doctor on run")
    screen.press("d")
    screen.gone("Doctor on run")
    screen.choose("screenshot")
    screen.see("Saved")
    screen.press("q")
    assert screen.end() == 0


def stands(screen: Terminal, title: str = "") -> None:
    """Wait until every box with such a title is drawn, closed and straight."""
    shown = screen.screen

    def cells() -> list[list[str]]:
        return [[shown.buffer[y][x].data for x in range(shown.columns)] for y in range(shown.lines)]

    screen.wait(lambda: straight(cells(), title), f"a straight box around {title or 'each pane'}")


OPTIONS = ("--epochs", "20", "--scaling", "none", "--target")


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The shapes of all sequences that a harmless table of the same figures makes the dashboard send."""
    folder = tmp_path_factory.mktemp("twin")
    names, levels = ([f"{letter}{n}" for n in range(count)] for letter, count in (("c", 60), ("v", 80)))
    write_table(folder / "twin.csv", names, "target", ("yes", "no"), levels)
    command = [LRTUI, "twin.csv", *OPTIONS, "target", "--drop-columns", "c2"]
    with Terminal(command, columns=160, rows=50, env={"LRTUI_HOME": str(folder)}, cwd=folder) as screen:
        tour(screen, "nowhere/no.csv")
    stop_engines(folder)
    return vt.read(bytes(screen.raw)).shapes


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (160, 50)])
def test_the_dashboard_sends_nothing_that_it_does_not_send_for_a_harmless_table(
    lrtui: Open, harmless: set[str], home: Path, tmp_path: Path, columns: int, rows: int
) -> None:
    write_table(tmp_path / FILE_NAME, NAMES[:60], TARGET, VALUES, NAMES[60:140])
    options = (*OPTIONS, TARGET, "--drop-columns", NAMES[2])
    screen = lrtui(FILE_NAME, *options, columns=columns, rows=rows)
    tour(screen, PASTED)
    assert_harmless(bytes(screen.raw), harmless)
    (picture,) = home.glob("*.svg")
    assert_harmless(picture.read_bytes(), set())
    ElementTree.parse(picture)
