"""The form: every field of the config, changed by arrow keys or typed."""

from __future__ import annotations

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.events import Click
from textual.reactive import reactive

from lrtui.core.config import (
    changed,
    format_value,
    knob,
    knobs,
    limits_text,
    parse_value,
    shown_value,
    stepped,
)
from lrtui.core.doctor.suggested import FIELDS as SUGGESTED
from lrtui.core.doctor.suggested import WORD
from lrtui.core.errors import LrtuiError
from lrtui.datasets.text import width as columns
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.value_editor import ValueEditor
from lrtui.tui.render.suggestions import limit_text, suggestion_text
from lrtui.tui.render.wrapping import fit, wrapped

FIELDS = tuple(knobs())
LOW = 8  # lines: a lower form has no line for more than its fields


class HyperparametersPane(Pane):
    """Up and down choose a field, left and right step it, Enter types its value."""

    NUMBER = 2
    NAME = "hyperparameters"
    BINDINGS = [
        bind("up,k", "move(-1)", "field up", show=False, id="form.up"),
        bind("down,j", "move(1)", "field down", show=False, id="form.down"),
        bind("left,h", "step(-1)", "change", tooltip="step down", key_display="←→", id="form.less"),
        bind("right,l", "step(1)", "step up", show=False, id="form.more"),
        bind("enter", "type", "type", tooltip="type a value", key_display="⏎", id="form.type"),
        bind("home,g", "move(-99)", "first field", show=False, id="form.first"),
        bind("end,G", "move(99)", "last field", show=False, id="form.last"),
    ]

    index = reactive(0)
    _top = 0  # the first in view

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield ValueEditor(self._take_typed, self.leave_editor)

    @property
    def field(self) -> str:
        """The name of the field under the cursor."""
        return FIELDS[self.index]

    @property
    def editor(self) -> ValueEditor:
        """The input that opens over a field."""
        return self.query_one(ValueEditor)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value is typed, the keys are the input's."""
        return not (action in ("move", "step", "type") and self.editor.display)

    def validate_index(self, index: int) -> int:
        """The cursor stays among the fields."""
        return min(max(index, 0), len(FIELDS) - 1)

    def watch_index(self) -> None:
        """Keep the field under the cursor in view."""
        self._scroll()
        self.update()

    def on_resize(self) -> None:
        """As many fields as there is room for."""
        self._scroll()

    def _scroll(self) -> None:
        rows = max(1, self._rows())
        low, high = self.index - rows + 1, self.index
        self._top = max(0, min(max(self._top, low), high, len(FIELDS) - rows))

    def _rows(self) -> int:
        """Lines for fields; below stand limit and suggestion and, where there is room, help."""
        return min(self.content_size.height - len(self._feet()), len(FIELDS))

    def suggests(self) -> bool:
        """Whether a suggestion for the field under the cursor stands below."""
        return bool(self.display) and len(self._feet()) > 1

    def _feet(self) -> list[str]:
        """How large a learning rate the data bears, and what it suggests for the field under the cursor."""
        if self.content_size.height < LOW:
            return []
        watch = self.context.limits
        suggested = watch.suggestion(self.field)
        room = self.content_size.width - 1
        said = [] if suggested is None else [suggestion_text(self.field, suggested, room)]
        return [f" {text}" for text in (limit_text(watch.found, self.session.config), *said)]

    def update(self) -> None:
        """A suggestion may have come; the subtitle tells when a change of this field takes effect."""
        self._scroll()
        run = self.session.run
        text = ""
        if run is not None and run.status.live:
            text = "from the next epoch" if knob(self.field).live else "from the next start"
        self.border_subtitle = Content(text)
        self.refresh()

    def render(self) -> RenderResult:
        """The fields in view, and the help of the one under the cursor where there is room."""
        width = self.content_size.width
        rows = self._rows()
        shown = [self._line(i, width) for i in range(self._top, min(self._top + rows, len(FIELDS)))]
        feet = self._feet()
        if feet:
            feet[0] = self._with_hidden(feet[0], width, rows)
        shown += [Content.styled(foot, "dim") for foot in feet]
        room = self.content_size.height - rows - 2  # the suggestion takes the place of the blank line
        if room > 0:
            shown += [*([Content("")] if len(feet) == 1 else []), *self._help(width, room)]
        return Content("\n").join(shown)

    def _line(self, index: int, width: int) -> Content:
        name = FIELDS[index]
        value = self._value(name, width)
        here = index == self.index
        waits = self.session.waits(name)
        glyphs = self.glyphs
        body = f"{glyphs.previous} {value} {glyphs.next}" if here else f"{value}  "
        label = fit(knob(name).label, width - columns(body) - 2, "")
        gap = " " * max(1, width - 1 - len(label) - columns(body))
        text = f"{'*' if waits else ' '}{label}{gap}{body}"
        focused = here and self.has_focus_within
        style = "reverse" if focused else "italic" if waits else "bold" if here else ""
        return Content.styled(text, style)

    def _value(self, name: str, width: int) -> str:
        """A value as it stands beside its label and between its marks."""
        return shown_value(name, getattr(self.session.config, name), width - len(knob(name).label) - 6)

    def _with_hidden(self, left: str, width: int, rows: int) -> str:
        """A line that also says how many fields there are farther down."""
        hidden = len(FIELDS) - self._top - rows
        if hidden <= 0:
            return left
        for words in (f"{hidden} more {self.glyphs.down} ", f"{hidden}{self.glyphs.down} "):
            if len(left) + len(words) < width:
                return f"{left}{words:>{width - len(left)}}"
        return left

    def _help(self, width: int, room: int) -> list[Content]:
        text = knob(self.field).help
        if any(map(self.session.waits, FIELDS)):
            text += " * = from the next start."
        rows = wrapped(text, width - 1, " ")
        if len(rows) > room:
            rows[room - 1] = fit(f"{rows[room - 1]} {rows[room]}", width - 1, self.glyphs.ellipsis)
        return [Content.styled(row, "dim") for row in rows[:room]]

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self.index += by

    def action_move(self, by: int) -> None:
        """To another field."""
        self.index += by

    def action_step(self, direction: int) -> None:
        """The field's next value by its own step rule."""
        self.context.attempt(
            lambda: self.session.change(stepped(self.session.config, self.field, direction))
        )

    def take_suggestion(self) -> None:
        """What the data suggests for the field, or why it suggests nothing."""

        def take() -> None:
            suggested = self.context.limits.suggestion(self.field)
            if suggested is None:
                self.session.notice = self.context.limits.silence(self.field)
            else:
                self.session.change(suggested)

        self.context.attempt(take)

    def action_type(self) -> None:
        """Open the input over the field."""
        self.editor.open(
            row=self.index - self._top,
            rows=self.content_size.height,
            width=self.content_size.width,
            name=knob(self.field).label,
            text=format_value(self.field, getattr(self.session.config, self.field)),
        )

    def _take_typed(self, text: str) -> None:
        """Take the typed value, or say why not under the field."""
        if text.strip() == WORD and self.field in SUGGESTED:
            self.leave_editor()
            self.take_suggestion()
            return
        try:
            value = parse_value(self.field, text)
            config = changed(self.session.config, **{self.field: value})
        except LrtuiError:
            self.editor.complain(f"Give {limits_text(self.field)}.")
            return
        self.leave_editor()
        self.context.attempt(lambda: self.session.change(config))

    def leave_editor(self) -> None:
        """Close the input; the keys are the form's again."""
        self.editor.close()
        self.screen.set_focus(self, scroll_visible=False)

    def on_click(self, event: Click) -> None:
        """A click chooses a field; on its marks it steps, and a second one on its value types."""
        spot = event.get_content_offset(self)
        if spot is None or self.editor.display or not 0 <= spot.y < self._rows():
            return
        chosen = self._top + spot.y
        if chosen != self.index:
            self.index = chosen
            return
        width = self.content_size.width
        value = self._value(self.field, width)
        if spot.x >= width - 2:
            self.action_step(1)
        elif -4 <= spot.x - width + columns(value) < -2:
            self.action_step(-1)
        else:
            self.action_type()
