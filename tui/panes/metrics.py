"""The numbers: losses, accuracy beside that of one answer to all, AUC, the confusion table."""

from __future__ import annotations

from lrtui.tui.panes.scrolling import ScrollingPane, scroll_keys
from lrtui.tui.render.metrics import metric_lines
from lrtui.tui.render.wrapping import Line


class MetricsPane(ScrollingPane):
    """Label and value, in as many columns as there is room for; up and down scroll where it is little."""

    NAME = "metrics"
    BINDINGS = scroll_keys(NAME)

    def page(self) -> list[Line]:
        """The whole page."""
        view, (width, height) = self.context.poller.view, self.content_size
        past = None if view.past is None else view.past.epoch
        texts = metric_lines(view.run, view.shown, width, height, self.glyphs, past)
        return [(text,) for text in texts]
