"""The numbers: losses, accuracy beside the base rate's, balanced accuracy, AUC, confusion counts."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content

from lrtui.core.store import Run
from lrtui.core.training.measurement import Measurement
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane, line, lines
from lrtui.tui.text import clock, number, speed

Row = tuple[str, str]


class MetricsPane(Pane):
    """Label and value, in as many columns as there is room for; up and down scroll where it is little."""

    NUMBER = 5
    NAME = "metrics"
    COLUMN = 25
    BINDINGS = [
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="metrics.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="metrics.down"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._top = 0

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to scroll while everything is in view."""
        return action != "scroll" or self._hidden > 0

    @property
    def _hidden(self) -> int:
        """Lines that find no room."""
        width, height = self.content_size
        rows = len(table(None, None))
        return max(0, -(-rows // self._columns(width, height, rows)) - height)

    def _columns(self, width: int, height: int, rows: int) -> int:
        return max(1, min(width // self.COLUMN, -(-rows // max(height, 1))))

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self._top = min(max(self._top + by, 0), self._hidden)
        self.refresh()

    def render(self) -> RenderResult:
        """The table, column by column; values are right-aligned and keep their places."""
        view = self.dashboard.watcher.view
        rows = table(view.run, view.measurement)
        width, height = self.content_size
        if height < 1:
            return Content("")
        columns = self._columns(width, height, len(rows))
        per_column = -(-len(rows) // columns)
        cell = width // columns
        shown = []
        top = min(self._top, self._hidden)
        for index in range(top, min(per_column, top + height)):
            text = ""
            for label, value in rows[index::per_column]:
                gap = cell - 2 - len(label) - len(value)
                text += f" {label}{' ' * max(1, gap)}{value} "
            shown.append(line(text))
        return lines(shown)


def table(run: Run | None, found: Measurement | None) -> list[Row]:
    """Every number with its label; a dash where there is none yet."""
    epoch = "–" if run is None else f"{run.epoch:,}"
    counts = ["–"] * 4 if found is None else [f"{count:,}" for count in found.confusion]
    true_negative, false_positive, false_negative, true_positive = counts

    def value(name: str, digits: int = 4) -> str:
        return "–" if found is None else number(getattr(found, name), digits)

    return [
        ("epoch", epoch),
        ("epochs/s", "–" if run is None else speed(run)),
        ("time", "–" if run is None else clock(run.seconds)),
        ("train loss", value("train_loss")),
        ("test loss", value("test_loss")),
        ("accuracy", value("test_accuracy", 3)),
        ("base accuracy", value("base_accuracy", 3)),
        ("balanced accuracy", value("test_balanced_accuracy", 3)),
        ("ROC AUC", value("test_auc", 3)),
        ("true positives", true_positive),
        ("false positives", false_positive),
        ("true negatives", true_negative),
        ("false negatives", false_negative),
        ("gradient norm", value("gradient_norm")),
        ("weight norm", value("weight_norm")),
    ]


def summary(run: Run | None, found: Measurement | None, width: int) -> str:
    """The same in one line, for a screen without room for the pane."""
    if run is None or found is None:
        return ""
    parts = [
        f"loss {number(found.train_loss, 3):>6} / {number(found.test_loss, 3):>6}",
        f"accuracy {number(found.test_accuracy, 2)} (base {number(found.base_accuracy, 2)})",
        f"AUC {number(found.test_auc, 3)}",
        f"{speed(run):>7} epochs/s",
    ]
    while len("   ".join(parts)) > width - 2 and len(parts) > 1:
        parts.pop()
    return "   ".join(parts)
