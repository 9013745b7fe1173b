"""What predictions came to, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lrtui.datasets.text import listed, quote, safe
from lrtui.tui.render.numbers import share

MOST = 6  # columns that are told one by one


def prediction_lines(told: Mapping[str, Any]) -> list[str]:
    """The lines: rows and labels, what was unlike the training rows, scores, where they were written."""
    rows = told["rows"]
    lines = [f"{_many(rows, 'row')} of {quote(told['data'])}, predicted by run {told['run_id']}:"]
    for name, count in told["labels"].items():
        part = share(count / rows) if rows else "-"
        lines.append(f"  {safe(name, 40):<24} {count:>12,}  {part:>6}")
    lines += _unlike(told)
    lines += _scores(told)
    if told["out"] is not None:
        lines.append(f"Written to {quote(told['out'])}.")
    return lines


def _unlike(told: Mapping[str, Any]) -> Iterator[str]:
    if told["without_prediction"]:
        blank = _many(told["without_prediction"], "row")
        yield f"{blank} without a prediction, for cells that say nothing."
    missing = told["missing"]
    for name, count in list(missing.items())[:MOST]:
        yield f"Column {quote(name)}: {_many(count, 'missing cell')}, taken as in training."
    if len(missing) > MOST:
        yield f"{len(missing) - MOST:,} more columns with missing cells."
    for name, noted in list(told["unknown"].items())[:MOST]:
        what = "a level that training did not know" if noted["level"] else "no value, and counts as missing"
        yield f"Column {quote(name)}: {_first(noted)} is {what}{_others(noted)}."
    if len(told["unknown"]) > MOST:
        yield f"{len(told['unknown']) - MOST:,} more columns with such cells."
    if told["ignored"]:
        yield f"Ignored, for nothing was learned from them: {listed(told['ignored'])}."


def _first(noted: Mapping[str, Any]) -> str:
    return f"{quote(noted['text'])} in row {noted['row']:,}"


def _others(noted: Mapping[str, Any]) -> str:
    return f", and {noted['count'] - 1:,} more" if noted["count"] > 1 else ""


def _scores(told: Mapping[str, Any]) -> Iterator[str]:
    scores, strange = told["scores"], told["unknown_labels"]
    if strange is not None:
        known = f"none of the classes {listed(list(told['labels']))}"
        yield f"Target {quote(told['target'])}: {_first(strange)} is {known}{_others(strange)}; not scored."
    if scores is None:
        return
    yield f"Against the target, on {_many(scores['rows'], 'row')} with a label and a prediction:"
    for key, name in (
        ("loss", "loss"),
        ("accuracy", "accuracy"),
        ("balanced_accuracy", "balanced accuracy"),
        ("auc", "ROC AUC"),
    ):
        if scores[key] is not None:
            yield f"  {name:<24} {scores[key]:>12.4f}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
