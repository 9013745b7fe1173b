"""The doctor's door: a whole diagnosis, or a glance in passing."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

import numpy as np

from lrtui.core.config import Config
from lrtui.core.doctor import wording
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.catalogue import asked_at
from lrtui.core.doctor.cause import Setting, Stage
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health
from lrtui.core.doctor.outcome import Outcome
from lrtui.core.doctor.pipeline import Pipeline
from lrtui.core.doctor.search import suspected
from lrtui.core.doctor.trials import Cancelled, Tell, TrialRunner
from lrtui.core.training.problem import problem_key
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem

__all__ = ["BUDGET", "Cancelled", "Outcome", "diagnose", "glance"]

MOST = 5_000_000  # numbers in a dataset; of larger ones rows are drawn
BUDGET = 2.0  # of work, as ``work.py`` counts it; the run itself not counted
BLOWN = 10  # times what knowing nothing costs: sure of wrong answers


def diagnose(
    dataset: Dataset,
    config: Config,
    *,
    outcome: Outcome | None = None,
    work: float = BUDGET,
    go_on: Callable[[], bool] = lambda: True,
    tell: Tell = lambda trials, share: None,
) -> Diagnosis:
    """Why a run fails, proved by experiment; trains the run first where it has not been trained.

    ``work`` is what trials may cost in all, see ``work.py``; ``go_on`` is asked now and then, and ``tell``
    hears how far it is.

    Raises:
        DatasetError: the dataset cannot be prepared as the config asks, for another reason than the doctor
            knows a fix for.
        Cancelled: ``go_on`` said no.
    """
    sample = thinned(dataset)
    notes = (
        [f"Looked at {sample.n:,} of {dataset.n:,} rows, drawn at random."] if sample is not dataset else []
    )
    return Pipeline(TrialRunner(sample, inf, go_on, tell), config, work, notes).diagnose(outcome)


def thinned(dataset: Dataset) -> Dataset:
    """The dataset, or a sample of its rows where it is too large to be prepared again for every trial."""
    most = max(MOST // max(dataset.p, 1), 10_000)
    if dataset.n <= most:
        return dataset
    kept = np.sort(np.random.default_rng(0).permutation(dataset.n)[:most])
    return dataset.take(kept)


def glance(problem: Problem, config: Config, outcome: Outcome) -> Diagnosis:
    """What the cheap evidence says of a run that still trains: suspects, and nothing proved."""
    lab = TrialRunner(None, inf, lambda: True)
    lab.problems[problem_key(config)] = problem
    run = lab.look(config, outcome.theta, outcome.epoch)
    case = Case(lab, config, run, outcome, lab.analysis(config).reference)
    settings = asked_at(Stage.TRAINING, Setting) if case.gap else ()
    asked = [setting for setting in settings if setting.applies(binary=case.binary, known=set())]
    suspects, cleared = suspected(case, asked)
    findings = [Finding(s.id, s.title, wording.suspicion(s.title), evidence) for s, evidence in suspects]
    sick = run.measured.one_label or not run.loss <= BLOWN * case.reference.base_loss
    return Diagnosis(
        status=Health.CANNOT_TELL if sick else Health.HEALTHY,
        verdict=wording.first_glance(case, findings),
        single_label=run.measured.one_label,
        majority_label=case.majority_label,
        majority_share=run.measured.majority_share,
        findings=tuple(findings),
        ruled_out=tuple(cleared),
        before=run.scores,
        class_names=() if case.binary else problem.class_names,
    )
