"""A pane that is a plot."""

from __future__ import annotations

from abc import abstractmethod

from textual.app import ComposeResult

from lrtui.tui.panes.base import Pane
from lrtui.tui.plots.view import PlotView


class PlotPane(Pane):
    """Draws anew whenever there is something new, or other room; what is too small stays as it is."""

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield PlotView()

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.update()

    def update(self) -> None:
        """Draw the present state, where there is room."""
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width >= 4 and height >= 2:
            self.draw(plot, width, height)

    @abstractmethod
    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Show a frame of this size."""
        ...
