"""Keys as people read them, and the bar of all keys of the moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import RenderResult
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

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
    """The keys of the moment in as many lines as they need, at most two."""

    DEFAULT_CSS = """
    KeyBar { height: auto; max-height: 2; width: 100%; color: $foreground; }
    """

    def __init__(self, words_for: Callable[[Binding], str], *, ascii_only: bool) -> None:
        super().__init__()
        self._words_for = words_for
        self._shown: list[tuple[str, str]] = []
        self._ascii_only = ascii_only

    def on_mount(self) -> None:
        """Follow the bindings of whatever has the focus."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.update())

    def update(self) -> None:
        """Show the keys of this moment, if they are others than before."""
        if self._items() != self._shown:
            self.refresh(layout=True)

    def _items(self) -> list[tuple[str, str]]:
        found: dict[str, tuple[str, str]] = {}
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.show and enabled and binding.description:
                key = key_text(binding, ascii_only=self._ascii_only)
                found.setdefault(binding.action, (key, self._words_for(binding)))
        return list(found.values())

    def _rows(self, width: int) -> list[list[tuple[str, str]]]:
        rows: list[list[tuple[str, str]]] = [[]]
        used = 1
        for key, words in self._items():
            size = len(key) + len(words) + 3
            if used + size > width + 2 and rows[-1]:
                rows.append([])
                used = 1
            rows[-1].append((key, words))
            used += size
        return rows[:2]

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One line, or two where one is too short."""
        return len(self._rows(width))

    def render(self) -> RenderResult:
        """Key in bold, then what it does."""
        self._shown = self._items()
        shown = []
        for row in self._rows(self.size.width):
            parts: list[str | tuple[str, str]] = [" "]
            for key, words in row:
                parts += [(key, "bold"), f" {words}  "]
            shown.append(Content.assemble(*parts))
        return Content("\n").join(shown)
