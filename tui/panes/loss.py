"""Training and test loss over the epochs, drawn live."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive

from lrtui.core.config import format_value, knob
from lrtui.core.store import Change, Run
from lrtui.tui.panes.base import Pane
from lrtui.tui.plots.loss import loss_frame, loss_legend
from lrtui.tui.plots.view import PlotView


class LossPane(Pane):
    """The losses, and a mark wherever a hyperparameter was changed."""

    NUMBER = 3
    NAME = "loss"
    log_scale = reactive(False)

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield PlotView()

    def watch_log_scale(self) -> None:
        """Draw anew."""
        if self.is_mounted:
            self.update()

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.update()

    def update(self) -> None:
        """Draw what has been trained so far."""
        view = self.dashboard.watcher.view
        run = view.run
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width < 4 or height < 2:
            return
        ascii_only = self.glyphs.ascii_only
        epochs = self.desk.config.epochs if run is None else run.config.epochs
        epoch = 0 if run is None else run.epoch
        self.set_title(f"epoch {epoch:,}/{epochs:,}", "log" if self.log_scale else "")
        before = self.desk.before
        self.border_subtitle = Content(loss_legend(ascii_only=ascii_only, ghosts=before is not None))
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
                marks=[(c.epoch, self._label(c)) for c in view.changes if c.field != "epochs"],
                ghosts=[] if before is None else [before.curve],
                total_epochs=epochs,
                ascii_only=ascii_only,
                empty=self._empty(run),
            )
        )

    @staticmethod
    def _empty(run: Run | None) -> str:
        """What stands in the middle while there is no curve."""
        if run is None:
            return "Space starts training"
        return "waiting for the first epoch" if run.status.live else "no epoch was trained"

    def _label(self, change: Change) -> str:
        """``lr 0.1→0.01``."""
        name = change.field if change.field == "lr" else knob(change.field).label
        old, new = format_value(change.field, change.old), format_value(change.field, change.new)
        return f"{name} {old}{self.glyphs.arrow}{new}"
