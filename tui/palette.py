"""What stands in the command palette: every action of the dashboard by its words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from textual.app import SystemCommand
from textual.binding import Binding

from lrtui.core.errors import StoreError
from lrtui.core.store.home import home
from lrtui.tui.keys import key_text

if TYPE_CHECKING:
    from lrtui.tui.dashboard import Dashboard

REPLACED = frozenset({"Quit", "Keys", "Screenshot"})  # Textual's own, for which there is better
NOT_LISTED = frozenset({"app.palette", "app.interrupt"})


def own_commands(dashboard: Dashboard) -> Iterator[SystemCommand]:
    """A command for each key binding, and what has no key."""
    for binding in dashboard.BINDINGS:
        if isinstance(binding, Binding) and binding.id not in NOT_LISTED:
            words = binding.tooltip or binding.description
            action = binding.action

            async def run(action: str = action) -> None:
                await dashboard.run_action(action)

            key = key_text(binding, ascii_only=dashboard.glyphs.ascii_only)
            yield SystemCommand(words.capitalize(), f"Key {key}", run)
    yield SystemCommand("Screenshot", "Save this screen as SVG, beside the store", dashboard.action_picture)


def save_picture(dashboard: Dashboard) -> None:
    """Save the screen as SVG beside the store.

    Raises:
        StoreError: it cannot be written.
    """
    path = home() / f"lrtui_{datetime.now():%Y-%m-%dT%H_%M_%S_%f}.svg"
    try:
        with path.open("x", encoding="utf-8") as file:  # never over another
            file.write(dashboard.export_screenshot())
    except OSError as error:
        raise StoreError(f"The picture cannot be saved: {error.strerror}.", "Free some space.") from None
    dashboard.desk.notice = f"Saved {path}."
