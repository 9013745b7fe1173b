"""Where the predictions fall: p(y = 1) on the test part, by true class."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from lrtui.tui.panes.base import Pane
from lrtui.tui.plots.predictions import predictions_frame, predictions_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.text import fit, majority

NARROW = 40  # columns: a title with the word twice is cut there


class PredictionsPane(Pane):
    """The histogram of predictions, the threshold, and the majority prediction in words."""

    NUMBER = 4
    NAME = "predictions"

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield PlotView()

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.update()

    def update(self) -> None:
        """Draw the newest measurement."""
        view = self.dashboard.watcher.view
        measurement = view.measurement
        config = self.desk.config if view.run is None else view.run.config
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width < 4 or height < 2:
            return
        ascii_only = self.glyphs.ascii_only
        legend = predictions_legend(ascii_only=ascii_only)
        if width < NARROW:
            legend = legend.replace("class ", "")
        self.set_title("p(y=1) on the test part" if width >= 70 else "", legend)
        words = "" if measurement is None else majority(measurement)
        self.border_subtitle = Content(fit(words, width - 2, self.glyphs.ellipsis))
        plot.show(
            predictions_frame(
                None if measurement is None else measurement.histogram,
                width=width,
                height=height,
                threshold=config.threshold,
                ascii_only=ascii_only,
                empty="no predictions yet",
            )
        )
