"""A sweep, filling while it runs: a curve over one field, or a table of shades over two."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lrtui.core.errors import LrtuiError
from lrtui.core.store import Sweep
from lrtui.core.sweep.points import zoned
from lrtui.datasets.text import safe
from lrtui.tui import sweep_words
from lrtui.tui.keys import KeyBar
from lrtui.tui.panes.base import lines
from lrtui.tui.plots.heat import heat_frame, heat_legend
from lrtui.tui.plots.lines import Frame
from lrtui.tui.plots.sweep import shares_legend, sweep_frame, sweep_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.screens.base import Sheet
from lrtui.tui.screens.fields import FieldsScreen

LONGEST = 2000  # columns of a sentence
LOW = 18  # rows: a lower screen shows no legend
WIDE = 118  # columns: what takes two lines in a narrower screen takes one
CURVE = 9  # rows: less than that says nothing below a table


class SweepScreen(Sheet[dict[str, Any] | None]):
    """Arrows move between the values, Enter takes one into the config, Esc leaves all as it was."""

    BINDINGS = [
        Binding(
            "left,h",
            "move(-1,0)",
            "move",
            key_display="←→",
            tooltip="the value before",
            id="sweep.left",
            priority=True,
        ),
        Binding("right,l", "move(1,0)", "the next value", show=False, id="sweep.right", priority=True),
        Binding("up,k", "move(0,-1)", "the row above", show=False, id="sweep.up", priority=True),
        Binding("down,j", "move(0,1)", "the row below", show=False, id="sweep.down", priority=True),
        Binding("home", "move(-9999,0)", "the first value", show=False, id="sweep.first", priority=True),
        Binding("end", "move(9999,0)", "the last value", show=False, id="sweep.last", priority=True),
        Binding(
            "enter",
            "take",
            "take it",
            tooltip="take the value into the config",
            key_display="⏎",
            id="sweep.take",
            priority=True,
        ),
        Binding(
            "g",
            "suggested",
            "suggested",
            tooltip="to the suggested learning rate",
            id="sweep.suggested",
            priority=True,
        ),
        Binding("b", "best", "best", tooltip="to the lowest training loss", id="sweep.best", priority=True),
        Binding("a", "second", "add a field", id="sweep.second", priority=True),
        Binding("escape,q", "leave", "close", key_display="Esc", id="sweep.close", priority=True),
    ]
    DEFAULT_CSS = """
    SweepScreen {
        layout: vertical; align: left top; background: $background;
        & > .sheet { width: 100%; height: 1fr; padding: 0; }
        Static { height: auto; }
    }
    """

    def __init__(self, sweep_id: int) -> None:
        super().__init__()
        self._sweep_id = sweep_id
        self._sweep: Sweep | None = None
        self._cursor = 0
        self._seen: tuple[object, ...] = ()

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield Static("", id="legend", markup=False)
            yield PlotView()
            yield Static("", id="words", markup=False)
        yield KeyBar(lambda binding: binding.description, ascii_only=self.dashboard.glyphs.ascii_only)

    def on_mount(self) -> None:
        """Begin with the cursor on the value that the config has."""
        super().on_mount()
        try:
            self._open(self._sweep_id)
        except LrtuiError as error:
            self.query_one("#words", Static).update(Content(safe(str(error), LONGEST)))
        self.follow(self.look)

    def _open(self, sweep_id: int) -> None:
        self._sweep_id = sweep_id
        self._sweep = sweep = self.dashboard.desk.store.sweeps.get(sweep_id)
        here = {axis.field: getattr(sweep.plan.config, axis.field) for axis in sweep.plan.axes}
        self._cursor = next((i for i, p in enumerate(sweep.points) if p.values == here), 0)
        self.refresh_bindings()
        self.show_all()

    def look(self) -> None:
        """Read how far the sweep is, and what theory says, where that is new."""
        try:
            sweeps = self.dashboard.desk.store.sweeps
            stamp = (*sweeps.stamp(self._sweep_id), self.dashboard.limits.found)
            if stamp != self._seen:
                self._seen = stamp
                self._sweep = sweeps.get(self._sweep_id)
                self.refresh_bindings()
                self.show_all()
        except LrtuiError as error:
            self.query_one("#words", Static).update(Content(safe(str(error), LONGEST)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing at this moment are not shown."""
        if action in ("move", "take", "suggested", "best", "second", "leave") and not self.is_current:
            return False  # a sheet lies over this one
        if action == "second":
            return self._sweep is not None and len(self._sweep.plan.axes) == 1
        if action == "suggested":
            return self._sweep is not None and sweep_words.suggested_rate(self._sweep) is not None
        if action == "best":
            return self._sweep is not None and sweep_words.best_of(self._sweep) is not None
        return True

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.show_all()

    def show_all(self) -> None:
        """Plot, legend and words as the sweep now stands."""
        sweep = self._sweep
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if sweep is None or width < 4:
            return
        glyphs = self.dashboard.glyphs
        sheet = self.query_one(".sheet")
        dash = " - " if glyphs.ascii_only else " ─ "
        sheet.border_title = Content(
            dash.join([sweep_words.title(sweep), glyphs.safe(self.dashboard.desk.source.label)])
        )
        sheet.border_subtitle = Content(sweep_words.progress(sweep))
        self._show_legend(sweep, width)
        self._show_words(sweep, width)
        if height >= 2:
            plot.show(self._frame(sweep, width, height))

    def _frame(self, sweep: Sweep, width: int, height: int) -> Frame:
        """A curve over one field; over two a table, and below it the curve along the cursor's row."""
        ascii_only, cursor = self.dashboard.glyphs.ascii_only, self._cursor
        points, axis, table = sweep.points, sweep.plan.axes[-1], []
        if len(sweep.plan.axes) == 2:
            rows = len(sweep.plan.axes[0].values) + 1
            rows = rows if height - rows >= CURVE else height
            table = heat_frame(
                points, sweep.plan.axes, width=width, height=rows, cursor=cursor, ascii_only=ascii_only
            )
            columns = len(axis.values)
            row, cursor = divmod(cursor, columns)
            points = zoned(points[row * columns : (row + 1) * columns], [axis])
            if len(table) + CURVE < height:
                table.append(())
        below = height - len(table)
        if below < 2 or (table and below < CURVE):
            return table
        current = getattr(sweep.plan.config, axis.field)
        curve = sweep_frame(
            points, axis, width=width, height=below, current=current, cursor=cursor, ascii_only=ascii_only
        )
        return [*table, *curve]

    def _show_legend(self, sweep: Sweep, width: int) -> None:
        ascii_only = self.dashboard.glyphs.ascii_only
        found = [shares_legend(ascii_only=ascii_only), sweep_legend(sweep.points, ascii_only=ascii_only)]
        if len(sweep.plan.axes) == 2:
            found = [heat_legend(width=width - 2, ascii_only=ascii_only)]
        legend = self.query_one("#legend", Static)
        legend.display = self.app.size.height >= LOW
        legend.update(Content(" " + ("   " if width >= WIDE else "\n ").join(found)))

    def _show_words(self, sweep: Sweep, width: int) -> None:
        """As many lines for every point, so that the plot keeps its place."""
        room = 1 if width >= WIDE or self.app.size.height < LOW else 2
        found = sweep_words.wrapped(sweep_words.point_words(sweep.points[self._cursor]), width - 1, room)
        if [axis.field for axis in sweep.plan.axes] == ["lr"]:
            more = sweep_words.suggestion_words(sweep, self.dashboard.limits.found)
            found += sweep_words.wrapped(more, width - 1, 1)
        if sweep.failure is not None:
            found = [safe(sweep.failure.what, LONGEST), safe(sweep.failure.fix, LONGEST)]
        first, *others = (f" {text}" for text in found)
        self.query_one("#words", Static).update(
            lines([Content.styled(first, "bold"), *(Content(text) for text in others)])
        )

    def action_move(self, across: int, down: int) -> None:
        """To a neighbouring value; a sweep of one field knows no up and down."""
        if self._sweep is None:
            return
        axes = self._sweep.plan.axes
        columns = len(axes[-1].values)
        row, column = divmod(self._cursor, columns)
        rows = len(self._sweep.points) // columns
        if rows == 1:
            across, down = across or down, 0
        column = min(max(column + across, 0), columns - 1)
        row = min(max(row + down, 0), rows - 1)
        self._cursor = row * columns + column
        self.show_all()

    def _go_to(self, values: dict[str, Any]) -> None:
        if self._sweep is not None:
            found = (i for i, p in enumerate(self._sweep.points) if values.items() <= p.values.items())
            self._cursor = next(found, self._cursor)
            self.show_all()

    def action_suggested(self) -> None:
        """To the learning rate that the sweep suggests."""
        if self._sweep is not None:
            self._go_to({"lr": sweep_words.suggested_rate(self._sweep)})

    def action_best(self) -> None:
        """To the lowest training loss."""
        found = None if self._sweep is None else sweep_words.best_of(self._sweep)
        if found is not None:
            self._go_to(found.values)

    def action_second(self) -> None:
        """Sweep a second field as well."""
        sweep = self._sweep
        if sweep is None:
            return
        first = sweep.plan.axes[0].field

        def chosen(second: str | None) -> None:
            if second is None:
                return
            desk = self.dashboard.desk
            try:
                desk.stop_sweep(sweep)
                self._open(desk.sweep(second, first))
            except LrtuiError as error:
                self.query_one("#words", Static).update(Content(safe(str(error), LONGEST)))

        self.app.push_screen(FieldsScreen(sweep.plan.config, first), chosen)

    def action_take(self) -> None:
        """Close with the value under the cursor."""
        self._stop()
        self.dismiss(None if self._sweep is None else self._sweep.points[self._cursor].values)

    def action_leave(self) -> None:
        """Close; a sweep that goes on is stopped."""
        self._stop()
        self.dismiss(None)

    def _stop(self) -> None:
        if self._sweep is not None:
            try:
                self.dashboard.desk.stop_sweep(self._sweep)
            except LrtuiError as error:
                self.dashboard.desk.notice = str(error)
