"""A diagnosis as a letter in plain words, with a plot of before and after."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from rich.cells import cell_len, chop_cells

from lrtui.core.config import Config, changes_text, format_value, knobs
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, Values
from lrtui.core.training.measurement import Counts
from lrtui.datasets.source import Source
from lrtui.datasets.text import safe
from lrtui.tui.glyphs import wants_ascii
from lrtui.tui.plots.classes import classes_frame, classes_legend
from lrtui.tui.plots.lines import plain_text
from lrtui.tui.plots.predictions import predictions_frame, predictions_legend
from lrtui.tui.text import number, share

WIDEST = 100
NARROWEST = 40
LONGEST = 10_000  # characters of a sentence
ROWS = 7  # of each of the two plots
CLASSES = 12  # told of, where there are more than two
WIDEST_PLOT = 72
LABELS = 20  # columns before the numbers of the table
CELL = 13
HEADS = {
    Health.HEALTHY: "Healthy",
    Health.SICK: "Sick, and a cure is proved",
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
    columns = shutil.get_terminal_size((WIDEST, 24)).columns
    width = max(NARROWEST, min(columns, WIDEST))
    return "\n".join(line.rstrip() for line in _lines(source, config, found, width))


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
        yield "Looked at, and not to blame"
        for item in found.ruled_out:
            yield from _wrapped(f"{item.cause}: {item.why}", width, "  ", "    ")
    if found.fix:
        yield ""
        yield "The whole fix, as options"
        yield from _options(found.fix, width)
    for note in found.notes:
        yield ""
        yield from _wrapped(note, width)
    yield ""
    page = f"docs/causes.md{'' if found.cause is None else f'#{found.cause}'}"
    yield from _wrapped(f"The doctor took {found.seconds:.1f} s. {page} tells more.", width)


def _plain(text: str) -> str:
    """Text that does a terminal no harm, in ASCII where it shows no more."""
    shown = safe(text, LONGEST)
    if wants_ascii():
        shown = shown.translate(ASCII).encode("ascii", "backslashreplace").decode("ascii")
    return shown


def _wrapped(text: str, width: int, first: str = "", then: str | None = None) -> Iterator[str]:
    """Lines of at most so many columns, broken between words where that can be."""
    line, indent = first, first
    for word in _plain(text).split(" "):
        gap = "" if line == indent else " "
        if cell_len(line) + len(gap) + cell_len(word) <= width:
            line += gap + word
            continue
        if line != indent:
            yield line
            indent = first if then is None else then
        *whole, last = chop_cells(word, width - len(indent)) or [""]
        for part in whole:
            yield indent + part
            indent = first if then is None else then
        line = indent + last
    yield line


def _finding(place: int, finding: Finding, config: Config, width: int, *, said: str) -> Iterator[str]:
    standing = ", proved by trial" if finding.proved else ", not proved" if finding.fix else ""
    yield from _wrapped(f"{place}. {finding.title} ({finding.cause}{standing})", width, "", "   ")
    if finding.sentence != said:
        yield from _wrapped(finding.sentence, width, "   ")
    if finding.evidence:
        pairs = (f"{name.replace('_', ' ')} {value:.4g}" for name, value in finding.evidence.items())
        yield from _wrapped(f"Evidence: {'; '.join(pairs)}.", width, "   ", "     ")
    if finding.fix:
        words = f"Fix: {changes_text(config, finding.fix)}."
        if finding.closure is not None:
            words += (
                f" Alone it closes {share(min(max(finding.closure, 0.0), 1.0))} of the gap in the loss."
            )
        if finding.remark:
            words += f" Seen {finding.remark}."
        yield from _wrapped(words, width, "   ", "     ")


def _options(fix: Values, width: int) -> Iterator[str]:
    """The fix as it is typed: as many options to a line as fit, none of them broken."""
    line = " "
    for name, value in fix.items():
        text = format_value(name, value) if name in knobs() else str(value)
        option = _plain(f"--{name.replace('_', '-')} {shlex.quote(text)}")
        if line != " " and cell_len(line) + 1 + cell_len(option) > width:
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
    pairs = (
        ("before", found.before_histogram, config.threshold),
        ("after", found.after_histogram, after),
    )
    for name, counts, threshold in pairs:
        if counts is not None:
            yield ""
            title = f"Test rows by p(y = 1), {name}"
            legend = predictions_legend(ascii_only=ascii_only)
            if found.class_names:
                title = f"Shares of the test rows by class, {name}"
                legend = classes_legend(ascii_only=ascii_only)
            together = f"{title}   {legend}"
            yield from [together] if len(together) <= width else [title, legend]
            if found.class_names:
                yield from _shares(found.class_names, counts, width, ascii_only=ascii_only)
            else:
                yield from _plot(counts, _number(threshold, found), width, ascii_only=ascii_only)


def _number(threshold: object, found: Diagnosis) -> float | None:
    """Where a threshold lies; that of the base rate where the doctor has measured it."""
    if isinstance(threshold, (int, float)):
        return float(threshold)
    return next((f.evidence["base_rate"] for f in found.findings if "base_rate" in f.evidence), None)


def _plot(counts: Counts, threshold: float | None, width: int, *, ascii_only: bool) -> Iterator[str]:
    frame = predictions_frame(
        counts, width=min(width, WIDEST_PLOT), height=ROWS, threshold=threshold, ascii_only=ascii_only
    )
    yield from map(plain_text, frame)


def _shares(names: Sequence[str], counts: Counts, width: int, *, ascii_only: bool) -> Iterator[str]:
    frame = classes_frame(
        counts,
        names,
        columns=min(width, WIDEST_PLOT),
        rows=min(len(names), CLASSES),
        ascii_only=ascii_only,
    )
    yield from map(plain_text, frame)
