"""A pane that is a plot: whole, or zoomed along its axis."""

from __future__ import annotations

from abc import abstractmethod

from textual.app import ComposeResult
from textual.binding import BindingType

from lrtui.datasets.text import width as columns
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane, tidy
from lrtui.tui.plots.view import PlotView
from lrtui.tui.plots.zoom import Zoom


def zoom_keys(name: str) -> list[BindingType]:
    """Closer, farther, along the axis and whole, for the pane of this name."""
    return [
        bind("plus,equals_sign", "zoom(1)", "zoom", key_display="+-", tooltip="zoom in", id=f"{name}.in"),
        bind("minus", "zoom(-1)", "zoom out", show=False, id=f"{name}.out"),
        bind("0", "zoom(0)", "whole", tooltip="the whole plot", id=f"{name}.all"),
        bind("left", "pan(-1)", "move", key_display="←→", tooltip="move left", id=f"{name}.left"),
        bind("right", "pan(1)", "move right", show=False, id=f"{name}.right"),
    ]


def in_view(what: str, legend: str, width: int) -> str:
    """What is in view in words, before the legend where both have room."""
    for words in (f"in view: {what}  {legend}", f"{what}  {legend}"):
        if columns(words) <= width - 2:
            return words
    return what


class PlotPane(Pane):
    """Draws anew whenever there is something new, or other room; what is too small stays as it is."""

    def __init__(self, context: Context, *, follows: bool = False) -> None:
        """``follows``: the end of the axis is where it grows."""
        super().__init__(context)
        self.zoom = Zoom(follows=follows)

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield PlotView()

    def copied(self) -> tuple[str, str]:
        """The plot as it stands."""
        return f"the plot of the {self.NAME}", tidy("\n".join(self.query_one(PlotView).lines))

    def on_plot_view_resized(self) -> None:
        """Draw to the new size."""
        self.update()

    def update(self) -> None:
        """Draw the present state, where there is room."""
        plot = self.query_one(PlotView)
        width, height = plot.frame_size
        if width >= 4 and height >= 2:
            self.draw(plot, width, height)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Of a whole plot there is nothing to go to, and back from."""
        if action == "pan" or (action == "zoom" and parameters != (1,)):
            return not self.zoom.is_whole
        return action != "zoom" or self.extent() is not None

    def action_zoom(self, by: int) -> None:
        """Closer, farther, or the whole."""
        if (extent := self.extent()) is not None:
            self.zoom.step(by, *extent)
            self.refresh_bindings()
            self.update()

    def action_pan(self, by: int) -> None:
        """Along the axis."""
        if (extent := self.extent()) is not None:
            self.zoom.pan(by, *extent[:2])
            self.update()

    @abstractmethod
    def extent(self) -> tuple[float, float, float] | None:
        """The ends of the axis that can be zoomed and the least part of it, where there is one."""
        ...

    @abstractmethod
    def draw(self, plot: PlotView, width: int, height: int) -> None:
        """Show a frame of this size."""
        ...
