"""A page a cause, for a student: what you see, why, how lrtui proves it, what to do.

The text stands beside this file, ``<id>.md``, and is installed with it, so that the dashboard and the
command line show it wherever lrtui runs. The title on the first line is the cause's name wherever only its
id is known: the catalogue brings torch, which the dashboard does without.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Page:
    """What there is to read of a cause.

    Attributes:
        sections: heading and text (a little Markdown), in their order.
    """

    id: str
    title: str
    sections: tuple[tuple[str, str], ...]


@cache
def causes_with_page() -> tuple[str, ...]:
    """The ids of all causes that have a page, by alphabet."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.md")))


@cache
def page_of(cause: str) -> Page | None:
    """The page of a cause; ``None`` where there is none of this id."""
    if cause not in causes_with_page():  # ids come from the store too, and a path is none
        return None
    head, *parts = (FOLDER / f"{cause}.md").read_text(encoding="utf-8").split("\n## ")
    sections = (part.partition("\n") for part in parts)
    return Page(
        cause,
        head.removeprefix("# ").strip(),
        tuple((title.strip(), text.strip()) for title, _, text in sections),
    )


def title_of(cause: str) -> str:
    """A cause's name; its id in words where it has no page."""
    page = page_of(cause)
    return page.title if page is not None else cause.replace("-", " ").capitalize()
