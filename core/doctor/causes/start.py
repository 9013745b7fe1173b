"""Where training starts, what pulls it back, and what it cannot feel."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np
from scipy.special import expit

from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Setting, Stage
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import HEALED, Evidence, counted, finite, percent, short
from lrtui.core.doctor.view import View
from lrtui.datasets.array_types import Floats

HIGH = 2.0  # times log 2: a first loss above this is worse than knowing nothing by as much again
STILL = 0.01  # of the first loss: a run that changes it by less has not moved
PULL = 1e-12
ALIVE = 1e-3  # of the pull that the row would have from its logit: less moves nothing in a run


class _Saturated(Setting):
    def evidence(self, case: Case) -> Evidence:
        train, loss = case.analysis.train, case.config.loss
        return finite(
            stuck_at_start=stuck_share(train, case.start, loss),
            stuck_share=stuck_share(case.lab.analysis(case.run.config).train, case.run.theta, loss),
        )

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.config.loss != "bce":
            return "The loss is computed from the scores themselves, and those never go flat."
        stuck = max(evidence.values(), default=0.0) > 0
        return None if stuck else "Every row that is answered wrongly still pulls at the weights."

    def changes(self, case: Case) -> list[Values]:
        return [{"loss": "bce-logits"}] if case.config.loss == "bce" else []

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        share = max(evidence.values(), default=0.0)
        return (
            f"Of the rows that are answered wrongly, {percent(share)} pull at the weights with (nearly) "
            "no force: the model is so sure of them that the curve from score to probability is flat "
            "there (the sigmoid is saturated). With loss = bce-logits, which takes the score itself, "
            f"{HEALED}."
        )


class _BadInit(Setting):
    def evidence(self, case: Case) -> Evidence:
        train, here = case.analysis.train, case.analysis.reference.theta
        return finite(
            first_loss=case.lab.look(case.config, case.start, 0).loss,
            loss_from_zeros=case.knowing_nothing,
            loss_at_end=case.run.loss,
            distance_to_best=train.distance(case.start, here),
            size_of_best=float(np.linalg.norm(here)),
        )

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        first = evidence.get("first_loss", inf)
        if first > HIGH * case.knowing_nothing:
            return None
        return (
            f"Training starts at a loss of {short(first)}, where all-zero weights start at "
            f"{short(case.knowing_nothing)}. Zeros and small random weights are both harmless in logistic "
            "regression."
        )

    def changes(self, case: Case) -> list[Values]:
        values: Values = {}
        if case.config.init != "zeros":
            values["init"] = "zeros"
        if case.config.init_bias is not None:
            values["init_bias"] = None
        return [values] if values else []

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        first = evidence.get("first_loss")
        start = f"at a loss of {short(first)}" if first is not None else "at a loss that is no number"
        return (
            f"Training starts far off, {start}, where all-zero weights would start at "
            f"{short(case.knowing_nothing)}, {_came_of(case, first, evidence.get('loss_at_end'))}. From "
            f"zeros, which are harmless in logistic regression, {HEALED}."
        )


def _came_of(case: Case, first: float | None, last: float | None) -> str:
    """How far a run came from where it started."""
    epochs = counted(case.run.epochs, "epoch")
    if last is None:
        return f"and after {epochs} its loss is no number"
    if first is not None and abs(last - first) <= STILL * first:
        return f"and has hardly moved from there in {epochs}"
    return f"and after {epochs} it is at {short(last)}"


class _WeightDecay(Setting):
    def evidence(self, case: Case) -> Evidence:
        return finite(
            weight_decay=case.config.weight_decay,
            size_of_weights=float(np.linalg.norm(case.run.theta)),
            size_of_best=float(np.linalg.norm(case.analysis.reference.theta)),
        )

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        return None if case.config.weight_decay > PULL else "There is no weight decay."

    def changes(self, case: Case) -> list[Values]:
        decay = case.config.weight_decay
        less = [d for d in (0.001, 0.0001) if 0 < d < decay / 5]
        return [{"weight_decay": d} for d in (0.0, *less)]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        lr, decay = case.config.lr, case.config.weight_decay
        if case.theory and lr * decay > 2:
            harm = (
                f"at a learning rate of {short(lr)} takes more off the weights at each update than they "
                f"have ({short(lr * decay)} times): they change sign and grow"
            )
        else:
            size, best = evidence.get("size_of_weights", inf), evidence.get("size_of_best", 0.0)
            harm = "pulls the weights away from where they fit the data"
            if size < best:
                harm = (
                    "pulls the weights towards zero harder than the data pulls them away: their length is "
                    f"{short(size)}, where the best have {short(best)}"
                )
        return f"A weight decay of {short(decay)} {harm}. With {short(fix['weight_decay'])} {HEALED}."


class _NotShuffled(Setting):
    def evidence(self, case: Case) -> Evidence:
        labels = case.analysis.problem.y_train
        runs = int((np.diff(labels) != 0).sum()) + 1
        expected, deviation = runs_by_chance(np.unique(labels, return_counts=True)[1])
        return finite(runs_of_labels=runs, expected_runs=expected, z=(runs - expected) / deviation)

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        c, rows = case.config, len(case.analysis.problem.y_train)
        if c.shuffle:
            return "The rows are shuffled for every epoch."
        if 0 < c.batch_size < rows and evidence["z"] < -3:
            return None
        return "The labels come in no order that chance would not make."

    def changes(self, case: Case) -> list[Values]:
        return [] if case.config.shuffle else [{"shuffle": True}]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        return (
            f"The rows come sorted by label: {short(evidence['runs_of_labels'])} stretches of equal "
            f"labels, where a random order has about {short(evidence['expected_runs'])}. So an update "
            "sees mostly one class, and the weights follow whichever came last. With the rows shuffled "
            f"{HEALED}."
        )


def stuck_share(train: View, theta: Floats, loss: str) -> float:
    """Share of the wrong rows whose gradient is (as good as) zero; 0 where no row is wrong, or for logits.

    Through a sigmoid and BCELoss in float32, σ(z) is exactly 1 above 16.6 and p(1 − p) is clamped at 1e-12.
    """
    if loss != "bce":
        return 0.0
    z = (train.X @ theta).astype(np.float32)
    p = expit(z)
    wrong = (z > 0) != (train.y == 1)
    pull = np.abs(p - train.y) * np.minimum(p * (1 - p) / np.float32(1e-12), 1)
    return float((pull[wrong] < ALIVE).mean()) if wrong.any() else 0.0


def runs_by_chance(counts: np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of the number of runs of equal labels, from the rows of each class.

    With n rows and nᵢ of class i: mean ``(n(n + 1) − Σnᵢ²) / n``, variance
    ``(Σnᵢ²·(Σnᵢ² + n(n + 1)) − 2n·Σnᵢ³ − n³) / (n²(n − 1))`` (Mood 1940).
    """
    sizes = counts.astype(np.float64)
    n, squares, cubes = sizes.sum(), (sizes**2).sum(), (sizes**3).sum()
    mean = (n * (n + 1) - squares) / n
    variance = (squares * (squares + n * (n + 1)) - 2 * n * cubes - n**3) / (n**2 * max(n - 1, 1))
    return float(mean), sqrt(max(variance, 1e-12))


SATURATED = _Saturated("saturated", "Saturated sigmoid", Stage.TRAINING, rank=10)
BAD_INIT = _BadInit("bad-init", "Bad first weights", Stage.TRAINING, rank=20)
WEIGHT_DECAY = _WeightDecay("weight-decay-too-strong", "Weight decay too strong", Stage.TRAINING, rank=30)
NOT_SHUFFLED = _NotShuffled("not-shuffled", "Rows not shuffled", Stage.TRAINING, rank=40)
