"""An inspection as plain lines of text: what ``lrtui inspect`` prints."""

from __future__ import annotations

from shlex import quote as shell

from lrtui.datasets.column_names import write_names
from lrtui.datasets.inspection.record import Facts, Inspection
from lrtui.datasets.source import Source
from lrtui.datasets.text import width
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.render.numbers import bytes_words, counted, share, short
from lrtui.tui.render.wrapping import fit, pad, wrapped

GAP = "  "
RANGE = 14  # columns for range or values, at least
MOST_VALUES = 4

Row = tuple[list[str], list[str], list[str], list[str], list[str], list[str]]
"""The cells of a line; each in parts, of which the last may be left out."""


def report(found: Inspection, source: Source, room: int, glyphs: Glyphs, typed: str = "") -> list[str]:
    """Lines of at most ``room`` columns; ``typed`` is the table as the person named it."""
    lines = _head(found, room, glyphs)
    lines += ["", *_table(found, room, glyphs)]
    if len(found.columns) < found.all_columns:
        lines.append(f"  and {found.all_columns - len(found.columns):,} columns more")
    lines += ["", *_candidates(found, room, glyphs)]
    if found.warnings:
        lines += ["", "Warnings"]
        for caution in found.warnings:
            lines += wrapped(glyphs.safe(caution.text, 600), room, "  - ", "    ")
    if found.best:
        lines += ["", *_next(found, source, typed or source.name, glyphs)]
    return [line.rstrip() for line in lines]


def _head(found: Inspection, room: int, glyphs: Glyphs) -> list[str]:
    size = f", {bytes_words(found.size)}" if found.size else ""
    name = glyphs.safe(found.label, 60)
    text = f"{name}: {counted(found.rows, 'row')}, {counted(found.all_columns, 'column')}{size}."
    if found.looked_at < found.rows:
        text += f" What follows is of {found.looked_at:,} rows, evenly taken."
    for remark in found.remarks:
        text += f" {remark}"
    return wrapped(glyphs.safe(text, 2000), room)


def _table(found: Inspection, room: int, glyphs: Glyphs) -> list[str]:
    titles: Row = (["column"], ["kind"], ["missing"], ["distinct"], ["values"], ["becomes"])
    rows = [titles, *(_row(found, facts, glyphs) for facts in found.columns)]
    widest = [max(width(", ".join(row[place])) for row in rows) for place in range(6)]
    rest = room - sum(widest[1:4]) - len(GAP) * 5 - len(GAP)
    name = min(widest[0], max(10, rest // 3))
    becomes = max(10, min(widest[5], rest - name - min(widest[4], RANGE)))
    sizes = (name, *widest[1:4], min(widest[4], rest - name - becomes), becomes)
    return [_line(row, sizes, glyphs.ellipsis) for row in rows]


def _line(row: Row, sizes: tuple[int, ...], dots: str) -> str:
    cells = (
        pad(_fitting(parts, size, dots), size, right=place in (2, 3))
        for place, (parts, size) in enumerate(zip(row, sizes, strict=True))
    )
    return GAP + GAP.join(cells)


def _fitting(parts: list[str], room: int, dots: str) -> str:
    """As many parts as there is room for, at least the beginning of the first."""
    text = fit(parts[0], room, dots) if parts else ""
    for part in parts[1:]:
        if width(text) + 2 + width(part) > room:
            break
        text += f", {part}"
    return text


def _row(found: Inspection, facts: Facts, glyphs: Glyphs) -> Row:
    missing = share(facts.missing / found.looked_at) if facts.missing and found.looked_at else ""
    becomes = "target" if facts.name == found.target else facts.becomes
    name = glyphs.safe(facts.name, 60)
    return (
        [name],
        [facts.kind],
        [missing],
        [f"{facts.distinct:,}"],
        _values(facts, glyphs),
        becomes.split(", "),
    )


def _values(facts: Facts, glyphs: Glyphs) -> list[str]:
    """The range of numbers and dates, else the commonest values."""
    if facts.kind == "number" and facts.low is not None and facts.high is not None:
        median = [f"median {short(facts.median)}"] if facts.median is not None else []
        return [f"{short(facts.low)} to {short(facts.high)}", *median]
    if facts.first:
        return [f"{facts.first} to {facts.last}"]
    if facts.kind in ("text", "id-like"):
        return [""]
    return [f"{glyphs.safe(value, 20)} ({rows:,})" for value, rows in facts.levels[:MOST_VALUES]]


def _candidates(found: Inspection, room: int, glyphs: Glyphs) -> list[str]:
    if not found.candidates:
        return ["No column looks like a target: give --target COLUMN."]
    lines = ["Likely targets, the likeliest first"]
    longest = min(max(width(glyphs.safe(one.column, 40)) for one in found.candidates), 24)
    for one in found.candidates:
        name = pad(fit(glyphs.safe(one.column, 40), longest, glyphs.ellipsis), longest)
        lines += wrapped(", ".join(one.reasons), room, f"  {name}  ", " " * (longest + 4))
    return lines


def _next(found: Inspection, source: Source, typed: str, glyphs: Glyphs) -> list[str]:
    """A command to go on with: the table as it was named, with all that was said of it."""
    given = source.to_dict() | {"target": found.target or found.best}
    given.setdefault("multiclass", len(found.classes) > 2 and source.positive is None)
    # What came from a pipe is gone, but for the copy that was kept.
    name = source.name if typed == "-" else typed
    parts: list[str] = []
    for field in sorted(given.keys() - {"name"}, key=list(given).index):
        value = given[field]
        if field == "multiclass":
            parts += ["--multiclass"] if value else []
        else:
            flag = f"--{field.replace('_', '-')}"
            parts += [flag, write_names(value) if field == "columns" else str(value)]
    asked = (facts.codes for facts in found.columns if facts.name != given["target"])
    codes = sorted({code for some in asked for code in some}, key=float)
    if codes:  # as asked about in the warnings
        parts += ["--missing-codes", ",".join(codes)]
    named = [*parts, "--", name] if name.startswith("-") else [name, *parts]
    text = " ".join(map(shell, ["lrtui", "train", *named]))
    return ["Next", f"  {text}"] if glyphs.safe(text, 4000) == text else []
