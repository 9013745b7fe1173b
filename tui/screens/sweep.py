"""A sweep, filling while it runs: a curve over one field, or a table of shades over two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from lrtui.core.config import format_value, knob
from lrtui.core.errors import LrtuiError
from lrtui.core.store import Sweep
from lrtui.core.sweep.points import zoned
from lrtui.datasets.text import safe
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.plots.heat import heat_frame, heat_legend
from lrtui.tui.plots.lines import Frame
from lrtui.tui.plots.sweep import is_wide, losses_legend, shares_legend, sweep_frame, sweep_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.render import sweep as words
from lrtui.tui.render.wrapping import wrapped
from lrtui.tui.screens.base import HELP, Sheet
from lrtui.tui.screens.fields import FieldsScreen
from lrtui.tui.sweeping import begin_sweep, end_sweep

LONGEST = 2000  # columns of a sentence
LOW = 18  # rows: a lower screen has one line for the legend
WIDE = 118  # columns: what takes two lines in a narrower screen takes one
CURVE = 9  # rows: less than that says nothing below a table


class SweepScreen(Sheet[dict[str, Any] | None]):
    """Arrows move between the values, Enter takes one into the config, Esc leaves all as it was."""

    BINDINGS = [
        bind("enter", "take", "take it", tooltip="take the value into the config", key_display="⏎",
                id="sweep.take"),
        bind("left", "move(-1,0)", "move", key_display="←→", tooltip="the value before", id="sweep.left"),
        bind("right", "move(1,0)", "the next value", show=False, id="sweep.right"),
        bind("up,k", "move(0,-1)", "the row above", show=False, id="sweep.up"),
        bind("down,j", "move(0,1)", "the row below", show=False, id="sweep.down"),
        bind("home,g", "move(-9999,0)", "the first value", show=False, id="sweep.first"),
        bind("end,G", "move(9999,0)", "the last value", show=False, id="sweep.last"),
        bind("t", "suggested", "suggested", tooltip="to the suggested learning rate", id="sweep.suggested"),
        bind("l", "log_scale", "log", tooltip="losses: log or linear scale", id="sweep.log"),
        bind("b", "best", "best", tooltip="to the lowest training loss", id="sweep.best"),
        bind("a", "second", "add a field", id="sweep.second"),
        bind("y", "copy", "copy", show=False, tooltip="copy the value under the cursor", id="sweep.copy"),
        HELP,
        bind("escape,q", "leave", "close", key_display="Esc", id="sweep.close"),
    ]  # fmt: skip
    DEFAULT_CLASSES = "-whole"
    DEFAULT_CSS = "SweepScreen Static { height: auto; }"

    def __init__(self, context: Context, sweep: Sweep) -> None:
        super().__init__(context)
        self._seen: tuple[object, ...] = ()
        self._log: bool | None = None  # whichever scale shows the losses best
        self._open(sweep)

    def _open(self, sweep: Sweep) -> None:
        """Begin with the cursor on the value that the config has."""
        self._sweep = sweep
        here = {axis.field: getattr(sweep.plan.config, axis.field) for axis in sweep.plan.axes}
        self._cursor = next((i for i, p in enumerate(sweep.points) if p.values == here), 0)

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield Static("", id="legend", markup=False)
            yield PlotView()
            yield Static("", id="words", markup=False)
        yield self.key_bar()

    def look(self) -> None:
        """Read how far the sweep is, and what theory says, where that is new."""
        try:
            sweeps = self.context.session.store.sweeps
            stamp = (*sweeps.stamp(self._sweep.id), self.context.limits.found)
            if stamp != self._seen:
                self._seen = stamp
                self._sweep = self._known(sweeps.get(self._sweep.id))
                self.refresh_bindings()
                self.show_all()
        except LrtuiError as error:
            self._complain(error)

    def _known(self, sweep: Sweep) -> Sweep:
        """The sweep with its zones by what theory says of its learning rates, once that is known."""
        found, plan = self.context.limits.found, sweep.plan
        limit = None if found is None else found.limit(plan.config)
        return replace(sweep, points=zoned(sweep.points, plan.axes, limit))

    def _complain(self, error: LrtuiError) -> None:
        self.query_one("#words", Static).update(self._sentences(error.what, error.fix))

    def _sentences(self, *told: str) -> Content:
        """Sentences below one another, each with the indent of the words that stand there otherwise."""
        width = max(self.query_one(PlotView).frame_size[0] - 1, 16)
        lines = [line for text in told for line in wrapped(safe(text, LONGEST), width, " ")]
        return Content.styled("\n".join(lines), "bold")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing at this moment are not shown."""
        if self._sweep.failure is not None and action in ("move", "take", "second"):
            return False
        if action == "second" and len(self._sweep.plan.axes) > 1:
            return False
        if action == "suggested" and self._suggested is None:
            return False
        if action == "best" and words.best_of(self._sweep) is None:
            return False
        return super().check_action(action, parameters)

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.show_all()

    def show_all(self) -> None:
        """Plot, legend and words as the sweep now stands."""
        sweep, plot = self._sweep, self.query_one(PlotView)
        width, height = plot.frame_size
        if width < 4:
            return
        label = self.glyphs.safe(self.context.session.source.label)
        self.set_title(words.title(sweep), label, below=words.progress(sweep, width - 4))
        self._show_legend(sweep, width)
        self._show_words(sweep, width)
        if height >= 2:
            plot.show(self._frame(sweep, width, height))

    def _frame(self, sweep: Sweep, width: int, height: int) -> Frame:
        """A curve over one field; over two a table, and below it the curve along the cursor's row."""
        ascii_only, cursor = self.glyphs.ascii_only, self._cursor
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
            points,
            axis,
            width=width,
            height=below,
            current=current,
            cursor=cursor,
            log=self._log,
            ascii_only=ascii_only,
        )
        return [*table, *curve]

    def _show_legend(self, sweep: Sweep, width: int) -> None:
        ascii_only = self.glyphs.ascii_only
        found = [shares_legend(ascii_only=ascii_only), sweep_legend(sweep.points, ascii_only=ascii_only)]
        if self.app.size.height < LOW:  # there the shares have no room in the plot either
            found = [losses_legend(ascii_only=ascii_only), *found[1].split("  ")]
            found = words.in_rows([text for text in found if text], width - 2, 1)
        if len(sweep.plan.axes) == 2:
            found = [heat_legend(width=width - 2, ascii_only=ascii_only)]
        legend = self.query_one("#legend", Static)
        legend.update(Content(" " + ("   " if width >= WIDE else "\n ").join(found)))

    def _show_words(self, sweep: Sweep, width: int) -> None:
        """As many lines for every point, so that the plot keeps its place."""
        room = 1 if width >= WIDE or self.app.size.height < LOW else 2
        found = words.in_rows(words.point_words(sweep.points[self._cursor]), width - 1, room)
        if [axis.field for axis in sweep.plan.axes] == ["lr"]:
            more = words.suggestion_words(sweep, self.context.limits.found)
            found += words.in_rows(more, width - 1, 1)
        if sweep.failure is not None:
            told = self._sentences(sweep.failure.what, sweep.failure.fix)
            self.query_one("#words", Static).update(told)
            return
        first, *others = (f" {text}" for text in found)
        self.query_one("#words", Static).update(
            Content("\n").join([Content.styled(first, "bold"), *(Content(text) for text in others)])
        )

    def action_move(self, across: int, down: int) -> None:
        """To a neighbouring value; a sweep of one field knows no up and down."""
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
        found = (i for i, p in enumerate(self._sweep.points) if values.items() <= p.values.items())
        self._cursor = next(found, self._cursor)
        self.show_all()

    def action_suggested(self) -> None:
        """To the learning rate that the sweep suggests."""
        self._go_to({"lr": self._suggested})

    @property
    def _suggested(self) -> float | None:
        return words.suggested_rate(self._sweep, self.context.limits.found)

    def action_log_scale(self) -> None:
        """The other scale for the losses."""
        self._log = not (is_wide(self._sweep.points) if self._log is None else self._log)
        self.show_all()

    def action_best(self) -> None:
        """To the lowest training loss."""
        if (found := words.best_of(self._sweep)) is not None:
            self._go_to(found.values)

    def action_second(self) -> None:
        """Sweep a second field as well."""
        sweep = self._sweep
        first = sweep.plan.axes[0].field

        def chosen(second: str | None) -> None:
            if second is None:
                return
            session = self.context.session
            try:
                end_sweep(session, sweep)
                self._open(begin_sweep(session, second, first))
            except LrtuiError as error:
                self._complain(error)
            else:
                self.refresh_bindings()
                self.show_all()

        self.app.push_screen(FieldsScreen(self.context, sweep.plan.config, first), chosen)

    def action_take(self) -> None:
        """Close with the value under the cursor."""
        self._leave(self._sweep.points[self._cursor].values)

    def action_copy(self) -> None:
        """The value under the cursor, to the clipboard of the terminal."""
        values = self._sweep.points[self._cursor].values
        text = ", ".join(format_value(name, value) for name, value in values.items())
        label = " and ".join(knob(name).label for name in values)
        self.context.tell(self.context.copy(f"the {label}: {text}", text))

    def action_leave(self) -> None:
        """Close; a sweep that goes on is stopped."""
        self._leave(None)

    def _leave(self, values: dict[str, Any] | None) -> None:
        try:
            end_sweep(self.context.session, self._sweep)
        except LrtuiError as error:
            self.context.session.notice = str(error)
        self.dismiss(values)
