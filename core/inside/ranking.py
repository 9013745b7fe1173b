"""The test rows of a class against the rest, ranked by their probability: what every threshold would do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lrtui.core.inside.record import Asked, Choice, Point, Seen
from lrtui.core.inside.trained import Trained
from lrtui.core.inside.view import Found
from lrtui.datasets.array_types import Floats, Labels

DRAWN = 400  # points of a curve, at most


@dataclass(frozen=True)
class Ranking:
    """From the highest probability down; (t,) each, for the t thresholds at which anything changes.

    Attributes:
        name: of the class. own, others: how many test rows are of it, and are not.
        thresholds: infinite first, from which on nothing is predicted. hits, alarms: rows of the class, and
            others, that are predicted to be of it.
        hits_at, alarms_at: the same of the predictions as they are made.
        choices: what keys step through.
    """

    name: str
    own: int
    others: int
    thresholds: Floats
    hits: Floats
    alarms: Floats
    hits_at: int
    alarms_at: int
    choices: tuple[Choice, ...] = ()

    @property
    def about(self) -> str:
        """Of what it tells."""
        return f"class {self.name}"

    @property
    def recall(self) -> Floats:
        """The share of the class that is found."""
        return self.hits / self.own

    @property
    def false_rate(self) -> Floats:
        """The share of the others that is taken for it."""
        return self.alarms / self.others

    @property
    def precision(self) -> Floats:
        """The share of those predicted so that are so; 1 where none is."""
        said = self.hits + self.alarms
        return np.divide(self.hits, said, out=np.ones_like(said), where=said > 0)

    @property
    def recall_at(self) -> float:
        """As it is predicted."""
        return self.hits_at / self.own

    @property
    def false_rate_at(self) -> float:
        """As it is predicted."""
        return self.alarms_at / self.others

    @property
    def precision_at(self) -> float:
        """As it is predicted; NaN where nothing is."""
        said = self.hits_at + self.alarms_at
        return self.hits_at / said if said else float("nan")

    @property
    def area(self) -> float | None:
        """That under the ROC curve, by trapezoids; ``None`` where the test part holds one class alone."""
        if not self.own or not self.others:
            return None
        recall = self.recall
        return float((np.diff(self.false_rate) * (recall[1:] + recall[:-1]) / 2).sum())

    @property
    def average_precision(self) -> float:
        """``Σ (Rᵢ − Rᵢ₋₁)·Pᵢ`` over the thresholds, as scikit-learn has it."""
        return float((np.diff(self.recall) * self.precision[1:]).sum())

    def one_class_alone(self, view: str) -> Found:
        """What is shown where there is nothing to tell apart."""
        words = f"No test row is {'of another class than' if self.own else 'of the class'} {self.name}."
        seen = Seen(view, "", about=self.about, lines=(words,), choices=self.choices)
        return Found(seen, lambda: {"class": self.name, "thresholds": [], "why": words})


def ranked(trained: Trained, asked: Asked) -> Ranking:
    """The ranking of the class that is asked for."""
    p, own, name = trained.against_rest(asked)
    said = trained.predictions(asked) == trained.one_class(asked)
    evidence = trained.likelihood.evidence(trained.test_logits)[:, trained.one_class(asked)]
    hits, alarms, thresholds = _counts(p, evidence, own)
    return Ranking(
        name,
        int(own.sum()),
        int(len(own) - own.sum()),
        thresholds,
        hits,
        alarms,
        int((own[said] == 1).sum()),
        int((own[said] == 0).sum()),
        trained.class_choices(asked),
    )


def _counts(p: Floats, evidence: Floats, own: Labels) -> tuple[Floats, Floats, Floats]:
    """Rows of the class and others from each probability on, and those probabilities.

    They are ranked by their logits: probabilities of many sure rows are all 1.
    """
    order = np.argsort(-evidence, kind="stable")
    sorted_, own = evidence[order], own[order]
    ends = np.append(np.flatnonzero(np.diff(sorted_)), len(p) - 1) if len(p) else np.empty(0, np.int64)
    hits = np.cumsum(own, dtype=np.float64)[ends]
    alarms = ends + 1 - hits
    return np.append(0.0, hits), np.append(0.0, alarms), np.append(np.inf, p[order][ends])


def threshold_words(trained: Trained, asked: Asked) -> str:
    """How a row is predicted to be of the class."""
    return f"threshold {trained.threshold(asked):.3g}" if trained.binary else "as predicted"


def thinned(x: Floats, y: Floats, most: int = DRAWN) -> tuple[Point, ...]:
    """A curve for drawing: what lies on a straight line left out, and of more points some."""
    kept = np.ones(len(x), dtype=bool)
    if len(x) > 2:
        dx, dy = np.diff(x), np.diff(y)
        kept[1:-1] = dx[:-1] * dy[1:] != dx[1:] * dy[:-1]
    x, y = x[kept], y[kept]
    if len(x) > most:
        some = np.linspace(0, len(x) - 1, most).astype(np.int64)
        x, y = x[some], y[some]
    return tuple(zip(x.tolist(), y.tolist(), strict=True))
