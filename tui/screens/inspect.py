"""The inspection of a table: its columns one by one, and the choice of target and classes by keyboard."""

from __future__ import annotations

import time

from textual.app import ComposeResult, RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.widget import Widget

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source
from lrtui.tui.inspecting.asking import Asking
from lrtui.tui.inspecting.choice import ROLES, Choice, Chosen, Role
from lrtui.tui.inspecting.page import NARROW, Side, list_rows, list_top, page, warning_lines
from lrtui.tui.keys import KeyBar, bind
from lrtui.tui.panes.base import line, lines
from lrtui.tui.screens.base import Sheet
from lrtui.tui.text import clock, wrapped

NEEDS_A_TABLE = frozenset({"move", "target", "step", "leave_out", "role", "turn", "accept"})


class InspectView(Widget):
    """The page, or what there is to say while there is none."""

    DEFAULT_CSS = "InspectView { height: 1fr; width: 1fr; }"

    def __init__(self, sheet: InspectScreen) -> None:
        super().__init__()
        self._sheet = sheet

    def render(self) -> RenderResult:
        """All of it."""
        return lines(self._sheet.page(*self.content_size))

    def on_resize(self, event: Resize) -> None:
        """The cursor stays in view."""
        self._sheet.scroll()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor on a column."""
        self._sheet.point(event.x, event.y)

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        self._sheet.action_move(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        self._sheet.action_move(-1)


class InspectScreen(Sheet[Chosen | None]):
    """Enter lays the table on the desk as it was chosen; Esc leaves all as it was."""

    BINDINGS = [
        bind("up,k", "move(-1)", "column", key_display="↑↓", tooltip="column above", id="inspect.up"),
        bind("down,j", "move(1)", "the column below", show=False, id="inspect.down"),
        bind("pageup", "move(-10)", "ten columns up", show=False, id="inspect.ten_up"),
        bind("pagedown", "move(10)", "ten columns down", show=False, id="inspect.ten_down"),
        bind("home", "move(-99999)", "the first column", show=False, id="inspect.first"),
        bind("end", "move(99999)", "the last column", show=False, id="inspect.last"),
        bind("t", "target", "target", tooltip="make the column the target", id="inspect.target"),
        bind("right,p,l", "step(1)", "class", key_display="←→",
                tooltip="the next value as the positive class, or all classes", id="inspect.next"),
        bind("left,h", "step(-1)", "the value before as the positive class", show=False,
                id="inspect.previous"),
        bind("space", "leave_out", "leave out", tooltip="leave the column out, or take it back",
                id="inspect.toggle"),
        bind("enter,a", "accept", "use it", tooltip="lay the table on the desk", key_display="⏎",
                id="inspect.accept"),
        bind("escape,q", "dismiss", "close", key_display="Esc", id="inspect.close"),
        bind("w", "role('weights')", "weights", tooltip="the column weighs the rows, or no more",
                id="inspect.weights"),
        bind("g", "role('group')", "group", tooltip="equal values of the column stay in one part",
                id="inspect.group"),
        bind("y", "role('time')", "time", tooltip="the latest rows by the column are the test part",
                id="inspect.time"),
        bind("tab,shift+tab", "turn", "more", tooltip="to the warnings and back", id="inspect.turn"),
    ]  # fmt: skip
    DEFAULT_CSS = """
    InspectScreen {
        layout: vertical; align: left top; background: $background;
        & > .sheet { width: 100%; height: 1fr; padding: 0 1; }
    }
    """

    def __init__(self, source: Source, dropped: tuple[str, ...] = ()) -> None:
        super().__init__()
        self._source, self._dropped = source, dropped
        self._choice: Choice | None = None
        self._failure: Failure | None = None
        self._cursor = self._top = self._warning = 0
        self._side: Side = "columns"
        self._said = ""
        self._started = time.monotonic()

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield InspectView(self)
        yield KeyBar(lambda binding: binding.description, ascii_only=self.dashboard.glyphs.ascii_only)

    def on_mount(self) -> None:
        """Ask the engine, and look for its answer."""
        super().on_mount()
        self._asking = Asking(self.dashboard.desk)
        self._show_title()
        self._ask(self._source)
        self.follow(self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before there is a table nothing can be done with it; under another sheet no key is this one's."""
        if action in NEEDS_A_TABLE | {"dismiss"} and not self.is_current:
            return False
        return self._choice is not None or action not in NEEDS_A_TABLE

    def _ask(self, source: Source) -> None:
        try:
            self._asking.ask(source)
        except LrtuiError as error:
            self._failure = Failure.of(error)
            self.show_all()

    def look(self) -> None:
        """Take the engine's answer, once it is there."""
        try:
            found = self._asking.look()
        except LrtuiError as error:
            found = Failure.of(error)
        if found is None and self.dashboard.engine_watch.given_up:
            found = Failure("Engine", self.dashboard.desk.notice or "The engine died.", "")
        if isinstance(found, Inspection):
            self._take(found)
        elif found is not None and self._choice is None:
            self._failure = found
        elif found is not None:
            self._said = f"{found.what} {found.fix}"
        if found is not None or self._choice is None:
            self.show_all()

    def _take(self, found: Inspection) -> None:
        if self._choice is not None:
            self._choice.inspection = found  # the same table with the classes of another target
            return
        self._choice = Choice.of(found, self._source, self._dropped)
        wanted = self._choice.target or found.best
        self._cursor = next((i for i, facts in enumerate(found.columns) if facts.name == wanted), 0)
        self._show_title()
        self.scroll()
        self.refresh_bindings()

    def _show_title(self) -> None:
        dash = " - " if self.dashboard.glyphs.ascii_only else " ─ "
        sheet = self.query_one(".sheet")
        sheet.border_title = Content(f"Inspect{dash}{self.dashboard.glyphs.safe(self._source.label, 60)}")
        if self._choice is not None:
            sheet.border_subtitle = Content(shape(self._choice.inspection, self.dashboard.glyphs.times))

    def show_all(self) -> None:
        """The page as it now stands."""
        self.query_one(InspectView).refresh()

    def page(self, width: int, height: int) -> list[Content]:
        """The lines for so much room."""
        choice, glyphs = self._choice, self.dashboard.glyphs
        if self._failure is not None:
            words = [self._failure.what, self._failure.fix, "", "Esc goes back."]
            return [
                line((text, "bold")) for part in words for text in wrapped(glyphs.safe(part, 600), width)
            ]
        if choice is None:
            waited = int(time.monotonic() - self._started)
            since = f" {clock(waited)}" if waited >= 2 else ""
            return [line(text) for text in wrapped(f"{self._asking.words}{glyphs.ellipsis}{since}", width)]
        if not choice.inspection.columns:
            return [line("There is no column in this table. Esc goes back.")]
        side = self._side
        top = self._warning if side == "warnings" else self._top
        return page(choice, self._cursor, top, width, height, glyphs, side, self._said)

    def scroll(self) -> None:
        """Keep the cursor in view."""
        choice = self._choice
        if choice is None:
            return
        width, height = self.query_one(InspectView).content_size
        glyphs = self.dashboard.glyphs
        rows = list_rows(choice, width, height, glyphs, self._side, self._said)
        last = max(0, len(choice.inspection.columns) - rows)
        self._top = max(0, min(max(self._top, self._cursor - rows + 1), self._cursor, last))
        self.show_all()

    def point(self, x: int, y: int) -> None:
        """Put the cursor on the column in a line of the page."""
        choice = self._choice
        view = self.query_one(InspectView)
        if choice is None or self._side != "columns":
            return
        chosen = self._top + y - list_top(choice, view.content_size.width, self.dashboard.glyphs)
        if self._top <= chosen < len(choice.inspection.columns):
            self.action_move(chosen - self._cursor)

    @property
    def _under_cursor(self) -> str:
        assert self._choice is not None, "keys are not heard before"
        return self._choice.inspection.columns[self._cursor].name

    def _say(self, text: str) -> None:
        self._said = text
        self.scroll()

    def action_move(self, by: int) -> None:
        """To another column, or through the warnings."""
        choice = self._choice
        if choice is not None and self._side == "warnings":
            width = self.query_one(InspectView).content_size.width
            lines = warning_lines(choice, width, self.dashboard.glyphs)
            self._warning = min(max(self._warning + by, 0), len(lines) - 1)
            self.show_all()
        elif choice is not None:
            last = len(choice.inspection.columns) - 1
            self._cursor = min(max(self._cursor + by, 0), max(last, 0))
            self._say("")

    def action_target(self) -> None:
        """Make the column the target, and let the engine count by its classes."""
        choice = self._choice
        if choice is None:
            return
        refused = choice.make_target(self._under_cursor)
        if not refused and choice.inspection.target != choice.target:
            self._ask(self._asking.about(self._source, choice.target))
        self._say(refused)

    def action_step(self, by: int) -> None:
        """Another positive class, or all classes."""
        if self._choice is not None:
            self._say(self._choice.step(by))

    def action_leave_out(self) -> None:
        """Leave the column out, or take it back."""
        if self._choice is not None:
            self._say(self._choice.toggle(self._under_cursor))

    def action_role(self, role: Role) -> None:
        """Give the column a role, or take it back."""
        if self._choice is not None and role in ROLES:
            self._say(self._choice.give(role, self._under_cursor))

    def action_turn(self) -> None:
        """To the warnings and back; where one thing is shown at a time, round all three."""
        narrow = self.query_one(InspectView).content_size.width < NARROW
        sides: tuple[Side, ...] = ("columns", "facts", "warnings") if narrow else ("columns", "warnings")
        here = sides.index(self._side) if self._side in sides else 0
        self._side, self._warning = sides[(here + 1) % len(sides)], 0
        self._say("")

    def action_accept(self) -> None:
        """Close with the choice; without a target the column under the cursor is made it."""
        choice = self._choice
        if choice is None:
            return
        if not choice.target:
            self.action_target()
            return
        self.dismiss(choice.chosen(self._source, self._dropped))


def shape(found: Inspection, times: str) -> str:
    """``891×12``, and of how many rows the statistics are where these are not all."""
    text = f"{found.rows:,}{times}{found.all_columns:,}"
    if found.looked_at < found.rows:
        text += f", statistics of {found.looked_at:,} rows"
    return text
