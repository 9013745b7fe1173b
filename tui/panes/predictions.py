"""Where the predictions fall: p(y = 1) on the test part by true class, or of more classes their shares."""

from __future__ import annotations

from textual.content import Content

from lrtui.core.store import Run
from lrtui.core.training.measurement import threshold_of
from lrtui.datasets.text import width as columns
from lrtui.tui.panes.plot import PlotPane
from lrtui.tui.plots.lines import Frame, Line, plain_text
from lrtui.tui.plots.predictions import predictions_frame, predictions_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.render.classes import label_name, majority, many_classes
from lrtui.tui.render.numbers import share
from lrtui.tui.render.wrapping import fit
from lrtui.tui.run_poller import RunView

NARROW = 40  # columns: a title with the word twice is cut there
GAP = 2  # columns between two frames
LEAST = (36, 5)  # columns and rows for two frames: with less, one alone says more


class PredictionsPane(PlotPane):
    """The histogram of predictions, the threshold, and the majority prediction in words.

    After a fix, that of the run before stands beside it.
    """

    NUMBER = 4
    NAME = "predictions"

    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Draw the newest measurement."""
        view = self.context.poller.view
        measurement = view.measurement
        ascii_only = self.glyphs.ascii_only
        names = many_classes(view.problem)
        legend = predictions_legend(names, ascii_only=ascii_only)
        about = "shares of the test part" if names else "p(y=1) on the test part"
        if width < NARROW:
            legend = legend.replace("class ", "")
        self.set_title(about if width >= 70 else "", legend)
        words = "" if measurement is None else majority(measurement, view.problem)
        self.border_subtitle = Content(fit(words, width - 2, self.glyphs.ellipsis))
        before = self.session.before
        if before is None or width < LEAST[0] or height < LEAST[1]:
            plot.show(self._frame(view, width, height))
            return
        left = (width - GAP) // 2
        right = width - GAP - left
        titles = (self._title("before", before, left), self._title("after", view, right))
        frames = self._frame(before, left, height - 1), self._frame(view, right, height - 1)
        plot.show(beside(*frames, titles, left))

    def _frame(self, view: RunView, width: int, height: int) -> Frame:
        """The histogram of one run, or its shares."""
        return predictions_frame(
            None if view.measurement is None else view.measurement.histogram,
            many_classes(view.problem),
            width=width,
            height=height,
            threshold=self._threshold(view.run),
            ascii_only=self.glyphs.ascii_only,
            empty="no predictions yet",
        )

    def _title(self, when: str, view: RunView, width: int) -> str:
        """``before: every row 1``, as much of it as there is room for."""
        words, measurement = when, view.measurement
        if measurement is not None:
            part = measurement.majority_share
            rows = "every row" if part >= 1 else share(part)
            words = f"{when}: {rows} predicted {label_name(measurement, view.problem)}"
        return words if columns(words) <= width else when

    def _threshold(self, run: Run | None) -> float | None:
        """That of the run that is shown, as a number; unknown until its rows are."""
        config = self.session.config if run is None else run.config
        if run is not None and run.problem is not None:
            return threshold_of(config, run.problem.train_base_rate)
        return None if isinstance(config.threshold, str) else config.threshold


def beside(left: Frame, right: Frame, titles: tuple[str, str], width: int) -> Frame:
    """One frame of both under their titles; the left one has ``width`` columns, and its title at most."""
    heads: list[Line] = [((text, "note"),) for text in titles]
    pairs = zip([heads[0], *left], [heads[1], *right], strict=True)
    return [(*one, (" " * (width - columns(plain_text(one)) + GAP), ""), *other) for one, other in pairs]
