"""Diagnosing what a person names: also where the target itself is not fit to be learned."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import cache
from typing import Any

from lrtui.core.config import Config
from lrtui.core.doctor.catalogue import asked_at
from lrtui.core.doctor.cause import RunCause, SourceCause, Stage, Target
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Scores
from lrtui.core.doctor.doctor import diagnose
from lrtui.datasets.errors import TargetError
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source


def diagnose_source(source: Source, config: Config, **options: Any) -> Diagnosis:
    """``diagnose`` of the dataset that a source names; a target that is not fit is a diagnosis too.

    Raises:
        DatasetError: the dataset is not to be had for another reason.
        Cancelled: ``go_on`` said no.
    """
    try:
        dataset = load(source)
    except TargetError as error:
        return unfit(source, config, error, **options)
    return diagnose(dataset, config, **options)


def unfit(source: Source, config: Config, error: TargetError, **options: Any) -> Diagnosis:
    """The diagnosis of a file whose target does not hold two classes."""
    started = time.perf_counter()
    options.pop("outcome", None)

    @cache
    def recoded(positive: str) -> Diagnosis:
        return diagnose(load(replace(source, positive=positive)), config, **options)

    target = Target(error, recoded)
    for cause in asked_at(Stage.SOURCE, SourceCause):
        if (found := cause.ask(target)) is None:
            continue
        finding = cause.finding(found)
        told = _untrained(finding, target) if found.fix is None else _recoded(finding, found.fix, target)
        return replace(told, seconds=time.perf_counter() - started)
    raise error  # no cause knows such a target


def _recoded(finding: Finding, fix: dict[str, Any], target: Target) -> Diagnosis:
    """The diagnosis of the recoded target, with what is wrong with it as it is before all else."""
    found = target.recoded(fix["positive"])
    finding = replace(finding, proved=True, trial=found.before)
    good = found.status in (Health.HEALTHY, Health.SICK, Health.IMPROVABLE)
    informs = {cause.id for cause in asked_at(Stage.INFORMATION, RunCause)}
    return replace(
        found,
        status=Health.SICK if good else found.status,
        verdict=f"The target has {len(target.values)} values, not two. {found.verdict}",
        findings=(finding, *(other for other in found.findings if other.cause not in informs)),
        fix={**fix, **(found.fix or {})} if good else None,
        single_label=False,
        majority_share=None,
        before=Scores(),
        after=(found.after or found.before) if good else None,
    )


def _untrained(finding: Finding, target: Target) -> Diagnosis:
    single = len(target.values) == 1
    return Diagnosis(
        status=Health.UNLEARNABLE,
        verdict=finding.sentence,
        single_label=single,
        majority_label=target.values[0],
        majority_share=1.0 if single else None,
        findings=(finding,),
    )
