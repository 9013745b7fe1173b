"""A page to be sent to a colleague: one file in HTML or Markdown, and the curve alone as SVG."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from lrtui.core.errors import ExportError
from lrtui.core.export.plain import one_line
from lrtui.core.export.report import Block, Code, Heading, Picture, Rows, Words, pictures_of, report_of
from lrtui.core.export.writers.taken import Taken

STYLE = """
body { font: 16px/1.5 sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #24292f;
  background: #fff; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem .8rem .2rem 0;
  border-bottom: 1px solid #d0d7de; vertical-align: top; }
pre { background: #f6f8fa; padding: .6rem; white-space: pre-wrap; word-break: break-all; }
svg { max-width: 100%; height: auto; }
"""
# Nothing of it is fetched, and nothing is run.
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
# What begins a link, a code, an emphasis, a cell or a tag anywhere; and what begins a list or heading.
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~&$@]|:(?=//)|(?<=www)\.)")
_FIRST = re.compile(r"^(\s*)(#+(?=\s|$)|[+-](?=\s|$)|=+$|-+$|\d+(?=[.)](?:\s|$)))")


def html_of(blocks: Iterable[Block], title: str) -> str:
    """The page in HTML."""
    body = "\n".join(_html(block) for block in blocks)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">\n'
        f'<meta name="viewport" content="width=device-width">\n'
        f"<title>{_safe(title)}</title><style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )


def _safe(text: str) -> str:
    return escape(one_line(text))


def _html(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"<h{level}>{_safe(text)}</h{level}>"
        case Words(text):
            return f"<p>{_safe(text)}</p>"
        case Code(text):
            return f"<pre><code>{_safe(text)}</code></pre>"
        case Picture(_, svg, _):
            return f"<figure>{svg}</figure>"
        case Rows(rows):
            head, *rest = rows
            names = "".join(f"<th>{_safe(cell)}</th>" for cell in head)
            lines = ("".join(f"<td>{_safe(cell)}</td>" for cell in row) for row in rest)
            return f"<table><tr>{names}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table>"
    raise AssertionError("every kind of block is above")


def markdown_of(blocks: Iterable[Block]) -> str:
    """The page in Markdown; its plots are lines of text."""
    return "\n\n".join(_markdown(block) for block in blocks) + "\n"


def _plain(text: str) -> str:
    """Text in which nothing means anything to Markdown."""
    plain = _SPECIAL.sub(r"\\\1", one_line(text))
    return _FIRST.sub(lambda found: f"{found[1]}{_entity(found[2])}", plain)


def _entity(text: str) -> str:
    """The first character as a number: before one that is no letter a backslash would do, too."""
    return f"&#{ord(text[0])};{text[1:]}"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text, level):
            return f"{'#' * level} {_plain(text)}"
        case Words(text):
            return _plain(text)
        case Code(text):
            return _fenced(one_line(text), "sh")
        case Picture(title, _, text):
            return f"**{_plain(title)}**\n\n{_fenced(text, 'text')}"
        case Rows(rows):
            head, *rest = ([_plain(cell) for cell in row] for row in rows)
            lines = [head, ["---"] * len(head), *rest]
            return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    raise AssertionError("every kind of block is above")


def _fenced(text: str, kind: str) -> str:
    """Lines between fences longer than any in them."""
    longest = max((len(found) for found in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{kind}\n{text}\n{fence}"


def write_html(taken: Taken) -> str:
    """The page in HTML."""
    title = f"Run {taken.run.id}: {taken.run.title}"
    taken.draft.write_text(html_of(report_of(taken.store, taken.run), title), encoding="utf-8")
    return "One file, with its plots; any browser opens it, and nothing is fetched or run."


def write_markdown(taken: Taken) -> str:
    """The page in Markdown."""
    taken.draft.write_text(markdown_of(report_of(taken.store, taken.run)), encoding="utf-8")
    return "One file, with its plots as text; whatever reads Markdown shows it."


def write_svg(taken: Taken) -> str:
    """The plot of the losses."""
    found: Iterator[Picture] = pictures_of(taken.store, taken.run)
    picture = next(found, None)
    if picture is None:
        raise ExportError(f"Run {taken.run.id} has no curve yet.", "Let it train first.")
    taken.draft.write_text(picture.svg, encoding="utf-8")
    return "A picture of the losses. E in the dashboard has one of any pane."
