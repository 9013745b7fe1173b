"""Training rows learned more closely than rows not seen bear."""

from __future__ import annotations

from collections.abc import Iterator

from lrtui.core.config import changed, changes_text
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found, RunCause, Stage
from lrtui.core.doctor.choosing import best_of
from lrtui.core.doctor.diagnosis import Values
from lrtui.core.doctor.figures import finite, short
from lrtui.core.doctor.trials import Trial

DECAYS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
STOPS = (2, 5, 10, 20, 50)  # times fewer epochs


def _too_closely(case: Case) -> Found | None:
    now, best = case.run.measured, case.ridge.measured
    if not case.overfitted:
        return None
    best_trial = milder(case)
    evidence = finite(
        train_loss=now.train_loss,
        test_loss=now.test_loss,
        train_loss_of_reference=best.train_loss,
        test_loss_of_reference=best.test_loss,
        rows_per_parameter=case.analysis.train.rows / case.parameters,
    )
    sentence = (
        f"The model has learned its training rows too closely: it loses {short(now.train_loss)} on them "
        f"and {short(now.test_loss)} on rows not seen. A linear model whose weights are held back as "
        f"cross-validation on the training rows chooses loses {short(best.test_loss)} there."
    )
    if best_trial is None:
        return Found(sentence, evidence)
    fix = held_back(case, best_trial)
    after = short(best_trial.measured.test_loss)
    sentence += f" With {changes_text(case.config, fix)} the same run loses {after} on rows not seen."
    return Found(sentence, evidence, fix, best_trial, best_trial.remark)


def held_back(case: Case, trial: Trial) -> Values:
    """The change that a trial of ``milder`` is."""
    return {
        name: getattr(trial.config, name)
        for name in ("weight_decay", "lr", "epochs")
        if getattr(trial.config, name) != getattr(case.config, name)
    }


def milder(case: Case) -> Trial | None:
    """The run held back: by weight decay, else by stopping early.

    The first way that leaves nothing to mend, or else the first that makes it better.
    """
    first: Trial | None = None
    for values in _ways(case):
        trial = case.tried(values, 2)
        if well(case, trial):
            return trial
        first = first or (trial if case.improves(trial) else None)
    return first


def _ways(case: Case) -> Iterator[Values]:
    """Changes that hold it back, each the best of its kind on training rows kept aside.

    Of few rows those say little, so the ridge that cross-validation on all of them chooses is one, too.
    """
    config, ridge = case.config, case.analysis.reference.ridge
    decays: list[Values] = [{"weight_decay": d} for d in DECAYS if d > config.weight_decay]
    chosen = best_of(case.lab, config, decays)
    if chosen is not None:
        yield chosen
    if ridge > config.weight_decay and chosen != {"weight_decay": ridge}:
        yield {"weight_decay": ridge}
    slower: list[Values] = []
    if case.theory and case.ratio > 1:  # steps so long that no weight decay comes to rest
        suggested = case.analysis.smoothness.suggested
        calm = [(values, suggested(changed(config, **values))) for values in decays]
        slower = [{**values, "lr": rate} for values, rate in calm if rate is not None]
    stops = dict.fromkeys(config.epochs // times for times in STOPS)
    for candidates in (slower, [{"epochs": number} for number in stops if number > 0]):
        if candidates and (chosen := best_of(case.lab, config, candidates)) is not None:
            yield chosen


def well(case: Case, trial: Trial) -> bool:
    """Whether nothing is left to mend, be it by chance of few rows."""
    behind = case.ridge.measured.test_balanced_accuracy - trial.measured.test_balanced_accuracy
    return case.improves(trial) and case.axes(trial).fine and behind < HARM


OVERFITTING = RunCause(
    "overfitting",
    "Overfitting",
    Stage.ANSWERS,
    rank=70,
    unless=("too-little-data",),
    ask=_too_closely,
)
