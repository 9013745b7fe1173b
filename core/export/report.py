"""A run as a page: what it is and reached, its plots, the doctor's letter, the line that trains it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from lrtui.core.config import format_value, knobs
from lrtui.core.doctor.diagnosis import Diagnosis
from lrtui.core.export.charts import bar_chart, histogram, line_chart
from lrtui.core.export.text_charts import text_bars, text_histogram, text_lines
from lrtui.core.reproduce import line_of
from lrtui.core.results import MEASURED
from lrtui.core.store import Run, Store

MOST_WEIGHTS = 20
MOST_CLASSES = 20  # whose confusions are told
NAMES = {
    "train_loss": "training loss",
    "test_loss": "test loss",
    "test_accuracy": "test accuracy",
    "base_accuracy": "accuracy of always the commoner class",
    "test_balanced_accuracy": "balanced accuracy",
    "test_auc": "ROC AUC",
    "majority_share": "share of the commoner prediction",
}


@dataclass(frozen=True)
class Heading:
    """A line above a part."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Code:
    """A line to be copied."""

    text: str


@dataclass(frozen=True)
class Rows:
    """A table; the first row has the names."""

    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A plot, as SVG and as lines of text."""

    title: str
    svg: str
    text: str


Block = Heading | Words | Code | Rows | Picture


def report_of(store: Store, run: Run) -> Iterator[Block]:
    """The parts of the page."""
    yield Heading(f"Run {run.id}: {run.title}", 1)
    yield Words(_about(run))
    if run.labels.note:
        yield Words(run.labels.note)
    if run.failure is not None:
        yield Words(f"{run.failure.what} {run.failure.fix}")
    yield from _reached(run)
    yield from pictures_of(store, run)
    told = store.diagnoses.get(run.id)
    if told is not None and told.letter is not None:
        yield from _letter(told.letter)
    yield Heading("Trained again")
    if (line := line_of(store, run)) is None:
        yield Words("It began with the weights of a run that is gone, so that no line trains it again.")
    else:
        yield Words("The line that trains it again, to the same bits on the same machine:")
        yield Code(line)
    changes = store.history.changes(run.id)
    if changes:
        yield Words("Changed while it trained:")
        pairs = [(str(one.epoch), one.field, str(one.old), str(one.new)) for one in changes]
        yield Rows([("after epoch", "field", "from", "to"), *pairs])
    if not run.watched:
        yield Heading("Settings")
        values = [
            (knob.label, format_value(name, getattr(run.config, name)) or "-")
            for name, knob in knobs().items()
        ]
        yield Rows([("setting", "value"), *values])


def _about(run: Run) -> str:
    parts = [f"{run.source.label}, {run.status} after {run.epoch:,} {'steps' if run.watched else 'epochs'}"]
    if run.shown_best is not None:
        parts.append(f"shown as it was best, after epoch {run.shown_best.epoch:,}")
    if run.problem is not None:
        facts = run.problem
        parts.append(f"{facts.train_rows:,} training rows, {facts.test_rows:,} test rows")
        parts.append(f"{facts.features:,} features")
        parts.append(f"classes {', '.join(facts.class_names)}")
    if run.started is not None:
        parts.append(f"started {datetime.fromtimestamp(run.started):%Y-%m-%d %H:%M}")
    if run.labels.tags:
        parts.append(f"tags {', '.join(run.labels.tags)}")
    return "; ".join(parts) + "."


def _reached(run: Run) -> Iterator[Block]:
    measured = run.measured or {}
    rows = [
        (NAMES[key], f"{measured[key]:.4g}")
        for key in MEASURED
        if isinstance(measured.get(key), int | float)
    ]
    if rows:
        yield Heading("Reached")
        yield Rows([("measure", "value"), *rows])
    counts, classes = measured.get("confusion"), [] if run.problem is None else run.problem.class_names
    if counts and len(classes) <= MOST_CLASSES:
        each = len(classes)
        lines = [
            (f"are {name}", *(f"{count:,}" for count in counts[number * each : (number + 1) * each]))
            for number, name in enumerate(classes)
        ]
        yield Rows([("test rows that", *(f"get {name}" for name in classes)), *lines])


def pictures_of(store: Store, run: Run) -> Iterator[Picture]:
    """The plots that there is something to be seen in."""
    counted = "step" if run.watched else "epoch"
    losses = [
        (float(epoch), loss)
        for chunk in store.losses.read(run.id)
        for epoch, loss in enumerate(chunk.values, chunk.first_epoch)
    ]
    snapshots = store.history.snapshots(run.id)
    tested = [(float(one.epoch), float(one.measurement.get("test_loss") or "nan")) for one in snapshots]
    if losses:
        lines: dict[str, Sequence[tuple[float, float]]] = {"training": losses, "test": tested}
        yield Picture("Loss", line_chart("Loss", counted, lines), text_lines(counted, lines))
    shown = store.history.shown_snapshot(run)
    if shown is None or run.problem is None:
        return
    yield from _predictions(run, shown.measurement)
    names = store.features.get(run.id)
    classes = run.problem.class_names
    for number, theta in enumerate(shown.by_class(len(classes))):
        if not all(map(isfinite, theta)):
            continue  # it diverged
        pairs = sorted(zip(names, theta[:-1], strict=False), key=lambda pair: -abs(pair[1]))[:MOST_WEIGHTS]
        if pairs:
            of = classes[number] if len(classes) > 2 else classes[1]
            title = f"Largest weights for {of}, on scaled features"
            yield Picture(title, bar_chart(title, pairs), text_bars(pairs))


def _predictions(run: Run, measured: dict[str, Any]) -> Iterator[Picture]:
    counts, classes = measured.get("histogram"), run.problem.class_names if run.problem else []
    if isinstance(counts, list | tuple) and len(classes) == 2 and len(counts) == 2:
        title = f"Test rows by the probability of {classes[1]}"
        named: dict[str, Sequence[int]] = {
            f"are {name}": list(values) for name, values in zip(classes, counts, strict=True)
        }
        drawn = histogram(title, f"probability of {classes[1]}", named)
        yield Picture(title, drawn, text_histogram(named))


def _letter(letter: Diagnosis) -> Iterator[Block]:
    yield Heading("What the doctor says")
    yield Words(f"{str(letter.status).capitalize()}. {letter.verdict}")
    for finding in letter.findings:
        proved = " (proved by a training)" if finding.proved else ""
        yield Words(f"{finding.title}{proved}: {finding.sentence} {finding.remark}".strip())
    if letter.fix:
        fix = ", ".join(f"{name} → {value}" for name, value in letter.fix.items())
        yield Words(f"What heals it: {fix}.")
    if letter.ruled_out:
        yield Rows([("ruled out", "why"), *((one.cause, one.why) for one in letter.ruled_out)])
    for note in letter.notes:
        yield Words(note)
