"""The numbers of a run: losses, accuracy beside that of one answer to all, AUC, the confusion table."""

from __future__ import annotations

from itertools import zip_longest

from lrtui.core.store import Run
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.classes import is_binary
from lrtui.datasets.text import width as columns_of
from lrtui.tui.render.classes import Row, always, confusion_lines, many_classes, recall_rows
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import clock, number, speed
from lrtui.tui.render.wrapping import fit

COLUMN = 25  # columns of the screen for a label and its value
CLASS = 10  # columns of the name of a class


def metric_lines(
    run: Run | None,
    found: Measurement | None,
    width: int,
    height: int,
    glyphs: Glyphs,
    past: int | None = None,
) -> list[str]:
    """The whole page: of more than two classes the confusion table too, beside or below the numbers.

    ``past`` is the epoch that they are of, where a person went back to it.
    """
    rows = metric_rows(run, found, glyphs, past)
    names = many_classes(None if run is None else run.problem)
    if found is None or not names:
        return in_columns(rows, width, height, glyphs)
    if beside := confusion_lines(found, names, width - COLUMN, height, glyphs):
        left = in_columns(rows, COLUMN, len(rows), glyphs)
        pairs = zip_longest(left, beside, fillvalue="")
        return [f"{numbers:<{COLUMN}}{row}" for numbers, row in pairs]
    least = in_columns(rows, width, 1, glyphs)
    if below := confusion_lines(found, names, width, height - len(least), glyphs):
        above = in_columns(rows, width, height - len(below), glyphs)
        return [*above, *[""] * min(1, height - len(above) - len(below)), *below]
    return in_columns(rows + recall_rows(found, names, glyphs), width, height, glyphs)


def in_columns(rows: list[Row], width: int, height: int, glyphs: Glyphs) -> list[str]:
    """The rows column by column, in as many as there is room for and need of; values are right-aligned."""
    columns = max(1, min(width // COLUMN, -(-len(rows) // max(height, 1))))
    per_column, cell = -(-len(rows) // columns), width // columns
    found = []
    for index in range(per_column):
        text = ""
        for label, value in rows[index::per_column]:
            label = fit(label, max(cell - 3 - len(value), 1), glyphs.ellipsis)
            gap = cell - 2 - columns_of(label) - len(value)
            text += f" {label}{' ' * max(1, gap)}{value} "
        found.append(text)
    return found


def metric_rows(
    run: Run | None, found: Measurement | None, glyphs: Glyphs, past: int | None = None
) -> list[Row]:
    """Every number with its label; a dash where there is none yet."""
    epoch = "–" if run is None else f"{run.epoch:,}"
    if run is not None and run.watched:
        return _script_rows(run, found, glyphs)

    def value(name: str, digits: int = 4) -> str:
        return "–" if found is None else number(getattr(found, name), digits)

    shown = _shown(run, past)
    return [
        ("epoch", epoch),
        *([] if shown is None else [(f"shown: {shown[0]}", f"{shown[1]:,}")]),
        ("epochs/s", "–" if run is None else speed(run)),
        ("time", "–" if run is None else clock(run.seconds)),
        ("train loss", value("train_loss")),
        ("test loss", value("test_loss")),
        ("accuracy", value("test_accuracy", 3)),
        (always(None if run is None else run.problem, glyphs, CLASS), value("base_accuracy", 3)),
        ("balanced accuracy", value("test_balanced_accuracy", 3)),
        ("ROC AUC", value("test_auc", 3)),
        *_counts(found),
        ("gradient norm", value("gradient_norm")),
        ("weight norm", value("weight_norm")),
    ]


def _shown(run: Run | None, past: int | None) -> tuple[str, int] | None:
    """Which epoch the numbers are of where it is not the last: that in words, and by its number."""
    if past is not None:
        return "epoch", past
    best = None if run is None else run.shown_best
    return None if best is None else ("best epoch", best.epoch)


def _script_rows(run: Run, found: Measurement | None, glyphs: Glyphs) -> list[Row]:
    """What is known of a script: of the labels that it makes, or while it runs of its newest batches."""

    def value(name: str, digits: int = 4) -> str:
        return "–" if found is None else number(getattr(found, name), digits)

    return [
        ("steps", f"{run.epoch:,}"),
        ("time", clock(run.seconds)),
        ("loss", value("train_loss")),
        ("accuracy", value("test_accuracy", 3)),
        (always(run.problem, glyphs, CLASS), value("base_accuracy", 3)),
        ("balanced accuracy", value("test_balanced_accuracy", 3)),
        *_counts(found),
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


def summary(
    run: Run | None, found: Measurement | None, width: int, glyphs: Glyphs, past: int | None = None
) -> str:
    """The same in one line, for a screen without room for the pane."""
    if run is None or found is None:
        return ""
    if run.watched:
        rows = _script_rows(run, found, glyphs)[2:6]
        return "   ".join(f"{label} {text}" for label, text in rows)[: max(width, 0)]
    shown = _shown(run, past)
    parts = [
        *([] if shown is None else [f"{shown[0]} {shown[1]:,}"]),
        f"loss {number(found.train_loss, 3):>6} / {number(found.test_loss, 3):>6}",
        f"accuracy {number(found.test_accuracy, 2)} "
        f"({always(run.problem, glyphs, CLASS)}: {number(found.base_accuracy, 2)})",
        f"AUC {number(found.test_auc, 3)}",
        f"{speed(run):>7} epochs/s",
    ]
    while len("   ".join(parts)) > width - 2 and len(parts) > 1:
        parts.pop()
    return "   ".join(parts)
