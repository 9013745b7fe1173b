"""What panes and screens show, and whom they ask to act: made by the app, which they do not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lrtui.datasets.source import Source
from lrtui.tui.engine_supervisor import EngineSupervisor
from lrtui.tui.inside_query import InsideQuery
from lrtui.tui.query import DescriptionQuery
from lrtui.tui.render.glyphs import Glyphs
from lrtui.tui.session_state import SessionState
from lrtui.tui.suggestion_query import SuggestionQuery


@dataclass
class Context:
    """The state of the dashboard, and what can be asked of it.

    Attributes:
        attempt: does something with the session, tells an error in the banner, and shows what came of it.
        tell: says something in passing.
        take_source: takes a dataset, and of a table columns to leave out and codes for missing cells.
        show_run: shows a run by its id.
        copy: copies a text that is called so in words; returns the sentence to tell.
    """

    session: SessionState
    glyphs: Glyphs
    attempt: Callable[[Callable[[], object]], None]
    tell: Callable[[str], None]
    take_source: Callable[[Source, tuple[str, ...] | None, tuple[float, ...] | None], None]
    show_run: Callable[[int], None]
    copy: Callable[[str, str], str]

    def __post_init__(self) -> None:
        self.poller = self.session.poller
        self.limits = SuggestionQuery(self.session)
        self.described = DescriptionQuery(self.session)
        self.inside = InsideQuery(self.session)
        self.engine_watch = EngineSupervisor(self.session)
