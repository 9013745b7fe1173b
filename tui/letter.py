"""The doctor's letter as lines of text, for the pane and for the sheet."""

from __future__ import annotations

from math import isfinite

from textual.content import Content

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Scores
from lrtui.core.store import Diagnosed, Run, Status, Work
from lrtui.datasets.text import safe
from lrtui.tui.fixing import LONGEST, changes_of
from lrtui.tui.glyphs import Glyphs
from lrtui.tui.panes.base import line
from lrtui.tui.text import fit, number, pad, share, wrapped

PAGE = "docs/causes.md"
VALUE = 10  # columns for a number
SAME = 0.005  # losses nearer than that are drawn as one: what changed is another measure
EIGHTHS = "▏▎▍▌▋▊▉█"
WORDS = {
    Health.HEALTHY: "healthy",
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
    return (
        "looking"
        if diagnosed.work is Work.LOOKING
        else "first glance"
        if diagnosed.diagnosis
        else "waiting"
    )


def letter_lines(run: Run | None, diagnosed: Diagnosed | None, width: int, glyphs: Glyphs) -> list[Content]:
    """All that there is to say, wrapped to so many columns."""
    page = _Page(max(width, 12), glyphs)
    for words in _state(run, diagnosed):
        page.words(words)
    if run is None or diagnosed is None or diagnosed.diagnosis is None:
        return page.lines
    letter = diagnosed.diagnosis
    if page.lines:
        page.blank()
    page.words(letter.verdict, "bold")
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
    return page.lines


def _state(run: Run | None, diagnosed: Diagnosed | None) -> list[str]:
    """What the doctor is doing, where that is not plain from the letter."""
    if run is None:
        return ["The doctor looks at every run that ends or is paused, and says why it predicts one label."]
    if diagnosed is None and run.status in (Status.QUEUED, Status.RUNNING):
        return ["The doctor looks when the run ends or rests, or has predicted one label for a while."]
    if diagnosed is None:
        seen = run.epoch or run.status is Status.FAILED
        return [f"The doctor has not looked at run {run.id}. d asks." if seen else "Nothing was trained."]
    if diagnosed.work is Work.FAILED:
        return [f"{diagnosed.failure} d asks again."]
    if diagnosed.work is Work.LOOKING:
        return [f"The doctor is looking at the run as it stood after epoch {diagnosed.epoch:,}."]
    if diagnosed.work is Work.QUEUED and diagnosed.diagnosis is None:
        return ["The doctor looks as soon as nothing trains."]
    if diagnosed.work is Work.QUEUED:
        return [f"A first glance after epoch {diagnosed.epoch:,}: nothing is proved until the run rests."]
    if not diagnosed.tells_of(run):
        return [f"As it stood after epoch {diagnosed.epoch:,}; it has gone on since."]
    if run.status is Status.PAUSED:
        return [f"As it stands, paused after epoch {run.epoch:,} of {run.config.epochs:,}."]
    return []


def _finding(page: _Page, finding: Finding, letter: Diagnosis, config: Config) -> None:
    page.words(f"{finding.title}: {_standing(finding, letter)}", "bold")
    page.words(finding.sentence)
    for name, value in finding.evidence.items():
        page.row(name.replace("_", " "), _number(value), "dim")
    if finding.fix:
        for change in changes_of(finding.fix, config):
            text = change.text(page.glyphs.arrow) if change.before else f"{change.label} {change.after}"
            page.words(f"fix: {text}", "bold", indent=2)
    if finding.trial is not None:
        _bars(page, letter.before, finding.trial, letter.reference)
        if finding.closure is not None and isfinite(finding.closure):
            page.words(f"closes {share(min(max(finding.closure, 0.0), 1.0))} of the gap", indent=2)
    if finding.remark:
        page.words(finding.remark, indent=2)
    page.words(f"read {PAGE}#{finding.cause}", "dim", indent=2)


def _standing(finding: Finding, letter: Diagnosis) -> str:
    """How sure it is; what has no fix cannot be tried, only measured."""
    if letter.status is Health.HEALTHY:
        return "for information"
    if finding.proved:
        return "proved"
    return "measured" if finding.fix is None and letter.status is not Health.CANNOT_TELL else "not proved"


def _bars(page: _Page, before: Scores, after: Scores | None, reference: Scores | None) -> None:
    """A bar for each on one scale: of the loss, or of what the fix is about where that stays as it is."""
    rows = [("before" if after is not None else "this run", before)]
    rows += [] if after is None else [("after", after)]
    rows += [] if reference is None else [("reference", reference)]
    losses = [scores.train_loss for _, scores in rows]
    accuracies = [scores.test_balanced_accuracy for _, scores in rows]
    one, two = losses[0], losses[1] if len(losses) > 1 else None
    flat = one is not None and two is not None and abs(one - two) <= SAME * max(abs(one), abs(two))
    names = [name for name, _ in rows]
    if not flat or after is None:
        page.bars("training loss", list(zip(names, losses, strict=True)))
    if flat or after is None:
        page.bars("balanced accuracy", list(zip(names, accuracies, strict=True)), top=1.0)
    else:
        page.row("balanced accuracy", f" {page.glyphs.arrow} ".join(number(v, 2) for v in accuracies[:2]))


def _rest(page: _Page, letter: Diagnosis) -> None:
    if letter.ruled_out:
        page.blank()
        page.words("Ruled out", "bold")
        for item in letter.ruled_out:
            page.words(f"{item.cause}: {item.why}", indent=2)
    page.blank()
    for note in letter.notes:
        page.words(note, "dim")
    page.words(f"The doctor took {number(letter.seconds, 1)} s.", "dim")


def _number(value: float) -> str:
    """A measured number: whole ones in full, others to four digits."""
    if not isfinite(value):
        return number(value)
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    return f"{value:.4g}"


class _Page:
    """Lines of one width, filled from the top."""

    def __init__(self, width: int, glyphs: Glyphs) -> None:
        self.lines: list[Content] = []
        self.glyphs = glyphs
        self._width = width

    def words(self, text: str, style: str = "", indent: int = 1) -> None:
        """A sentence, wrapped; a long one goes on two columns farther in where it is indented."""
        hanging = " " * (indent + (2 if indent > 1 else 0))
        for part in wrapped(safe(text, LONGEST), self._width - 1, " " * indent, hanging) if text else ():
            self.lines.append(line((part, style)))

    def blank(self) -> None:
        """An empty line."""
        self.lines.append(Content(""))

    def row(self, label: str, value: str, style: str = "") -> None:
        """A name at the left and its value at the right."""
        room = self._width - 5 - len(value)
        label = fit(safe(label), max(room, 4), self.glyphs.ellipsis)
        self.lines.append(line((f"   {pad(label, max(room, 4))} {value}", style)))

    def bars(self, title: str, rows: list[tuple[str, float | None]], top: float | None = None) -> None:
        """A name, a bar and a number a row, the bars on one scale from 0 to ``top`` or the largest."""
        finite = [value for _, value in rows if value is not None and isfinite(value)]
        top = max(finite, default=0.0) if top is None else top
        room = self._width - 3 - 10 - VALUE - 2
        self.words(title, "dim", indent=3)
        for name, value in rows:
            bar = "" if room < 1 else self._bar(value, top, room)
            shown = "no number" if value is None or not isfinite(value) else number(value)
            self.lines.append(line(f"   {name:<10}{bar:<{max(room, 0)}} {shown:>{VALUE}}"))

    def _bar(self, value: float | None, top: float, room: int) -> str:
        """As long as the value; none where that is no number."""
        part = 0.0 if value is None or not isfinite(value) or top <= 0 else min(value / top, 1.0)
        if self.glyphs.ascii_only:
            return "#" * max(round(part * room), 1 if part > 0 else 0)
        eighths = max(round(part * room * 8), 1 if part > 0 else 0)
        whole, rest = divmod(eighths, 8)
        return "█" * whole + (EIGHTHS[rest - 1] if rest else "")
