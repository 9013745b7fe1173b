"""The inspection of a table: its columns one by one, and the choice of target and classes by keyboard."""

from __future__ import annotations

import time
from dataclasses import replace

from textual.app import ComposeResult, RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Resize

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure
from lrtui.core.store.messages import Inspect
from lrtui.datasets.inspection.record import Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.tui.context import Context
from lrtui.tui.inspection.choice import Choice, Chosen, Role
from lrtui.tui.inspection.page import NARROW, Page, Side
from lrtui.tui.keys import KeyBar, bind
from lrtui.tui.panes.base import Wheeled
from lrtui.tui.query import Query
from lrtui.tui.render.numbers import clock, size_words
from lrtui.tui.render.wrapping import wrapped
from lrtui.tui.screens.base import Sheet

NEEDS_A_TABLE = frozenset({"move", "target", "step", "leave_out", "role", "turn", "accept"})


class InspectView(Wheeled):
    """The page, or what there is to say while there is none."""

    DEFAULT_CSS = "InspectView { height: 1fr; width: 1fr; }"

    def __init__(self, sheet: InspectScreen) -> None:
        super().__init__()
        self._sheet = sheet

    def render(self) -> RenderResult:
        """All of it."""
        return Content("\n").join(self._sheet.page(self.content_size.width))

    def on_resize(self, event: Resize) -> None:
        """The cursor stays in view."""
        self._sheet.scroll()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor on a column."""
        self._sheet.point(event.x, event.y)

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self._sheet.wheel(by)


class InspectScreen(Sheet[Chosen | None]):
    """Enter takes the table as it was chosen; Esc leaves all as it was."""

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
        bind("enter,a", "accept", "use it", tooltip="take the table", key_display="⏎",
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
    DEFAULT_CLASSES = "-whole"
    DEFAULT_CSS = "InspectScreen.-whole > .sheet { padding: 0 1; }"

    def __init__(self, context: Context, source: Source, dropped: tuple[str, ...] = ()) -> None:
        super().__init__(context)
        self._source, self._dropped = source, dropped
        self._choice: Choice | None = None
        self.failure: Failure | None = None
        self._cursor = self._top = self._warning = 0
        self._side: Side = "columns"
        self._said = ""
        self._started = time.monotonic()

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield InspectView(self)
        yield KeyBar(ascii_only=self.glyphs.ascii_only)

    def on_mount(self) -> None:
        """Ask the engine, and look for its answer."""
        super().on_mount()
        self.question: Query[Inspect] = Query(self.context.session)
        self._show_title()
        self._ask(self._source)
        self.follow(self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before there is a table nothing can be done with it."""
        known = self._choice is not None or action not in NEEDS_A_TABLE
        return known and super().check_action(action, parameters)

    @property
    def waits(self) -> bool:
        """Whether the engine has still to answer."""
        return self.question.waits

    def _ask(self, source: Source) -> None:
        size = size_words(source.name) if source.is_file else ""
        self._waiting = f"reading {quote(source.label)}{size and f', {size}'}"
        try:
            self.question.ask(Inspect(source))
        except LrtuiError as error:
            self.failure = Failure.of(error)
            self.show_all()

    def look(self) -> None:
        """Take the engine's answer, once it is there."""
        try:
            found = self.question.read(Inspection)
        except LrtuiError as error:
            found = Failure.of(error)
        else:
            if found is not None:
                self.question.close()
        if found is None and self.context.engine_watch.given_up:
            found = Failure("Engine", self.context.session.notice or "The engine died.", "")
        if isinstance(found, Inspection):
            self._take(found)
        elif found is not None and self._choice is None:
            self.failure = found
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
        below = "" if self._choice is None else shape(self._choice.inspection, self.glyphs.times)
        self.set_title("Inspect", self.glyphs.safe(self._source.label, 60), below=below)

    def show_all(self) -> None:
        """The page as it now stands."""
        self.query_one(InspectView).refresh()

    def page(self, width: int) -> list[Content]:
        """The lines for so many columns."""
        choice, glyphs = self._choice, self.glyphs
        if self.failure is not None:
            words = [self.failure.what, self.failure.fix, "", "Esc goes back."]
            told = [text for part in words for text in wrapped(glyphs.safe(part, 600), width)]
            return [Content.styled(text, "bold") for text in told]
        if choice is None:
            waited = int(time.monotonic() - self._started)
            since = f" {clock(waited)}" if waited >= 2 else ""
            return [Content(text) for text in wrapped(f"{self._waiting}{glyphs.ellipsis}{since}", width)]
        if not choice.inspection.columns:
            return [Content("There is no column in this table. Esc goes back.")]
        top = self._warning if self._side == "warnings" else self._top
        return self._page.lines(self._cursor, top)

    def scroll(self) -> None:
        """Keep the cursor in view."""
        if self._choice is not None:
            rows = self._page.rows
            last = max(0, len(self._choice.inspection.columns) - rows)
            self._top = max(0, min(max(self._top, self._cursor - rows + 1), self._cursor, last))
            self.show_all()

    def point(self, x: int, y: int) -> None:
        """Put the cursor on the column in a line of the page."""
        if self._choice is not None and self._side == "columns":
            chosen = self._top + y - self._page.list_top
            if self._top <= chosen < len(self._choice.inspection.columns):
                self.action_move(chosen - self._cursor)

    @property
    def choice(self) -> Choice:
        """What is chosen of the table."""
        assert self._choice is not None, "keys are not heard before"
        return self._choice

    @property
    def _page(self) -> Page:
        size = self.query_one(InspectView).content_size
        return Page(self.choice, *size, self.glyphs, self._side, self._said)

    @property
    def _under_cursor(self) -> str:
        return self.choice.inspection.columns[self._cursor].name

    def _say(self, text: str) -> None:
        self._said = text
        self.scroll()

    def wheel(self, by: int) -> None:
        """The same by mouse, which may be turned before there is a table."""
        if self._choice is not None:
            self.action_move(by)

    def action_move(self, by: int) -> None:
        """To another column, or through the warnings."""
        if self._side == "warnings":
            last = len(self._page.warnings) - 1
            self._warning = min(max(self._warning + by, 0), last)
            self.show_all()
        else:
            last = len(self.choice.inspection.columns) - 1
            self._cursor = min(max(self._cursor + by, 0), max(last, 0))
            self._say("")

    def action_target(self) -> None:
        """Make the column the target, and let the engine count by its classes."""
        choice = self.choice
        refused = choice.make_target(self._under_cursor)
        if not refused and choice.inspection.target != choice.target:
            self._ask(replace(self._source, target=choice.target, positive=None, multiclass=False))
        self._say(refused)

    def action_step(self, by: int) -> None:
        """Another positive class, or all classes."""
        self._say(self.choice.step(by))

    def action_leave_out(self) -> None:
        """Leave the column out, or take it back."""
        self._say(self.choice.toggle(self._under_cursor))

    def action_role(self, role: Role) -> None:
        """Give the column a role, or take it back."""
        self._say(self.choice.give(role, self._under_cursor))

    def action_turn(self) -> None:
        """To the warnings and back; where one thing is shown at a time, round all three."""
        narrow = self.query_one(InspectView).content_size.width < NARROW
        sides: tuple[Side, ...] = ("columns", "facts", "warnings") if narrow else ("columns", "warnings")
        here = sides.index(self._side) if self._side in sides else 0
        self._side, self._warning = sides[(here + 1) % len(sides)], 0
        self._say("")

    def action_accept(self) -> None:
        """Close with the choice; without a target the column under the cursor is made it."""
        if self.choice.target:
            self.dismiss(self.choice.chosen(self._source, self._dropped))
        else:
            self.action_target()


def shape(found: Inspection, times: str) -> str:
    """``891×12``, and of how many rows the statistics are where these are not all."""
    text = f"{found.rows:,}{times}{found.all_columns:,}"
    if found.looked_at < found.rows:
        text += f", statistics of {found.looked_at:,} rows"
    return text
