"""Where the predictions fall: p(y = 1) on the test part by true class, or of more classes their shares."""

from __future__ import annotations

from lrtui.core.config import config_at
from lrtui.core.training.measurement import threshold_of
from lrtui.datasets.text import width as columns
from lrtui.tui.look_back import past_words
from lrtui.tui.panes.plot import PlotPane, in_view, zoom_keys
from lrtui.tui.plots.axes import lay_out
from lrtui.tui.plots.lines import Frame, Line, plain_text
from lrtui.tui.plots.predictions import WHOLE, Scale, common_scale, predictions_frame, predictions_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.render.classes import label_name, majority, many_classes
from lrtui.tui.render.numbers import share
from lrtui.tui.render.wrapping import fit
from lrtui.tui.run_poller import RunView

NARROW = 40  # columns: a title with the word twice is cut there
GAP = 2  # columns between two frames
LEAST_PART = 0.1  # of the axis: four bins
LEAST = (36, 5)  # columns and rows for two frames: with less, one alone says more


class PredictionsPane(PlotPane):
    """The histogram of predictions, the threshold, and the majority prediction in words.

    After a fix, that of the run before stands beside it.
    """

    NAME = "predictions"
    BINDINGS = zoom_keys(NAME)

    def extent(self) -> tuple[float, float, float] | None:
        """Probabilities from 0 to 1; the shares of more than two classes are always whole."""
        return None if many_classes(self.context.poller.view.problem) else (*WHOLE, LEAST_PART)

    def part(self) -> tuple[float, float]:
        """The lowest and the highest p(y = 1) in view."""
        return WHOLE if self.extent() is None else self.zoom.part(*WHOLE)

    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Draw the newest measurement."""
        view = self.context.poller.view
        measurement = view.shown
        ascii_only = self.glyphs.ascii_only
        names = many_classes(view.problem)
        legend = predictions_legend(names, ascii_only=ascii_only)
        about = "shares of the test part" if names else "p(y=1) on the test part"
        if self.session.script is not None:
            about = "shares of the rows seen" if names else "p(y=1) of the rows seen"
        if width < NARROW + (NARROW // 2 if view.past else 0):  # whose epoch stands there too
            legend = legend.replace("class ", "")
        self.set_title(past_words(view), about if width >= 70 else "", legend)
        words = "" if measurement is None else majority(measurement, view.problem)
        if columns(words) > width - 4 and measurement is not None:
            words = f"{share(measurement.majority_share)} predicted {label_name(measurement, view.problem)}"
        self.set_foot(fit(words, width - 4, self.glyphs.ellipsis))
        if not self.zoom.is_whole and self.extent() is not None:
            low, high = self.part()
            self.set_foot(in_view(f"p(y=1) {low:.3g}–{high:.3g}", words, width))
        before = self.session.before
        if before is None or width < LEAST[0] or height < LEAST[1]:
            plot.show(self._frame(view, width, height))
            return
        each = (width - GAP) // 2  # the same for both: so is their scale
        scale = self._scale([before, view], each)
        titles = (self._title("before", before, each), self._title("after", view, each))
        frames = [self._frame(one, each, height - 1, scale) for one in (before, view)]
        plot.show(beside(frames[0], frames[1], titles, each))

    def _scale(self, views: list[RunView], width: int) -> Scale | None:
        """One axis for all of them."""
        found = [one.shown.histogram for one in views if one.shown is not None]
        names = many_classes(self.context.poller.view.problem)
        return common_scale(found, names, columns=lay_out(width, 9).columns, part=self.part())

    def _frame(self, view: RunView, width: int, height: int, scale: Scale | None = None) -> Frame:
        """The histogram of one run, or its shares."""
        return predictions_frame(
            None if view.shown is None else view.shown.histogram,
            many_classes(view.problem),
            width=width,
            height=height,
            threshold=self._threshold(view),
            part=self.part(),
            scale=scale,
            ascii_only=self.glyphs.ascii_only,
            empty="no predictions yet",
        )

    def _title(self, when: str, view: RunView, width: int) -> str:
        """``before: every row 1``, as much of it as there is room for."""
        words, measurement = when, view.shown
        if measurement is not None:
            part = measurement.majority_share
            rows = "every row" if part >= 1 else share(part)
            words = f"{when}: {rows} predicted {label_name(measurement, view.problem)}"
        return words if columns(words) <= width else when

    def _threshold(self, view: RunView) -> float | None:
        """That of a run at the epoch that is shown, as a number; unknown until its rows are."""
        run = view.run
        config = self.session.config if run is None else run.config
        if view.past is not None:
            config = config_at(config, view.changes, view.past.epoch)
        if run is not None and run.problem is not None:
            return threshold_of(config, run.problem.train_base_rate)
        return None if isinstance(config.threshold, str) else config.threshold


def beside(left: Frame, right: Frame, titles: tuple[str, str], width: int) -> Frame:
    """One frame of both under their titles; the left one has ``width`` columns, and its title at most."""
    heads: list[Line] = [((text, "note"),) for text in titles]
    pairs = zip([heads[0], *left], [heads[1], *right], strict=True)
    return [(*one, (" " * (width - columns(plain_text(one)) + GAP), ""), *other) for one, other in pairs]
