"""The form: every field of the config, changed by arrow keys or typed."""

from __future__ import annotations

from textual.app import ComposeResult, RenderResult
from textual.content import Content
from textual.events import Click, Key
from textual.reactive import reactive

from lrtui.core.config import (
    brief_value,
    changed,
    format_value,
    idle_text,
    knob,
    knobs,
    limits_text,
    parse_value,
    shown_value,
    stepped,
)
from lrtui.core.doctor.suggested import FIELDS as SUGGESTED
from lrtui.core.doctor.suggested import WORD
from lrtui.core.errors import ConfigError, LrtuiError
from lrtui.datasets.text import safe
from lrtui.datasets.text import width as columns
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane
from lrtui.tui.panes.filter_line import Narrowed, filter_keys, holds
from lrtui.tui.panes.value_editor import ValueEditor
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.suggestions import limit_text, suggestion_text
from lrtui.tui.render.wrapping import fit, wrapped

FIELDS = tuple(knobs())
ON_FIELD = ("step", "type")
OWN = ("move", *ON_FIELD, "filter", "widen")
BEGINS = "0123456789-."  # a value, typed on a field
DROPPED = "drop_columns"
LOW = 8  # lines: a lower form has no line for more than its fields


class HyperparametersPane(Narrowed, Pane):
    """Up and down choose a field, left and right step it, Enter or a digit types its value."""

    NAME = "hyperparameters"
    BINDINGS = [
        bind("up,k", "move(-1)", "field up", show=False, id="form.up"),
        bind("down,j", "move(1)", "field down", show=False, id="form.down"),
        bind("left", "step(-1)", "change", tooltip="step down", key_display="←→", id="form.less"),
        bind("right", "step(1)", "step up", show=False, id="form.more"),
        bind("enter", "type", "type", key_display="⏎", id="form.type",
             tooltip="type a value; a digit, - or . on a field begins one at once"),
        bind("home,g", "move(-99)", "first field", show=False, id="form.first"),
        bind("end,G", "move(99)", "last field", show=False, id="form.last"),
        *filter_keys("form", show=False),
    ]  # fmt: skip

    index = reactive(0)
    _top = 0  # the first in view, of those that are listed
    _listed = tuple(range(len(FIELDS)))  # what a filter leaves

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield ValueEditor(self._take_typed, self.leave_editor)
        yield self.make_filter(self.action_move)

    @property
    def field(self) -> str:
        """The name of the field under the cursor."""
        return FIELDS[self.index]

    @property
    def found(self) -> str:
        """The same, where a filter leaves any.

        Raises:
            ConfigError: it leaves none, so that nothing is under the cursor.
        """
        if not self._listed:
            raise ConfigError("No field is listed.", f"{key_name('form.all')} in the form shows them all.")
        return self.field

    @property
    def editor(self) -> ValueEditor:
        """The input that opens over a field."""
        return self.query_one(ValueEditor)

    def copied(self) -> tuple[str, str]:
        """The value of the field under the cursor, as it can be typed."""
        if not self._listed:
            return "the form", ""
        value = format_value(self.field, getattr(self.session.config, self.field))
        return f"the {knob(self.field).label}: {safe(value, 60)}", value

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a value or a filter is typed, the keys are the input's; what is not listed stays."""
        if action in ON_FIELD and not self._listed:
            return False
        return self.hears(action) and not (action in OWN and self.editor.display)

    def validate_index(self, index: int) -> int:
        """The cursor stays among the fields."""
        return min(max(index, 0), len(FIELDS) - 1)

    def watch_index(self) -> None:
        """Keep the field under the cursor in view, and ask for the names of columns once they matter."""
        if self.field == DROPPED:
            self.context.described.ask_columns()
        self._scroll()
        self.update()

    def on_resize(self) -> None:
        """As many fields as there is room for."""
        self.update()

    def _scroll(self) -> None:
        rows = max(1, self._rows())
        low, high = self._place - rows + 1, self._place
        self._top = max(0, min(max(self._top, low), high, len(self._listed) - rows))

    @property
    def _place(self) -> int:
        """Where the field under the cursor stands among those that are listed."""
        return self._listed.index(self.index) if self.index in self._listed else 0

    @property
    def _height(self) -> int:
        return self.content_size.height - self.filter_rows

    def _rows(self) -> int:
        """Lines for fields; below stand limit and suggestion and, where there is room, help."""
        return min(self._height - len(self._feet()), len(self._listed))

    def narrow(self) -> None:
        """Fields by their labels, or the names that the command line has for them."""
        found = (i for i, name in enumerate(FIELDS) if holds(self.wanted, knob(name).label, name))
        self._listed = tuple(found)
        if self._listed and self.index not in self._listed:
            self.index = self._listed[0]
        self.update()

    def suggests(self) -> bool:
        """Whether a suggestion for the field under the cursor stands below."""
        return bool(self.display) and len(self._feet()) > 1 and not self._idle(self.field)

    def _feet(self) -> list[str]:
        """How large a learning rate the data bears, and what it suggests for the field under the cursor.

        Of a field that does nothing beside the others, why.
        """
        if self._height < LOW or not self._listed:
            return []
        room = self.content_size.width - 1
        if why := self._idle(self.field):
            return wrapped(why, room, " ")
        watch = self.context.limits
        suggested = watch.suggestion(self.field)
        said = [] if suggested is None else [suggestion_text(self.field, suggested, room)]
        return [f" {text}" for text in (limit_text(watch.found, self.session.config), *said)]

    def _idle(self, name: str) -> str:
        """Why a field does nothing at this moment, or nothing where it does something."""
        session, described = self.session, self.context.described.found
        classes = 2 if described is None else len(described.class_names)
        if session.run is not None and session.run.problem is not None:
            classes = session.run.problem.classes
        return idle_text(name, session.config, classes=classes)

    def update(self) -> None:
        """A suggestion may have come.

        The subtitle tells when a change of this field takes effect, or for how many rows it is filled.
        """
        self._scroll()
        run = self.session.run
        text = self.session.proposal.note(self.session.config)
        if run is not None and run.status.live:
            text = "from the next epoch" if knob(self.field).live else "from the next start"
        if any(map(self.session.waits, FIELDS)):
            text = "* from the next start"
        if self.content_size.height < LOW:
            more = len(self._listed) - self._top - self._rows()
            text = self._idle(self.field) or text or (f"{more} more {self.glyphs.down}" if more else "")
        self.set_foot(fit(text, max(self.content_size.width - 2, 1), self.glyphs.ellipsis))
        super().update()

    def render(self) -> RenderResult:
        """The fields in view, and the help of the one under the cursor where there is room."""
        width = self.content_size.width
        rows = self._rows()
        shown = [self._line(i, width) for i in self._listed[self._top : self._top + rows]]
        if not shown:
            return Content(" No such field.")
        feet = self._feet()
        if feet:
            feet[0] = self._with_hidden(feet[0], width, rows)
        shown += [Content.styled(foot, "dim") for foot in feet]
        room = self._height - rows - 2  # the suggestion takes the place of the blank line
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
        label = fit(knob(name).label, max(width - columns(body) - 2, 1), glyphs.ellipsis)
        gap = " " * max(1, width - 1 - len(label) - columns(body))
        text = f"{'*' if waits else ' '}{label}{gap}{body}"
        focused = here and self.has_focus_within
        style = "reverse" if focused else "italic" if waits else "bold" if here else ""
        if self._idle(name):
            style = f"{style} dim".strip()
        return Content.styled(text, style)

    def _value(self, name: str, width: int) -> str:
        """A value as it stands beside its label and between its marks: briefly where it is long."""
        value, room = getattr(self.session.config, name), width - len(knob(name).label) - 6
        shown = shown_value(name, value, room)
        return shown if columns(shown) <= max(room, 10) else brief_value(name, value)

    def _with_hidden(self, left: str, width: int, rows: int) -> str:
        """A line that also says how many fields there are farther down."""
        hidden = len(self._listed) - self._top - rows
        if hidden <= 0:
            return left
        for words in (f"{hidden} more {self.glyphs.down} ", f"{hidden}{self.glyphs.down} "):
            if len(left) + len(words) < width:
                return f"{left}{words:>{width - len(left)}}"
        return left

    def _help(self, width: int, room: int) -> list[Content]:
        text = knob(self.field).help
        rows = wrapped(text, width - 1, " ")
        if len(rows) > room:
            rows[room - 1] = fit(f"{rows[room - 1]} {rows[room]}", width - 1, self.glyphs.ellipsis)
        return [Content.styled(row, "dim") for row in rows[:room]]

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self.action_move(by)

    def action_move(self, by: int) -> None:
        """To another field."""
        if self._listed:
            self.index = self._listed[min(max(self._place + by, 0), len(self._listed) - 1)]

    def action_step(self, direction: int) -> None:
        """The field's next value by its own step rule."""
        self.context.attempt(
            lambda: self.session.change(stepped(self.session.config, self.field, direction))
        )

    def take_suggestion(self) -> None:
        """What the data suggests for the field, or why it suggests nothing."""

        def take() -> None:
            field = self.found
            suggested = self.context.limits.suggestion(field)
            if suggested is None:
                self.session.notice = self.context.limits.silence(field)
            else:
                self.session.change(suggested)

        self.context.attempt(take)

    def on_key(self, event: Key) -> None:
        """A digit, as well as - and ., is the beginning of a value."""
        if event.character and event.character in BEGINS and self.check_action("type", ()):
            event.stop()
            self._open_editor(event.character)

    def action_type(self) -> None:
        """Open the input over the field, with its present value."""
        self._open_editor()

    def _open_editor(self, begun: str = "") -> None:
        """Open the input over the field, with its value or with what was ``begun`` in its place."""
        self.editor.open(
            row=self._place - self._top,
            rows=self._height,
            width=self.content_size.width,
            name=knob(self.field).label,
            text=begun or format_value(self.field, getattr(self.session.config, self.field)),
            selected=not begun,
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
        try:
            if self.field == DROPPED:
                self.context.described.check_dropped(value)
        except LrtuiError as error:
            self.editor.complain(fit(str(error), 6 * self.content_size.width, self.glyphs.ellipsis))
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
        chosen = self._listed[self._top + spot.y]
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
