"""The look that every screen over the dashboard shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

Result = TypeVar("Result")


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

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close, once: keys that were on their way when the sheet closed change nothing."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()

    def on_mount(self) -> None:
        """Plain borders where the terminal needs them."""
        for sheet in self.query(".sheet"):
            sheet.set_class(self.dashboard.glyphs.ascii_only, "-ascii")
