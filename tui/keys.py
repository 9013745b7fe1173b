"""Keys as people read them, and the bar of all keys of the moment."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

NARROW = 60  # columns
NAMES = {
    "space": "␣",
    "enter": "⏎",
    "escape": "Esc",
    "question_mark": "?",
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


def key_text(binding: Binding, *, ascii_only: bool, every: bool = False) -> str:
    """The key of a binding, or with ``every`` all keys that do the same."""
    if binding.key_display and not every:
        text = binding.key_display
        return PLAIN.get(text, text) if ascii_only else text
    keys = binding.key.split(",") if every else [binding.key.split(",")[0]]
    shown = []
    for key in keys:
        text = NAMES.get(key, key)
        if text.startswith("ctrl+"):
            text = f"Ctrl+{text[5:].upper()}"
        shown.append(PLAIN.get(text, text) if ascii_only else text)
    return " ".join(shown)


class KeyBar(Widget):
    """The keys of the moment in as many lines as they need, at most two, or three on a narrow screen.

    ``words_for`` gives the words of a binding, or none where its key would do nothing at this moment. Room
    is kept for it all the same: what stands above must not move.
    """

    DEFAULT_CSS = "KeyBar { height: auto; max-height: 3; width: 100%; color: $foreground; }"

    def __init__(
        self, words_for: Callable[[Binding], str] = attrgetter("description"), *, ascii_only: bool
    ) -> None:
        super().__init__()
        self._words_for = words_for
        self._shown: list[tuple[str, str]] = []
        self._lines: list[list[tuple[str, str]]] = []
        self._ascii_only = ascii_only

    def on_mount(self) -> None:
        """Follow the bindings of whatever has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.update())

    def update(self) -> None:
        """Show the keys of this moment, if they are others than before, or have not the room they need."""
        if self.screen is not self.app.screen or not self.size.width:
            return  # a sheet lies over this screen, and has keys of its own; or the first layout shows all
        items = self._items()
        if items != self._shown or len(_rows(items, self.size.width)) > self.size.height:
            # A layout of the whole screen takes long, and mostly the lines are as many as before.
            lines = len(_rows(self._items(every=True), self.size.width))
            self.refresh(layout=lines != self.size.height)

    def _items(self, *, every: bool = False) -> list[tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            words = binding.description if every else self._words_for(binding)
            if binding.show and enabled and words:
                key = key_text(binding, ascii_only=self._ascii_only)
                found.setdefault(binding.action, (key, words))
        return list(found.values())

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """As many lines as all keys need."""
        if self.screen is not self.app.screen:
            return max(1, self.size.height)
        return len(_rows(self._items(every=True), width))

    def render(self) -> RenderResult:
        """Key in bold, then what it does."""
        if self.screen is self.app.screen:
            self._shown = self._items()
            self._lines = _rows(self._shown, self.size.width)
        shown = []
        for row in self._lines:
            parts: list[str | tuple[str, str]] = [" "]
            for key, words in row:
                parts += [(key, "bold"), f" {words}  "]
            shown.append(Content.assemble(*parts))
        return Content("\n").join(shown)


def _rows(items: list[tuple[str, str]], width: int) -> list[list[tuple[str, str]]]:
    rows: list[list[tuple[str, str]]] = [[]]
    used = 1
    for key, words in items:
        size = len(key) + len(words) + 3
        if used + size > width + 2 and rows[-1]:
            rows.append([])
            used = 1
        rows[-1].append((key, words))
        used += size
    return rows[: 3 if width < NARROW else 2]
