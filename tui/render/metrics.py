"""The numbers of a run: losses, accuracy beside the base rate's, AUC, the confusion table."""

from __future__ import annotations

from itertools import zip_longest

from lrtui.core.store import Run
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.classes import is_binary
from lrtui.datasets.text import width as columns_of
from lrtui.tui.render.classes import Row, confusion_lines, many_classes, recall_rows
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import clock, number, speed

COLUMN = 25  # columns of the screen for a label and its value


def metric_lines(
    run: Run | None, found: Measurement | None, width: int, height: int, glyphs: Glyphs
) -> list[str]:
    """The whole page: of more than two classes the confusion table too, beside or below the numbers."""
    rows = metric_rows(run, found)
    names = many_classes(None if run is None else run.problem)
    if found is None or not names:
        return in_columns(rows, width, height)
    if beside := confusion_lines(found, names, width - COLUMN, height, glyphs):
        left = in_columns(rows, COLUMN, len(rows))
        pairs = zip_longest(left, beside, fillvalue="")
        return [f"{numbers:<{COLUMN}}{row}" for numbers, row in pairs]
    least = in_columns(rows, width, 1)
    if below := confusion_lines(found, names, width, height - len(least), glyphs):
        above = in_columns(rows, width, height - len(below))
        return [*above, *[""] * min(1, height - len(above) - len(below)), *below]
    return in_columns(rows + recall_rows(found, names, glyphs), width, height)


def in_columns(rows: list[Row], width: int, height: int) -> list[str]:
    """The rows column by column, in as many as there is room for and need of; values are right-aligned."""
    columns = max(1, min(width // COLUMN, -(-len(rows) // max(height, 1))))
    per_column, cell = -(-len(rows) // columns), width // columns
    found = []
    for index in range(per_column):
        text = ""
        for label, value in rows[index::per_column]:
            gap = cell - 2 - columns_of(label) - len(value)
            text += f" {label}{' ' * max(1, gap)}{value} "
        found.append(text)
    return found


def metric_rows(run: Run | None, found: Measurement | None) -> list[Row]:
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
    if found is not None and not is_binary(found.classes):
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
