"""What is wrong with a run, in one sentence for the banner: the doctor's verdict, once there is one."""

from __future__ import annotations

from lrtui.core.doctor.diagnosis import Diagnosis, Health
from lrtui.core.errors import RanksError
from lrtui.core.store import Diagnosed, Run, Status, Work
from lrtui.core.training.measurement import Measurement
from lrtui.datasets.errors import DatasetError
from lrtui.tui.render.classes import base_rate, majority
from lrtui.tui.render.key_names import key_name


def status_message(
    run: Run, measurement: Measurement | None, diagnosed: Diagnosed | None = None, again: str | None = None
) -> str | None:
    """The sentence for the banner, or ``None`` where nothing is wrong.

    ``again`` says how an interrupted run is taken up, where that is not done by a key.
    """
    no_data = run.failure is not None and run.failure.title == DatasetError.title
    if run.failure is not None and (
        run.status is Status.FAILED or (run.status is Status.FINISHED and no_data)
    ):
        keys = _keys(diagnosed.letter) if diagnosed is not None and diagnosed.letter is not None else ""
        return f"{run.failure.what} {run.failure.fix}{keys}"
    if run.watched and run.status is Status.INTERRUPTED:
        how = again or f"{key_name('run.space')} runs it again."
        return f"What watched this script was ended from outside. {how}"
    if run.status is Status.INTERRUPTED and run.diverged_at is None:
        how = again or f"{key_name('run.space')} {'resumes it' if run.resumable else 'starts it anew'}."
        if run.failure is not None and (no_data or run.failure.title == RanksError.title):
            return f"{run.failure.what} {how}"
        return f"Run {run.id} was interrupted at epoch {run.epoch:,}. {how}"
    symptom = _symptom(run, measurement)
    if diagnosed is None or not diagnosed.tells_of(run):
        return symptom
    if diagnosed.letter is not None:
        return _verdict(run, diagnosed.letter, symptom)
    suspects = diagnosed.first_glance
    if symptom and suspects and suspects.findings and suspects.status is not Health.HEALTHY:
        return f"{_short(run, suspects)}perhaps {names(suspects)}; not proved yet.{_keys(None)}"
    return symptom


def is_mild(run: Run, diagnosed: Diagnosed | None) -> bool:
    """Whether what the banner says is no trouble, but something that can be made better."""
    if diagnosed is None or diagnosed.letter is None or run.failure is not None:
        return False
    return diagnosed.tells_of(run) and diagnosed.letter.status is Health.IMPROVABLE


def remark(run: Run, diagnosed: Diagnosed | None) -> str:
    """What is worth a quiet word about the doctor, where nothing is wrong."""
    if diagnosed is None or not diagnosed.tells_of(run):
        return ""
    if diagnosed.work is Work.LOOKING:
        return "The doctor is looking."
    if diagnosed.work is Work.FAILED:
        return f"The doctor could not look at this run. {key_name('doctor.open')} why"
    if diagnosed.letter is None:
        return ""
    return {
        Health.HEALTHY: f"The doctor finds nothing wrong. {key_name('doctor.open')} more",
        Health.CANNOT_TELL: f"The doctor cannot tell how good this run is. {key_name('doctor.open')} why",
    }.get(diagnosed.letter.status, "")


def names(diagnosis: Diagnosis) -> str:
    """The titles of all findings: ``Unscaled features + Class imbalance``."""
    proved = [finding.title for finding in diagnosis.findings if finding.proved]
    return " + ".join(proved or [finding.title for finding in diagnosis.findings])


def _verdict(run: Run, letter: Diagnosis, symptom: str | None) -> str | None:
    """What the doctor's letter comes to, with the keys that lead on."""
    if letter.status is Health.HEALTHY:
        return None
    if letter.status is Health.IMPROVABLE:
        return f"Labels fine, probabilities poor: {names(letter)}.{_keys(letter)}"
    if letter.status is Health.SICK:
        return f"{_short(run, letter)}{names(letter)}.{_keys(letter)}"
    if letter.status is Health.UNLEARNABLE:
        about = f"{letter.findings[0].title}. " if letter.findings else ""
        mended = any(finding.proved and finding.fix for finding in letter.findings)  # something besides
        helpless = "" if mended else "No setting can help. "
        return f"{_short(run, letter)}{about}{helpless}{_keys(letter).lstrip()}"
    return f"{symptom} The doctor cannot tell why. {key_name('doctor.open')} more" if symptom else None


def _keys(letter: Diagnosis | None) -> str:
    """The keys that lead on from a letter about something that is wrong."""
    why = f" {key_name('doctor.open')} why"
    return f"{why}  {key_name('doctor.fix')} fix it" if letter is not None and letter.fix else why


def _short(run: Run, found: Diagnosis) -> str:
    """The symptom in a word or two."""
    if run.diverged_at is not None:
        return f"Diverged at epoch {run.diverged_at:,}: "
    return "One label: " if found.single_label else ""


def _symptom(run: Run, measurement: Measurement | None) -> str | None:
    """What anybody can see, before the doctor has said why."""
    if run.watched and run.status.live:
        return None  # of one batch alone nothing follows
    if run.diverged_at is not None:
        stopped = " and stopped" if run.config.stop_on_divergence and not run.status.live else ""
        epoch = f"{run.diverged_at:,}"
        return f"Diverged{stopped} at epoch {epoch}: the training loss was no longer a finite number."
    if measurement is not None and run.epoch > 0 and measurement.one_label:
        said = majority(measurement, run.problem)
        return f"{said[0].upper()}{said[1:]}{base_rate(run.problem, measurement)}."
    return None
