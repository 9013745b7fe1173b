"""Nothing from outside reaches a terminal raw: hostile tables through the real programs, byte by byte.

Every stream is taken apart by a strict reader. What a harmless table of the same figures makes the programs
send is what they may send at all; text must stand in columns of its own; borders must stand in line.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lrtui.tui.layout import PANE_KEYS
from tests.boxes import straight
from tests.e2e import vt
from tests.e2e.conftest import LRTUI, Open
from tests.e2e.hostile import FILE_NAME, MARK, PIECES, numbered, write_table
from tests.e2e.terminal import Terminal, stop_engines
from tests.e2e.vt import assert_harmless

TARGET = f"\x1b[{MARK}mtarget[/]\u202e\u200b🇩🇪e\u0301"
VALUES = (f"\x1b]0;{MARK}\x07yes[red]", "no\u202e\x9b2J漢字" + "\u0301" * 100)
NAMES = numbered(PIECES)


def run(home: Path, folder: Path, *arguments: str, columns: int = 100, **more: str) -> tuple[int, bytes]:
    """A command in a terminal: exit code and every byte it sent."""
    env = {"LRTUI_HOME": str(home), **more}
    with Terminal([LRTUI, *arguments], columns=columns, rows=50, env=env, cwd=folder) as terminal:
        return terminal.end(), bytes(terminal.raw)


# --- the installed command; all it can say is in tests/cli/test_safety.py ---


def test_the_installed_command_shows_hostile_words_safely_and_in_ascii_where_it_must(
    home: Path, tmp_path: Path
) -> None:
    write_table(tmp_path / FILE_NAME, NAMES[:20], TARGET, VALUES, NAMES[20:60])
    code, raw = run(home, tmp_path, "train", FILE_NAME, "--target", TARGET, "--epochs", "3")
    assert code == 0
    assert_harmless(raw, {"CSI K"})
    code, raw = run(home, tmp_path, "show", "1")
    assert code == 0
    assert_harmless(raw, set())
    assert run(home, tmp_path, "show", "1", LANG="C")[1].isascii()
    code, raw = run(home, tmp_path, "train", b"\xff\xfe\x1b[31337m.csv".decode("utf-8", "surrogateescape"))
    assert code == 2
    assert_harmless(raw, set())


# --- the dashboard ---

TITLES = {"w": "Sweep of learning rate", "?": "Help", "i": "Inspect", "o": "Choose a dataset"}
PASTED = f"\x1b[200~{MARK}\u202e漢e\u0301\u200b\x9b2J[red]🇩🇪\x7f/no.csv\x1b[201~"


def tour(screen: Terminal, pasted: str) -> None:
    """Everything that a person can open, one after another."""
    screen.see("untrained")
    screen.press("space")
    screen.see("✓ finished")
    for columns, rows in ((80, 24), (160, 50)):
        screen.resize(columns, rows)
        for name, key in PANE_KEYS.items():
            screen.press(key)
            screen.see(f"{key} {name.capitalize()}")
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

    @cache
    def stand(_: int) -> bool:
        cells = [[shown.buffer[y][x].data for x in range(shown.columns)] for y in range(shown.lines)]
        return bool(straight(cells, title))

    # Looked at again only once more has come.
    screen.wait(lambda: stand(screen.bytes_read), f"a straight box around {title or 'each pane'}")


OPTIONS = ("--epochs", "20", "--scaling", "none", "--target")


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The shapes of all sequences that a harmless table of the same figures makes the dashboard send."""
    folder = tmp_path_factory.mktemp("twin")
    names, levels = ([f"{letter}{n}" for n in range(count)] for letter, count in (("c", 30), ("v", 40)))
    write_table(folder / "twin.csv", names, "target", ("yes", "no"), levels)
    command = [LRTUI, "twin.csv", *OPTIONS, "target", "--drop-columns", "c2"]
    with Terminal(command, columns=160, rows=50, env={"LRTUI_HOME": str(folder)}, cwd=folder) as screen:
        tour(screen, "nowhere/no.csv")
    stop_engines(folder)
    return vt.read(bytes(screen.raw)).shapes


def test_the_dashboard_sends_nothing_that_it_does_not_send_for_a_harmless_table(
    lrtui: Open, harmless: set[str], home: Path, tmp_path: Path
) -> None:
    write_table(tmp_path / FILE_NAME, NAMES[:30], TARGET, VALUES, NAMES[30:70])
    options = (*OPTIONS, TARGET, "--drop-columns", NAMES[2])
    screen = lrtui(FILE_NAME, *options, columns=160, rows=50)
    tour(screen, PASTED)
    assert_harmless(bytes(screen.raw), harmless)
    (picture,) = home.glob("*.svg")
    assert_harmless(picture.read_bytes(), set())
    ElementTree.parse(picture)
