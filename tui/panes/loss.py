"""Training and test loss over the epochs, drawn live."""

from __future__ import annotations

from textual.reactive import reactive

from lrtui.core.config import Change, change_text, knob
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.look_back import past_words
from lrtui.tui.panes.plot import PlotPane, in_view, zoom_keys
from lrtui.tui.plots.loss import loss_frame, loss_legend
from lrtui.tui.plots.view import PlotView
from lrtui.tui.render.key_names import key_name

NO_END = 10**9  # steps: nobody knows how many a script will take
LEAST = 10  # epochs, or as many points of a long run, that are always in view


class LossPane(PlotPane):
    """The losses, and a mark wherever a hyperparameter was changed."""

    NAME = "loss"
    BINDINGS = [
        bind("l", "app.log_scale", "log", tooltip="log or linear scale", id="loss.scale"),
        *zoom_keys(NAME),
    ]
    log_scale = reactive(False)

    def __init__(self, context: Context) -> None:
        super().__init__(context, follows=True)
        self._zoomed: int | None = None  # the run

    def extent(self) -> tuple[float, float, float] | None:
        """From the beginning to the newest epoch, of this run and of the one before its fix."""
        view, before = self.context.poller.view, self.session.before
        newest = max(view.curve.last_epoch, 0 if before is None else before.curve.last_epoch)
        least = LEAST * max(view.curve.bucket_epochs, 1)
        return (0, newest, least) if newest > least else None

    def part(self) -> tuple[int, int] | None:
        """The first and the last epoch in view; nothing while that is the whole."""
        extent = self.extent()
        if extent is None or self.zoom.is_whole:
            return None
        first, last = map(round, self.zoom.part(*extent[:2]))
        return first, last

    def watch_log_scale(self) -> None:
        """Draw anew."""
        if self.is_mounted:
            self.update()

    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Draw what has been trained so far."""
        view = self.context.poller.view
        run = view.run
        if run is None or run.id != self._zoomed:  # the epochs of another run
            self._zoomed = None if run is None else run.id
            self.zoom.reset()
        ascii_only = self.glyphs.ascii_only
        epochs = self.session.config.epochs if run is None else run.config.epochs
        epoch = 0 if run is None else run.epoch
        words = f"epoch {epoch:,}/{epochs:,}"
        empty = f"{key_name('run.space')} starts training"
        if run is not None:
            empty = "waiting for the first epoch" if run.status.live else "no epoch was trained"
        if run is not None and run.watched:
            words, epochs = f"step {epoch:,}", NO_END if run.status.live else max(epoch, 1)
            empty = "waiting for the first step" if run.status.live else "nothing was trained"
        shown, log = past_words(view), "log" if self.log_scale else ""
        shown = f"shown: {shown}" if shown else ""
        fits = len(self.NAME) + sum(len(part) + 3 for part in (words, shown, log)) <= width - 4
        self.set_title(words, shown if fits else "", log)
        before = self.session.before
        part = self.part()
        script = run is not None and run.watched
        legend = loss_legend(ascii_only=ascii_only, ghosts=before is not None, tested=not script)
        of = "steps" if script else "epochs"
        self.set_foot(legend if part is None else in_view(f"{of} {part[0]:,}–{part[1]:,}", legend, width))
        test = list(view.test)
        if view.measurement is not None and (not test or view.measurement.epoch > test[-1][0]):
            test.append((view.measurement.epoch, view.measurement.test_loss))
        plot.show(
            loss_frame(
                view.curve,
                test,
                width=width,
                height=height,
                log=self.log_scale,
                marks=self._marks(),
                ghosts=[] if before is None else [before.curve],
                part=part,
                total_epochs=epochs,
                ascii_only=ascii_only,
                empty=empty,
            )
        )

    def _marks(self) -> list[tuple[int, str]]:
        """What was changed on the way, and which epoch is shown where that is not the last."""
        view = self.context.poller.view
        marks = [(c.epoch, self._label(c)) for c in view.changes if c.field != "epochs"]
        best = None if view.run is None else view.run.shown_best
        if best is not None:
            marks.append((best.epoch, "best"))
        if view.past is not None:
            marks.append((view.past.epoch, "shown"))
        return marks

    def _label(self, change: Change) -> str:
        """``lr 0.1→0.01``."""
        name = change.field if change.field == "lr" else knob(change.field).label
        return f"{name} {change_text(change, self.glyphs.arrow)}"
