"""The doctor's door: a whole diagnosis, or a glance in passing."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor import letter
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.settings import SETTINGS
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, RuledOut
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.trials import Cancelled, Laboratory
from lrtui.core.doctor.visit import Visit
from lrtui.datasets.dataset import Dataset, Problem

__all__ = ["BUDGET", "Cancelled", "Outcome", "diagnose", "glance"]

MOST = 5_000_000  # numbers in a dataset; of larger ones rows are drawn
BUDGET = 2.0  # seconds, the run itself not counted


def diagnose(
    dataset: Dataset,
    config: Config,
    *,
    outcome: Outcome | None = None,
    seconds: float = BUDGET,
    go_on: Callable[[], bool] = lambda: True,
) -> Diagnosis:
    """Why a run fails, proved by experiment; trains the run first where it has not been trained.

    ``go_on`` is asked now and then.

    Raises:
        DatasetError: the dataset cannot be prepared as the config asks, for another reason than the doctor
            knows a fix for.
        Cancelled: ``go_on`` said no.
    """
    sample = thinned(dataset)
    notes = (
        [f"Looked at {sample.n:,} of {dataset.n:,} rows, drawn at random."] if sample is not dataset else []
    )
    return Visit(sample, config, Laboratory(sample, inf, go_on), seconds, notes=notes).diagnose(outcome)


def thinned(dataset: Dataset) -> Dataset:
    """The dataset, or a sample of its rows where it is too large to be prepared again for every trial."""
    most = max(MOST // max(dataset.p, 1), 10_000)
    if dataset.n <= most:
        return dataset
    kept = np.sort(np.random.default_rng(0).permutation(dataset.n)[:most])
    return dataset.take(kept)


def glance(problem: Problem, config: Config, outcome: Outcome) -> Diagnosis:
    """What the cheap evidence says of a run that still trains: suspects, and nothing proved."""
    lab = Laboratory.of(problem, config)
    run = lab.look(config, outcome.theta, outcome.epoch)
    case = Case(lab, config, run, outcome, lab.ground(config).reference)
    measured, label = run.measured, problem.class_names[run.measured.majority_label]
    findings, cleared = [], []
    for setting in SETTINGS if case.gap else ():
        evidence = setting.evidence(case)
        if setting.suspected(case, evidence):
            findings.append(Finding(setting.id, setting.title, letter.suspicion(setting.title), evidence))
        else:
            cleared.append(RuledOut(setting.id, setting.cleared(case, evidence)))
    sick = measured.one_label or case.blown
    return Diagnosis(
        status=Health.CANNOT_TELL if sick else Health.HEALTHY,
        verdict=letter.first_glance(case, findings, label),
        single_label=letter.single_label(measured),
        majority_label=label,
        majority_share=measured.majority_share,
        findings=tuple(findings),
        ruled_out=tuple(cleared),
        fix=None,
        before=run.scores,
        after=None,
        reference=None,
        seconds=0.0,
        class_names=problem.class_names if problem.classes > 2 else (),
    )
