"""The doctor's letter as lines of text, for the pane and for the sheet."""

from __future__ import annotations

from math import isfinite
from typing import Any

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Scores
from lrtui.core.doctor.pages import title_of
from lrtui.core.store import Diagnosed, Run, Status, Work
from lrtui.tui.render.changes import changes_of
from lrtui.tui.render.evidence import label_of, value_of
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.letter_page import LetterPage
from lrtui.tui.render.numbers import counted, number, share

SAME = 0.005  # losses nearer than that are drawn as one: what changed is another measure
WORDS = {
    Health.HEALTHY: "healthy",
    Health.IMPROVABLE: "improvable",
    Health.SICK: "sick",
    Health.UNLEARNABLE: "unlearnable",
    Health.CANNOT_TELL: "cannot tell",
}


def state_word(run: Run | None, diagnosed: Diagnosed | None) -> str:
    """How it stands, for the title of the pane."""
    if run is None or diagnosed is None:
        return "nothing yet"
    if diagnosed.letter is not None:
        return WORDS[diagnosed.letter.status]
    if diagnosed.work is Work.FAILED:
        return "no answer"
    if diagnosed.work is Work.LOOKING:
        return "looking" if diagnosed.progress is None else f"looking {share(diagnosed.progress[1])}"
    return "first glance" if diagnosed.diagnosis else "waiting"


def diagnosis_page(
    run: Run | None,
    diagnosed: Diagnosed | None,
    width: int,
    glyphs: Glyphs,
    marked: int | None = None,
    said: str | None = None,
) -> LetterPage:
    """All that there is to say, wrapped to so many columns.

    ``marked``: the place of a cause among all that the letter names and there is a page of. ``said``: what
    stands there in place of all that.
    """
    page = LetterPage(max(width, 12), glyphs, marked)
    script = run is not None and run.watched
    if said is not None:
        page.words(said)
        return page
    for words in _script_state(diagnosed) if script else _state(run, diagnosed):
        page.words(words)
    if run is None or diagnosed is None or diagnosed.diagnosis is None:
        return page
    letter = diagnosed.diagnosis
    if page.lines:
        page.blank()
    page.words(letter.verdict, "bold")
    if letter.fix:  # at the top, for what tells of it may be long: it is what a person looks for
        _fix(page, letter.fix, run.config)
    for finding in letter.findings:
        page.blank()
        _finding(page, finding, letter, run.config)
    if len([finding for finding in letter.findings if finding.proved]) > 1 and letter.after is not None:
        page.blank()
        page.words("All of it together", "bold")
        _bars(page, letter.before, letter.after, letter.reference)
    if letter.status is Health.HEALTHY and letter.reference is not None:
        page.blank()
        _bars(page, letter.before, None, letter.reference)
    _rest(page, letter)
    return page


def _state(run: Run | None, diagnosed: Diagnosed | None) -> list[str]:
    """What the doctor is doing, where that is not plain from the letter."""
    if run is None:
        return ["The doctor looks at every run that ends or is paused, and says why it predicts one label."]
    if diagnosed is None and run.status in (Status.QUEUED, Status.RUNNING):
        return ["The doctor looks when the run ends or rests, or has predicted one label for a while."]
    if diagnosed is None:
        asks = f"The doctor has not looked at run {run.id}. {key_name('doctor.open')} asks."
        return [asks if run.epoch or run.status is Status.FAILED else "Nothing was trained."]
    if diagnosed.work is Work.FAILED:
        return [f"{diagnosed.failure} {key_name('doctor.open')} asks again."]
    if diagnosed.work is Work.LOOKING:
        looks = f"The doctor is looking at the run as it stood after epoch {diagnosed.epoch:,}."
        return [looks, progress_text(diagnosed.progress)] if diagnosed.progress is not None else [looks]
    if diagnosed.work is Work.QUEUED and diagnosed.diagnosis is None:
        return ["The doctor looks as soon as nothing trains."]
    if diagnosed.work is Work.QUEUED:
        return [f"A first glance after epoch {diagnosed.epoch:,}: nothing is proved until the run rests."]
    if not diagnosed.tells_of(run):
        return [f"As it stood after epoch {diagnosed.epoch:,}; it has gone on since."]
    if run.status is Status.PAUSED:
        return [f"As it stands, paused after epoch {run.epoch:,} of {run.config.epochs:,}."]
    return []


def _script_state(diagnosed: Diagnosed | None) -> list[str]:
    """The same of a script, which is looked at once it has ended."""
    if diagnosed is None:
        return ["The doctor looks when the script has ended, and runs patched copies of it."]
    if diagnosed.work is Work.FAILED:
        return [diagnosed.failure or ""]
    if diagnosed.work.pending:
        off = f"{key_name('doctor.call_off')} calls it off."
        return [f"The doctor is looking, and runs patched copies of the script. {off}"]
    return []


def progress_text(progress: tuple[int, float]) -> str:
    """How far the doctor is; how many experiments there will be depends on what each shows."""
    trials, part = progress
    done = counted(trials, "experiment")
    off = f"{key_name('doctor.call_off')} calls it off."
    return f"{done} done, {share(part)} of the work that it may take. {off}"


def _finding(page: LetterPage, finding: Finding, letter: Diagnosis, config: Config) -> None:
    page.cause(finding.cause, f"{finding.title}: {_standing(finding, letter)}", "bold")
    page.words(finding.sentence)
    for name, value in finding.evidence.items():
        page.row(label_of(name), value_of(name, value), "dim")
    if finding.fix and finding.fix != letter.fix:
        _fix(page, finding.fix, config)
    if finding.trial is not None:
        _bars(page, letter.before, finding.trial, letter.reference)
        if finding.closure is not None and isfinite(finding.closure):
            part = share(min(max(finding.closure, 0.0), 1.0))
            page.words(f"closes {part} of the gap to the best that can be had", indent=2)
    if finding.remark:
        page.words(finding.remark, indent=2)


def _fix(page: LetterPage, fix: dict[str, Any], config: Config) -> None:
    for change in changes_of(fix, config):
        text = change.text(page.glyphs.arrow) if change.before else f"{change.label} {change.after}"
        page.words(f"fix: {text}", "bold", indent=2)


def _standing(finding: Finding, letter: Diagnosis) -> str:
    """How sure it is; what has no fix cannot be tried, only measured."""
    if letter.status is Health.HEALTHY:
        return "for information"
    if finding.proved:
        return "proved"
    return "measured" if finding.fix is None and letter.status is not Health.CANNOT_TELL else "not proved"


def _bars(page: LetterPage, before: Scores, after: Scores | None, reference: Scores | None) -> None:
    """A bar for each on one scale: of the loss, or of what the fix is about where that stays as it is."""
    rows = [("before" if after is not None else "this run", before)]
    rows += [] if after is None else [("after", after)]
    rows += [] if reference is None else [("best linear", reference)]
    losses = [scores.train_loss for _, scores in rows]
    accuracies = [scores.test_balanced_accuracy for _, scores in rows]
    one, two = losses[0], losses[1] if len(losses) > 1 else None
    flat = one is None and two is None  # of a script: its losses are of any kind
    flat |= one is not None and two is not None and abs(one - two) <= SAME * max(abs(one), abs(two))
    names = [name for name, _ in rows]
    if not flat or after is None:
        page.bars("training loss", list(zip(names, losses, strict=True)))
    if flat or after is None:
        page.bars("balanced accuracy", list(zip(names, accuracies, strict=True)), top=1.0)
    else:
        arrow = f" {page.glyphs.arrow} "
        page.row("test loss", arrow.join(number(scores.test_loss, 3) for _, scores in rows[:2]))
        page.row("balanced accuracy", arrow.join(number(v, 2) for v in accuracies[:2]))


def _rest(page: LetterPage, letter: Diagnosis) -> None:
    if letter.ruled_out:
        page.blank()
        page.words("Looked at, and not named", "bold")
        for item in letter.ruled_out:
            page.cause(item.cause, f"{title_of(item.cause) or item.cause}: {item.why}", indent=2)
    page.blank()
    for note in letter.notes:
        page.words(note, "dim")
    page.words(f"The doctor took {number(letter.seconds, 1)} s.", "dim")
