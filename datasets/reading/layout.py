"""Where in a text its table stands: below comments and titles, and which of its rows name the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading import drawn_rules, fixed_width, quoted_lines
from lrtui.datasets.reading.dialect import SPELLED, Dialect, Rows, dialect_of, rows_of, separator_of
from lrtui.datasets.reading.header import evidence, has_header, name_rows
from lrtui.datasets.reading.orange import Roles, roles_of
from lrtui.datasets.reading.preamble import (
    Comments,
    comments_of,
    has_wide_header,
    is_short,
    titles_above,
    trails,
)
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

SAMPLE = 1 << 18  # bytes that are looked at

_COMMENTED = re.compile(rb"\A[#%]+ ?(?=\w)")
_SEP_LINE = re.compile(rb"sep=(.)\r?\n")  # with which Excel begins some files


@dataclass(frozen=True)
class Layout:
    """A text table, told apart from what stands around it.

    Attributes:
        text: from the first row that names columns, or of data, to the end, without comments.
        dialect: how it is written. roles: what rows below the names say, as Orange writes them.
        comment: the character with which comments begin, or ``None``.
        above: lines of the file above ``text``. body: those above the first row of data, where the file
            can be read on from there as it is; else ``None``.
        remarks: sentences on all that.
    """

    text: bytes
    dialect: Dialect = field(default=Dialect(",", '"'))
    roles: Roles | None = None
    comment: str | None = None
    above: int = 0
    body: int | None = 0
    remarks: tuple[str, ...] = ()


def laid_out(text: bytes, source: Source, usual: str | None, where: str) -> Layout:
    """Find the table in a text in UTF-8; ``usual`` is the separator that the file's name stands for.

    Raises:
        DatasetError: nothing is left of it below the lines that the source says to skip.
    """
    layout = _below(text, source, where)
    del text
    if (sep_line := _SEP_LINE.match(layout.text)) is not None:
        layout = replace(layout, text=layout.text[sep_line.end() :], above=layout.above + 1)
        source = replace(source, separator=source.separator or sep_line[1].decode("latin-1"))
    layout, source = _unwrapped(layout, source, where)
    layout, source = _without_rules(layout, source, where)
    lines = _sample(layout.text).split("\n")
    comments = comments_of(lines, source.comment)
    numbers = list(range(len(lines)))
    if comments is not None:
        numbers = [number for number, line in enumerate(lines) if not line.startswith(comments.mark)]
        layout = _without_comments(layout, comments, where)
    layout = _parted(layout, source, usual, where)
    rows = rows_of(_sample(layout.text), layout.dialect, whole=len(layout.text) <= SAMPLE)
    return _with_names(layout, rows, numbers, comments, source, where)


def asked_line(source: Source) -> int | None:
    """The number of the line that names the columns, where the source says it."""
    return None if source.header in (None, "yes", "no") else int(source.header)


def _sample(text: bytes) -> str:
    return text[:SAMPLE].decode("utf-8", "ignore")


def _below(text: bytes, source: Source, where: str) -> Layout:
    """The text without the lines that the source says to skip."""
    asked = asked_line(source)
    above = asked - 1 if asked is not None else source.skip_rows or 0
    at = 0
    for _ in range(above):
        if at >= len(text):
            break
        at = text.find(b"\n", at) + 1 or len(text)
    end = text.find(b"\n", at)
    named = text[at : len(text) if end < 0 else end]
    left = text[at:] if asked is None else named
    if not left or left.isspace():
        lines = text.count(b"\n") + (not text.endswith(b"\n"))
        what = "nothing below them" if asked is None else "no names of columns in it"
        option = f"--skip-rows {above}" if asked is None else f"--header {asked}"
        raise DatasetError(
            f"{where} has {lines:,} lines, and {option} leaves {what}.",
            "Give the number of a line that names the columns."
            if asked is not None
            else "Give the number of lines that stand above the table.",
        )
    text = text[at:]
    # A line that is said to hold the names may be a comment to other programs.
    return Layout(text if asked is None else _COMMENTED.sub(b"", text, count=1), above=above)


def _unwrapped(layout: Layout, source: Source, where: str) -> tuple[Layout, Source]:
    """The text with lines that are quoted as a whole taken out of their quotes, and the quotes within."""
    start = layout.text[:SAMPLE]
    lines = quoted_lines.lines_of(start, whole=len(layout.text) <= SAMPLE) if source.quote is None else []
    for mark in quoted_lines.MARKS:
        if mark.encode() not in start or not quoted_lines.are_wrapped(lines, mark):
            continue
        inside = b"\n".join(quoted_lines.unwrapped_line(line, mark) for line in lines)
        separator, fits = separator_of(inside.decode("utf-8", "ignore"), mark, None, whole=True)
        if source.separator is not None:
            separator = SPELLED.get(source.separator.lower(), source.separator)
        elif not fits:
            continue  # a single column of quoted texts
        found = quoted_lines.wrapping_of(lines, mark, separator)
        if found is not None:
            which = "Some lines" if found.some else "Lines"
            said = f"{which} of {where} stand in quotation marks as a whole, and are read without them."
            text = quoted_lines.unwrapped(layout.text, found)
            within_too = mark == "'" and b'"' not in text
            source = replace(source, quote=mark) if within_too else source
            return replace(layout, text=text, body=None, remarks=(*layout.remarks, said)), source
    return layout, source


def _without_rules(layout: Layout, source: Source, where: str) -> tuple[Layout, Source]:
    """The text without lines that are drawn between names and cells, and what parts its values then."""
    found = drawn_rules.without_rules(layout.text, layout.text[:SAMPLE])
    if found is None:
        return layout, source
    text, has_tabs = found
    remark = f"Lines of {where} that draw rules are skipped."
    layout = replace(layout, text=text, body=None, remarks=(*layout.remarks, remark))
    return layout, replace(source, separator="\t", quote="none") if has_tabs else source


def _without_comments(layout: Layout, comments: Comments, where: str) -> Layout:
    mark = comments.mark
    line = re.compile(rb"(?m)^" + re.escape(mark.encode()) + rb"[^\n]*(\n|\Z)")
    text, many = line.subn(b"", layout.text)
    if not text.strip():
        raise DatasetError(
            f"{where} holds nothing but comments.", "Give a file with a header row and data."
        )
    said = (
        (f"Lines of {where} that begin with {quote(mark)} are comments, and are skipped.",) if many else ()
    )
    return replace(layout, text=text, comment=mark, remarks=layout.remarks + said)


def _parted(layout: Layout, source: Source, usual: str | None, where: str) -> Layout:
    """The layout with its dialect; columns that only their places part get tabs between them."""
    sample, whole = _sample(layout.text), len(layout.text) <= SAMPLE
    dialect, fits = dialect_of(sample, source, usual, whole=whole)
    lines = sample.replace("\r\n", "\n").split("\n")
    if fits or fixed_width.table_in(lines if whole else lines[:-1]) is None:
        return replace(layout, dialect=dialect)
    found = fixed_width.with_tabs(layout.text)
    if found is None:
        return replace(layout, dialect=dialect)
    text, above = found
    said = f"Blanks align the columns of {where}: it is read as a table of fixed width."
    remarks = (*layout.remarks, *filter(None, (on_titles(above, layout.above, where), said)))
    return replace(layout, text=text, dialect=Dialect("\t", None), body=None, remarks=remarks)


def _with_names(
    layout: Layout, rows: Rows, numbers: list[int], comments: Comments | None, source: Source, where: str
) -> Layout:
    """The layout without titles, and with the rows that hold names."""
    asked, first_line = asked_line(source), source.header == "yes"  # that one alone, and nothing above it
    above = titles_above(rows.cells) if asked is None and not first_line else 0
    cells, lines = rows.cells[above:], rows.lines[above:]
    text = _from_line(layout.text, lines[0] if lines else 0)
    names = _in_comment(comments, cells, layout.dialect, source)
    short = is_short(cells)
    if source.header == "no":
        many, roles = 0, None
    elif names is not None:
        many, roles, short = 1, None, False
    elif source.header is None and not (short or has_header(cells)):
        many, roles = 0, None
    else:
        roles = roles_of(cells) if asked is None else None
        many = 1 + roles.rows if roles else 1 if asked is not None or first_line else name_rows(cells)
    if many and names is None:
        text = _even(text, cells, lines, layout.dialect.separator)
    first = numbers[lines[0]] if lines and lines[0] else 0  # comments alone have a remark of their own
    at = 0 if names is not None else many
    streams = layout.body is not None and at < len(lines)
    said = on_titles(first, layout.above, where) if names is None else _NAMED_BY_COMMENT.format(where)
    return replace(
        layout,
        text=text if names is None else names.encode() + b"\n" + text,
        dialect=replace(layout.dialect, header_rows=many, short_header=short and many > 0),
        roles=roles,
        body=layout.above + numbers[lines[at]] if streams else None,
        remarks=(*layout.remarks, *filter(None, (said,))),
    )


_NAMED_BY_COMMENT = "The last comment of {} names its columns."


def _from_line(text: bytes, line: int) -> bytes:
    at = 0
    for _ in range(line):
        at = text.find(b"\n", at) + 1
    return text[at:]


def on_titles(lines: int, skipped: int, where: str, line: str = "Line") -> str:
    """A remark on lines, or rows, above the table that nobody said to skip; empty for none."""
    if lines < 1:
        return ""
    if lines == 1:
        return f"{line} {skipped + 1} of {where} stands above the table, and is skipped."
    last = skipped + lines
    return f"{line}s {skipped + 1} to {last} of {where} stand above the table, and are skipped."


def _in_comment(
    comments: Comments | None, rows: Sequence[Sequence[str]], dialect: Dialect, source: Source
) -> str | None:
    """The line of names that stands in the last comment above a table without a header, if it does."""
    if comments is None or not comments.above or source.header not in (None, "yes") or not rows:
        return None
    line, width = comments.above, len(rows[0])
    if dialect.separator != " " and line.startswith(dialect.separator):
        line = comments.mark + line  # a column that is called #
    line = line.strip(" \r")
    names = rows_of(line, dialect, whole=True).cells
    if width < 2 or not names or len(names[0]) != width or not has_header([names[0], *rows]):
        return None
    speaks = evidence(rows)
    return line if speaks < 0 or not has_header(rows) or (speaks == 0 and comments.close) else None


def _even(text: bytes, rows: Sequence[Sequence[str]], lines: Sequence[int], separator: str) -> bytes:
    """The text with as many separators in its first line as below, where those at line ends differ."""
    if separator == " " or len(lines) < 2 or lines[1] != lines[0] + 1:
        return text
    end = text.find(b"\n")
    line = text[:end].rstrip(b"\r ")
    if trails(rows):
        return line + separator.encode() + text[end:]
    if has_wide_header(rows) and line.endswith(separator.encode()):
        return line[:-1] + text[end:]
    return text
