"""How far each update goes, from how many rows, and how often."""

from __future__ import annotations

from math import inf, log10

import numpy as np

from lrtui.core.config import changed, changes_text
from lrtui.core.config.steps import tidy
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Setting, Stage
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import HEALED, Evidence, counted, finite, percent, short
from lrtui.core.doctor.view import View

USUAL = (0.01, 0.1, 0.001, 1.0, 1e-4, 10.0, 1e-5)  # for optimizers that theory is silent on
NO_RATE = "Newton's method takes no learning rate."
SETTLING = 0.9  # momentum: with 1 a run never settles, whatever its learning rate
FEW_EPOCHS = 30  # below, the epochs are the unusual thing; above, a low learning rate is
MANY = (2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)  # times as many epochs
SMALL_BATCH = 16
ARRIVED = 0.01  # of what training can win: what keeps the loss up is not that so little was left
LONG, LONGER = 1.4, 4.0  # times the safe rate: suspected; so long that more epochs do not help
SHORT = 0.5  # of the safe rate: below, steps may be too short to arrive
RISES, FALLS = 0.2, 0.5  # share of the epochs in which the loss rose, where theory is silent: above, below


class _Steps(Setting):
    """``stable_below`` and ``safe_rate`` are learning rates, as the form tells them.

    What momentum adds up is in ``lr_times_L`` and ``lr_times_L_b``.
    """

    def evidence(self, case: Case) -> Evidence:
        smoothness, c = case.analysis.smoothness, case.config
        found = {"share_of_epochs_with_rising_loss": case.rising}
        if c.optimizer != "newton":  # which takes no learning rate
            found["lr"] = c.lr
        if case.theory:
            found |= {
                "lr_times_L": case.rate * smoothness.full,
                "lr_times_L_b": case.rate * smoothness.expected(c.batch_size),
                "stable_below": smoothness.limit(changed(c, batch_size=0)) or 0.0,
                "safe_rate": smoothness.most_safe(c) or 0.0,
                "step_over_safe": case.ratio,
            }
        return finite(**found)


class _BatchTooSmall(_Steps):
    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        c, smoothness = case.config, case.analysis.smoothness
        if c.optimizer == "newton":
            return "Newton's method looks at all rows at once."
        rows = len(case.analysis.problem.y_train)
        if c.optimizer == "lbfgs" and 0 < c.batch_size < rows:
            return None
        few = 0 < c.batch_size < min(SMALL_BATCH, rows)
        bears = few and case.theory and case.rate * smoothness.full <= 2
        if bears and case.rate * smoothness.expected(c.batch_size) > 1:
            return None
        return (
            f"Batches of {counted(_batch(case), 'row')} are not what makes the steps too long or too short."
        )

    def changes(self, case: Case) -> list[Values]:
        rows, size = len(case.analysis.problem.y_train), case.config.batch_size
        if case.config.optimizer == "lbfgs":
            return [{"batch_size": 0}]
        found = [b for b in (32, 16, 64, 128, 256) if 2 * size <= b < rows]
        return [{"batch_size": b} for b in (*found, 0)]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        size = fix["batch_size"]
        rows = "all rows" if size == 0 else f"{size} rows"
        if case.config.optimizer == "lbfgs":
            return (
                "L-BFGS learns how the loss bends from how its gradient changes between two steps, and "
                f"that of {counted(case.config.batch_size, 'row')} changes with the rows that happen to be "
                f"in it: its steps go astray. With all rows in each update {HEALED}."
            )
        return (
            f"Each update looks at {counted(case.config.batch_size, 'row')} only, and so few disagree "
            f"with the others: at the learning rate {short(case.config.lr)} each update throws the "
            f"weights about. Its steps are {short(evidence.get('lr_times_L_b', 0.0))} times as long as "
            f"such batches bear at most; with all rows together they would not be too long. With {rows} "
            f"in each update {HEALED}."
        )


class _RateTooHigh(_Steps):
    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.config.optimizer == "newton":
            return NO_RATE
        if not case.theory:
            sound = case.outcome.diverged_at is None and case.run.loss <= case.reference.base_loss
            # Such an optimizer moves each weight by about the learning rate in a step.
            leaps = case.part == "test" and case.config.lr > np.abs(case.analysis.reference.shrunk).max()
            if case.rising > RISES or leaps or not sound:
                return None
            return f"The training loss rose in {percent(case.rising)} of the epochs, as it may."
        if case.ratio > LONG and not case.analysis.smoothness.allows(case.config, case.config.lr):
            if case.ratio > LONGER or not case.overfitted:
                return None
            return (
                f"Steps {short(case.ratio)} times as long as is safe have learned the training rows as far "
                "as they should be learned."
            )
        stable = evidence.get("stable_below", inf)
        return (
            f"The learning rate {short(case.config.lr)} is not too high: with all rows in each update, "
            f"training is stable below {short(stable)}."
        )

    def changes(self, case: Case) -> list[Values]:
        c = case.config
        found: list[Values] = [{"lr": rate} for rate in _rates(case) if rate < 0.75 * c.lr]
        if c.optimizer in ("momentum", "nesterov") and c.momentum > SETTLING:
            calm = {"momentum": SETTLING}
            found += [calm, *({**calm, "lr": rate} for rate in _rates(case.with_changes(calm)))]
        return found

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        c = case.config
        rose = (
            f" The training loss rose in {percent(case.rising)} of the epochs." if case.rising > 0 else ""
        )
        healed = f"With {changes_text(c, fix)} {HEALED}."
        if not case.theory:
            return f"The learning rate {short(c.lr)} makes steps that are too long.{rose} {healed}"
        acts = ""
        if c.optimizer != "sgd":
            effect = "without end" if case.rate == inf else f"to {short(case.rate)}"
            acts = f", which momentum {short(c.momentum)} adds up {effect},"
        times = evidence.get("step_over_safe")
        long = "too long" if times is None else f"{short(times)} times as long as is safe"
        return (
            f"Each step is {long}: the learning rate is {short(c.lr)}{acts} and with {_batch(case)} rows "
            f"in an update {short(case.safe_rate)} is safe.{rose} {healed}"
        )


class _RateTooLow(_Steps):
    def evidence(self, case: Case) -> Evidence:
        c, train, found = case.config, case.analysis.train, super().evidence(case)
        found["distance"] = train.distance(case.start, case.analysis.reference.theta)
        if case.theory and train.hessian_fits:  # of the others it is not known how far a step goes
            found["way_left"] = case.way.after(case.rate, case.epochs * case.updates_per_epoch)
            found["epochs_needed"] = case.way.steps_needed(case.rate) / case.updates_per_epoch
        if c.optimizer == "sgd":
            found["reach"] = reach(train, c.lr, case.epochs, c.batch_size)
        return finite(**found)

    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.config.optimizer == "newton":
            return NO_RATE
        if case.ratio < SHORT if case.theory else case.rising < FALLS:
            return None
        if case.theory:
            lr, safe = short(case.config.lr), short(case.safe_rate)
            if case.ratio > 1:
                return f"The learning rate {lr} is not too low: it is above {safe}, up to which it is safe."
            return f"The learning rate {lr} is not too low: up to {safe} is safe."
        return "The training loss does not fall steadily, as it would with a rate that is too low."

    def changes(self, case: Case) -> list[Values]:
        return [{"lr": rate} for rate in _rates(case) if rate > LONG * case.config.lr]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        c, needed, arrived = case.config, evidence.get("epochs_needed"), ""
        if evidence.get("reach", inf) < evidence.get("distance", 0.0):
            arrived = (
                f" All {short(case.epochs * case.updates_per_epoch)} updates together move the weights by "
                f"{short(evidence['reach'])} at most, and the best ones are {short(evidence['distance'])} "
                "away."
            )
        elif needed is not None and needed > case.epochs:
            arrived = f" At this rate it would take about {short(needed)} epochs."
        return (
            f"The learning rate {short(c.lr)} is too low for {counted(case.epochs, 'epoch')}: its steps "
            f"are too short to arrive.{arrived} With {short(fix['lr'])} {HEALED}."
        )

    def weight(self, case: Case) -> float:
        return -log10(max(case.ratio, 1e-300)) - 1 if case.theory else 0.5


class _TooFewEpochs(_RateTooLow):
    def cleared(self, case: Case, evidence: Evidence) -> str | None:
        if case.epochs < case.config.epochs:
            return "Patience ended the run before all of its epochs were done."
        if not case.theory or case.ratio < LONGER:
            return None
        return "More epochs do not help while each step is too long."

    def changes(self, case: Case) -> list[Values]:
        epochs = case.config.epochs
        found = dict.fromkeys(int(tidy(epochs * factor)) for factor in MANY)
        return [{"epochs": number} for number in found if epochs < number <= 10_000_000]

    def instead(self, case: Case) -> list[Values]:
        arrived = case.theory and self.evidence(case).get("way_left", 1.0) < ARRIVED
        if arrived or case.config.optimizer == "newton":
            return []
        return [{"optimizer": "newton", "batch_size": 0}]

    def sentence(self, case: Case, evidence: Evidence, fix: Values) -> str:
        left = evidence.get("way_left", 0.0)
        way = (
            f" By theory about {percent(min(left, 1.0))} of what training can win was left."
            if left > 0.005
            else ""
        )
        if "optimizer" in fix:  # no number of epochs that was tried is enough
            return (
                f"Training stopped on its way, after {counted(case.epochs, 'epoch')}.{way} The loss "
                "is steep one way and all but flat another, and steps short enough for the one take far "
                "too many epochs for the other. Newton's method takes the curvature into account "
                f"(optimizer = newton): with it {HEALED}."
            )
        return (
            f"Training stopped on its way, after {counted(case.epochs, 'epoch')}.{way} "
            f"After {counted(fix['epochs'], 'epoch')} {HEALED}."
        )

    def weight(self, case: Case) -> float:
        return log10(FEW_EPOCHS / case.config.epochs)


def _rates(case: Case) -> list[float]:
    """Learning rates to try, the likeliest first: those that the form and a sweep call safe too."""
    return list(case.analysis.smoothness.advised(case.config) if case.theory else USUAL)


def _batch(case: Case) -> int:
    rows = len(case.analysis.problem.y_train)
    return min(case.config.batch_size or rows, rows)


def reach(train: View, lr: float, epochs: float, batch_size: int = 0) -> float:
    """An upper bound on ``‖θ_T − θ₀‖`` of plain SGD without weight decay, whatever happens on the way.

    With no residual longer than r a batch's gradient is at most r times the mean of its rows' ``c·‖x̃ᵢ‖``:
    with equal batches ``lr · updates · r · mean(c·‖x̃ᵢ‖)``. A smaller last batch weighs its rows more; the
    bound takes the longest rows for those.
    """
    norms = np.sort(np.linalg.norm(train.X, axis=1) * train.weight)[::-1]
    size = min(batch_size or train.rows, train.rows)
    last = train.rows % size
    an_epoch = norms[last:].sum() / size + (norms[:last].sum() / last if last else 0.0)
    return lr * epochs * float(an_epoch) * train.likelihood.largest_residual


BATCH_TOO_SMALL = _BatchTooSmall("batch-too-small", "Batches too small", Stage.TRAINING, rank=70)
LR_TOO_HIGH = _RateTooHigh("lr-too-high", "Learning rate too high", Stage.TRAINING, rank=80)
LR_TOO_LOW = _RateTooLow("lr-too-low", "Learning rate too low", Stage.TRAINING, rank=90)
TOO_FEW_EPOCHS = _TooFewEpochs("too-few-epochs", "Too few epochs", Stage.TRAINING, rank=100)
