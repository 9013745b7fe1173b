"""Keys and a theme of a person's own: what acts, what is shown, what cannot be, and what is remembered."""

from __future__ import annotations

import os
from pathlib import Path

from textual.binding import Binding

from lrtui.core.store import Status
from lrtui.tui.keymap import every_binding, key_of, keymap_of
from lrtui.tui.keys import key_text
from lrtui.tui.preferences import Preferences, remember_theme, remembered_theme
from lrtui.tui.render.key_names import USUAL
from lrtui.tui.screens.help import HelpScreen
from tests.tui.bench import dashboard

KEYS = {
    "run.step": ("n", "F5"),
    "run.reset": ("x",),  # with the next, the other way round
    "run.stop": ("r",),
    "runs.up": ("K",),
    "dataset.open": ("ctrl+o",),
    "app.help": ("q",),
    "quit.stop": ("ctrl+k",),
}


async def test_own_keys_act_and_are_shown_in_footer_help_and_palette() -> None:
    wrong = Preferences(keys=KEYS, faults=("One thing is wrong.",))
    async with dashboard("xor", (100, 30), preferences=wrong) as bench:
        # What is wrong is said at the start; that key stays as it was.
        assert bench.banner == "One thing is wrong. lrtui config --check tells 1 more."
        await bench.press("i")
        assert bench.banner.endswith("Ctrl+O opens a file to look at.")
        await bench.press("n")
        await bench.train()
        run = bench.store.runs.recent(1)[0]
        assert (run.status, run.epoch) == (Status.PAUSED, 1)
        await bench.press("s")
        await bench.train()
        assert bench.store.runs.recent(1)[0].epoch == 1
        await bench.press("f5")
        await bench.train()
        assert bench.store.runs.recent(1)[0].epoch == 2
        await bench.press("ctrl+c")
        assert "  Ctrl+K  stop it and keep what was learned" in bench.screen
        assert "  Esc     stay here" in bench.screen
        await bench.press("escape")
        words = " ".join(bench.screen.split("\n")[-2:])
        assert words.index("␣ resume") < words.index("r stop") < words.index("n step")  # in their order
        await bench.press("r")
        await bench.train()
        assert bench.store.runs.recent(1)[0].status is Status.STOPPED
        await bench.press("question_mark")
        assert isinstance(bench.app.screen, HelpScreen)
        lines = [line.strip("│ ").split() for line in bench.screen.split("\n")]
        assert next(line for line in lines if "epoch" in line)[:2] == ["n", "F5"]
        await bench.press("escape")
        listed = {one.title: one.help for one in bench.app.get_system_commands(bench.app.screen)}
        assert listed["Train one epoch and hold"] == "Key n"


async def test_a_theme_is_remembered_and_gives_way_to_one_that_was_asked_for(home: Path) -> None:
    async with dashboard() as bench:
        assert bench.app.theme == "terminal"
        assert remembered_theme() is None
        bench.app.theme = "nord"
        await bench.pilot.pause()
    assert remembered_theme() == "nord"
    async with dashboard() as bench:
        assert (bench.app.theme, bench.banner) == ("nord", "")
    (home / "theme").write_text("notes of mine\n")
    remember_theme("gruvbox")
    assert (home / "theme").read_text() == "notes of mine\n"
    assert remembered_theme() is None
    (home / "theme").unlink()
    os.mkfifo(home / "theme")  # which has no writer to wait for
    assert remembered_theme() is None
    asked = Preferences(theme=("dracula", "LRTUI_THEME"))
    async with dashboard(preferences=asked) as bench:
        assert bench.app.theme == "dracula"
        bench.app.theme = "gruvbox"
        await bench.pilot.pause()
        assert bench.banner == (
            "LRTUI_THEME gives theme 'dracula', which wins over 'gruvbox' at the next start."
        )
    async with dashboard(preferences=Preferences(theme=("nort", "config.toml, line 2"))) as bench:
        assert bench.app.theme == "terminal"
        assert bench.banner.startswith("config.toml, line 2: there is no theme 'nort'.")


def test_sentences_name_the_keys_that_are_built_in_where_nobody_has_others() -> None:
    bindings = [binding for group in every_binding().values() for binding in group]
    usual = {one.id: key_text(one, ascii_only=True) for one in bindings}
    assert {action: usual[action] for action in USUAL} == USUAL


def test_of_two_actions_with_one_key_the_later_keeps_its_own() -> None:
    keymap, wrong = keymap_of({"run.step": ("n",), "run.reset": ("n",), "run.stop": ("r",)})
    assert keymap == {"run.step": "n"}  # for r is the key of run.reset again
    assert [action for action, *_ in wrong] == ["run.reset", "run.stop"]
    assert keymap_of({"form.more": ("e",)})[1] == []  # which are two keys in two places as before


def test_what_begins_a_value_in_the_form_is_the_key_of_nothing_else_there() -> None:
    keymap, wrong = keymap_of({"run.step": ("n", "1"), "form.up": (".",), "loss.in": ("5",)})
    assert keymap == {"loss.in": "5"}  # the loss has no values
    assert [what[:9] for _, what, _ in wrong] == ["1 begins ", ". begins "]


def test_a_key_is_shown_as_people_write_it() -> None:
    shown = {
        "ctrl+shift+z": "Ctrl+Shift+Z",
        "alt+up": "Alt+↑",
        "shift+f5": "Shift+F5",
        "f5": "F5",
        "backspace": "Backspace",
        "comma": ",",
        "exclamation_mark": "!",
        "K": "K",
        "k": "k",
        "latin_small_letter_e_with_acute": "é",
        "ctrl+t": "Ctrl+T",
        "home": "Home",
        "delete": "Delete",
    }
    assert {key: key_text(Binding(key, ""), ascii_only=False) for key in shown} == shown
    assert key_text(Binding("alt+up", ""), ascii_only=True) == "Alt+Up"


def test_keys_are_named_as_people_name_them() -> None:
    named = {"?": "question_mark", "G": "G", "F5": "f5", "Esc": "escape", "Ctrl+T": "ctrl+t", ",": "comma"}
    assert {name: key_of(name) for name in named} == named
    assert key_of("F99") is key_of("") is key_of("\x1b") is key_of("ctrl+nothing") is None
