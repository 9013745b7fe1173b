"""The words around the findings: the verdict, what was ruled out, how a fix reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lrtui.core.config import Config, changes_text
from lrtui.core.doctor.case import HARM, Case
from lrtui.core.doctor.cause import Found
from lrtui.core.doctor.diagnosis import Finding, Health, RuledOut, Values
from lrtui.core.doctor.figures import HEALED, NAME, finite, percent, short
from lrtui.core.doctor.quantities.signal import Z99, answers_beyond_chance
from lrtui.core.doctor.search import Change, Search
from lrtui.core.doctor.trials import Trial
from lrtui.datasets.text import safe

AS_GOOD = 0.02  # on every axis: what is said to be as good as can be is no farther from it


def symptom(case: Case) -> str:
    """What is to be seen of a run."""
    measured = case.run.measured
    if case.outcome.diverged_at is not None:
        return f"Training diverged in epoch {case.outcome.diverged_at:,}"
    if measured.one_label:
        label = safe(case.majority_label, NAME)
        return f"{percent(measured.majority_share)} of the test rows are predicted {label}"
    return f"Balanced accuracy is {measured.test_balanced_accuracy:.2f}"


def poor_probabilities(case: Case, best: Trial) -> str:
    """What is to be seen of a run whose labels are fine, where ``best`` can be had."""
    now = case.run.measured
    return (
        f"The labels are fine for this data (balanced accuracy {now.test_balanced_accuracy:.2f}), but the "
        f"probabilities are not: the test loss is {short(now.test_loss)}, where "
        f"{short(best.measured.test_loss)} can be had"
    )


def verdict(
    status: Health,
    config: Config,
    case: Case,
    findings: Sequence[Finding],
    fix: Values | None,
    after: Trial | None,
    best: Trial,
    undecided: str,
) -> str:
    """The verdict in a sentence or two; ``undecided`` is how it ends if nothing can be told."""
    what = symptom(case)
    alone = case.health.labels and not case.health.probabilities and status is Health.CANNOT_TELL
    had = best if after is None else min(best, after, key=lambda trial: trial.measured.test_loss)
    lower = had.measured.test_loss < case.run.measured.test_loss
    if (alone or status is Health.IMPROVABLE) and lower and not case.run.measured.one_label:
        what = poor_probabilities(case, had)
    names = " and ".join(_lower(finding.title) for finding in findings)
    if fix and after is not None:
        now, then = case.run.measured, after.measured
        numbers = (
            f"balanced accuracy {now.test_balanced_accuracy:.2f} → {then.test_balanced_accuracy:.2f}, "
            f"test loss {short(now.test_loss)} → {short(then.test_loss)}"
        )
        if status is Health.UNLEARNABLE:
            first = _lower(findings[0].title)
            return f"{_against_chance(case)}: {first}. Improved by {changes_text(config, fix)}: {numbers}."
        if then.test_loss > now.test_loss and then.test_balanced_accuracy < now.test_balanced_accuracy:
            changes = changes_text(config, fix)
            return f"{what}: {names}. What holds of new rows shows with {changes}: {numbers}."
        healed = "Healed" if status is Health.SICK else "Improved"
        return f"{what}: {names}. {healed} by {changes_text(config, fix)}: {numbers}."
    if status is Health.UNLEARNABLE:
        what = _against_chance(case)
        if any(finding.proved for finding in findings[1:]):
            first, *others = (_lower(finding.title) for finding in findings)
            return f"{what}: {first}. Besides: {' and '.join(others)}."
        return f"{what}, and no setting can help: {_lower(findings[0].title)}."
    if status is Health.CANNOT_TELL and undecided:
        return f"{what}, {undecided}"
    if status is Health.CANNOT_TELL:
        tail = f" Suspected and not proved: {names}." if names else ""
        return f"{what}. Why cannot be told: no change that was tried reaches what could be had.{tail}"
    return healthy(case)


def _against_chance(case: Case) -> str:
    """What is to be seen of a run that no setting helps, and whether it is more than guessing gives."""
    what, measured, test = symptom(case), case.run.measured, case.analysis.test
    present = sum(1 for row in measured.table if sum(row))
    if case.outcome.diverged_at is not None or measured.one_label or present < 2:
        return what
    if measured.test_balanced_accuracy < 1 / present + HARM:
        return what
    if answers_beyond_chance(measured.table, Z99):
        return f"{what}, more than guessing gives"
    return f"{what}, which on {test.rows:,} test rows can be chance"


def untrainable(config: Config, findings: Sequence[Finding], fix: Values | None, run: Trial) -> str:
    """The verdict on a run that cannot be trained as it is; ``run`` is what it comes to with the fix."""
    names = " and ".join(_lower(finding.title) for finding in findings)
    mended = changes_text(config, fix) if fix else "that put right"
    return f"The run cannot be trained as it is: {names}. With {mended} {_standing(run)}."


def _standing(run: Trial) -> str:
    now = run.measured
    return (
        f"the loss on rows not seen is {short(now.test_loss)} and balanced accuracy is "
        f"{now.test_balanced_accuracy:.2f}"
    )


def healthy(case: Case) -> str:
    """That nothing is wrong, with the numbers that say so."""
    now, best = case.run.measured, case.ridge.measured
    lost = best.test_balanced_accuracy - now.test_balanced_accuracy
    worse = now.test_loss - best.test_loss
    if now.one_label:
        label = safe(case.majority_label, NAME)
        return (
            f"Nothing is wrong that a setting could mend: {percent(now.majority_share)} of the test rows "
            f"are predicted {label}, as the shares of the classes have it, and the best linear model's "
            f"balanced accuracy is {best.test_balanced_accuracy:.2f}."
        )
    numbers = _standing(case.run)
    if lost <= AS_GOOD and worse <= AS_GOOD:
        return f"Nothing is wrong: {numbers}, as good as a linear model's can be here."
    return (
        f"Nothing is wrong: {numbers}, close to the {short(best.test_loss)} and "
        f"{best.test_balanced_accuracy:.2f} of the best linear model."
    )


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]


def ruled_out(case: Case, found: Search) -> list[RuledOut]:
    """What a search looked at and does not blame."""
    blamed = {change.setting.id for change in (*found.named, *found.ties)}
    out = [
        RuledOut(tie.setting.id, f"{_capital(changes_text(case.config, tie.values))} alone heals it too "
                 f"({_part(case)} loss {short(case.loss(tie.trial))}), but "
                 f"{_lower(found.named[0].setting.title)} is the more particular cause.")
        for tie in found.ties
    ]  # fmt: skip
    vain = [single for single in found.singles if single.setting.id not in blamed]
    out += [RuledOut(single.setting.id, _refuted(case, single)) for single in vain]
    return out + found.cleared


def suspect(case: Case, change: Change) -> Finding:
    """A setting whose evidence speaks against it, and whose change alone does not heal."""
    sentence = f"Suspected, and not proved. {_refuted(case, change)}"
    tried = {f"tried_{name}": v for name, v in change.values.items() if isinstance(v, int | float)}
    found = Found(sentence, change.evidence | finite(**tried), trial=change.trial)
    return replace(change.setting.finding(found), closure=case.closure(change.trial))


def healed(case: Case, change: Change, found: Search, whole: Trial) -> Finding:
    """A setting that is to blame, alone or together with others; ``whole`` is the run with all of them."""
    sentence, trial = change.setting.sentence(case, change.evidence, change.values), whole
    if len(found.named) > 1:
        rest = "other change" if len(found.named) == 2 else "other changes"
        sentence, trial = sentence.replace(HEALED, f"{HEALED}, together with the {rest}"), change.trial
    told = Found(sentence, change.evidence, change.values, trial, whole.remark)
    return replace(change.setting.finding(told), closure=case.closure(trial))


def _refuted(case: Case, single: Change) -> str:
    cut = f" {single.trial.remark}" if single.trial.cut else ""
    return (
        f"Not this alone: with {changes_text(case.config, single.values)} the {_part(case)} loss ends at "
        f"{short(case.loss(single.trial))}{cut}, where {short(case.target)} can be had."
    )


def harmless(case: Case, change: Change) -> RuledOut:
    """A setting that keeps the loss up, and whose change makes nothing better on rows not seen."""
    return RuledOut(
        change.setting.id,
        f"{_capital(changes_text(case.config, change.values))} would take the {_part(case)} loss from "
        f"{short(case.loss(case.run))} to {short(case.loss(change.trial))}, and on rows not seen the run "
        "would be no better.",
    )


def _part(case: Case) -> str:
    return "training" if case.part == "train" else "test"


def needless(cause: str, config: Config, fix: Values) -> RuledOut:
    """A finding that the other changes make needless."""
    return RuledOut(cause, f"{_capital(changes_text(config, fix))} is not needed beside the other change.")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def not_looked_at(causes: Sequence[str]) -> str:
    """What is asked of two classes alone."""
    verb = "is" if len(causes) == 1 else "are"
    return (
        f"There are more than two classes. Not looked at {verb} {' and '.join(causes)}, which {verb} "
        "about one class against another."
    )


def suspicion(title: str) -> str:
    """A suspect that no trial has spoken of yet."""
    return f"Suspected: {_lower(title)}. A trial follows when the run rests."


def first_glance(case: Case, suspects: Sequence[Finding]) -> str:
    """What can be said while the run still trains."""
    what = symptom(case)
    if not suspects:
        return f"{what}, so far."
    names = " or ".join(_lower(finding.title) for finding in suspects[:3])
    return f"{what}, so far; suspected: {names}."
