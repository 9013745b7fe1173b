"""Rows that are all (nearly) the same, and of which nothing can be learned."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.figures import finite, percent, short
from lrtui.core.doctor.quantities.signal import learned
from lrtui.core.doctor.view import View, rows_as_bytes
from lrtui.datasets.array_types import Floats

REPEATED = 0.9  # share of the rows that repeat another
COPIED = 0.5  # the same, where copies never differ in their label
FEW = 2  # distinct rows a parameter; 5 where they are plain copies
STEPS = 8  # of float32, in which a column's numbers are stored: what varies by less says nothing


def diversity(X: Floats) -> tuple[int, float, int]:
    """Of rows X (n, p): how many differ, the share that repeats one, columns of one value."""
    distinct = _distinct(X) if X.shape[1] else 1
    return distinct, 1 - distinct / len(X), int((np.ptp(X, axis=0) == 0).sum())


def rounded(X: Floats) -> Floats:
    """Rows X (n, p), in which numbers that differ by no more than float32 can tell are the same number.

    The unit is a step of a column's largest number, and at least of the middle one of these: a column that
    is nearly zero all the way stands beside others.
    """
    largest = np.abs(X).max(axis=0, initial=0.0)
    size = np.maximum(largest, np.median(largest)) if len(largest) else largest
    units = STEPS * float(np.finfo(np.float32).eps) * size
    return np.column_stack([_merged(*one) for one in zip(X.T, units, strict=True)]) if len(units) else X


def _merged(column: Floats, unit: float) -> Floats:
    """A column (n,) whose groups of numbers within ``unit`` are each one; numbers without gaps stay."""
    order = np.argsort(column, kind="stable")
    ascending = column[order]
    starts = np.flatnonzero(np.diff(ascending, prepend=-np.inf) > unit)
    ends = np.append(starts[1:], len(column)) - 1
    if (ascending[ends] - ascending[starts] > 2 * unit).any():
        return column
    found = np.empty_like(column)
    found[order] = np.repeat(ascending[starts], ends - starts + 1)
    return found


def _distinct(X: Floats) -> int:
    return len(np.unique(rows_as_bytes(X)))


def _as_recorded(case: Case) -> Floats:
    """The training rows as they were before scaling, which blows up whatever little there is."""
    problem, dataset, train = case.analysis.problem, case.lab.dataset, case.analysis.train
    if dataset is None:
        return train.X[:, :-1]
    kept = np.linspace(0, len(problem.train_rows) - 1, train.rows).astype(np.int64)
    return problem.features.encoding.take(dataset.X[problem.train_rows[kept]])


def _repeated(case: Case) -> Found | None:
    train = case.analysis.train
    X = _as_recorded(case)
    exact, (distinct, repeated, constant) = diversity(X), diversity(rounded(X))
    p = X.shape[1]
    few = repeated >= REPEATED and distinct <= FEW * (p + 1)
    copied = repeated >= COPIED and distinct < min(5 * (p + 1), 100) and _no_label_differs(X, train)
    if not (few or copied or constant == p) or _anything_is_learned(case):
        return None
    evidence = finite(
        rows=train.rows, distinct_rows=distinct, repeated_share=repeated, constant_columns=constant
    )
    if constant == p and exact[2] == p:
        sentence = "Every column holds one and the same value, so no row differs from another."
    elif constant == p:
        spread = float(np.max(np.ptp(X, axis=0)))
        evidence["largest_spread"] = spread
        sentence = (
            f"No column varies by more than {short(spread)}, which is too little beside the size of its "
            "numbers: all rows are as good as the same row, and what is left says nothing about the labels."
        )
    else:
        sentence = (
            f"Of {short(train.rows)} training rows only {short(distinct)} differ: {percent(repeated)} "
            "repeat another. No model, straight or curved, tells the labels by them better than chance."
        )
    advice = " No setting helps: collect rows that differ, or columns that tell the repeated ones apart."
    return Found(sentence + advice, evidence, settles=Health.UNLEARNABLE)


def _no_label_differs(X: Floats, train: View) -> bool:
    """Whether rows that repeat another have its label too: they are no observations."""
    return _distinct(np.column_stack([X, train.y])) == _distinct(X)


def _anything_is_learned(case: Case) -> bool:
    """Whether the run answers rows that it has not seen better than chance, or any model here would."""
    if learned(case.run.measured.table, case.analysis.test, case.run.theta):
        return True
    return case.analysis.unlearnable is None


NO_DIVERSITY = RunCause("no-diversity", "Data without diversity", Stage.DATA, rank=10, ask=_repeated)
