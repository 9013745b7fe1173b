"""Every run in a table: sorted by any column, narrowed, marked, compared, named, put away."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult, RenderResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Click, Resize

from lrtui.core.comparison import MOST
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Run
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Wheeled
from lrtui.tui.panes.filter_line import Narrowed, filter_keys
from lrtui.tui.panes.value_editor import ValueEditor
from lrtui.tui.render.columns import Column, Table, fitted
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.labels import called
from lrtui.tui.render.run_cells import run_cells
from lrtui.tui.render.wrapping import fit, pad
from lrtui.tui.run_list import RunList
from lrtui.tui.screens.base import HELP, Sheet

MARK = "+"
ROWS = 3  # that are not runs: the titles, and where labels are written
NAME = Column("name", 9, name=True)
COLUMNS = (
    Column("run", right=True),
    Column(""),
    NAME,
    Column("dataset", name=True),
    Column("doctor", 7),
    Column("epochs", 5, right=True, least=7),
    Column("train", 4, right=True, least=6),
    Column("test", 10, right=True, least=6),
    Column("acc", 8, right=True),
    Column("balanced", 6, right=True),
    Column("AUC", 8, right=True),
    Column("lr", 8, right=True),
    Column("started", 3),
    Column("time", 2, right=True),
)
SORTED = {
    "": "status", "run": "", "name": "name", "dataset": "dataset", "doctor": "verdict", "epochs": "epochs",
    "train": "train", "test": "test", "acc": "accuracy", "balanced": "balanced", "AUC": "auc", "lr": "lr",
    "started": "", "time": "seconds",
}  # fmt: skip


class RunsView(Wheeled):
    """The table."""

    DEFAULT_CSS = "RunsView { height: 1fr; width: 1fr; }"

    def __init__(self, sheet: RunsScreen) -> None:
        super().__init__()
        self._sheet = sheet

    def render(self) -> RenderResult:
        """Titles, and as many runs as there is room for."""
        return Content("\n").join(self._sheet.lines(*self.content_size))

    def on_resize(self, event: Resize) -> None:
        """The cursor stays in view."""
        self.refresh()

    def on_click(self, event: Click) -> None:
        """A click puts the cursor on a run."""
        self._sheet.point(event.y)

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor."""
        self._sheet.wheel(by)


class RunsScreen(Narrowed, Sheet[int | None]):
    """Enter shows the run under the cursor; Esc goes back to the one that is shown."""

    BINDINGS = [
        bind("enter", "show", "show", tooltip="show the run", key_display="⏎", id="all_runs.show"),
        bind("space", "mark", "mark", tooltip="mark the run, or no more", id="all_runs.mark"),
        bind("c", "compare", "compare", tooltip="the marked runs side by side", id="all_runs.compare"),
        bind("left", "sort(-1)", "sort", key_display="←→", tooltip="sort by the column before",
             id="all_runs.before"),
        bind("right", "sort(1)", "sort by the next column", show=False, id="all_runs.after"),
        bind("v", "turn", "reverse", tooltip="sort the other way round", id="all_runs.turn"),
        bind("e", "write('name')", "name", tooltip="give the run a name", id="all_runs.name"),
        bind("n", "write('note')", "note", tooltip="write a note on the run", id="all_runs.note"),
        bind("t", "write('tags')", "tags", tooltip="tags of the run", id="all_runs.tags"),
        bind("delete,backspace", "put_away", "put away", key_display="Del",
             tooltip="put the marked runs away, or the one under the cursor", id="all_runs.remove"),
        bind("u", "undo", "undo", tooltip="take back what was done here last", id="all_runs.undo"),
        bind("up,k", "move(-1)", "run up", show=False, id="all_runs.up"),
        bind("down,j", "move(1)", "run down", show=False, id="all_runs.down"),
        bind("pageup", "move(-10)", "ten runs up", show=False, id="all_runs.ten_up"),
        bind("pagedown", "move(10)", "ten runs down", show=False, id="all_runs.ten_down"),
        bind("home,g", "move(-99999)", "the first run", show=False, id="all_runs.first"),
        bind("end,G", "move(99999)", "the last run", show=False, id="all_runs.last"),
        bind("y", "copy", "copy", show=False, tooltip="copy the line of the run", id="all_runs.copy"),
        *filter_keys("all_runs"),
        HELP,
        bind("escape,q,R", "dismiss", "close", key_display="Esc", id="all_runs.close"),
    ]  # fmt: skip
    DEFAULT_CLASSES = "-whole"
    AUTO_FOCUS = ""  # the inputs wait until they are asked for

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.list = RunList(context.session.store)
        self._written: tuple[Run, str] | None = None  # the run on which something is typed, and what
        self._top = 0
        shown = context.session.run
        places = [run.id for run in self.list.shown]
        self._here = shown.id if shown is not None and shown.id in places else None
        self._place = 0

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield RunsView(self)
            yield ValueEditor(self._take, self._leave)
            yield self.make_filter(self.action_move)
        yield self.key_bar()

    def on_mount(self) -> None:
        """The title counts."""
        super().on_mount()
        self.show_all()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While something is typed no key is the table's; without a run there is little to do."""
        if self._types or not self.hears(action):
            return False
        needs_run = action in ("show", "mark", "compare", "write", "put_away", "copy")
        return bool(not needs_run or self.list.shown) and super().check_action(action, parameters)

    @property
    def _types(self) -> bool:
        """Whether a name, a note or tags are being typed."""
        return self._written is not None and self.query_one(ValueEditor).display

    def words_for(self, binding: Binding) -> str:
        """Fewer than two marked runs are not compared."""
        if binding.action == "compare":
            return binding.description if self.list.marked else ""
        return super().words_for(binding)

    def look(self) -> None:
        """What is new in the store."""
        try:
            self.list.look()
        except LrtuiError as error:
            self.context.tell(str(error))
        self.show_all()

    def show_all(self) -> None:
        """Table and title as they now stand."""
        found = self.list
        many = f"{len(found.shown):,} of {found.total:,}" if self.wanted else f"{found.total:,}"
        order = found.by or "newest first"
        if not found.by and found.down:
            order = "oldest first"
        elif found.by:
            order = f"by {found.by}, {'large to small' if found.down else 'small to large'}"
        marked = f"{len(found.marked)} marked" if found.marked else ""
        below = self.glyphs.dash.join(filter(None, (order, marked)))
        if found.wrong:
            below = fit(found.wrong, max(self.size.width - 6, 8), self.glyphs.ellipsis)
        self.set_title("Runs", many, below=below)
        self.query_one(RunsView).refresh()

    @property
    def cursor(self) -> int:
        """Where the cursor stands: on its run, wherever that comes to stand."""
        numbers = [run.id for run in self.list.shown]
        place = numbers.index(self._here) if self._here in numbers else self._place
        return max(0, min(place, len(numbers) - 1))

    @property
    def run(self) -> Run:
        """The run under the cursor."""
        return self.list.shown[self.cursor]

    def lines(self, width: int, height: int) -> list[Content]:
        """The titles and the runs around the cursor."""
        found, glyphs = self.list, self.glyphs
        if not found.shown:
            return [Content(" No such run." if self.wanted else " No run yet.")]
        rows = max(height - 1, 1)
        cursor, last = self.cursor, max(len(found.shown) - rows, 0)
        self._top = max(0, min(max(self._top, cursor - rows + 1), cursor, last))
        shown = found.shown[self._top : self._top + rows]
        cells = [run_cells(run, found.verdicts.get(run.id), glyphs) for run in shown]
        columns = [one for one in COLUMNS if one is not NAME or any(row["name"] for row in cells)]
        table = fitted(columns, cells, width - 3, glyphs.ellipsis)
        lines = [Content.assemble("   ", *_head(table, found.by))]
        here = self.context.session.run
        for place, (run, row) in enumerate(zip(shown, cells, strict=True), self._top):
            marks = (glyphs.cursor if place == cursor else " ") + (MARK if run.id in found.marked else " ")
            marks += glyphs.shown if here is not None and here.id == run.id else " "
            text = pad(f"{marks}{table.line(row)}", width)
            lines.append(Content.styled(text, "reverse" if place == cursor else ""))
        return lines

    def point(self, y: int) -> None:
        """Put the cursor on the run in a line; a click on it again shows it."""
        if 0 <= (place := self._top + y - 1) < len(self.list.shown) and y > 0 and not self._types:
            if place == self.cursor:
                self.action_show()
            else:
                self.action_move(place - self.cursor)

    def wheel(self, by: int) -> None:
        """The wheel moves the cursor, but not away from a line on which something is typed."""
        if not self._types:
            self.action_move(by)

    def narrow(self) -> None:
        """Runs that fit the filter."""
        self.list.narrow(self.wanted)
        self._show_from(self.cursor)

    def to_list(self) -> None:
        """The keys are the screen's."""
        self.set_focus(None)

    def _show_from(self, place: int) -> None:
        runs = self.list.shown
        self._place = max(0, min(place, len(runs) - 1))
        self._here = runs[self._place].id if runs else None
        self.refresh_bindings()
        self.show_all()

    def action_move(self, by: int) -> None:
        """To another run; at the end of those that were read there may be more."""
        if self.cursor + by >= len(self.list.shown):
            self.list.read_all()
        self._show_from(self.cursor + by)

    def action_show(self) -> None:
        """Close, and show the run under the cursor."""
        self.dismiss(self.run.id)

    def action_mark(self) -> None:
        """Mark the run, and go on to the next."""
        self.list.mark(self.run.id)
        self.action_move(1)

    def action_compare(self) -> None:
        """The marked runs side by side."""
        runs = self.list.chosen(self.run)
        if not 2 <= len(runs) <= MOST:
            self.context.tell(f"Mark two to {MOST} runs with {key_name('all_runs.mark')}, to compare them.")
            return
        from lrtui.tui.screens.compare import CompareScreen

        try:
            sheet = CompareScreen(self.context, runs, self.list.verdicts)
        except LrtuiError as error:
            self.context.tell(str(error))
        else:
            self.app.push_screen(sheet)

    def action_sort(self, step: int) -> None:
        """By another column."""
        self.list.sort(step)
        self._show_from(0)

    def action_turn(self) -> None:
        """The other way round."""
        self.list.turn()
        self._show_from(0)

    def action_write(self, field: str) -> None:
        """Type a name, a note or tags for the run under the cursor."""
        labels, view = self.run.labels, self.query_one(RunsView).content_size
        text = " ".join(labels.tags) if field == "tags" else str(getattr(labels, field))
        self._written = self.run, field
        row = min(self.cursor - self._top + 1, max(view.height - 1, 0))
        self.query_one(ValueEditor).open(
            row=row, rows=view.height, width=view.width, name=f"{called(self.run, self.glyphs)}: {field}",
            text=text, selected=False,
        )  # fmt: skip
        self.refresh_bindings()

    def _take(self, text: str) -> None:
        assert self._written is not None, "the input is open"
        try:
            self.list.write(*self._written, text)
        except LrtuiError as error:
            self.query_one(ValueEditor).complain(str(error))
            return
        self._leave()

    def _leave(self) -> None:
        self._written = None
        self.query_one(ValueEditor).close()
        self.to_list()
        self.refresh_bindings()
        self.show_all()

    def action_put_away(self) -> None:
        """Take the marked runs off the list, or the one under the cursor."""
        place = self.cursor
        self._attempt(lambda: self.list.put_away(self.list.chosen(self.run)))
        self._show_from(place)

    def action_undo(self) -> None:
        """Take back what was done here last."""
        self._attempt(self.list.undo)
        self._show_from(self.cursor)

    def _attempt(self, do: Callable[[], str]) -> None:
        try:
            self.context.tell(do())
        except LrtuiError as error:
            self.context.tell(str(error))

    def action_copy(self) -> None:
        """The line of the run, in full."""
        cells = run_cells(self.run, self.list.verdicts.get(self.run.id), self.glyphs)
        line = " ".join(filter(None, cells.values()))
        self.context.tell(self.context.copy(f"the line of run {self.run.id}", line))


def _head(table: Table, by: str) -> list[Content]:
    """The titles, that of the column by which it is sorted in bold."""
    found = []
    for column, room in table.widths.items():
        style = "bold underline" if by and SORTED[column.title] == by else "dim"
        title = pad(column.title, room, right=column.right)
        found.append(Content.styled(title, style))
        found.append(Content(" "))
    return found
