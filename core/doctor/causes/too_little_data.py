"""Labels that depend on nothing; too few rows to tell, or to learn more than those by heart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from lrtui.core.config import changes_text
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.causes.overfitting import held_back, milder, well
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.figures import finite, percent, short
from lrtui.core.doctor.quantities.flexibility import CLASS_ROWS, flexibility
from lrtui.core.doctor.quantities.signal import Z99, Z999, Signal, behind, learned
from lrtui.core.doctor.quantities.truth_tables import truth_table
from lrtui.core.doctor.reference import WEAK
from lrtui.core.doctor.trials import Trial
from lrtui.core.training.measurement import threshold_of

NOTHING = 0.2  # p from which on few rows show nothing at all
IN_SIGHT = 0.85  # an AUC within the interval that would be strong signal, were there rows to prove it
COULD_HIDE = 0.75  # where chance alone reaches such an AUC, little data is the trouble, not no signal
OVERFITTED = 0.9  # shrinkage below which predictions are too sure (van Houwelingen and le Cessie 1990)
BY_HEART = 0.25  # nats that rows not seen cost more than rows seen
ROWS_EACH = 3  # rows a parameter
RARE = 10  # rows of the rarer class
FINE = 0.95  # balanced accuracy on rows not seen
HARDLY_MORE = 2  # rows a parameter, of which fewer are known by heart
LOST = 0.2  # of balanced accuracy, from the rows seen to the test part


@dataclass(frozen=True)
class Hidden:
    """What so few rows could hide, for they teach so many weights little.

    Attributes:
        order: the strongest AUC that could be there. by_chance: the same where chance alone spoke.
    """

    order: float
    by_chance: float

    @classmethod
    def behind(cls, found: Signal, case: Case) -> Hidden:
        """What could be there, and yet not show in what was found."""
        train = case.analysis.train
        rarer = train.rarest if case.binary else train.rows / train.classes
        best = [behind(auc, train.X.shape[1] - 1, train.rows, rarer) for auc in (found.high, found.chance)]
        return cls(max(best), best[1])

    @property
    def strong(self) -> bool:
        """Whether little data is the trouble, and not that there is no signal."""
        return self.by_chance >= COULD_HIDE or self.order >= IN_SIGHT


def _shown(case: Case, z: float = Z99) -> bool:
    """Whether the test rows show that the run has learned something."""
    return learned(case.run.measured.table, case.analysis.test, case.run.theta, z)


def _nothing_shown(case: Case) -> Found | None:
    found = case.analysis.unlearnable
    if found is None:
        return None
    hidden = Hidden.behind(found, case)
    if (hidden.strong and found.p <= NOTHING) or _shown(case, Z99 if hidden.strong else Z999):
        return None
    evidence = finite(
        p=found.p,
        p_linear=case.analysis.linear_p,
        auc=found.auc,
        auc_low=found.low,
        auc_high=found.high,
        auc_by_chance=found.chance,
        auc_hidden=hidden.order,
        rows=found.rows,
    )
    sentence = (
        "Nothing shows that the labels depend on these features. Of two rows that no model had seen, one "
        f"of each class, straight and curved models put the right one first in {percent(found.auc)} of all "
        f"pairs (AUC; 99 % interval: {percent(found.low)} to {percent(found.high)}), where guessing does "
        f"in 50 %, and labels shuffled at random do as well in {percent(found.p)} of the tries. Something "
        f"that {short(found.rows)} rows cannot show may hide: an order that is right in up to "
        f"{percent(hidden.order)} of the pairs. No setting makes up for that; other features, or labels "
        "that were recorded right, do."
    )
    return Found(sentence, evidence, settles=Health.UNLEARNABLE)


def _too_few_to_tell(case: Case) -> Found | None:
    found, train, parameters = case.analysis.unlearnable, case.analysis.train, case.parameters
    if found is None:
        return None
    hidden = Hidden.behind(found, case)
    if not hidden.strong or _shown(case):
        return None
    n, rarer = train.rows, train.rarest
    needed = max(10 * parameters, 50, round(20 * n / max(rarer, 1)))
    evidence = {
        "rows": float(found.rows),
        "rows_per_parameter": n / parameters,
        "auc_by_chance": found.chance,
        "auc_hidden": hidden.order,
        "rows_needed": float(needed),
        "base_loss": case.reference.base_loss,
    }
    which = "rarer" if case.binary else "rarest"
    sentence = (
        f"{n} training rows, {rarer} of the {which} class, for {parameters} weights are too few to "
        "tell whether there is anything to learn: where nothing is, chance alone puts the right one of two "
        f"rows first in up to {percent(found.chance)} of all pairs (AUC), and an order that is right in "
        f"up to {percent(hidden.order)} could be there and not show. Bring some {needed} rows"
    )
    best = _calmer(case)
    if best is None:
        return Found(f"{sentence}; no setting makes up for them.", evidence, settles=Health.UNLEARNABLE)
    fix, now = held_back(case, best), case.run.measured
    sentence += (
        f". Until then {changes_text(case.config, fix)} keeps the model from being too sure of what it "
        f"learned by heart: the test loss goes from {short(now.test_loss)} to "
        f"{short(best.measured.test_loss)}, where knowing nothing costs {short(case.reference.base_loss)}."
    )
    return Found(sentence, evidence, fix, best, best.remark, settles=Health.UNLEARNABLE)


def _calmer(case: Case) -> Trial | None:
    """The run held back, where it costs more than knowing nothing and then does not."""
    if case.run.measured.test_loss <= case.reference.base_loss:
        return None
    best = _best_decay(case)
    return best if best is not None and best.measured.test_loss < case.reference.base_loss else None


def _learned_by_heart(case: Case) -> Found | None:
    train, parameters = case.analysis.train, case.parameters
    n, rarer = train.rows, train.rarest
    if (n >= ROWS_EACH * parameters and rarer >= RARE) or (not case.binary and n > CLASS_ROWS):
        return None  # or what a sample of them can tell is not what all of them can
    if case.analysis.measured(truth_table):
        return None  # all that can be asked is known
    fine = _shown(case)
    won = 2 * n * (case.reference.base_loss - case.reference.loss)
    shrinkage = max(0.0, (won - (parameters - 1)) / won) if won > 0 else 0.0
    found = case.analysis.measured(flexibility)
    by_heart = found.linear_loss - case.reference.loss
    if found.linear_accuracy >= FINE or (shrinkage >= OVERFITTED and by_heart < BY_HEART):
        return None
    by_run = case.run.balanced_accuracy(train, threshold_of(case.config, float(train.y.mean())))
    now = case.run.measured
    evidence = finite(
        rows_per_parameter=n / parameters,
        rows_of_rarer_class=rarer,
        shrinkage=shrinkage,
        loss_seen=now.train_loss,
        linear_loss=case.reference.loss,
        base_loss=case.reference.base_loss,
        loss_not_seen=found.linear_loss,
        train_balanced_accuracy=by_run,
        cross_validated_balanced_accuracy=found.linear_accuracy,
        rows_needed=max(10 * parameters, ceil(2 * RARE * n / max(rarer, 1))),
    )
    which = "rarer" if case.binary else "rarest"
    sentence = (
        f"{short(n)} training rows, {rarer} of the {which} class, stand against "
        f"{parameters} weights: on the rows that it has seen the run's balanced accuracy is {by_run:.2f}; "
        "a straight model, asked of training rows that it has not seen, comes to "
        f"{found.linear_accuracy:.2f}."
    )
    best = _best_decay(case)
    lost = by_run - now.test_balanced_accuracy >= LOST and n < HARDLY_MORE * parameters
    if best is None and fine and not lost:
        return None  # what was learned holds for other rows, and nothing here makes it hold better
    needed = short(evidence["rows_needed"])
    if best is None and fine and now.test_loss < case.reference.base_loss - case.reference.slack:
        sentence += (
            f" What it learned is worth something all the same: on the test rows it is right in "
            f"{now.test_balanced_accuracy:.2f} of each class on average, and loses {short(now.test_loss)}, "
            f"where knowing nothing loses {short(case.reference.base_loss)}. No change that was tried "
            f"makes that better; about {needed} rows would."
        )
        return Found(sentence, evidence)
    if best is None:
        return Found(
            f"{sentence} No setting makes up for rows: bring about {needed}.",
            evidence,
            settles=Health.UNLEARNABLE,
        )
    fix = held_back(case, best)
    sentence += (
        f" With {changes_text(case.config, fix)} the test loss goes from {short(now.test_loss)} to "
        f"{short(best.measured.test_loss)}; more rows would do more."
    )
    return Found(sentence, evidence, fix, best)


def _best_decay(case: Case) -> Trial | None:
    """The weight decay that cross-validation on standardized features chooses, if the test part agrees.

    Where it leaves the run sick, other ways to hold it back, if they do better.
    """
    decay = case.reference.ridge
    if decay <= max(WEAK, case.config.weight_decay):
        return None
    trial = case.tried({"weight_decay": decay}, 2)
    before, after = case.run.measured, trial.measured
    fell = before.test_balanced_accuracy - after.test_balanced_accuracy
    helps = after.test_loss < before.test_loss - 0.02 and fell <= 0.02
    if helps and well(case, trial):
        return trial
    other = milder(case)
    return other if other is not None and well(case, other) else trial if helps else None


# What is learned by heart is told before how it was learned.
TOO_FEW_TO_TELL = RunCause(
    "too-little-data", "Too little data", Stage.SIGNAL, rank=10, first=True, ask=_too_few_to_tell
)
NO_SIGNAL = RunCause(
    "no-signal", "Labels do not depend on the features", Stage.SIGNAL, rank=20, ask=_nothing_shown
)
LEARNED_BY_HEART = replace(
    TOO_FEW_TO_TELL, stage=Stage.ANSWERS, rank=60, unless=("non-linear",), ask=_learned_by_heart
)
