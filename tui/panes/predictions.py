"""Where the predictions fall: p(y = 1) on the test part by true class, or of more classes their shares."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content

from lrtui.core.store import Run
from lrtui.core.training.threshold import threshold_of
from lrtui.datasets.text import width as columns
from lrtui.tui.panes.base import Pane
from lrtui.tui.plots.classes import classes_frame, classes_legend
from lrtui.tui.plots.lines import Frame
from lrtui.tui.plots.pair import LEAST, beside, halves
from lrtui.tui.plots.predictions import predictions_frame, predictions_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.text import fit, label_name, majority, share
from lrtui.tui.watch import View

NARROW = 40  # columns: a title with the word twice is cut there


class PredictionsPane(Pane):
    """The histogram of predictions, the threshold, and the majority prediction in words.

    After a fix, that of the run before stands beside it.
    """

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
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width < 4 or height < 2:
            return
        ascii_only = self.glyphs.ascii_only
        about, legend = "p(y=1) on the test part", predictions_legend(ascii_only=ascii_only)
        if view.classes > 2:
            about, legend = "shares of the test part", classes_legend(ascii_only=ascii_only)
        if width < NARROW:
            legend = legend.replace("class ", "")
        self.set_title(about if width >= 70 else "", legend)
        words = "" if measurement is None else majority(measurement, view.problem)
        self.border_subtitle = Content(fit(words, width - 2, self.glyphs.ellipsis))
        before = self.desk.before
        if before is None or width < LEAST[0] or height < LEAST[1]:
            plot.show(self._frame(view, width, height))
            return
        left, right = halves(width)
        titles = (
            self._title("before", before, left),
            self._title("after", view, right),
        )
        frames = self._frame(before, left, height - 1), self._frame(view, right, height - 1)
        plot.show(beside(*frames, titles, left))

    def _frame(self, view: View, width: int, height: int) -> Frame:
        """The histogram of one run, or its shares."""
        if view.classes > 2 and view.problem is not None:
            return classes_frame(
                None if view.measurement is None else view.measurement.histogram,
                view.problem.class_names,
                columns=width,
                rows=height,
                ascii_only=self.glyphs.ascii_only,
                empty="no predictions yet",
            )
        return predictions_frame(
            None if view.measurement is None else view.measurement.histogram,
            width=width,
            height=height,
            threshold=self._threshold(view.run),
            ascii_only=self.glyphs.ascii_only,
            empty="no predictions yet",
        )

    def _title(self, when: str, view: View, width: int) -> str:
        """``before: every row 1``, as much of it as there is room for."""
        words, measurement = when, view.measurement
        if measurement is not None:
            share_text = (
                "every row" if measurement.majority_share >= 1 else share(measurement.majority_share)
            )
            words = f"{when}: {share_text} predicted {label_name(measurement, view.problem)}"
        return words if columns(words) <= width else when

    def _threshold(self, run: Run | None) -> float | None:
        """That of the run that is shown, as a number; unknown until its rows are."""
        config = self.desk.config if run is None else run.config
        if run is not None and run.problem is not None:
            return threshold_of(config, run.problem.train_base_rate)
        return None if isinstance(config.threshold, str) else config.threshold
