"""What every screen over the dashboard shares: its look, how it closes, and how it follows the store."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult, RenderResult
from textual.await_complete import AwaitComplete
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Event, Mount
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import OptionList

from lrtui.tui.context import Context

Result = TypeVar("Result")
POLL_SECONDS = 0.1


class Sheet(ModalScreen[Result]):
    """A bordered sheet in the middle; Esc leaves it. With the class ``-whole`` it fills the screen."""

    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        background: $background 60%;
        & > .sheet {
            width: 76; max-width: 100%; height: auto; max-height: 100%;
            border: round $accent; padding: 0 1; background: $background;
            border-title-color: $accent; border-title-style: bold;
        }
        & > .sheet.-ascii { border: ascii $accent; }
        &.-whole {
            layout: vertical; align: left top; background: $background;
            & > .sheet { width: 100%; height: 1fr; padding: 0; scrollbar-size: 1 1; }
        }
        OptionList { border: none; padding: 0; background: $background; scrollbar-size: 1 1; }
    }
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context, self.glyphs = context, context.glyphs

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close, once: what was on its way when the sheet closed changes nothing."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Under another sheet no key is this one's."""
        return self.is_current

    async def on_event(self, event: Event) -> None:
        """What happens to a sheet; one that was closed before it was mounted has no widgets."""
        if not (isinstance(event, Mount) and (self._closing or self._pruning)):
            await super().on_event(event)

    def follow(self, look: Callable[[], None]) -> None:
        """Call ``look`` ten times a second for as long as the sheet is open, on top or under another."""

        def look_if_open() -> None:  # not before it is mounted, and not on its way out
            if self.is_mounted and self in self.app.screen_stack:
                look()

        self.set_interval(POLL_SECONDS, look_if_open)

    def on_mount(self) -> None:
        """Plain borders where the terminal needs them."""
        for sheet in self.query(".sheet"):
            sheet.set_class(self.glyphs.ascii_only, "-ascii")

    def set_title(self, *parts: str, below: str = "") -> None:
        """What stands in the upper border, and in the lower."""
        sheet = self.query_one(".sheet")
        sheet.border_title = Content(self.glyphs.dash.join(parts))
        sheet.border_subtitle = Content(below)


class PageText(Widget):
    """Lines of text, as high as there are of them."""

    DEFAULT_CSS = "PageText { height: auto; }"

    def __init__(self, lines: Callable[[int], list[Content]]) -> None:
        """``lines`` gives them for a width."""
        super().__init__()
        self._lines = lines

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words need."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """All of it."""
        return Content("\n").join(self._lines(self.size.width))


class PageSheet(Sheet[Result]):
    """A page of text that scrolls with the arrow keys."""

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with VerticalScroll(classes="sheet"):
            yield PageText(self.lines)

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        super().on_mount()
        self.query_one(VerticalScroll).focus()

    @abstractmethod
    def lines(self, width: int) -> list[Content]:
        """The page in so many columns."""

    def action_scroll(self, direction: int) -> None:
        """One line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False, immediate=True)


class PagedList(OptionList):
    """A list whose page keys do nothing before there is room: there Textual raises ``KeyError``."""

    def action_page_up(self) -> None:
        """A page up."""
        if self.scrollable_content_region:
            super().action_page_up()  # type: ignore[no-untyped-call]

    def action_page_down(self) -> None:
        """A page down."""
        if self.scrollable_content_region:
            super().action_page_down()  # type: ignore[no-untyped-call]
