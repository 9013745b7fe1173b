"""An input that opens over a line of a pane, with a place for what is wrong beside it."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import DescendantBlur, Key
from textual.widgets import Input, Static

from lrtui.tui.render.wrapping import wrapped


class ValueInput(Input):
    """An input whose Enter stands among the keys of the moment, and acts before the next key.

    Keys that came in one burst with Enter are in its queue already: they are handed on.
    """

    BINDINGS = [Binding("enter", "submit", "take it", key_display="⏎", id="editor.take")]

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__(compact=True, select_on_focus=True)
        self._take = take

    async def action_submit(self) -> None:
        """Enter."""
        self._take(self.value)

    async def _on_key(self, event: Key) -> None:
        """Enter at once, for a binding would act only after the key has bubbled up to the app."""
        here = self.screen.focused is self
        if here and event.key != "enter":
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()
        if here:
            self._take(self.value)
        else:
            self.app.simulate_key(event.key)


class ValueEditor(Vertical):
    """One line to type in, after the name of what is typed; Enter takes it, Esc leaves."""

    BINDINGS = [Binding("escape", "leave", "leave", id="editor.leave")]
    DEFAULT_CSS = """
    ValueEditor {
        position: absolute; display: none; height: auto; background: $background;
        Horizontal { height: 1; }
        #name { width: auto; height: 1; text-style: bold; }
        Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; }
        .why { display: none; height: auto; color: $error; text-style: bold; background: $background; }
    }
    """

    def __init__(self, take: Callable[[str], None], leave: Callable[[], None]) -> None:
        """``take`` is called with the text when the person presses Enter, ``leave`` on Esc."""
        super().__init__()
        self._take, self._leave = take, leave

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield Static(id="above", classes="why", markup=False)
        with Horizontal():
            yield Static(id="name", markup=False)
            yield ValueInput(self._take)
        yield Static(id="below", classes="why", markup=False)

    def open(self, *, row: int, rows: int, width: int, name: str, text: str, selected: bool) -> None:
        """Open over a row of a pane ``rows`` high and ``width`` wide; a ``selected`` text is typed over."""
        self._rows, self._row, self._width = rows, row, max(width, 1)
        self.styles.offset = (0, row)
        self.styles.width = width
        self.query_one("#name", Static).update(Content(f" {name} "))
        field = self.query_one(ValueInput)
        field.value = text
        field.select_on_focus = selected
        field.cursor_position = len(text)
        for note in self.query(".why"):
            note.display = False
        self.display = True
        self.screen.set_focus(field)  # at once: the first digit may be there already

    def complain(self, what: str) -> None:
        """Say why the text is not taken, below it or, where there is no room, above; keep it."""
        height = len(wrapped(what, self._width))  # its size is not known yet where Enter came at once
        fits = self._row + 1 + height <= self._rows
        for place in ("#above", "#below"):
            note = self.query_one(place, Static)
            note.update(Content(what))
            note.display = fits == (place == "#below")
        self.styles.offset = (0, self._row if fits else max(0, self._row - height))

    def close(self) -> None:
        """Take the input off the screen."""
        self.display = False

    def action_leave(self) -> None:
        """Esc."""
        self._leave()

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Another pane was chosen: nothing is changed."""
        self.close()
