"""What stands in the command palette: every action of the dashboard by its words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.command import CommandList, CommandPalette

from lrtui.core.errors import StoreError
from lrtui.core.store.home import home
from lrtui.tui.keys import key_text

REPLACED = frozenset({"Quit", "Keys", "Screenshot"})  # Textual's own, for which there is better
NOT_LISTED = frozenset({"app.palette", "app.interrupt"})


class Palette(CommandPalette):
    """The command palette, which hands its keys on to a list that may not be drawn yet."""

    def _action_command_list(self, action: str) -> None:
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)


def own_commands(app: App[int], save: Callable[[], None], *, ascii_only: bool) -> Iterator[SystemCommand]:
    """A command for each key binding, and what has no key."""
    for binding in app.BINDINGS:
        if isinstance(binding, Binding) and binding.id not in NOT_LISTED:
            words = binding.tooltip or binding.description
            key = key_text(binding, ascii_only=ascii_only)
            yield SystemCommand(words.capitalize(), f"Key {key}", partial(app.run_action, binding.action))
    yield SystemCommand("Screenshot", "Save this screen as SVG, beside the store", save)


def save_picture(picture: str) -> Path:
    """Save an SVG of the screen beside the store; returns where.

    Raises:
        StoreError: it cannot be written.
    """
    path = home() / f"lrtui_{datetime.now():%Y-%m-%dT%H_%M_%S_%f}.svg"
    try:
        with path.open("x", encoding="utf-8") as file:  # never over another
            file.write(picture)
    except OSError as error:
        raise StoreError(f"The picture cannot be saved: {error.strerror}.", "Free some space.") from None
    return path
