"""Runs side by side: their training losses in one plot, where settings differ, what each reached."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from lrtui.core.comparison import compare
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.store import Run
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import tidy
from lrtui.tui.plots.overlay import overlay_frame
from lrtui.tui.plots.view import PlotView
from lrtui.tui.render.comparison import comparison_lines
from lrtui.tui.run_curve import curve_of
from lrtui.tui.screens.base import HELP, PageText, Sheet


class CompareScreen(Sheet[None]):
    """The plot above, and below it the table, which scrolls."""

    BINDINGS = [
        bind("l", "log_scale", "log", tooltip="losses: log or linear scale", id="compare.log"),
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", id="compare.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="compare.down"),
        bind("home,g", "scroll(-99999)", "the first line", show=False, id="compare.first"),
        bind("end,G", "scroll(99999)", "the last line", show=False, id="compare.last"),
        bind("y", "copy", "copy", tooltip="copy the table", id="compare.copy"),
        HELP,
        bind("escape,q", "dismiss", "close", key_display="Esc", id="compare.close"),
    ]
    DEFAULT_CLASSES = "-whole"
    DEFAULT_CSS = """
    CompareScreen {
        PlotView { height: 2fr; }
        VerticalScroll { height: 3fr; padding: 0 1; }
    }
    """

    def __init__(self, context: Context, runs: list[Run], verdicts: Mapping[int, Health]) -> None:
        super().__init__(context)
        self._found = compare(runs, verdicts)
        self._curves = [curve_of(context.session.store, run) for run in self._found.runs]
        self._log = False

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with Vertical(classes="sheet"):
            yield PlotView()
            with VerticalScroll():
                yield PageText(self._lines)
        yield self.key_bar()

    def on_mount(self) -> None:
        """Say what is drawn."""
        super().on_mount()
        self._show_title()

    def _show_title(self) -> None:
        parts = ["Compare", "training loss"] + (["log"] if self._log else [])
        self.set_title(*parts)

    def _lines(self, width: int) -> list[Content]:
        return [Content(line) for line in comparison_lines(self._found, max(width, 16), self.glyphs)]

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self._draw()

    def _draw(self) -> None:
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width >= 4 and height >= 2:
            ascii_only = self.glyphs.ascii_only
            frame = overlay_frame(
                self._curves, width=width, height=height, log=self._log, ascii_only=ascii_only
            )
            plot.show(frame)

    def action_log_scale(self) -> None:
        """The other scale for the losses."""
        self._log = not self._log
        self._show_title()
        self._draw()

    def action_scroll(self, by: int) -> None:
        """Through the table."""
        self.query_one(VerticalScroll).scroll_relative(y=by, animate=False, immediate=True)

    def action_copy(self) -> None:
        """The table as it stands, to the clipboard of the terminal."""
        text = "\n".join(line.plain for line in self._lines(self.query_one(PageText).size.width))
        self.context.tell(self.context.copy("the comparison", tidy(text)))
