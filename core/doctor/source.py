"""Diagnosing what a person names: also where the target itself is not fit to be learned."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from lrtui.core.config import Config
from lrtui.core.doctor.causes.base import short
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Scores
from lrtui.core.doctor.doctor import diagnose
from lrtui.datasets.errors import TargetError
from lrtui.datasets.loading import load
from lrtui.datasets.source import Source
from lrtui.datasets.text import listed, quote

CLASSES = 20  # values beyond which a target is a quantity or a name, not a class


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
    if len(error.counts) < 2:
        return _one_class(error, started)
    options.pop("outcome", None)
    return _many_values(source, config, error, started, options)


def _one_class(error: TargetError, started: float) -> Diagnosis:
    value, rows = next(iter(error.counts.items()))
    sentence = (
        f"Every one of the {rows:,} rows has the target {quote(value)}: there is nothing to tell apart. "
        "No setting helps: choose another target, or bring rows of another class."
    )
    finding = Finding("one-class", "One class only", sentence, {"rows": float(rows), "classes": 1.0})
    return _untrained(finding, value, started)


def _many_values(
    source: Source, config: Config, error: TargetError, started: float, options: dict[str, Any]
) -> Diagnosis:
    values = sorted(error.counts, key=lambda value: (-error.counts[value], value))
    evidence = {"values": float(len(values)), "rows": float(sum(error.counts.values()))}
    what = f"The target {quote(error.target)} has {len(values):,} values ({listed(values)})"
    title = "A target that is not two classes"
    if len(values) > CLASSES:
        sentence = (
            f"{what}: a quantity or a name, where logistic regression tells two classes apart. Cut it "
            "in two, such as above and below its median, and name that column as the target."
        )
        return _untrained(Finding("target-coding", title, sentence, evidence), values[0], started)
    positive = values[0]
    found = diagnose(load(replace(source, positive=positive)), config, **options)
    sentence = (
        f"{what}, and the loss is made for two. Recoded as {quote(positive)} (1) against the rest (0), "
        f"a model can be trained: balanced accuracy {short(found.before.test_balanced_accuracy or 0.0)}. "
        "Choose with --positive which value is to be 1, or tell all of them apart with --multiclass."
    )
    fix = {"positive": positive}
    finding = Finding("target-coding", title, sentence, evidence, fix, proved=True, trial=found.before)
    good = found.status in (Health.HEALTHY, Health.SICK)
    others = tuple(other for other in found.findings if other.cause != "separable")
    return replace(
        found,
        status=Health.SICK if good else found.status,
        verdict=f"The target has {len(values)} values, not two. {found.verdict}",
        findings=(finding, *others),
        fix={**fix, **(found.fix or {})} if good else None,
        single_label=False,
        majority_share=None,
        before=Scores(),
        after=(found.after or found.before) if good else None,
        seconds=time.perf_counter() - started,
    )


def _untrained(finding: Finding, label: str, started: float) -> Diagnosis:
    return Diagnosis(
        status=Health.UNLEARNABLE,
        verdict=finding.sentence,
        single_label=finding.cause == "one-class",
        majority_label=label,
        majority_share=1.0 if finding.cause == "one-class" else None,
        findings=(finding,),
        ruled_out=(),
        fix=None,
        before=Scores(),
        after=None,
        reference=None,
        seconds=time.perf_counter() - started,
    )
