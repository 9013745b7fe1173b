"""What ``lrtui train`` and ``lrtui show`` say class by class: recalls, weights, the confusion table."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.store import ProblemFacts, SnapshotRow
from lrtui.core.training.measurement import Measurement
from lrtui.tui.cli.printing import shown
from lrtui.tui.text import number, pad

NAME = 40  # columns of the name of a feature
CLASS = 12  # columns of the name of a class, or of a number below it
ACROSS = 5  # classes side by side
RECALLS = 12  # classes told of in one line
TABLE = 20  # classes whose confusion table is printed


def recalls(found: Measurement, problem: ProblemFacts) -> str:
    """``setosa 1.000, virginica 0.900``: the share of each class's test rows that is predicted right."""
    parts = []
    for place, (name, row) in enumerate(zip(problem.class_names, found.table, strict=True)):
        have = sum(row)
        parts.append(f"{shown(name, NAME)} {number(row[place] / have if have else None, 3)}")
    more = len(parts) - RECALLS
    return ", ".join(parts[:RECALLS]) + (f" and {more} more" if more > 0 else "")


def weight_lines(problem: ProblemFacts, newest: SnapshotRow) -> list[str]:
    """A line for each feature, the heaviest first, and the bias: a column, or one for each class."""
    found = newest.by_class(problem.classes)
    order = sorted(range(len(problem.feature_names)), key=lambda i: -max(abs(theta[i]) for theta in found))
    if problem.classes <= 2:
        return _columns(problem, order, found)
    lines = []
    for first in range(0, len(found), ACROSS):
        names = problem.class_names[first : first + ACROSS]
        heads = "".join(f" {pad(shown(name, CLASS), CLASS, right=True)}" for name in names)
        lines += [*([""] if first else []), f"  {'':<{NAME}}{heads}"]
        lines += _columns(problem, order, found[first : first + ACROSS])
    return lines


def _columns(problem: ProblemFacts, order: Sequence[int], found: Sequence[Sequence[float]]) -> list[str]:
    """Weights and biases, each class in its column."""
    rows = [(pad(shown(problem.feature_names[i], NAME), NAME), i) for i in order]
    return [
        f"  {name}" + "".join(f" {theta[i]:>{CLASS}.5g}" for theta in found)
        for name, i in [*rows, (f"{'bias':<{NAME}}", -1)]
    ]


def confusion_lines(problem: ProblemFacts, found: Measurement) -> list[str]:
    """Test rows by their class (down) and by prediction (across); of very many classes nothing."""
    names = [shown(name, CLASS) for name in problem.class_names]
    if len(names) > TABLE or found.classes != len(names):
        return []
    heads = "".join(f" {pad(name, CLASS, right=True)}" for name in names)
    lines = ["", "test rows by class, and across by prediction", f"  {'':<{CLASS}}{heads}"]
    for name, row in zip(names, found.table, strict=True):
        lines.append(f"  {pad(name, CLASS)}" + "".join(f" {count:>{CLASS},}" for count in row))
    return lines
