"""Training went as well as it can, and the answers are still poor: group C of the catalogue."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.core.config.steps import tidy
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.causes import data
from lrtui.core.doctor.causes.base import finite, percent, short
from lrtui.core.doctor.diagnosis import Finding, Values
from lrtui.core.doctor.ground import base_rate
from lrtui.core.doctor.letter import cut_remark
from lrtui.core.doctor.quantities.class_flexibility import MOST, class_flexibility
from lrtui.core.doctor.quantities.flexibility import flexibility
from lrtui.core.doctor.quantities.held_out import cross_validated
from lrtui.core.doctor.quantities.ranking import aucs
from lrtui.core.doctor.quantities.smoothers import FOLDS, standardized
from lrtui.core.doctor.trials import Trial
from lrtui.core.doctor.validation import best_of
from lrtui.core.doctor.view import View
from lrtui.core.training.threshold import threshold_of
from lrtui.datasets.errors import DatasetError

TOO_HIGH = 4.0  # times the safe rate: theory is cautious
DECAYS = (0.001, 0.003, 0.01, 0.03)
SKEWED = 0.15  # share of the rarer class, below which a threshold of 0.5 may hide it
RANKS = 0.6  # AUC from which on another threshold has something to find
EASY = 0.05  # nats: where a line loses no more, nothing can be won
OVERFITTED = 0.9  # shrinkage below which predictions are too sure (van Houwelingen and le Cessie 1990)
BY_HEART = 0.25  # nats that rows not seen cost more than rows seen
ROWS_EACH = 3  # rows a parameter
RARE = 10  # rows of the rarer class
PROGRAMMABLE = 100_000  # numbers: a linear program of more takes longer than its answer is worth
MEMORIZED = 0.995  # accuracy on the training part of a run that parts the classes
FINE = 0.95  # balanced accuracy on rows not seen

Remedy = tuple[Finding, Trial | None]
"""A finding, and the run with its fix, where there is one that was seen to work."""


def balanced(view: View, trial: Trial, threshold: float) -> float:
    """Balanced accuracy of a trial's weights on a part; of more than two classes there is no threshold."""
    if view.classes > 2:
        said = (view.X @ trial.theta.T).argmax(axis=1)
        return float(np.mean([(said == label)[view.y == label].mean() for label in np.unique(view.y)]))
    said = 1 / (1 + np.exp(-np.clip(view.X @ trial.theta, -700, 700))) >= threshold
    recalls = [
        float((said == label)[view.y == label].mean()) for label in (0, 1) if (view.y == label).any()
    ]
    return float(np.mean(recalls))


def threshold(case: Case) -> Remedy | None:
    """One label, or poor answers, at this threshold, and not at another."""
    if case.classes > 2:
        return None
    rate = case.ground.problem.base_rate
    now = threshold_of(case.config, rate)
    skewed = min(rate, 1 - rate) <= SKEWED
    if now == 0.5 and not (skewed or case.run.measured.one_label):
        return None
    train, test = case.ground.train, case.ground.test
    auc = float(aucs((train.X @ case.run.theta)[:, None], train.y)[0])
    if auc < RANKS:
        return None
    values = {0.5: balanced(train, case.run, 0.5), "base-rate": balanced(train, case.run, rate)}
    before = balanced(train, case.run, now)
    plain = now != 0.5 and values[0.5] >= values["base-rate"] - HARM
    choice = 0.5 if plain else "base-rate"
    trial = case.lab.look(changed(case.config, threshold=choice), case.run.theta, case.run.epochs)
    won = trial.measured.test_balanced_accuracy - case.run.measured.test_balanced_accuracy
    single = case.run.measured.one_label and not trial.measured.one_label
    if values[choice] - before < HARM or not (won >= HARM or (single and won > 0)):
        return None
    evidence = finite(
        {
            "base_rate": rate,
            "auc": auc,
            "balanced_accuracy": case.run.measured.test_balanced_accuracy,
            "balanced_accuracy_at_half": balanced(test, case.run, 0.5),
            "balanced_accuracy_at_base_rate": balanced(test, case.run, rate),
        }
    )
    make = _imbalanced if choice == "base-rate" and now == 0.5 else _misplaced
    finding = make(case, trial, evidence, {"threshold": choice})
    return replace(finding, proved=True, trial=trial.scores), trial


def _misplaced(case: Case, trial: Trial, evidence: dict[str, float], fix: Values) -> Finding:
    now = threshold_of(case.config, case.ground.problem.base_rate)
    where = "0.5" if fix["threshold"] == 0.5 else f"the base rate, {short(case.ground.problem.base_rate)},"
    sentence = (
        f"The model ranks well (AUC {evidence['auc']:.2f}), but a row counts as 1 only from p = "
        f"{short(now)} on, "
        f"so {percent(case.run.measured.majority_share)} of the test rows get one label. At {where} "
        f"balanced accuracy goes from {case.run.measured.test_balanced_accuracy:.2f} to "
        f"{trial.measured.test_balanced_accuracy:.2f}."
    )
    return Finding("threshold", "Threshold in the wrong place", sentence, evidence, fix)


def _imbalanced(case: Case, trial: Trial, evidence: dict[str, float], fix: Values) -> Finding:
    rate = case.ground.problem.base_rate
    rarer = min(rate, 1 - rate)
    weighted = case.lab.run([changed(case.config, class_weight="balanced")], case.lab.left / 4)[0]
    second = weighted.measured.test_balanced_accuracy
    sentence = (
        f"Only {percent(rarer) if rarer >= 0.01 else f'{100 * rarer:.1g} %'} of the training rows are "
        "of the rarer class, so hardly a row reaches p = 0.5 for it although the model ranks well (AUC "
        f"{evidence['auc']:.2f}). With the base rate as threshold balanced accuracy goes from "
        f"{case.run.measured.test_balanced_accuracy:.2f} to {trial.measured.test_balanced_accuracy:.2f}. "
        f"Balanced class weights reach {second:.2f}, but then p is no longer a probability."
    )
    evidence = {**evidence, "balanced_accuracy_with_class_weights": second}
    return Finding("imbalance", "Imbalanced labels", sentence, evidence, fix)


def non_linear(case: Case) -> Remedy | None:
    """A flexible model does clearly better than any line."""
    if case.config.features != "linear" or case.reference.loss <= EASY:
        return None
    compare = flexibility if case.classes <= 2 else class_flexibility
    found = compare(case.ground.train)
    if not found.matters or compare(case.ground.train, permuted=True).matters:
        return None
    evidence = finite(
        {
            "linear_log_loss": found.linear_loss,
            "flexible_log_loss": found.flexible_loss,
            "t": found.t,
            "linear_balanced_accuracy": found.linear_accuracy,
            "flexible_balanced_accuracy": found.flexible_accuracy,
            "rows": found.rows,
        }
    )
    sentence = (
        f"No {'line parts' if case.classes <= 2 else 'lines part'} these classes: on rows not seen, "
        "a linear model loses "
        f"{short(found.linear_loss)} nats "
        f"and a flexible one {short(found.flexible_loss)} (t = {short(found.t)})."
    )
    finding = Finding("non-linear", "Classes that no line parts", sentence, evidence)
    best = _expanded(case, found.order)
    if best is None:
        return finding, None
    fix = _changes(case.config, best.config, ("features", "weight_decay", "lr"))
    after = best.measured.test_balanced_accuracy
    said = (
        f"{sentence} With features = {fix['features']} balanced accuracy goes from "
        f"{case.run.measured.test_balanced_accuracy:.2f} to {after:.2f}."
    )
    remark = cut_remark(best)
    return replace(finding, sentence=said, fix=fix, proved=True, trial=best.scores, remark=remark), best


def _expanded(case: Case, kinds: tuple[str, ...]) -> Trial | None:
    """Features and a weight decay for them that rows kept aside choose, and the test rows confirm."""
    candidates: list[Values] = []
    for decay in (0.0, *DECAYS):
        for kind in kinds:
            values: Values = {"features": kind, **({"weight_decay": decay} if decay else {})}
            candidates.append(values | _bearable(case, kind))
    chosen = best_of(case.lab, case.config, candidates)
    if chosen is None:
        return None
    trial = case.lab.finished(case.lab.run([changed(case.config, **chosen)], case.lab.left / 2)[0])
    before, after = case.run.measured, trial.measured
    gained = after.test_balanced_accuracy - before.test_balanced_accuracy
    return trial if after.test_loss < before.test_loss - 0.03 and gained >= HARM else None


def _bearable(case: Case, kind: str) -> Values:
    """A learning rate that the new features bear, where the run's own is too high for them."""
    try:
        expanded = case.with_changes({"features": kind})
        return {"lr": tidy(expanded.safe_rate)} if case.theory and expanded.ratio > TOO_HIGH else {}
    except DatasetError:
        return {}  # too many features: the trial says so


def too_little_data(case: Case) -> Remedy | None:
    """What was learned is mostly the training rows by heart."""
    train = case.ground.train
    n, rarer = train.rows, train.rarest
    parameters = train.X.shape[1] * (max(case.classes, 2) - 1)
    if (n >= ROWS_EACH * parameters and rarer >= RARE) or (case.classes > 2 and n > MOST):
        return None  # or what a sample of them can tell is not what all of them can
    won = 2 * n * (case.reference.base_loss - case.reference.loss)
    shrinkage = max(0.0, (won - (parameters - 1)) / won) if won > 0 else 0.0
    found = flexibility(train) if case.classes <= 2 else class_flexibility(train)
    by_heart = found.linear_loss - case.reference.loss
    if found.linear_accuracy >= FINE or (shrinkage >= OVERFITTED and by_heart < BY_HEART):
        return None
    learned = balanced(train, case.run, threshold_of(case.config, base_rate(train)))
    evidence = finite(
        {
            "rows_per_parameter": n / parameters,
            "rows_of_rarer_class": rarer,
            "shrinkage": shrinkage,
            "loss_seen": case.reference.loss,
            "loss_not_seen": found.linear_loss,
            "train_balanced_accuracy": learned,
            "cross_validated_balanced_accuracy": found.linear_accuracy,
            "rows_needed": max(10 * parameters, ceil(2 * RARE * n / max(rarer, 1))),
        }
    )
    sentence = (
        f"{short(n)} training rows, {rarer} of the {data.rarer_word(case)} class, stand against "
        f"{parameters} weights: on the rows it has seen the model's balanced accuracy is {learned:.2f}, "
        f"on others {found.linear_accuracy:.2f}."
    )
    finding = Finding("too-little-data", "Too little data", sentence, evidence)
    best = _decayed(case)
    if best is not None:
        fix = {"weight_decay": best.config.weight_decay}
        said = (
            f"{sentence} A weight decay of {short(best.config.weight_decay)} takes the test loss from "
            f"{short(case.run.measured.test_loss)} to {short(best.measured.test_loss)}; more rows would "
            "do more."
        )
        return replace(finding, sentence=said, fix=fix, proved=True, trial=best.scores), best
    said = f"{sentence} No setting replaces rows: bring about {short(evidence['rows_needed'])}."
    return replace(finding, sentence=said), None


def _decayed(case: Case) -> Trial | None:
    """The weight decay that cross-validation chooses, if the test part confirms it."""
    train = case.ground.train
    if train.rarest < FOLDS:
        return None
    losses = {decay: _cross_validated(train, decay) for decay in (0.001, *DECAYS[2:], 0.1, 0.3)}
    decay = min(losses, key=lambda decay: losses[decay])
    if decay == 0.001 or decay <= case.config.weight_decay:
        return None
    trial = case.lab.finished(
        case.lab.run([changed(case.config, weight_decay=decay)], case.lab.left / 2)[0]
    )
    before, after = case.run.measured, trial.measured
    fell = before.test_balanced_accuracy - after.test_balanced_accuracy
    return trial if after.test_loss < before.test_loss - 0.02 and fell <= 0.02 else None


def _cross_validated(train: View, decay: float) -> float:
    """Mean log-loss on held-out rows of logistic regression with so much L2, on standardized features."""
    from sklearn.linear_model import LogisticRegression

    X = standardized(train.X[:, :-1])
    return cross_validated(X, train.y, lambda rows: LogisticRegression(C=1 / (decay * rows), max_iter=300))


def _changes(before: Config, after: Config, fields: tuple[str, ...]) -> Values:
    """Those of the fields that differ, as they are afterwards."""
    return {name: getattr(after, name) for name in fields if getattr(after, name) != getattr(before, name)}


def separable_classes(case: Case) -> list[Finding]:
    """Information: the classes can be parted, so the weights would grow without end."""
    accuracy = case.run.measured.train_accuracy
    small = case.ground.train.X.size <= PROGRAMMABLE and case.classes <= 2
    if case.config.weight_decay or (
        accuracy < 1 and not (accuracy >= MEMORIZED and small and case.ground.separable)
    ):
        return []
    parts = "A hyperplane parts" if case.classes <= 2 else "Hyperplanes part"
    sentence = (
        f"{parts} the classes of the training part, so the loss has no lowest point: the "
        "weights grow "
        "for as long as training goes on. The answers are fine; a little weight decay or stopping early "
        "keeps the probabilities modest."
    )
    return [
        Finding(
            "separable", "Separable classes", sentence, {"train_accuracy": case.run.measured.train_accuracy}
        )
    ]
