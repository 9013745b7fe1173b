"""The inspection of a table: its columns one by one, and the choice of target and classes by keyboard."""

from __future__ import annotations

import time
from dataclasses import replace

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Resize

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Failure
from lrtui.core.store.messages import Inspect
from lrtui.datasets.inspection.record import Facts, Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote
from lrtui.tui.context import Context
from lrtui.tui.inspection.choice import Choice, Chosen, Role
from lrtui.tui.inspection.page import NARROW, Page, Side
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Wheeled
from lrtui.tui.panes.filter_line import Narrowed, filter_keys, holds
from lrtui.tui.query import Query
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.numbers import clock, size_words
from lrtui.tui.render.wrapping import wrapped
from lrtui.tui.screens.base import HELP, Sheet
from lrtui.tui.status import fetched_words

NEEDS_A_TABLE = frozenset(
    {"move", "target", "step", "leave_out", "role", "codes", "turn", "accept", "filter", "copy"}
)


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


class InspectScreen(Narrowed, Sheet[Chosen | None]):
    """Enter takes the table as it was chosen; Esc leaves all as it was."""

    BINDINGS = [
        bind("enter,a", "accept", "use it", tooltip="take the table", key_display="⏎",
                id="inspect.accept"),
        bind("t", "target", "target", tooltip="make the column the target", id="inspect.target"),
        bind("right,p", "step(1)", "class", key_display="←→",
                tooltip="the next value as the positive class, or all classes", id="inspect.next"),
        bind("left", "step(-1)", "the value before as the positive class", show=False,
                id="inspect.previous"),
        bind("space", "leave_out", "leave out", tooltip="leave the column out, or take it back",
                id="inspect.toggle"),
        bind("m", "codes", "missing", tooltip="far numbers of the column mean missing, or no more",
                id="inspect.codes"),
        bind("tab,shift+tab", "turn", "more", tooltip="to the warnings and back", id="inspect.turn"),
        bind("w", "role('weights')", "weights", tooltip="the column weighs the rows, or no more",
                id="inspect.weights"),
        bind("b", "role('group')", "group", tooltip="equal values of the column stay in one part",
                id="inspect.group"),
        bind("c", "role('time')", "time", tooltip="the latest rows by the column are the test part",
                id="inspect.time"),
        bind("up,k", "move(-1)", "column", key_display="↑↓", tooltip="column above", id="inspect.up"),
        bind("down,j", "move(1)", "the column below", show=False, id="inspect.down"),
        bind("pageup", "move(-10)", "ten columns up", show=False, id="inspect.ten_up"),
        bind("pagedown", "move(10)", "ten columns down", show=False, id="inspect.ten_down"),
        bind("home,g", "move(-99999)", "the first column", show=False, id="inspect.first"),
        bind("end,G", "move(99999)", "the last column", show=False, id="inspect.last"),
        bind("y", "copy", "copy", show=False, tooltip="copy the name of the column", id="inspect.copy"),
        *filter_keys("inspect"),
        HELP,
        bind("escape,q", "dismiss", "close", key_display="Esc", id="inspect.close"),
    ]  # fmt: skip
    DEFAULT_CLASSES = "-whole"
    DEFAULT_CSS = "InspectScreen.-whole > .sheet { padding: 0 1; }"

    def __init__(
        self,
        context: Context,
        source: Source,
        dropped: tuple[str, ...] = (),
        codes: tuple[float, ...] = (),
    ) -> None:
        super().__init__(context)
        self._source, self._dropped, self._codes = source, dropped, codes
        self._choice: Choice | None = None
        self.failure: Failure | None = None
        self._cursor = self._top = self._warning = 0
        self._side: Side = "columns"
        self._said = self._chosen = ""
        self._found: set[str] = set()  # the names of the columns that a filter leaves
        self._started = time.monotonic()

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield InspectView(self)
            yield self.make_filter(self.action_move)
        yield self.key_bar()

    def on_mount(self) -> None:
        """Ask the engine, and look for its answer."""
        super().on_mount()
        self.question: Query[Inspect] = Query(self.context.session)
        self._show_title()
        self._ask(self._source)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Before there is a table nothing can be done with it."""
        known = action not in NEEDS_A_TABLE or (self._choice is not None and bool(self._listed))
        return known and super().check_action(action, parameters) and self.hears(action)

    def words_for(self, binding: Binding) -> str:
        """Codes for missing cells are told of on the line of a column that has some."""
        if binding.action == "codes" and self._choice is not None:
            return binding.description if self._listed and self._listed[self._cursor].codes else ""
        return super().words_for(binding)

    @property
    def waits(self) -> bool:
        """Whether the engine has still to answer."""
        return self.question.waits

    def _ask(self, source: Source) -> None:
        size = size_words(source.name) if source.is_file else ""
        what = "fetching" if source.is_elsewhere else "reading"
        self._waiting = f"{what} {quote(source.label)}{size and f', {size}'}"
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
        self._choice = Choice.of(found, self._source, self._dropped, self._codes)
        wanted = self._choice.target or found.best
        self._cursor = next((i for i, facts in enumerate(found.columns) if facts.name == wanted), 0)
        self._chosen = wanted or ""
        self._show_title()
        self.scroll()
        self.refresh_bindings()

    def _show_title(self) -> None:
        below = ""
        if self._choice is not None:  # what the mark before a name means, and how large the table is
            known = shape(self._choice.inspection, self.glyphs.times)
            below = f"* likely target{self.glyphs.dash}{known}"
        self.set_title("Inspect", self.glyphs.safe(self._source.label, 60), below=below)

    def show_all(self) -> None:
        """The page as it now stands."""
        self.query_one(InspectView).refresh()

    def page(self, width: int) -> list[Content]:
        """The lines for so many columns."""
        choice, glyphs = self._choice, self.glyphs
        if self.failure is not None:
            words = [self.failure.what, self.failure.fix, "", f"{key_name('inspect.close')} goes back."]
            told = [text for part in words for text in wrapped(glyphs.safe(part, 600), width)]
            return [Content.styled(text, "bold") for text in told]
        if choice is None:
            waited = int(time.monotonic() - self._started)
            since = f" {clock(waited)}" if waited >= 2 else ""
            waits = f"{self._waiting}{glyphs.ellipsis}{fetched_words(self.context)}{since}"
            return [Content(text) for text in wrapped(waits, width)]
        if not choice.inspection.columns:
            return [Content(f"There is no column in this table. {key_name('inspect.close')} goes back.")]
        if not self._listed:
            return [Content(f"No column is called so. {key_name('inspect.all')} shows all.")]
        top = self._warning if self._side == "warnings" else self._top
        return self._page.lines(self._cursor, top)

    def scroll(self) -> None:
        """Keep the cursor in view."""
        if self._choice is not None:
            rows = self._page.rows
            last = max(0, len(self._listed) - rows)
            self._top = max(0, min(max(self._top, self._cursor - rows + 1), self._cursor, last))
            self.show_all()

    def point(self, x: int, y: int) -> None:
        """Put the cursor on the column in a line of the page."""
        if self._choice is not None and self._side == "columns":
            chosen = self._top + y - self._page.list_top
            if self._top <= chosen < len(self._listed):
                self.action_move(chosen - self._cursor)

    @property
    def choice(self) -> Choice:
        """What is chosen of the table."""
        assert self._choice is not None, "keys are not heard before"
        return self._choice

    @property
    def _page(self) -> Page:
        size = self.query_one(InspectView).content_size
        return Page(self.choice, *size, self.glyphs, self._side, self._said, self._listed)

    @property
    def _listed(self) -> tuple[Facts, ...]:
        """The columns that the filter leaves, whatever was made of them since."""
        columns = self.choice.inspection.columns
        return tuple(f for f in columns if f.name in self._found) if self.wanted else columns

    def to_list(self) -> None:
        """The keys are the screen's."""
        self.set_focus(None)

    def narrow(self) -> None:
        """Columns by name, kind, or what becomes of them.

        The cursor stays on its column, or goes to the first where that is not listed.
        """
        choice = self.choice
        self._found = {
            f.name
            for f in choice.inspection.columns
            if holds(self.wanted, f.name, f.kind, choice.use_of(f))
        }
        names = [facts.name for facts in self._listed]
        if names and self._chosen not in names:
            self._chosen = names[0]
        self._cursor = names.index(self._chosen) if names else 0
        self._say("")

    @property
    def _under_cursor(self) -> str:
        return self._listed[self._cursor].name

    def _say(self, text: str) -> None:
        self._said = text
        self.scroll()
        self.refresh_bindings()

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
            last = len(self._listed) - 1
            self._cursor = min(max(self._cursor + by, 0), max(last, 0))
            self._chosen = self._under_cursor if self._listed else ""
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

    def action_codes(self) -> None:
        """Count the far numbers of the column as missing cells, or do so no more."""
        self._say(self.choice.toggle_codes(self._under_cursor))

    def action_copy(self) -> None:
        """The name of the column, as options of the command line take it."""
        name = self._under_cursor
        self._say(self.context.copy(f"the column {quote(name)}", name))

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
