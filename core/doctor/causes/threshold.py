"""One label, or poor answers, though the model ranks well: a misplaced threshold, or a class is rare."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit

from lrtui.core.config import changed
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.figures import NAME, Evidence, finite, percent, rare_percent, short
from lrtui.core.doctor.fitting import fit_weights
from lrtui.core.doctor.quantities.paired import balanced_gain
from lrtui.core.doctor.quantities.signal import aucs
from lrtui.core.doctor.quantities.smoothers import folds, parts, standardized
from lrtui.core.doctor.trials import Trial, gained
from lrtui.core.training.measurement import threshold_of
from lrtui.datasets.array_types import Floats
from lrtui.datasets.text import safe

ERRORS = 2.575829  # standard errors, beyond which a gain is no chance (99 %)
HEAVY = 5e7  # rows times squared columns, beyond which one fold speaks for all
SEEN = 200_000  # numbers of the training part, on which thresholds are compared by cross-validation


def _held_out(case: Case) -> tuple[Floats, Floats]:
    """p(y = 1) of training rows (n,) by models that have not seen them, and their labels (n,)."""
    train = case.analysis.train
    kept = np.linspace(0, train.rows - 1, min(train.rows, max(SEEN // train.X.shape[1], 500))).astype(int)
    X, y, weight = standardized(train.X[kept, :-1]), train.y[kept], train.weight[kept]
    design, pull = np.column_stack([X, np.ones(len(y))]), np.ones(X.shape[1] + 1)
    pull[-1] = 0.0
    p, fold = np.empty(len(y)), folds(X, np.random.default_rng(0))
    told = fold == fold[0] if X.size * X.shape[1] > HEAVY else np.ones(len(y), bool)
    for out in (out for out in parts(fold) if told[out].all()):
        seen, ridge = ~out, max(case.reference.ridge, 1 / (~out).sum())
        if len(np.unique(y[seen])) < 2:
            p[out] = y[seen][0]
            continue
        p[out] = expit(design[out] @ fit_weights(design[seen], y[seen], weight[seen], decay=ridge * pull))
    return p[told], y[told]


def _better(case: Case, *, rare: bool) -> tuple[float | str, Trial, Evidence] | None:
    """0.5 or the base rate, where it does better beyond the error of both parts' rows together.

    ``rare``: asked is where the run's own is 0.5, and a rarer class is lost there; else of all others.
    """
    rate = case.analysis.problem.base_rate
    now = threshold_of(case.config, rate)
    if rare != (now == 0.5):
        return None
    test, truth = case.analysis.test, case.analysis.test.y
    p_test = expit(test.X @ case.run.theta)
    values: dict[Any, float] = {"base-rate": rate} if rare else {0.5: 0.5, "base-rate": rate}
    tested = {at: balanced_gain(p_test >= now, p_test >= value, truth == 1) for at, value in values.items()}
    if max(gain.mean for gain in tested.values()) <= 0:
        return None
    p, y = _held_out(case)
    seen = {at: balanced_gain(p >= now, p >= value, y == 1) for at, value in values.items()}
    plain = not rare and seen[0.5].mean >= seen["base-rate"].mean - HARM
    choice: Any = 0.5 if plain else "base-rate"
    test_gain, both = tested[choice], seen[choice].with_other(tested[choice])
    if both.t < ERRORS or min(seen[choice].mean, test_gain.mean) <= 0:
        return None
    trial = case.lab.look(changed(case.config, threshold=choice), case.run.theta, case.run.epochs)
    single = case.run.measured.one_label and not trial.measured.one_label
    if not single and min(both.mean, test_gain.mean) < HARM:
        return None
    evidence = finite(
        base_rate=rate,
        share_of_rarest=min(rate, 1 - rate),
        auc=float(aucs(p[:, None], y)[0]),
        majority_share=case.run.measured.majority_share,
        balanced_accuracy=case.run.measured.test_balanced_accuracy,
        balanced_accuracy_at_half=case.run.balanced_accuracy(test, 0.5),
        balanced_accuracy_at_base_rate=case.run.balanced_accuracy(test, rate),
        gain=both.mean,
        gain_error=both.error,
    )
    return choice, trial, evidence


def _misplaced(case: Case) -> Found | None:
    if (found := _better(case, rare=False)) is None:
        return None
    threshold, trial, evidence = found
    rate = case.analysis.problem.base_rate
    where = "0.5" if threshold == 0.5 else f"the share of ones among the training rows, {short(rate)},"
    sentence = (
        f"The model tells the classes apart ({_ranked(evidence)}), but a row counts as "
        f"{_positive(case)} only from a probability of {short(threshold_of(case.config, rate))} on, "
        f"so {percent(case.run.measured.majority_share)} of the test rows get one label. At {where} "
        f"{gained(case.run, trial)}."
    )
    return Found(sentence, evidence, {"threshold": threshold}, trial)


def _imbalanced(case: Case) -> Found | None:
    if (found := _better(case, rare=True)) is None:
        return None
    threshold, trial, evidence = found
    rate = case.analysis.problem.base_rate
    weighted = case.lab.run([changed(case.config, class_weight="balanced")], case.lab.left / 4)[0]
    second = weighted.measured.test_balanced_accuracy
    at_half = case.analysis.test.X @ case.run.theta >= 0
    rarer = at_half if rate <= 0.5 else ~at_half
    sentence = (
        f"{rare_percent(min(rate, 1 - rate))} of the training rows are of the rarer class, so few rows "
        f"come to a probability of 0.5 for it: {rare_percent(float(rarer.mean()))} of the test rows, "
        f"although the model tells the classes apart ({_ranked(evidence)}). With the training "
        f"rows' share of ones as threshold {gained(case.run, trial)}. Balanced class weights reach "
        f"{second:.2f}, but then p is no longer a probability."
    )
    evidence |= {"balanced_accuracy_with_class_weights": second, "share_called_rarer": float(rarer.mean())}
    return Found(sentence, evidence, {"threshold": threshold}, trial)


def _ranked(evidence: Evidence) -> str:
    """What an AUC says, in words."""
    return (
        f"of two rows that it has not seen, one of each class, it puts the right one first in "
        f"{percent(evidence['auc'])} of all pairs, its AUC"
    )


def _positive(case: Case) -> str:
    return safe(case.analysis.problem.class_names[1], NAME)


def _rarest_lost(case: Case) -> Found | None:
    counts, measured, test = case.analysis.train.counts, case.run.measured, case.analysis.test
    if case.config.class_weight == "balanced" or counts.min() == 0:
        return None
    shares = counts / counts.sum()
    rarest = int(np.argmin(shares))
    z = test.X @ case.run.theta.T
    # As if all classes were as common: class weights do nearly that, and this needs no training.
    gain = balanced_gain(z.argmax(axis=1), (z - np.log(shares)).argmax(axis=1), test.y)
    auc = measured.test_auc
    if auc is None or gain.t < ERRORS or not (measured.one_label or gain.mean >= HARM):
        return None
    trial = case.tried({"class_weight": "balanced"}, 2)
    after = trial.measured
    won = after.test_balanced_accuracy - measured.test_balanced_accuracy
    if after.one_label or won < (0 if measured.one_label else HARM):
        return None
    name = safe(case.analysis.problem.class_names[rarest], NAME)
    evidence = finite(
        share_of_rarest=float(shares[rarest]),
        share_of_commonest=float(shares.max()),
        auc=auc,
        balanced_accuracy=measured.test_balanced_accuracy,
        balanced_accuracy_with_class_weights=after.test_balanced_accuracy,
        accuracy=measured.test_accuracy,
        accuracy_with_class_weights=after.test_accuracy,
    )
    sentence = (
        f"Of the training rows {rare_percent(shares[rarest])} are {name}, and "
        f"{percent(float(shares.max()))} of the commonest class, so the rare ones are seldom the likeliest "
        f"although the model ranks them well (AUC {auc:.2f}). With class weights that make all classes "
        f"count alike {gained(case.run, trial)}; p is then no longer a probability."
    )
    return Found(sentence, evidence, {"class_weight": "balanced"}, trial)


THRESHOLD = RunCause(
    "threshold",
    "Threshold in the wrong place",
    Stage.ANSWERS,
    rank=10,
    unless=("threshold", "imbalance"),
    binary=True,
    hides=True,
    ask=_misplaced,
)
IMBALANCE = replace(THRESHOLD, id="imbalance", title="Imbalanced labels", rank=20, ask=_imbalanced)
# Other features rank otherwise, so both are asked once more of a run that was given some.
CURVED_THRESHOLD = replace(THRESHOLD, rank=40, after=("non-linear",), hides=False)
CURVED_IMBALANCE = replace(IMBALANCE, rank=50, after=("non-linear",), hides=False)
CLASS_IMBALANCE = replace(IMBALANCE, binary=False, hides=False, ask=_rarest_lost)
CURVED_CLASS_IMBALANCE = replace(CLASS_IMBALANCE, rank=50, after=("non-linear",))
