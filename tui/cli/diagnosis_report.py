"""A diagnosis as a letter in plain words, with a plot of before and after."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import astuple

from lrtui.core.config import Config, changes_text, format_value, knobs
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Values
from lrtui.core.doctor.pages import page_of, title_of
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.datasets.text import width as columns
from lrtui.tui.cli.printing import page_width
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.predictions import predictions_frame, predictions_legend
from lrtui.tui.render.evidence import label_of, value_of
from lrtui.tui.render.glyphs import wants_ascii
from lrtui.tui.render.numbers import number, share
from lrtui.tui.render.wrapping import wrapped

LONGEST = 10_000  # characters of a sentence
ROWS = 7  # of each of the two plots
CLASSES = 12  # told of, where there are more than two
WIDEST_PLOT = 72
LABELS = 20  # columns before the numbers of the table
CELL = 13
HEADS = {
    Health.HEALTHY: "Healthy",
    Health.IMPROVABLE: "Fine labels, poor probabilities, and a fix is proved",
    Health.SICK: "Sick, and a fix is proved",
    Health.UNLEARNABLE: "Not learnable by any setting",
    Health.CANNOT_TELL: "Cannot tell",
}
METRICS = (
    ("train loss", "train_loss"),
    ("test loss", "test_loss"),
    ("accuracy", "test_accuracy"),
    ("balanced accuracy", "test_balanced_accuracy"),
    ("ROC AUC", "test_auc"),
)
ASCII = str.maketrans({"→": "->", "–": "-", "—": "-", "…": "...", "·": "*", "≤": "<=", "×": "x", "’": "'"})


def letter(source: Source, config: Config, found: Diagnosis) -> str:
    """The whole letter, wrapped to the terminal."""
    return "\n".join(line.rstrip() for line in _lines(source, config, found, page_width()))


def _lines(source: Source, config: Config, found: Diagnosis, width: int) -> Iterator[str]:
    yield from _wrapped(f"{source.label}: {HEADS[found.status]}", width)
    yield ""
    yield from _wrapped(found.verdict, width)
    for place, finding in enumerate(found.findings, 1):
        yield ""
        yield from _finding(place, finding, config, width, said=found.verdict)
    yield from _table(found, width)
    yield from _plots(config, found, width)
    if found.ruled_out:
        yield ""
        yield "Looked at, and not named"
        for item in found.ruled_out:
            yield from _wrapped(f"{title_of(item.cause)}: {item.why}", width, "  ", "    ")
    if found.fix:
        yield ""
        yield "The whole fix, as options"
        yield from _options(found.fix, width)
    for note in found.notes:
        yield ""
        yield from _wrapped(note, width)
    yield ""
    yield from _wrapped(f"The doctor took {found.seconds:.1f} s. {_more(found)}", width)


def _more(found: Diagnosis) -> str:
    """How to read on."""
    pages = [f"lrtui cause {finding.cause}" for finding in found.findings if page_of(finding.cause)]
    if not pages:
        return "lrtui cause lists every cause that it knows."
    commands = list(dict.fromkeys(pages))
    return f"{' and '.join(commands)} {'tells' if len(commands) == 1 else 'tell'} more of it."


def _plain(text: str) -> str:
    """Text that does a terminal no harm, in ASCII where it shows no more."""
    shown = safe(text, LONGEST)
    if wants_ascii():
        shown = shown.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")
    return shown


def _wrapped(text: str, width: int, first: str = "", then: str | None = None) -> list[str]:
    return wrapped(_plain(text), width, first, then)


def _finding(place: int, finding: Finding, config: Config, width: int, *, said: str) -> Iterator[str]:
    standing = " (proved by experiment)" if finding.proved else " (not proved)" if finding.fix else ""
    yield from _wrapped(f"{place}. {finding.title}{standing}", width, "", "   ")
    if finding.sentence != said:
        yield from _wrapped(finding.sentence, width, "   ")
    if finding.evidence:
        yield "   Measured:"
    for name, value in finding.evidence.items():
        yield from _wrapped(f"- {label_of(name)}: {value_of(name, value)}", width, "   ", "     ")
    if finding.fix:
        words = f"Fix: {changes_text(config, finding.fix)}."
        if finding.closure is not None:
            part = share(min(max(finding.closure, 0.0), 1.0))
            words += f" Alone it closes {part} of the gap to the best loss that can be had."
        if finding.remark:
            words += f" Seen {finding.remark}."
        yield from _wrapped(words, width, "   ", "     ")


def _options(fix: Values, width: int) -> Iterator[str]:
    """The fix as it is typed: as many options to a line as fit, none of them broken."""
    line = " "
    for name, value in fix.items():
        text = format_value(name, value) if name in knobs() else str(value)
        option = _plain(f"--{name.replace('_', '-')} {shlex.quote(text)}")
        if line != " " and columns(line) + 1 + columns(option) > width:
            yield line
            line = " "
        line += f" {option}"
    yield line


def _table(found: Diagnosis, width: int) -> Iterator[str]:
    """Scores side by side; the reference is left out where three columns have no room."""
    columns = [("before", found.before), ("after", found.after), ("best linear", found.reference)]
    shown = [(name, scores) for name, scores in columns if scores is not None]
    if not any(value is not None for _, scores in shown for value in astuple(scores)):
        return
    while len(shown) > 2 and LABELS + CELL * len(shown) > width:
        shown.pop()
    cell = min(CELL, (width - LABELS) // len(shown))
    titles = [name if len(name) < cell else name.split()[-1] for name, _ in shown]
    yield ""
    yield " " * LABELS + "".join(f"{title:>{cell}}" for title in titles)
    for label, field in METRICS:
        cells = "".join(f"{number(getattr(scores, field)):>{cell}}" for _, scores in shown)
        yield _plain(f"  {label:<18}{cells}")
    cells = "".join(f"{share(scores.majority_share):>{cell}}" for _, scores in shown)
    yield _plain(f"  {'one label gets':<18}{cells}")


def _plots(config: Config, found: Diagnosis, width: int) -> Iterator[str]:
    ascii_only = wants_ascii()
    after = (found.fix or {}).get("threshold", config.threshold)
    pairs = (("before", found.before_histogram, config.threshold), ("after", found.after_histogram, after))
    for name, counts, threshold in pairs:
        if counts is not None:
            yield ""
            title = f"Test rows by p(y = 1), {name}"
            if found.class_names:
                title = f"Shares of the test rows by class, {name}"
            marks = predictions_legend(found.class_names, ascii_only=ascii_only)
            together = f"{title}   {marks}"
            yield from [together] if len(together) <= width else [title, marks]
            frame = predictions_frame(
                counts,
                found.class_names,
                width=min(width, WIDEST_PLOT),
                height=min(len(found.class_names), CLASSES) or ROWS,
                threshold=_number(threshold, found),
                ascii_only=ascii_only,
            )
            yield from map(plain_text, frame)


def _number(threshold: object, found: Diagnosis) -> float | None:
    """Where a threshold lies; that of the base rate where the doctor has measured it."""
    if isinstance(threshold, (int, float)):
        return float(threshold)
    return next((f.evidence["base_rate"] for f in found.findings if "base_rate" in f.evidence), None)
