"""Training and test loss over the epochs, drawn live."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive

from lrtui.core.config import Change, format_value, knob
from lrtui.tui.panes.plot import PlotPane
from lrtui.tui.plots.loss import loss_frame, loss_legend
from lrtui.tui.plots.view import PlotView


class LossPane(PlotPane):
    """The losses, and a mark wherever a hyperparameter was changed."""

    NUMBER = 3
    NAME = "loss"
    log_scale = reactive(False)

    def watch_log_scale(self) -> None:
        """Draw anew."""
        if self.is_mounted:
            self.update()

    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Draw what has been trained so far."""
        view = self.context.poller.view
        run = view.run
        ascii_only = self.glyphs.ascii_only
        epochs = self.session.config.epochs if run is None else run.config.epochs
        epoch = 0 if run is None else run.epoch
        self.set_title(f"epoch {epoch:,}/{epochs:,}", "log" if self.log_scale else "")
        empty = "Space starts training"
        if run is not None:
            empty = "waiting for the first epoch" if run.status.live else "no epoch was trained"
        before = self.session.before
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
                empty=empty,
            )
        )

    def _label(self, change: Change) -> str:
        """``lr 0.1→0.01``."""
        name = change.field if change.field == "lr" else knob(change.field).label
        old, new = format_value(change.field, change.old), format_value(change.field, change.new)
        return f"{name} {old}{self.glyphs.arrow}{new}"
