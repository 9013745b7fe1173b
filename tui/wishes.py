"""What a person prefers, laid on the app: keys, the theme, and a word where one cannot be had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.theme import BUILTIN_THEMES

from lrtui.datasets.text import quote
from lrtui.tui.keys import key_text
from lrtui.tui.preferences import Preferences, remember_theme, remembered_theme
from lrtui.tui.render.key_names import name_keys
from lrtui.tui.themes import TERMINAL_THEME

CHECK = "lrtui config --check"


def theme_names() -> list[str]:
    """Every theme that there is."""
    return sorted([TERMINAL_THEME.name, *BUILTIN_THEMES])


def wrong_theme(name: str) -> tuple[str, str] | None:
    """What is wrong with a theme and what to do, where there is none of this name."""
    if name in theme_names():
        return None
    return f"there is no theme {quote(name)}.", f"Use one of: {', '.join(theme_names())}."


class Wishes:
    """Keys and theme of one dashboard.

    Attributes:
        remark: what is wrong with them, in a few sentences.
    """

    def __init__(self, app: App[Any], preferences: Preferences) -> None:
        self._given = preferences.theme
        faults = list(preferences.faults)
        own: dict[str, str] = {}
        if preferences.keys:
            from lrtui.tui.keymap import keymap_of  # which imports every sheet

            keymap, wrong = keymap_of(preferences.keys)
            app.set_keymap(keymap)
            own = {one: key_text(Binding(key, ""), ascii_only=True) for one, key in keymap.items()}
            faults += [f"config.toml, [keys]: {what} {fix}" for _, what, fix in wrong]
        name_keys(own)
        name, place = preferences.theme or (remembered_theme() or TERMINAL_THEME.name, "")
        if (found := wrong_theme(name)) is not None:
            name = TERMINAL_THEME.name
            faults += [f"{place}: {found[0]} {CHECK} names them."] if place else []
        self.remark = _brief(faults)
        self._shown = app.theme = name

    def chosen(self, name: str, tell: Callable[[str], None]) -> None:
        """Begin with this theme next time, unless somebody says otherwise."""
        if name == self._shown:
            return
        self._shown = name
        remember_theme(name)
        if self._given is not None and self._given[0] != name:
            theme, place = self._given
            tell(f"{place} gives theme {quote(theme)}, which wins over {quote(name)} at the next start.")


def _brief(faults: list[str]) -> str | None:
    """The first, and that there are more."""
    if not faults:
        return None
    more = len(faults) - 1
    also = f" {CHECK} tells {more} more." if more else ""
    return f"{faults[0]}{also}"
