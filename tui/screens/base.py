"""What every screen over the dashboard shares: its look, how it closes, and how it follows the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.events import Event, Mount
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

Result = TypeVar("Result")
POLL_SECONDS = 0.1


class Sheet(ModalScreen[Result]):
    """A bordered sheet in the middle; Esc leaves it."""

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
    }
    """

    @property
    def dashboard(self) -> Dashboard:
        """The app, by its own type."""
        return cast("Dashboard", self.app)

    @property
    def is_open(self) -> bool:
        """Whether the sheet is there, on top or under another; not before, and not on its way out."""
        return self.is_mounted and self in self.app.screen_stack

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close, once: what was on its way when the sheet closed changes nothing."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()

    async def on_event(self, event: Event) -> None:
        """What happens to a sheet; one that was closed before it was mounted has no widgets."""
        if not (isinstance(event, Mount) and (self._closing or self._pruning)):
            await super().on_event(event)

    def follow(self, look: Callable[[], None]) -> None:
        """Call ``look`` ten times a second for as long as the sheet is open."""
        self.set_interval(POLL_SECONDS, lambda: look() if self.is_open else None)

    def on_mount(self) -> None:
        """Plain borders where the terminal needs them."""
        for sheet in self.query(".sheet"):
            sheet.set_class(self.dashboard.glyphs.ascii_only, "-ascii")
