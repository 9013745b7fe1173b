"""Labels that depend on nothing; too few rows to tell, or to learn more than those by heart."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from lrtui.core.config import changes_text
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.causes.overfitting import held_back, milder, well
from lrtui.core.doctor.diagnosis import Health
from lrtui.core.doctor.figures import finite, percent, short
from lrtui.core.doctor.quantities.flexibility import CLASS_ROWS, flexibility
from lrtui.core.doctor.quantities.signal import Z999, Signal, learned
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


def _could_hide(found: Signal) -> bool:
    """Whether so few rows could hide signal."""
    return found.chance >= COULD_HIDE or found.high >= IN_SIGHT


def _nothing_shown(case: Case) -> Found | None:
    found = case.analysis.unlearnable
    if found is None or (_could_hide(found) and found.p <= NOTHING):
        return None
    if learned(case.run.measured.table, case.analysis.test, case.run.theta, Z999):
        return None
    evidence = finite(
        p=found.p,
        p_linear=case.analysis.linear_p,
        auc=found.auc,
        auc_low=found.low,
        auc_high=found.high,
        auc_by_chance=found.chance,
        rows=found.rows,
    )
    hidden = max(found.high, found.chance)
    sentence = (
        "Nothing shows that the labels depend on these features. Of two rows that no model had seen, one "
        f"of each class, straight and curved models put the right one first in {percent(found.auc)} of all "
        f"pairs (AUC; 99 % interval: {percent(found.low)} to {percent(found.high)}), where guessing does "
        f"in 50 %, and labels shuffled at random do as well in {percent(found.p)} of the tries. Something "
        f"that {short(found.rows)} rows cannot show may hide: an order that is right in up to "
        f"{percent(hidden)} of the pairs. No setting makes up for that; other features, or labels "
        "that were recorded right, do."
    )
    return Found(sentence, evidence, settles=Health.UNLEARNABLE)


def _too_few_to_tell(case: Case) -> Found | None:
    found, train, parameters = case.analysis.unlearnable, case.analysis.train, case.parameters
    if found is None or not _could_hide(found):
        return None
    if learned(case.run.measured.table, case.analysis.test, case.run.theta):
        return None
    n, rarer = train.rows, train.rarest
    needed = max(10 * parameters, 50, round(20 * n / max(rarer, 1)))
    evidence = {
        "rows": float(found.rows),
        "rows_per_parameter": n / parameters,
        "auc_by_chance": found.chance,
        "rows_needed": float(needed),
    }
    which = "rarer" if case.binary else "rarest"
    sentence = (
        f"{n} training rows, {rarer} of the {which} class, for {parameters} weights are too few to "
        "tell whether there is anything to learn: where nothing is, chance alone puts the right one of two "
        f"rows first in up to {percent(found.chance)} of all pairs (AUC). Bring some {needed} rows; no "
        "setting replaces them."
    )
    return Found(sentence, evidence, settles=Health.UNLEARNABLE)


def _learned_by_heart(case: Case) -> Found | None:
    train, parameters = case.analysis.train, case.parameters
    n, rarer = train.rows, train.rarest
    if (n >= ROWS_EACH * parameters and rarer >= RARE) or (not case.binary and n > CLASS_ROWS):
        return None  # or what a sample of them can tell is not what all of them can
    if case.analysis.measured(truth_table):
        return None  # all that can be asked is known
    fine = learned(case.run.measured.table, case.analysis.test, case.run.theta)
    won = 2 * n * (case.reference.base_loss - case.reference.loss)
    shrinkage = max(0.0, (won - (parameters - 1)) / won) if won > 0 else 0.0
    found = case.analysis.measured(flexibility)
    by_heart = found.linear_loss - case.reference.loss
    if found.linear_accuracy >= FINE or (shrinkage >= OVERFITTED and by_heart < BY_HEART):
        return None
    by_run = case.run.balanced_accuracy(train, threshold_of(case.config, float(train.y.mean())))
    evidence = finite(
        rows_per_parameter=n / parameters,
        rows_of_rarer_class=rarer,
        shrinkage=shrinkage,
        loss_seen=case.reference.loss,
        loss_not_seen=found.linear_loss,
        train_balanced_accuracy=by_run,
        cross_validated_balanced_accuracy=found.linear_accuracy,
        rows_needed=max(10 * parameters, ceil(2 * RARE * n / max(rarer, 1))),
    )
    which = "rarer" if case.binary else "rarest"
    sentence = (
        f"{short(n)} training rows, {rarer} of the {which} class, stand against "
        f"{parameters} weights: on the rows it has seen the model's balanced accuracy is {by_run:.2f}, "
        f"on others {found.linear_accuracy:.2f}."
    )
    best = _best_decay(case)
    lost = by_run - case.run.measured.test_balanced_accuracy >= LOST and n < HARDLY_MORE * parameters
    if best is None and fine and not lost:
        return None  # what was learned holds for other rows, and nothing here makes it hold better
    if best is None:
        sentence += f" No setting replaces rows: bring about {short(evidence['rows_needed'])}."
        return Found(sentence, evidence, settles=Health.UNLEARNABLE)
    fix = held_back(case, best)
    sentence += (
        f" With {changes_text(case.config, fix)} the test loss goes from "
        f"{short(case.run.measured.test_loss)} to {short(best.measured.test_loss)}; more rows would "
        "do more."
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
