"""The numbers: losses, accuracy beside the base rate's, balanced accuracy, AUC, confusion counts."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content

from lrtui.core.store import Run
from lrtui.core.training.measurement import Measurement
from lrtui.tui.panes.base import Pane, line, lines
from lrtui.tui.text import clock, number, speed

Row = tuple[str, str]


class MetricsPane(Pane):
    """Label and value, in as many columns as there is room for."""

    NUMBER = 5
    NAME = "metrics"
    COLUMN = 25

    def render(self) -> RenderResult:
        """The table, column by column; values are right-aligned and keep their places."""
        view = self.dashboard.watcher.view
        rows = table(view.run, view.measurement)
        width, height = self.content_size
        if height < 1:
            return Content("")
        columns = max(1, min(width // self.COLUMN, -(-len(rows) // height)))
        per_column = -(-len(rows) // columns)
        cell = width // columns
        shown = []
        for index in range(min(per_column, height)):
            text = ""
            for label, value in rows[index::per_column]:
                gap = cell - 2 - len(label) - len(value)
                text += f" {label}{' ' * max(1, gap)}{value} "
            shown.append(line(text))
        return lines(shown)


def table(run: Run | None, found: Measurement | None) -> list[Row]:
    """Every number with its label; a dash where there is none yet."""
    epoch = "–" if run is None else f"{run.epoch:,}"
    negative = positive = "–"
    if found is not None:
        true_negative, false_positive, false_negative, true_positive = found.confusion
        negative = f"{true_negative:,} | {false_positive:,}"
        positive = f"{false_negative:,} | {true_positive:,}"

    def value(name: str, digits: int = 4) -> str:
        return "–" if found is None else number(getattr(found, name), digits)

    return [
        ("epoch", epoch),
        ("epochs/s", "–" if run is None else speed(run)),
        ("time", "–" if run is None else clock(run.seconds)),
        ("train loss", value("train_loss")),
        ("test loss", value("test_loss")),
        ("accuracy", value("test_accuracy", 3)),
        ("base-rate accuracy", value("base_accuracy", 3)),
        ("balanced accuracy", value("test_balanced_accuracy", 3)),
        ("ROC AUC", value("test_auc", 3)),
        ("true 0: as 0 | 1", negative),
        ("true 1: as 0 | 1", positive),
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
