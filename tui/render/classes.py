"""What is told class by class: the commonest prediction, recalls, weights, the confusion table."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.store import ProblemFacts, SnapshotRow
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.classes import is_binary
from lrtui.datasets.text import safe, width
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import number, share
from lrtui.tui.render.wrapping import fit, pad

NAME = 40  # columns of the name of a class in a sentence, or of a feature
BESIDE = 14  # columns of the name of a class before its row
HEAD = 3  # columns of a name above a column, at the least
CLASS = 12  # columns of the name of a class, or of a number below it, where there is much room
ACROSS = 5  # classes side by side
RECALLS = 12  # classes told of in one line
TABLE = 20  # classes whose confusion table is printed
Row = tuple[str, str]
"""A label and its value."""


def many_classes(problem: ProblemFacts | None) -> tuple[str, ...]:
    """The names of the classes where there are more than two, else nothing."""
    return tuple(problem.class_names) if problem is not None and not is_binary(problem.classes) else ()


def majority(measurement: Measurement, problem: ProblemFacts | None = None) -> str:
    """The commonest prediction in words: ``97 % of the test rows are predicted 0``."""
    label, part = label_name(measurement, problem), "test" if problem is None else problem.part
    if measurement.majority_share >= 1:
        return f"every {part} row is predicted {label}"
    return f"{share(measurement.majority_share)} of the {part} rows are predicted {label}"


def label_name(measurement: Measurement, problem: ProblemFacts | None) -> str:
    """The commonest prediction: its number of two classes, its name of more."""
    label = measurement.majority_label
    names = many_classes(problem)
    return safe(names[label], NAME) if names else str(label)


def always(problem: ProblemFacts | None, glyphs: Glyphs, room: int = NAME) -> str:
    """What accuracy is held against: ``always 1``, the training part's commonest class for every row."""
    if problem is None:
        return "always one class"
    names, label = many_classes(problem), problem.train_commonest
    return f"always {fit(glyphs.safe(names[label], NAME), room, glyphs.ellipsis) if names else label}"


def base_rate(problem: ProblemFacts | None, measurement: Measurement) -> str:
    """How many of the test rows are 1, as the end of a sentence about predictions.

    Of more than two classes it tells of the one that is predicted most.
    """
    if problem is None or not problem.test_rows:
        return ""
    if problem.test_counts is not None:
        have = problem.test_counts[measurement.majority_label] / problem.test_rows
        return f"; {share(have)} of them are {label_name(measurement, problem)}"
    return f"; {share(problem.test_positive / problem.test_rows)} of them are 1"


def recalls(found: Measurement) -> list[str]:
    """The share of each class's test rows that is predicted right; a dash where no test row is of it."""
    return [number(row[place] / sum(row) if sum(row) else None, 3) for place, row in enumerate(found.table)]


def recall_rows(found: Measurement, names: Sequence[str], glyphs: Glyphs) -> list[Row]:
    """``recall setosa`` and how large it is, for each class."""
    pairs = zip(names, recalls(found), strict=False)
    return [(f"recall {glyphs.safe(name, BESIDE)}", value) for name, value in pairs]


def recall_sentence(found: Measurement, names: Sequence[str], glyphs: Glyphs) -> str:
    """``setosa 1.000, virginica 0.900``."""
    pairs = zip(names, recalls(found), strict=True)
    parts = [f"{glyphs.safe(name, NAME)} {value}" for name, value in pairs]
    more = len(parts) - RECALLS
    return ", ".join(parts[:RECALLS]) + (f" and {more} more" if more > 0 else "")


def weight_lines(
    problem: ProblemFacts, features: Sequence[str], newest: SnapshotRow, glyphs: Glyphs
) -> list[str]:
    """A line for each feature, the heaviest first, and the bias: a column, or one for each class."""
    found = newest.by_class(problem.classes)
    order = sorted(range(len(features)), key=lambda i: -max(abs(theta[i]) for theta in found))
    if not many_classes(problem):
        return _columns(features, order, found, glyphs)
    lines = []
    for first in range(0, len(found), ACROSS):
        names = problem.class_names[first : first + ACROSS]
        heads = "".join(f" {pad(glyphs.safe(name, CLASS), CLASS, right=True)}" for name in names)
        lines += [*([""] if first else []), f"  {'':<{NAME}}{heads}"]
        lines += _columns(features, order, found[first : first + ACROSS], glyphs)
    return lines


def _columns(
    features: Sequence[str], order: Sequence[int], found: Sequence[Sequence[float]], glyphs: Glyphs
) -> list[str]:
    """Weights and biases, each class in its column."""
    rows = [(pad(glyphs.safe(features[i], NAME), NAME), i) for i in order]
    return [
        f"  {name}" + "".join(f" {theta[i]:>{CLASS}.5g}" for theta in found)
        for name, i in [*rows, (f"{'bias':<{NAME}}", -1)]
    ]


def confusion_lines(
    found: Measurement, names: Sequence[str], room: int, height: int, glyphs: Glyphs
) -> list[str] | None:
    """A row for each true class, a column for each predicted one; ``None`` where that finds no room."""
    table = found.table
    if height < len(table) + 1 or len(names) != len(table):
        return None
    shown = [glyphs.safe(name, BESIDE) for name in names]
    first = max(len("true"), *(width(name) for name in shown)) + 2
    cell = max(HEAD, *(len(f"{count:,}") for row in table for count in row)) + 1
    widest = (room - first - 1) // len(table)
    if widest < cell:
        return None
    cell = min(widest, max(cell, *(width(name) + 1 for name in shown)))
    return _table(" true", [f" {name}" for name in shown], table, first, cell, glyphs.ellipsis)


def confusion_report(found: Measurement, names: Sequence[str], glyphs: Glyphs) -> list[str]:
    """The same with as much room as it needs, and a title; of very many classes nothing."""
    if len(names) > TABLE or found.classes != len(names):
        return []
    shown = [f"  {glyphs.safe(name, CLASS)}" for name in names]
    title = "test rows by class, and across by prediction"
    return ["", title, *_table("", shown, found.table, CLASS + 2, CLASS + 1, glyphs.ellipsis)]


def _table(
    corner: str, names: Sequence[str], table: Sequence[Sequence[int]], first: int, cell: int, ellipsis: str
) -> list[str]:
    """Counts in cells, below and beside the indented names."""
    heads = (pad(fit(name.lstrip(), cell - 1, ellipsis), cell, right=True) for name in names)
    lines = [pad(corner, first) + "".join(heads)]
    for name, row in zip(names, table, strict=True):
        lines.append(pad(name, first) + "".join(f"{count:>{cell},}" for count in row))
    return lines
