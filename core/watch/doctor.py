"""The door: from what was seen of a script to what is said of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.watch.diagnosis import Said, ScriptDiagnosis
from lrtui.core.watch.experiments import batches
from lrtui.core.watch.experiments import suspects as suspects_of
from lrtui.core.watch.finding import Finding
from lrtui.core.watch.learned import base_loss, learned
from lrtui.core.watch.linear import ask_doctor, by_heart, findings_of, weighed
from lrtui.core.watch.observation import Observation
from lrtui.core.watch.proof import Proof, Prover
from lrtui.core.watch.rules import findings
from lrtui.core.watch.rules.seen import losses
from lrtui.core.watch.scores import Scores, scores
from lrtui.core.watch.warm import WarmPython
from lrtui.core.watch.watching import Start
from lrtui.core.watch.wording import title

BUDGET = 60.0  # seconds for second runs
GAP = 0.15  # nats: less is no fault of a script whose labels are fine
SHARE, SURE = 0.5, 0.25  # of what the loss can fall: so far got is well; and where it labels well
WEAK = 0.8  # balanced accuracy, below which few rows are worth a word
WELL = 0.97  # balanced accuracy, from which no setting is looked for
NUMBERS = {"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "by hand"}  # losses of regressions
COUNTED = {"metric-wrong", "one-column-argmax", "train-mode"}  # where the model itself may be well


def diagnose_script(
    start: Start,
    seen: Observation,
    *,
    budget: float = BUDGET,
    rerun: bool = True,
    go_on: Callable[[], bool] = lambda: True,
    warm: WarmPython | None = None,
) -> ScriptDiagnosis:
    """What is wrong with a script that was run once, proved by running it again (in ``warm``)."""
    began = time.monotonic()
    found = findings(seen)
    now = scores(seen)
    certain = [finding for finding in found if not finding.facts.get("suspect")]
    asked = None if certain else _settings(seen, now, go_on)
    if asked is not None:
        found = [*found, *asked.findings]
        certain = [finding for finding in found if not finding.facts.get("suspect")]
    suspects = [finding for finding in found if finding.facts.get("suspect")]
    if rerun and found and not seen.written:
        proof = Prover(start, seen, budget=budget, go_on=go_on, warm=warm).prove([*certain, *suspects])
    else:
        proof = Proof(said=[Said(finding, None, False, now) for finding in certain])
    prover = Prover(start, seen, budget=0) if proof.texts else None
    patch = prover.diff(prover.sources, proof.texts) if prover else None
    status = (
        _status(seen, proof.said, now)
        if asked is None or asked.health is None
        else _of_doctor(asked, proof.said)
    )
    return ScriptDiagnosis(
        status=status,
        verdict=verdict(seen, status, proof.said, now, proof.after),
        before=now,
        findings=tuple(proof.said),
        ruled_out=tuple(proof.ruled_out),
        patch=patch,
        after=proof.after,
        reruns=proof.reruns,
        seconds=time.monotonic() - began,
        sources=proof.texts,
        notes=tuple(_notes(seen, proof)),
        written=tuple(seen.written),
    )


@dataclass(frozen=True)
class Settings:
    """What settings and data are to blame for; and the doctor's verdict, if it was asked."""

    findings: tuple[Finding, ...] = ()
    health: Health | None = None


def _settings(seen: Observation, now: Scores, go_on: Callable[[], bool]) -> Settings | None:
    data = learned(seen)
    if data is None or not np.isfinite(data.y).all():
        return None
    answer = ask_doctor(seen, data, go_on) if data.whole else None
    if answer is not None:
        told, config = answer
        scarce = any(finding.cause == "too-little-data" for finding in told.findings)
        weak = scarce and now.balanced_accuracy is not None and now.balanced_accuracy < WEAK
        slight = weighed(seen) or not lags(told, base_loss(data.y))
        calm = told.status is Health.IMPROVABLE and slight and not weak
        fine = calm or told.status is Health.HEALTHY
        told_so = scarce and told.status is not Health.HEALTHY  # which tells it beside good answers, too
        few = None if told_so else by_heart(seen, data, now)
        if few is not None:
            others = () if fine else findings_of(seen, data, told, config)
            return Settings((few, *others), Health.IMPROVABLE if fine else told.status)
        if fine:
            return Settings(tuple(batches(seen, data)), Health.HEALTHY)
        return Settings(tuple(findings_of(seen, data, told, config)), told.status)
    well = now.balanced_accuracy is not None and now.balanced_accuracy >= WELL
    return None if well else Settings(tuple(suspects_of(seen, data, now)))


def lags(told: Diagnosis, base: float) -> bool:
    """Whether a script whose labels are fine is worth a change for its probabilities.

    ``base`` is what always answering the base rate loses, in nats. By nats alone every script on classes
    that a line parts would be, for there the loss falls as long as training goes on.
    """
    if told.after is None or told.before.test_loss is None or told.after.test_loss is None:
        return False
    before, after = told.before.test_loss, told.after.test_loss
    well = (told.before.test_balanced_accuracy or 0.0) >= WELL
    return before - after > GAP and base - before < (SURE if well else SHARE) * (base - after)


def _of_doctor(asked: Settings, said: Sequence[Said]) -> Health:
    if not said:
        return Health.HEALTHY
    return asked.health if asked.health not in (None, Health.HEALTHY) else Health.SICK


def _died(seen: Observation) -> bool:
    return seen.first("exception") is not None or (seen.code not in (0, None) and not seen.stopped)


def _status(seen: Observation, said: Sequence[Said], now: Scores) -> Health:
    if not said:
        unknown = _died(seen) or now.one_label or seen.without_backward
        return Health.CANNOT_TELL if unknown else Health.HEALTHY
    causes = {entry.finding.cause for entry in said}
    return Health.IMPROVABLE if causes <= COUNTED else Health.SICK


def verdict(
    seen: Observation, status: Health, said: Sequence[Said], now: Scores, after: Scores | None
) -> str:
    """The verdict in a sentence or two."""
    error = seen.first("exception")
    if not said:
        if status is Health.CANNOT_TELL:
            if seen.without_backward:
                return "It steps by formulas of its own, without backward(): those cannot be followed."
            if not _died(seen):
                return f"{_symptom(now)}. Why cannot be told: no change that was tried heals."
            return _death(seen) + " Why it fails beyond that cannot be told."
        return f"Nothing is wrong that can be seen{_standing(now)}."
    names = " and ".join(title(entry.finding)[:1].lower() + title(entry.finding)[1:] for entry in said)
    begin = f"{_death(seen)[:-1]}: {names}." if error is not None else f"{_symptom(now)}: {names}."
    if after is not None:
        return f"{begin} With the patch {_after(now, after)}."
    return f"{begin} No safe edit was proved; what to change stands below."


def _symptom(now: Scores) -> str:
    if now.one_label:
        return f"{(now.majority_share or 0):.0%} of {now.rows:,} rows get one label"
    if now.balanced_accuracy is not None:
        return f"Balanced accuracy is {now.balanced_accuracy:.2f}"
    return "The script does not train as it is meant to"


def _standing(now: Scores) -> str:
    if now.accuracy is None or now.balanced_accuracy is None:
        return ""
    right = f"{now.accuracy:.0%} of {now.rows:,} rows"
    return f": its own labels are right for {right} (balanced accuracy {now.balanced_accuracy:.2f})"


def _after(now: Scores, after: Scores) -> str:
    if after.balanced_accuracy is None:
        return "it runs as it is meant to"
    if now.balanced_accuracy is None:
        return f"balanced accuracy is {after.balanced_accuracy:.2f}"
    return f"balanced accuracy goes from {now.balanced_accuracy:.2f} to {after.balanced_accuracy:.2f}"


def _death(seen: Observation) -> str:
    error = seen.first("exception")
    if error is None:
        return f"The script ended with exit code {seen.code}."
    place = error.get("place")
    where = f" in line {place[1]}" if place else ""
    text = (error["text"].splitlines() or [""])[0]
    return f"The script ended with {error['type']}{where}: {text}".rstrip(": .") + "."


def _notes(seen: Observation, proof: Proof) -> list[str]:
    notes = []
    if seen.first("compile"):
        notes.append("torch.compile was left out: what is compiled cannot be looked into.")
    if _of_numbers(seen):
        notes.append(
            "The targets are numbers and no classes. Of such a script what it does with tensors is judged; "
            "its settings, and how good its answers are, are not."
        )
    if seen.written:
        notes.append(f"{wrote(seen.written)} It was not run again: that would write there once more.")
    if seen.stopped:
        notes.append(
            f"The script was ended after {seen.seconds:.0f} s; what is said holds of what was seen "
            f"until then."
        )
    if proof.late:
        notes.append("The budget for second runs was used up; more is proved with a larger --budget.")
    return notes


def _of_numbers(seen: Observation) -> bool:
    """Whether a script is a regression."""
    targets = [seen.tensors.get(loss.target, {}) for loss in losses(seen) if loss.name in NUMBERS]
    return bool(targets) and all("values" not in told and told.get("max") is not None for told in targets)


def wrote(paths: Sequence[str]) -> str:
    """What a script wrote outside of its folder, in a sentence."""
    shown = ", ".join(paths[:3]) + (f" and {len(paths) - 3} more" if len(paths) > 3 else "")
    return f"The script wrote outside of its folder: {shown}."
