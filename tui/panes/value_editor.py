"""An input that opens over a line of a pane, with a place for what is wrong under it."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Input, Static


class ValueEditor(Vertical):
    """One line to type in; Enter takes it, Esc leaves."""

    BINDINGS = [Binding("escape", "leave", "leave", id="editor.leave")]
    DEFAULT_CSS = """
    ValueEditor {
        position: absolute; display: none; height: auto; background: $background;
        Input { height: 1; border: none; padding: 0; background: $background; }
        Static { height: auto; color: $error; text-style: bold; background: $background; }
    }
    """

    @dataclass
    class Typed(Message):
        """The person pressed Enter."""

        text: str

    class Left(Message):
        """The person does not want to type after all."""

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield Input(compact=True, select_on_focus=True)
        yield Static(markup=False)

    def open(self, *, row: int, rows: int, column: int, width: int, text: str) -> None:
        """Open over a row of a pane ``rows`` high and ``width`` wide, from ``column`` on."""
        self._rows, self._row = rows, row
        self.styles.offset = (0, row)
        self.styles.width = width
        field = self.query_one(Input)
        field.styles.margin = (0, 0, 0, column)
        field.value = text
        self.query_one(Static).update("")
        self.query_one(Static).display = False
        self.display = True
        self.screen.set_focus(field)  # at once: the first digit may be there already

    def complain(self, what: str) -> None:
        """Say why the text is not taken, and keep it for mending."""
        note = self.query_one(Static)
        note.update(Content(what))
        note.display = True
        height = 1 + -(-len(what) // max(1, self.size.width))
        self.styles.offset = (0, min(self._row, max(0, self._rows - height)))

    def close(self) -> None:
        """Take the input off the screen."""
        self.display = False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def action_leave(self) -> None:
        """Esc."""
        self.post_message(self.Left())

    def on_descendant_blur(self, event: DescendantBlur) -> None:
        """Another pane was chosen: nothing is changed."""
        self.close()
