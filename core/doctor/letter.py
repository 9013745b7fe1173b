"""The words around the findings: the verdict, what was ruled out, how a fix reads."""

from __future__ import annotations

from collections.abc import Sequence

from lrtui.core.config import Config, changes_text
from lrtui.core.doctor.case import Case
from lrtui.core.doctor.causes.base import percent, short
from lrtui.core.doctor.diagnosis import Finding, Health, RuledOut, Values
from lrtui.core.doctor.search import Change, Search
from lrtui.core.doctor.trials import Trial
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.text import safe

ALL_BUT = 0.98  # of the test rows with one label
NAME = 40  # columns of the name of a class in a sentence


def single_label(measured: Measurement) -> bool:
    """Whether all test rows (but 2 % at most) get one label, though twice as many have another."""
    said, have = measured.others
    return measured.one_label or (measured.majority_share >= ALL_BUT and 2 * said <= have)


def symptom(case: Case, label: str) -> str:
    """What is to be seen of a run."""
    measured = case.run.measured
    if case.outcome.diverged_at is not None:
        return f"Training diverged in epoch {case.outcome.diverged_at:,}"
    if single_label(measured):
        return f"{percent(measured.majority_share)} of the test rows are predicted {safe(label, NAME)}"
    if case.blown:
        return (
            f"The training loss is {short(case.run.loss)}, where always answering the base rate costs "
            f"{short(case.reference.base_loss)}"
        )
    return f"Balanced accuracy is {measured.test_balanced_accuracy:.2f}"


def verdict(
    status: Health,
    config: Config,
    case: Case,
    findings: Sequence[Finding],
    fix: Values | None,
    after: Trial | None,
    label: str,
) -> str:
    """The verdict in a sentence or two."""
    what = symptom(case, label)
    names = " and ".join(_lower(finding.title) for finding in findings)
    if status is Health.SICK and fix and after is not None:
        return (
            f"{what}: {names}. Healed by {changes_text(config, fix)}: balanced accuracy "
            f"{case.run.measured.test_balanced_accuracy:.2f} → "
            f"{after.measured.test_balanced_accuracy:.2f}, "
            f"test loss {short(case.run.measured.test_loss)} → {short(after.measured.test_loss)}."
        )
    if status is Health.UNLEARNABLE:
        return f"{what}, and no setting can help: {_lower(findings[0].title)}."
    if status is Health.CANNOT_TELL and findings and findings[0].cause == "leakage":
        return f"{what}, by one column alone. Whether that is a form of the answer the data cannot tell."
    if status is Health.CANNOT_TELL:
        tail = f" Suspected and not proved: {names}." if names else ""
        return f"{what}. Why cannot be told: no change that was tried reaches what could be had.{tail}"
    return healthy(case)


def healthy(case: Case) -> str:
    """That nothing is wrong, with the numbers that say so."""
    balanced = case.run.measured.test_balanced_accuracy
    if case.blown:
        return (
            "The labels are as good as a linear model's can be here (balanced accuracy "
            f"{balanced:.2f}), but do not "
            f"trust the probabilities: the training loss is {short(case.run.loss)}, where "
            f"{short(case.reference.loss)} can be had."
        )
    if case.gap:
        return (
            "The answers are as good as a linear model's can be here (balanced accuracy "
            f"{balanced:.2f}), though "
            f"the training loss {short(case.loss(case.run))} is not yet at the {short(case.target)} "
            "that can be had: probabilities could still improve, labels would not."
        )
    return (
        f"Nothing is wrong: the training loss {short(case.loss(case.run))} is close to the best that a "
        "linear model "
        f"can have here ({short(case.target)}), and balanced accuracy on the test part is {balanced:.2f}."
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def cut_remark(trial: Trial) -> str:
    """That a trial was cut short, and where."""
    return f"after {trial.epochs:,} of {trial.config.epochs:,} epochs" if trial.cut else ""


def ruled_out(case: Case, found: Search) -> list[RuledOut]:
    """What a search looked at and does not blame."""
    named = {change.setting.id for change in found.named}
    out = [
        RuledOut(tie.setting.id, f"{_capital(changes_text(case.config, tie.values))} alone heals it too "
                 f"(training loss {short(case.loss(tie.trial))}), but "
                 f"{_lower(found.named[0].setting.title)} is the more particular cause.")
        for tie in found.ties
    ]  # fmt: skip
    seen = named | {tie.setting.id for tie in found.ties}
    for single in found.singles:
        if single.setting.id not in seen:
            out.append(RuledOut(single.setting.id, _refuted(case, single)))
    out += [RuledOut(setting.id, setting.cleared(case, evidence)) for setting, evidence in found.cleared]
    return out


def suspect(case: Case, change: Change) -> Finding:
    """A setting whose evidence speaks against it, and whose change alone does not heal."""
    return Finding(
        change.setting.id,
        change.setting.title,
        f"Suspected, and not proved. {_refuted(case, change)}",
        change.evidence,
        closure=case.closure(change.trial),
        trial=change.trial.scores,
    )


def _refuted(case: Case, single: Change) -> str:
    cut = f" {cut_remark(single.trial)}" if single.trial.cut else ""
    return (
        f"Not this alone: with {changes_text(case.config, single.values)} the training loss ends at "
        f"{short(case.loss(single.trial))}{cut}, where {short(case.target)} can be had."
    )


def harmless(case: Case, change: Change) -> RuledOut:
    """A setting that keeps the loss up and does the answers no harm."""
    part = "training" if case.part == "train" else "test"
    return RuledOut(
        change.setting.id,
        f"{_capital(changes_text(case.config, change.values))} would take the {part} loss from "
        f"{short(case.loss(case.run))} to {short(case.loss(change.trial))}, but the answers are as good "
        "without.",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def suspicion(title: str) -> str:
    """A suspect that no trial has spoken of yet."""
    return f"Suspected: {_lower(title)}. A trial follows when the run rests."


def first_glance(case: Case, suspects: Sequence[Finding], label: str) -> str:
    """What can be said while the run still trains."""
    what = symptom(case, label)
    if not suspects:
        return f"{what}, so far."
    names = " or ".join(_lower(finding.title) for finding in suspects[:3])
    return f"{what}, so far; suspected: {names}."
