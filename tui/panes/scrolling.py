"""A pane of lines, of which it shows as many as find room."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual.app import RenderResult
from textual.binding import BindingType
from textual.content import Content

from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.base import Pane, tidy
from lrtui.tui.render.wrapping import Line

FAR = 99_999  # lines, more than any page has


def scroll_keys(name: str, words: str = "scroll") -> list[BindingType]:
    """Up and down and to the ends, for the pane of this name; ``words`` say in short what they do."""
    return [
        bind("up,k", "scroll(-1)", words, key_display="↑↓", tooltip="a line up", id=f"{name}.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id=f"{name}.down"),
        bind("home,g", f"scroll(-{FAR})", "the first line", show=False, id=f"{name}.first"),
        bind("end,G", f"scroll({FAR})", "the last line", show=False, id=f"{name}.last"),
    ]


class ScrollingPane(Pane):
    """Shows ``page()`` from the line that ``action_scroll`` has come to."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.scrolled = 0  # lines, or as far as it went while the page was longer

    @abstractmethod
    def page(self) -> Sequence[Line]:
        """All lines, for the present width."""
        ...

    @property
    def hidden(self) -> int:
        """Lines that find no room."""
        return max(0, len(self.page()) - self.content_size.height)

    @property
    def top(self) -> int:
        """The first line in view."""
        return min(self.scrolled, self.hidden)

    def copied(self) -> tuple[str, str]:
        """All lines, those out of view too."""
        lines = (Content.assemble(*parts).plain for parts in self.page())
        return f"the pane {self.NAME}", tidy("\n".join(lines))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to scroll while everything is in view."""
        return action != "scroll" or self.hidden > 0

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.scrolled = min(max(self.top + by, 0), self.hidden)
        self.update()

    def render(self) -> RenderResult:
        """The lines in view."""
        shown = self.page()[self.top :][: max(self.content_size.height, 0)]
        return Content("\n").join(Content.assemble(*parts) for parts in shown)
