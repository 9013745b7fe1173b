"""What every screen over the dashboard shares: its look, how it closes, and how it follows the store."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult, RenderResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content
from textual.events import Event, Mount
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widget import Widget

from lrtui.tui.context import Context
from lrtui.tui.keys import KeyBar, bind
from lrtui.tui.panes.base import tidy
from lrtui.tui.panes.filter_line import Narrowed
from lrtui.tui.panes.scrolling import FAR

Result = TypeVar("Result")
# Of the sheets that have keys enough to need it; in an input it is a character.
HELP = bind("question_mark", "app.help", "help", key_display="?", id="sheet.help")


class Sheet(ModalScreen[Result]):
    """A bordered sheet in the middle; Esc leaves it. With the class ``-whole`` it fills the screen.

    Its keys stand in the last line of the screen, over those of whatever lies below.
    """

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
        & > KeyBar { dock: bottom; }
        OptionList { border: none; padding: 0; background: $background; scrollbar-size: 1 1; }
    }
    """

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context, self.glyphs = context, context.glyphs

    def key_bar(self) -> KeyBar:
        """The keys of the sheet, for ``compose``."""
        return KeyBar(self.words_for, ascii_only=self.glyphs.ascii_only)

    def words_for(self, binding: Binding) -> str:
        """What a key does at this moment; nothing for one that has nothing to do."""
        return binding.description

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

    def look(self) -> None:
        """Show what is new in the store, for one that shows something of it."""

    def follow(self) -> None:
        """The dashboard has looked at the store: so does the sheet, on top or under another."""
        if self.is_mounted and not (self._closing or self._pruning):
            self.look()

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


class PageSheet(Narrowed, Sheet[Result]):
    """A page of text that scrolls with the arrow keys, and can be narrowed by a filter; y copies it."""

    BINDINGS = [
        Binding("y", "copy", "copy", show=False, tooltip="copy the page", id="page.copy"),
        Binding("home,g", f"scroll(-{FAR})", "the first line", show=False, id="page.first"),
        Binding("end,G", f"scroll({FAR})", "the last line", show=False, id="page.last"),
    ]

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        with VerticalScroll(classes="sheet"):
            yield PageText(self.lines)
            yield self.make_filter(self.step)
        yield self.key_bar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a filter is typed, the keys are its own."""
        return super().check_action(action, parameters) and self.hears(action)

    def step(self, by: int) -> None:
        """What the arrow keys do while a filter is typed."""
        self.action_scroll(by)

    def narrow(self) -> None:
        """From the top, as long as it now is."""
        self.query_one(PageText).refresh(layout=True)
        self.query_one(VerticalScroll).scroll_home(animate=False, immediate=True)

    def to_list(self) -> None:
        """The arrow keys scroll."""
        self.set_focus(self.query_one(VerticalScroll), scroll_visible=False)  # at once: more may be typed

    def on_mount(self) -> None:
        """The arrow keys scroll at once."""
        super().on_mount()
        self.query_one(VerticalScroll).focus()

    @abstractmethod
    def lines(self, width: int) -> list[Content]:
        """The page in so many columns."""

    def action_copy(self) -> None:
        """All of the page, to the clipboard of the terminal."""
        lines = (line.plain for line in self.lines(self.query_one(PageText).size.width))
        self.context.tell(self.context.copy("the page", tidy("\n".join(lines))))

    def action_scroll(self, direction: int) -> None:
        """One line up or down."""
        self.query_one(VerticalScroll).scroll_relative(y=direction, animate=False, immediate=True)
