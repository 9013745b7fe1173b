"""Keys as people read them, and the bar of all keys of the moment."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import attrgetter, itemgetter
from typing import Any

from textual.app import RenderResult
from textual.binding import Binding, BindingType, Keymap
from textual.content import Content
from textual.dom import DOMNode
from textual.keys import format_key
from textual.widget import Widget

Key = tuple[str, str, bool]
"""A key, what it does, and whether it is told however little room there is."""

KEPT = frozenset({"help", "quit", "close", "leave", "stay"})  # the last parts of their ids
NAMES = {
    "space": "␣",
    "enter": "⏎",
    "escape": "Esc",
    "question_mark": "?",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "slash": "/",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "home": "Home",
    "end": "End",
}
PLAIN = {"␣": "Space", "⏎": "Enter", "←→": "Left/Right", "↑↓": "Up/Down"} | {
    "↑": "Up", "↓": "Down", "←": "Left", "→": "Right",
}  # fmt: skip


def bind(keys: str, action: str, words: str, **more: Any) -> Binding:
    """A binding that acts at once.

    Textual hands a key to the widget that has the focus when the key arrives, and the widget works it
    off later: of two keys in one burst the second would still go to the old focus. Priority bindings
    act in the order of the keys.
    """
    return Binding(keys, action, words, priority=True, **more)


def in_force(bindings: Iterable[BindingType], keymap: Keymap) -> list[Binding]:
    """Bindings with the keys that they have now, where a person has chosen some."""
    return [
        replace(one, key=keymap[one.id], key_display=None) if one.id and one.id in keymap else one
        for one in bindings
        if isinstance(one, Binding)
    ]


def key_text(binding: Binding, *, ascii_only: bool, every: bool = False) -> str:
    """The key of a binding, or with ``every`` all keys that do the same."""
    if binding.key_display and not every:
        text = binding.key_display
        return PLAIN.get(text, text) if ascii_only else text
    keys = binding.key.split(",") if every else [binding.key.split(",")[0]]
    return " ".join(spelled(key, ascii_only=ascii_only) for key in keys)


def spelled(key: str, *, ascii_only: bool) -> str:
    """A key by its name: ``Ctrl+Shift+Z``, ``F5``, and a character as it is typed."""
    *modifiers, name = key.split("+")
    shown = NAMES.get(name) or _character(name) or name.capitalize()
    if ascii_only:
        shown = PLAIN.get(shown, shown)
    if modifiers and len(shown) == 1:
        shown = shown.upper()
    return "+".join([*map(str.capitalize, modifiers), shown])


def _character(name: str) -> str:
    """The character that a key of this name types, or nothing where it types none."""
    shown = name if len(name) == 1 else format_key(name)
    if len(shown) == 1 and shown.isascii():  # else a sign for the key
        return shown
    try:
        shown = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return ""
    return shown if shown.isprintable() else ""


class KeyBar(Widget):
    """The keys of the moment in one line: the most needed first, and always how to get help and to leave.

    ``words_for`` gives the words of a binding, or none where its key would do nothing at this moment.
    ``needed`` are ids of bindings: the first comes before all others, the rest after those of the widget
    that has the focus. Keys for which there is no room stand in the help.
    """

    DEFAULT_CSS = "KeyBar { height: 1; width: 100%; color: $foreground; background: $background; }"

    def __init__(
        self,
        words_for: Callable[[Binding], str] = attrgetter("description"),
        *,
        ascii_only: bool,
        needed: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._words_for = words_for
        self._ascii_only = ascii_only
        self._needed = needed
        self._shown: list[Key] = []

    def on_mount(self) -> None:
        """Follow the bindings of whatever has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.update())

    def update(self) -> None:
        """Show the keys of this moment, if they are others than before."""
        # A sheet that lies over this screen has keys of its own.
        if self.screen is self.app.screen and self._keys() != self._shown:
            self.refresh()

    def _keys(self) -> list[Key]:
        found: dict[str, tuple[tuple[int, int], Key]] = {}
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            if not (binding.show and enabled) or binding.action in found:
                continue
            words = self._words_for(binding)
            if words:
                key = key_text(binding, ascii_only=self._ascii_only)
                kept = (binding.id or "").rpartition(".")[2] in KEPT
                found[binding.action] = self._place(node, binding), (key, words, kept)
        return [key for _, key in sorted(found.values(), key=itemgetter(0))]

    def _place(self, node: DOMNode, binding: Binding) -> tuple[int, int]:
        """The sooner a key is needed, the less: as the ids say, else in the order of the declarations."""
        needed = self._needed.index(binding.id) if binding.id in self._needed else -1
        declared = [b.id for b in type(node).BINDINGS if isinstance(b, Binding)]
        place = declared.index(binding.id) if binding.id in declared else len(declared)
        if needed == 0:
            return 0, 0
        if needed > 0:
            return 2, needed
        return (3 if node is self.app else 1), place

    def render(self) -> RenderResult:
        """Key in bold, then what it does."""
        if self.screen is self.app.screen:
            self._shown = self._keys()
        parts: list[str | tuple[str, str]] = [" "]
        for key, words, _ in in_one_line(self._shown, self.size.width):
            parts += [(key, "bold"), f" {words}  "]
        return Content.assemble(*parts)


def in_one_line(keys: Sequence[Key], width: int) -> list[Key]:
    """As many of the keys as there is room for: those that are kept anyway, of the others the first."""
    room = width + 1 - sum(_size(key) for key in keys if key[2])
    shown = []
    for key in keys:
        if not key[2]:
            if _size(key) > room:
                continue
            room -= _size(key)
        shown.append(key)
    return shown


def _size(key: Key) -> int:
    return len(key[0]) + len(key[1]) + 3
