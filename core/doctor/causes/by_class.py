"""What is told of more than two classes alone, and what is not looked at there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lrtui.core.config import changed
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.causes.base import finite, percent
from lrtui.core.doctor.diagnosis import Finding
from lrtui.core.doctor.trials import Trial
from lrtui.datasets.text import safe

SKEWED = 0.3  # share of the rarest class beside an even one, below which it may be lost
RANKS = 0.6  # AUC from which on a class can be told from the rest
NOT_LOOKED_AT = (
    "There are more than two classes. Not looked at are threshold and leakage, which are about one class "
    "against another."
)


def imbalance(case: Case) -> tuple[Finding, Trial] | None:
    """Rare classes that are hardly ever predicted, though the model ranks them well."""
    counts, measured = case.ground.train.counts, case.run.measured
    shares = counts / counts.sum()
    rarest = int(np.argmin(shares))
    skewed = shares[rarest] * case.classes <= SKEWED
    auc = measured.test_auc
    if case.config.class_weight == "balanced" or not (skewed or measured.one_label):
        return None
    if auc is None or auc < RANKS:
        return None
    trial = case.lab.finished(
        case.lab.run([changed(case.config, class_weight="balanced")], case.lab.left / 2)[0]
    )
    after = trial.measured
    won = after.test_balanced_accuracy - measured.test_balanced_accuracy
    if won < HARM or after.one_label:
        return None
    name = safe(case.ground.problem.class_names[rarest], 40)
    evidence = finite(
        {
            "share_of_rarest": float(shares[rarest]),
            "share_of_commonest": float(shares.max()),
            "auc": auc,
            "balanced_accuracy": measured.test_balanced_accuracy,
            "balanced_accuracy_with_class_weights": after.test_balanced_accuracy,
            "accuracy": measured.test_accuracy,
            "accuracy_with_class_weights": after.test_accuracy,
        }
    )
    rare = percent(shares[rarest]) if shares[rarest] >= 0.01 else f"{100 * shares[rarest]:.1g} %"
    sentence = (
        f"Of the training rows {rare} are {name}, and {percent(float(shares.max()))} of the commonest "
        f"class, so the rare ones are seldom the likeliest although the model ranks well (AUC {auc:.2f}). "
        "With class weights that make all classes count alike balanced accuracy goes from "
        f"{measured.test_balanced_accuracy:.2f} to {after.test_balanced_accuracy:.2f}; p is then no longer "
        "a probability."
    )
    finding = Finding("imbalance", "Imbalanced labels", sentence, evidence, {"class_weight": "balanced"})
    return replace(finding, proved=True, trial=trial.scores), trial
