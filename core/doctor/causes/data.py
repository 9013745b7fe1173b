"""Data on which no training makes sense as it is (group A), or from which nothing can be learned."""

from __future__ import annotations

from dataclasses import replace
from math import comb

import numpy as np

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import finite, percent, short
from lrtui.core.doctor.diagnosis import Finding
from lrtui.core.doctor.ground import Ground
from lrtui.core.doctor.quantities.diversity import rows_as_bytes
from lrtui.core.doctor.quantities.leakage import strongest
from lrtui.core.doctor.quantities.ranking import aucs
from lrtui.core.doctor.quantities.shift import shift
from lrtui.core.doctor.quantities.signal import Signal, linear_auc, lowest, signal
from lrtui.core.doctor.view import View
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.text import quote

NOTHING = 0.2  # p from which on few rows show nothing at all
LEAK = 0.9999  # AUC of one feature alone
CHANCE = 1e-4  # that a column of noise would do it
LEAK_ELSEWHERE = 0.999  # the same on the test part
APART = 0.01  # that it stands above the next
REPEATED = 0.9  # share of the rows that repeat another
COPIED = 0.5  # the same, where copies never differ in their label
FEW = 2  # distinct rows a parameter; 5 where they are plain copies
MOVED, CHANCES = 0.5, 6.0  # median shift in standard deviations, and over what chance would do
ALPHA = 0.01
IN_SIGHT = 0.85  # an AUC within the interval that would be strong signal, were there rows to prove it
COULD_HIDE = 0.75  # where chance alone reaches such an AUC, little data is the trouble, not no signal


def non_finite(dataset: Dataset) -> Finding | None:
    """Cells of a dataset that hold no finite number."""
    holes = dataset.holes
    if holes is None:
        return None
    worst = int(holes.counts.argmax())
    name = dataset.feature_names[worst]
    columns = int((holes.counts > 0).sum())
    first = dataset.gaps[name].row if name in dataset.gaps else int(holes.first[worst]) + 1
    sentence = (
        f"{short(holes.cells)} cells hold no finite number: they stand in {short(holes.rows)} of "
        f"{short(dataset.n)} "
        f"rows and {columns} of {dataset.p} columns, most in {quote(name)} "
        f"({short(int(holes.counts[worst]))}, the first in row {first}). One NaN makes every weight NaN. "
        "Filled in with the medians of the training part, the run goes through."
    )
    evidence = {"cells": holes.cells, "rows": holes.rows, "columns": columns, "infinite": holes.infinite}
    return Finding(
        "non-finite", "Values that are not finite", sentence, finite(evidence), {"missing": "median"}
    )


def coding(dataset: Dataset) -> Finding | None:
    """Labels that the loss was not made for."""
    values = np.unique(dataset.y)
    if len(dataset.class_names) > 2:
        return None
    if set(values.tolist()) <= {0, 1} or len(values) > 2:
        return None
    low, high = int(values.min()), int(values.max())
    sentence = (
        f"The labels are {low} and {high}, and the loss is made for 0 and 1: with others it has no "
        f"lowest point or the wrong one. Recoded, {low} as 0 and {high} as 1, the run goes through."
    )
    return Finding(
        "target-coding", "Labels that are not 0 and 1", sentence, {"low": float(low), "high": float(high)}
    )


def too_large(largest: float, scaling: str) -> Finding:
    """Numbers that are infinite in float32."""
    sentence = (
        f"The features reach {largest:.1e}, more than float32 can hold (3.4e+38), so training sees "
        f"infinities. With scaling = {scaling} they are numbers again."
    )
    return Finding("unscaled", "Unscaled features", sentence, {"largest": largest}, {"scaling": scaling})


def alone(leakage: Finding) -> Finding:
    """A column that gives the answer away where nothing else says anything."""
    said = (
        f"{leakage.sentence} Nothing shows that the labels depend on any other column, so it is either "
        "a form of "
        "the answer or the one feature that matters; only who knows where it comes from can tell."
    )
    return replace(leakage, sentence=said, fix=None, proved=False)


def no_diversity(ground: Ground) -> Finding | None:
    """Too few different rows or columns to learn from."""
    found, p = ground.diversity, ground.train.X.shape[1] - 1
    constant = len(found.constant)
    few = found.repeated >= REPEATED and found.distinct <= FEW * (p + 1)
    copied = (
        found.repeated >= COPIED
        and found.distinct < 5 * (p + 1)
        and found.distinct < 100
        and _copies_agree(ground)
    )
    if not (few or copied or constant == p):
        return None
    evidence = finite(
        {
            "rows": ground.train.rows,
            "distinct_rows": found.distinct,
            "repeated_share": found.repeated,
            "constant_columns": constant,
        }
    )
    if constant == p:
        sentence = "Every column holds one and the same value, so no row differs from another."
    else:
        sentence = (
            f"Of {short(ground.train.rows)} training rows only {short(found.distinct)} differ: "
            f"{percent(found.repeated)} repeat another. "
            "What those few can teach is learned, and more passes over copies teach nothing new."
        )
    advice = " No setting helps: collect rows that differ, or columns that tell the repeated ones apart."
    return Finding("no-diversity", "Data without diversity", sentence + advice, evidence)


def _copies_agree(ground: Ground) -> bool:
    """Whether rows that repeat another have its label too: then they are copies, not observations."""
    X, y = ground.train.X, ground.train.y
    _, which = np.unique(rows_as_bytes(X), return_inverse=True)
    which = which.ravel()
    labelled = np.unique(np.column_stack([which, y]), axis=0)
    return len(labelled) == int(which.max()) + 1


def leak(case: Case) -> Finding | None:
    """A feature that gives the answer away on its own; ``fix`` drops it. Looked for between two classes."""
    if case.config.features != "linear" or case.classes > 2:
        return None
    origins = case.ground.problem.features.origins
    found = strongest(case.ground.train, origins)
    if found is None or found.auc < LEAK or found.next_auc > found.auc - APART:
        return None
    y, test = case.ground.train.y, case.ground.test
    if _elsewhere(test, found.column) < LEAK_ELSEWHERE:
        return None  # a good column that happens to part these few rows
    if _by_chance(int(y.sum()), len(y), case.ground.train.X.shape[1] - 1) > CHANCE:
        return None
    name = origins[found.column]
    if len(set(origins)) < 2:
        return None
    feature = case.ground.problem.feature_names[found.column]
    by = "" if feature == name else f" as {quote(feature)}"
    sentence = (
        f"The column {quote(name)}{by} alone ranks the classes with an AUC of {found.auc:.4f}; the next "
        "best has "
        f"{found.next_auc:.2f}. So it is likely a form of the answer, which will not be there when the "
        "model is used."
    )
    fix = {"drop_columns": (*case.config.drop_columns, name)}
    evidence = finite({"auc": found.auc, "next_auc": found.next_auc})
    return Finding("leakage", "A column that gives the answer away", sentence, evidence, fix)


def _elsewhere(test: View, column: int) -> float:
    """The AUC of one feature alone on the test part; 1 where that holds one class."""
    if test.y.min() == test.y.max():
        return 1.0
    auc = float(aucs(test.X[:, [column]], test.y)[0])
    return max(auc, 1 - auc)


def _by_chance(ones: int, rows: int, columns: int) -> float:
    """How likely one of so many columns of noise would part the classes: ``2p / C(n, n₁)``."""
    return min(1.0, 2 * columns / comb(rows, ones))


def mismatch(ground: Ground) -> Finding | None:
    """A test part that does not lie where the training part does."""
    found = shift(ground.train, ground.test)
    if found.median < max(MOVED, CHANCES * found.expected):
        return None
    sentence = (
        f"The test part is not like the training part: half of the columns lie {short(found.median)} "
        "standard deviations or more away from where training saw them, where chance would make "
        f"{short(found.expected)}. Scale both parts with what the training part taught, or collect them "
        "the same way; no setting here can mend it."
    )
    evidence = finite({"median_shift": found.median, "expected_shift": found.expected})
    return Finding("train-test-mismatch", "Training and test part differ", sentence, evidence)


def reference_low(ground: Ground) -> float:
    """The lower end of the 99.9 % interval of the reference's AUC on the test part."""
    return lowest(ground.test, ground.reference.theta)


def unlearnable(ground: Ground) -> tuple[Finding | None, Signal | None]:
    """Whether nothing, by any model here, shows that the labels depend on the features."""
    if linear_auc(ground.train)[1] > 0.5 or reference_low(ground) > 0.5:
        return None, None
    found = signal(ground.train)
    if found.p <= ALPHA:
        return None, found
    evidence = finite(
        {"p": found.p, "auc": found.auc, "auc_low": found.low, "auc_high": found.high, "rows": found.rows}
    )
    said = (
        f"on rows that they had not seen, linear and flexible models rank with an AUC of {found.auc:.2f} "
        f"(95 %: {found.low:.2f} to {found.high:.2f}), and labels shuffled at random do as well in "
        f"{percent(found.p)} of the tries"
    )
    no_signal = Finding(
        "no-signal",
        "Labels do not depend on the features",
        f"Nothing shows that the labels depend on these features: {said}. No setting can fix this; "
        "other features, or labels that were recorded right, can.",
        evidence,
    )
    return no_signal, found


def rarer_word(case: Case) -> str:
    """What the class with the fewest rows is called."""
    return "rarer" if case.classes <= 2 else "rarest"


def too_few_to_tell(case: Case, found: Signal) -> Finding:
    """So few rows that neither signal nor its absence can be seen."""
    n, parameters = case.ground.train.rows, case.ground.train.X.shape[1]
    rarer = case.ground.train.rarest
    parameters *= 1 if case.classes <= 2 else case.classes - 1  # those that matter to a prediction
    needed = max(10 * parameters, 50, round(20 * n / max(rarer, 1)))
    evidence = {
        "rows": float(found.rows),
        "rows_per_parameter": n / parameters,
        "auc_by_chance": found.chance,
        "rows_needed": float(needed),
    }
    sentence = (
        f"{n} training rows, {rarer} of the {rarer_word(case)} class, for {parameters} weights are too few "
        "to tell whether there is anything to learn: "
        f"where nothing is, chance alone ranks them with an AUC of up to {found.chance:.2f}. "
        f"Bring some {needed} rows; no setting replaces them."
    )
    return Finding("too-little-data", "Too little data", sentence, evidence)
