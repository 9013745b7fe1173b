"""Information: the classes can be parted, so the weights would grow without end."""

from __future__ import annotations

import numpy as np

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.view import View

MEMORIZED = 0.995  # accuracy on the training part of a run that parts the classes
PROGRAMMABLE = 100_000  # numbers: a linear program of more takes longer than its answer is worth


def _parted(case: Case) -> Found | None:
    accuracy = case.run.measured.train_accuracy
    small = case.analysis.train.X.size <= PROGRAMMABLE and case.binary
    if case.config.weight_decay or (
        accuracy < 1 and not (accuracy >= MEMORIZED and small and separable(case.analysis.train))
    ):
        return None
    parts = "A linear rule parts" if case.binary else "Linear rules part"
    sentence = (
        f"{parts} the classes of the training part without an error (they are separable). So being surer "
        "always lowers the loss, and the weights grow for as long as training goes on. That does the "
        "labels no harm; a little weight decay or stopping early keeps the probabilities modest."
    )
    return Found(sentence, {"train_accuracy": accuracy})


def separable(train: View) -> bool:
    """Whether the linear program ``∃θ: sᵢ·x̃ᵢθ ≥ 1`` is feasible, with s = ±1 by class (scipy's HiGHS).

    Columns are put to a common scale first, which changes no answer and keeps the solver accurate.
    """
    from scipy.optimize import linprog  # takes long to import, and is rarely needed

    if len(np.unique(train.y)) < 2:
        return True
    scale = np.abs(train.X).max(axis=0)
    X = train.X / np.where(scale > 0, scale, 1.0)
    X[:, :-1] -= X[:, :-1].mean(axis=0)  # the bias takes up what centring takes away
    signs = np.where(train.y == 1, 1.0, -1.0)
    found = linprog(np.zeros(X.shape[1]), -signs[:, None] * X, -np.ones(train.rows), bounds=(None, None))
    return bool(found.status == 0)


SEPARABLE = RunCause("separable", "Separable classes", Stage.INFORMATION, rank=10, ask=_parted)
