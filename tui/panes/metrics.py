"""The numbers: losses, accuracy beside the base rate's, balanced accuracy, AUC, the confusion table."""

from __future__ import annotations

from itertools import zip_longest

from textual.app import RenderResult
from textual.content import Content

from lrtui.core.store import Run
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import width as in_room
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane, line, lines
from lrtui.tui.panes.confusion import Row, confusion_lines, recall_rows
from lrtui.tui.text import clock, number, speed


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
        return max(0, len(self._lines()) - self.content_size[1])

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self._top = min(max(self._top + by, 0), self._hidden)
        self.refresh()

    def render(self) -> RenderResult:
        """The part of the page that is in view."""
        height = self.content_size[1]
        if height < 1:
            return Content("")
        shown = self._lines()
        top = min(self._top, max(0, len(shown) - height))
        return lines(map(line, shown[top : top + height]))

    def _lines(self) -> list[str]:
        """The whole page: of more than two classes the confusion table too, beside or below the numbers."""
        view, (width, height) = self.dashboard.watcher.view, self.content_size
        found, rows = view.measurement, table(view.run, view.measurement)
        if found is None or view.problem is None or view.classes <= 2:
            return in_columns(rows, width, height)
        names = view.problem.class_names
        if beside := confusion_lines(found, names, width - self.COLUMN, height, self.glyphs):
            left = in_columns(rows, self.COLUMN, len(rows))
            pairs = zip_longest(left, beside, fillvalue="")
            return [f"{numbers:<{self.COLUMN}}{row}" for numbers, row in pairs]
        least = in_columns(rows, width, 1)
        if below := confusion_lines(found, names, width, height - len(least), self.glyphs):
            above = in_columns(rows, width, height - len(below))
            return [*above, *[""] * min(1, height - len(above) - len(below)), *below]
        return in_columns(rows + recall_rows(found, names, self.glyphs), width, height)


def in_columns(rows: list[Row], width: int, height: int) -> list[str]:
    """The rows column by column, in as many as there is room for and need of; values are right-aligned."""
    columns = max(1, min(width // MetricsPane.COLUMN, -(-len(rows) // max(height, 1))))
    per_column, cell = -(-len(rows) // columns), width // columns
    found = []
    for index in range(per_column):
        text = ""
        for label, value in rows[index::per_column]:
            gap = cell - 2 - in_room(label) - len(value)
            text += f" {label}{' ' * max(1, gap)}{value} "
        found.append(text)
    return found


def table(run: Run | None, found: Measurement | None) -> list[Row]:
    """Every number with its label; a dash where there is none yet."""
    epoch = "–" if run is None else f"{run.epoch:,}"

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
        *_counts(found),
        ("gradient norm", value("gradient_norm")),
        ("weight norm", value("weight_norm")),
    ]


def _counts(found: Measurement | None) -> list[Row]:
    """The confusion table of two classes; that of more has a place of its own."""
    if found is not None and found.classes > 2:
        return []
    counts = ["–"] * 4 if found is None else [f"{count:,}" for count in found.confusion]
    true_negative, false_positive, false_negative, true_positive = counts
    return [
        ("true positives", true_positive),
        ("false positives", false_positive),
        ("true negatives", true_negative),
        ("false negatives", false_negative),
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
