"""Columns that give the answer away: alone, as copies of each other, or a few taken together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.figures import finite, percent
from lrtui.core.doctor.quantities.flexibility import FEW_ROWS
from lrtui.core.doctor.quantities.separation import (
    Flags,
    Separation,
    auc_error,
    discriminant,
    distance,
    separation,
    smallest_set,
    tightness,
    within,
)
from lrtui.core.doctor.quantities.signal import MANY, aucs
from lrtui.core.doctor.quantities.smoothers import folds, sample, smoothers, standardized
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats
from lrtui.datasets.text import quote

NEAR = 0.98  # AUC from which on a column is looked at
WHOLE = 0.9999  # AUC of a column that parts the classes and may do so along a slope
TIGHT, COPY, LOOSE = 15.0, 200.0, 3.0  # standard deviations: nearly a copy, as good as one, one with noise
OTHERS = 3  # columns that the judgement of a leak needs beside it, but for one as good as a copy
MANY_OTHERS = 8  # the same where the others are as good
EASY = 0.9975  # AUC that is as good as any
CLOSE, CLOSER = 8.0, 2.5  # tightness of a leak where the others are as good, and over theirs
SURE = 0.004  # standard error of an AUC of 1 that tells it from a steep slope
SHARE = 0.2  # of what the others leave unranked: more than this no leak leaves
GOOD = 0.95  # AUC of the others beyond which an honest column may well be as good
BEYOND = 3.5  # standard errors between a leak and the others together
NOISE = 1e-4  # that a column of noise among so many ranks as well
SET, TOGETHER, SYNERGY = 3, 6.0, 3.0  # columns of a set; its tightness; over that of each of them alone
LOOKED_AT = 2_000_000  # numbers times classes, of which more cost rows
WIDE = 300  # features among which a set is looked for
FLEXIBLE = ("linear", "poly2", "rbf")


@dataclass(frozen=True)
class Leak:
    """Columns of the file that tell one class.

    Attributes:
        strength: of the best of them, or of all where only together they tell. rest: the AUC of held-out
            rows that all other columns reach together, by the best of linear and flexible models.
    """

    columns: tuple[str, ...]
    strength: Separation
    rest: float
    together: bool
    label: int


@dataclass(frozen=True)
class Table:
    """One class against the rest in the rows that are looked at.

    Attributes:
        X: features (n, p), standardized. origins: the column of the file that each comes from (p,).
        own: the rows of the class (n,). fold: of each row (n,). classes: that there are in all.
    """

    X: Floats
    origins: NDArray[np.str_]
    own: Flags
    fold: NDArray[np.int64]
    classes: int

    @cached_property
    def units(self) -> list[str]:
        """The columns of the file."""
        return list(dict.fromkeys(self.origins.tolist()))

    def features(self, names: Sequence[str]) -> Flags:
        """Which features (p,) come from these columns."""
        return np.isin(self.origins, list(names))

    def scores(self, names: Sequence[str]) -> Floats:
        """Held-out scores (n,) of a class by these columns alone."""
        X = self.X[:, self.features(names)]
        if self.classes > 2 and X.shape[1] == 1:  # a class may lie between others
            X = np.abs(X - np.median(X[self.own]))
        return discriminant(X, self.own, self.fold)

    @cached_property
    def strong(self) -> dict[str, Separation]:
        """The columns that rank the class nearly without fault, each alone."""
        X = np.abs(self.X - np.median(self.X[self.own], axis=0)) if self.classes > 2 else self.X
        alone = aucs(X, self.own.astype(np.float64))
        alone = np.maximum(alone, 1 - alone)
        names, counts = np.unique(self.origins, return_counts=True)
        many = set(names[counts > 1].tolist())
        asked = many | set(self.origins[alone >= NEAR].tolist())
        judged = {name: separation(self.scores([name]), self.own) for name in self.units if name in asked}
        return {name: found for name, found in judged.items() if found.auc >= NEAR}

    def reached(self, names: Sequence[str]) -> float:
        """The best held-out AUC of models of all columns but these; 0.5 where none is left."""
        X = standardized(self.X[:, ~self.features(names)])
        if not X.shape[1]:
            return 0.5
        ones = self.own[:, None].astype(np.float64)
        kinds = FLEXIBLE if X.shape[1] > 1 else ("rbf",)
        found = [
            float(aucs(S.held_out(self.fold, ones), ones[:, 0])[0])
            for kind in kinds
            for S in smoothers(kind, X)
        ]
        return max(found)

    def apart(self, name: str, others: Flags) -> bool:
        """Whether a column has nothing in common with others (p,) but the class.

        Noise on a copy of the labels is nobody else's; what was measured of the same thing goes together.
        """
        residuals = np.column_stack([self.scores([name]), self.X[:, others]])
        covariance = within(residuals, self.own)
        size = np.sqrt(np.diag(covariance))
        r = np.clip(covariance[0, 1:] / (size[0] * size[1:]), -0.999999, 0.999999)
        z = np.abs(np.arctanh(r)) * sqrt(max(len(self.own) - 4, 1))  # Fisher's transformation
        return bool(2 * ndtr(-z.max(initial=0.0)) * max(len(z), 1) > 0.01)


def leak(train: View, origins: Sequence[str]) -> Leak | None:
    """The columns that give a class away, and what the others reach together without them."""
    found = [one for table, label in _tables(train, origins) if (one := _of_class(table, label))]
    if not found:
        return None
    names = dict.fromkeys(name for one in found for name in one.columns)
    worst = max(found, key=lambda one: one.strength.auc - one.rest)
    return replace(worst, columns=tuple(names))


def _tables(train: View, origins: Sequence[str]) -> Iterator[tuple[Table, int]]:
    random = np.random.default_rng(0)
    numbers = max(train.X.shape[1] * len(train.likelihood.told_apart(train.y)), 1)
    kept = sample(train.y, int(np.clip(LOOKED_AT // numbers, FEW_ROWS, MANY)), random)
    X, y = train.X[kept, :-1], train.y[kept]
    moving = np.ptp(X, axis=0) > 0
    X = X[:, moving]
    if not X.shape[1]:
        return
    fold = folds(X, random)
    X = (X - X.mean(axis=0)) / np.maximum(X.std(axis=0), 1e-300)
    for label in train.likelihood.told_apart(y):
        own = y == label
        if min(own.sum(), (~own).sum()) >= 5:
            yield Table(X, np.array(origins)[moving], own, fold, train.classes), label


def _of_class(table: Table, label: int) -> Leak | None:
    for names, together in _candidates(table):
        strength = (
            separation(table.scores(names), table.own)
            if together
            else max((table.strong[name] for name in names), key=lambda one: (one.auc, one.tightness))
        )
        if len(names) == len(table.units) or _by_luck(table, strength, len(names)):
            continue
        rest = table.reached(names)
        if _far_above(table, names, strength, rest):
            return Leak(tuple(names), strength, rest, together, label)
    return None


def _candidates(table: Table) -> Iterator[tuple[list[str], bool]]:
    """Sets of columns that may be a leak, the largest first; whether they tell only together."""
    strong = table.strong
    copies = [name for name, one in strong.items() if one.tightness >= TIGHT]
    others = ~table.features(copies)
    noisy = [
        name
        for name, one in strong.items()
        if name not in copies
        and one.valley
        and one.tightness >= LOOSE
        and table.apart(name, others & ~table.features([name]))
    ]
    sets = [copies + noisy, copies, *([name] for name in noisy)]
    sets += [[name] for name, one in strong.items() if one.auc >= WHOLE and one.error <= SURE]
    asked = []
    for names in sets:
        if names and names not in asked:
            asked.append(names)
            yield names, False
    if not strong and (few := _together(table)):
        yield few, True


def _together(table: Table) -> list[str] | None:
    """A few columns that part the classes together, each of which says far less alone."""
    n, X = len(table.own), table.X
    wide = np.arange(X.shape[1])
    if len(wide) > WIDE:  # those that weigh the most in a ridge regression
        residual = np.linalg.solve(X @ X.T + np.eye(n), table.own - table.own.mean())
        wide = np.sort(np.argsort(-np.abs(X.T @ residual))[:WIDE])
    if n < 2 * len(wide) + 10 or distance(X[:, wide], table.own) < TOGETHER:
        return None
    chosen = wide[smallest_set(X[:, wide], table.own, SET)]
    names = list(dict.fromkeys(table.origins[chosen].tolist()))
    if not 2 <= len(names) <= SET:
        return None
    found = separation(table.scores(names), table.own)
    alone = max(separation(table.scores([name]), table.own).tightness for name in names)
    fits = found.auc >= NEAR and found.valley and found.tightness >= max(TOGETHER, SYNERGY * alone)
    return names if fits else None


def _by_luck(table: Table, strength: Separation, size: int) -> bool:
    """Whether so many columns of noise would hold one (or a few) that rank so well: Mann and Whitney's."""
    n, ones = len(table.own), int(table.own.sum())
    z = (strength.auc - 0.5) / sqrt((n + 1) / (12 * ones * (n - ones)))
    chances = max(log(2) + size * log(table.X.shape[1]), 0.0)
    return bool(log_ndtr(-z) + chances > log(NOISE))


def _far_above(table: Table, names: Sequence[str], strength: Separation, rest: float) -> bool:
    """Whether what the others reach together is far less, beyond its error."""
    ones, zeros = int(table.own.sum()), int((~table.own).sum())
    error = sqrt(strength.error**2 + auc_error(rest, ones, zeros) ** 2)
    others, copy = len(table.units) - len(names), strength.tightness >= COPY
    if 1 - strength.auc <= SHARE * (1 - rest) and strength.auc - rest >= BEYOND * error:
        if copy:
            return True
        enough = OTHERS if strength.tightness >= TIGHT else OTHERS + 1
        return others >= enough + len(names) - 1 and rest <= GOOD
    if others < (OTHERS if copy else MANY_OTHERS) or strength.auc < min(rest, EASY) - error:
        return False
    return _tighter(table, names, strength)


def _tighter(table: Table, names: Sequence[str], strength: Separation) -> bool:
    """Where everything is easy: columns that are nearly a function of the label, as all others are not.

    Nor have they anything in common with the others but that: what is measured has.
    """
    rest = ~table.features(names)
    together = tightness(discriminant(table.X[:, rest], table.own, table.fold), table.own)
    alone = max(tightness(column, table.own) for column in table.X[:, rest].T)
    near = strength.tightness >= max(CLOSE, CLOSER * max(together, alone))
    return near and alone < COPY and all(table.apart(one, rest) for one in names)


# --- the rule, and what comes of leaving the columns out ---


def _dropped(case: Case) -> Found | None:
    config = case.config
    plain = case if config.features == "linear" else case.with_changes({"features": "linear"})
    analysis = plain.analysis
    found = leak(analysis.train, analysis.problem.features.origins)
    if found is None or not _in_the_test_part(analysis.test, analysis.problem.features.origins, found):
        return None
    fix = {"drop_columns": (*config.drop_columns, *found.columns)}
    trial = case.tried(fix)
    score, before = trial.measured.test_balanced_accuracy, case.run.measured.test_balanced_accuracy
    them = "it" if len(found.columns) == 1 else "them"
    this = "it is" if them == "it" else "they are"
    sentence = (
        f"{_said(case, found)} So {this} likely a form of the answer, which will not be there when the "
        f"model is used. Without {them} balanced accuracy is {score:.2f}, with "
        f"{them} {before:.2f}."
    )
    evidence = finite(
        auc=found.strength.auc,
        rest_auc=found.rest,
        columns=len(found.columns),
        auc_error=found.strength.error,
    )
    if not case.with_run(trial).analysis.unlearnable:
        return Found(sentence, evidence, fix, trial)
    sentence += (
        " Nothing shows that the labels depend on any other column, so this is either a form of the answer "
        "or the one thing that matters; only who knows where it comes from can tell."
    )
    return Found(sentence, evidence, trial=trial, settles=Health.CANNOT_TELL)


def _in_the_test_part(test: View, origins: Sequence[str], found: Leak) -> bool:
    """Whether the columns rank the test rows too; true where too few of them could tell."""
    own = test.y == found.label
    if min(own.sum(), (~own).sum()) < 5:
        return True
    X = test.X[:, :-1][:, np.isin(origins, found.columns)]
    X = np.abs(X - np.median(X[own], axis=0)) if test.classes > 2 else X
    best = separation(discriminant(X, own, np.arange(len(own)) % 5), own)
    return best.auc >= found.strength.auc - max(BEYOND * (best.error + found.strength.error), 0.02)


def _said(case: Case, found: Leak) -> str:
    names = [quote(name) for name in found.columns]
    which = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    told = (
        "the two classes apart"
        if case.binary
        else (f"the class {quote(case.analysis.problem.class_names[found.label])} apart from the rest")
    )
    if found.together:
        who = f"The columns {which}, taken together, tell"
    else:
        who = f"The column {which} alone tells" if len(names) == 1 else f"The columns {which} tell"
    return (
        f"{who} {told} almost without fault: of two rows, one of each, the right one is put higher in "
        f"{percent(found.strength.auc)} of all pairs (AUC), where all other columns together reach "
        f"{percent(found.rest)}."
    )


LEAKAGE = RunCause(
    "leakage",
    "A column that gives the answer away",
    Stage.DATA,
    rank=30,
    grave=True,
    undecided="by what may be a form of the answer. Whether it is one the data cannot tell.",
    ask=_dropped,
)
