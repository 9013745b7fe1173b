"""What stands in the command palette: every action of the dashboard by its words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.command import CommandList, CommandPalette
from textual.content import Content
from textual.widgets import Input, Static

from lrtui.core.config.presets import FOLDER, presets
from lrtui.core.errors import LrtuiError
from lrtui.datasets.text import safe
from lrtui.tui.context import Context
from lrtui.tui.keys import in_force, key_text
from lrtui.tui.panes.base import Pane
from lrtui.tui.presets import lay_preset
from lrtui.tui.render.glyphs import UNICODE
from lrtui.tui.screens.lists import MarkedCommands

REPLACED = frozenset({"Quit", "Keys", "Screenshot", "Maximize", "Minimize"})  # Textual's own
LOW = 24  # rows
LONGEST = 60  # columns of the name of a preset
NOT_LISTED = frozenset({"app.palette", "app.interrupt"})


class Palette(CommandPalette):
    """The command palette, which hands its keys on to a list that may not be drawn yet.

    What is typed filters it from the first letter on; who types / first, as in other lists, may.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", show=False, id="palette.filter", priority=True)
    ]

    def __init__(self, mark: str, **more: Any) -> None:
        """``mark`` stands before the line under the cursor."""
        super().__init__(**more)
        self._mark = mark

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Within a text / is a letter."""
        return action != "filter" or not any(field.value for field in self.query(Input))

    def action_filter(self) -> None:
        """The field has the focus already."""

    DEFAULT_CSS = """
    Palette {
        SearchIcon { color: $foreground; }
        Input { background: transparent; }
        #--input { border: hkey $quiet-frame; }
        CommandList { border-bottom: hkey $quiet-frame; }
        #keys {
            dock: bottom; height: 1; width: 100%; color: $foreground; background: $background;
        }
    }
    """

    def compose(self) -> ComposeResult:
        """Textual's own, with a cursor that is seen without colour and the keys below."""
        for widget in super().compose():
            yield MarkedCommands(self._mark) if isinstance(widget, CommandList) else widget
        enter, arrows = (
            ("Enter", "Up/Down") if getattr(self.app, "glyphs", UNICODE).ascii_only else ("⏎", "↑↓")
        )
        parts = (
            (" ", ""),
            (enter, "bold"),
            " run it  ",
            (arrows, "bold"),
            " move  ",
            ("Esc", "bold"),
            " close",
        )
        yield Static(Content.assemble(*parts), id="keys")

    def on_resize(self) -> None:
        """The list is at least 20 rows high, on any screen: on a low one the keys stand above it."""
        for keys in self.query("#keys"):
            keys.styles.dock = "bottom" if self.app.size.height >= LOW else "top"

    def _action_command_list(self, action: str) -> None:
        for found in self.query(CommandList):  # none, where it closes while keys are still on their way
            if found.scrollable_content_region:
                super()._action_command_list(action)


def own_commands(app: App[int], context: Context, save: Callable[[], None]) -> Iterator[SystemCommand]:
    """A command for each key binding, and what has no key: presets, a picture."""
    for binding in in_force(app.BINDINGS, app._keymap):
        if binding.id not in NOT_LISTED:
            words = binding.tooltip or binding.description
            key = key_text(binding, ascii_only=context.glyphs.ascii_only)
            yield SystemCommand(words.capitalize(), f"Key {key}", partial(app.run_action, binding.action))
    yield from preset_commands(context)
    yield SystemCommand("Screenshot", "Save this screen as SVG, beside the store", save)


def pane_commands(
    panes: Mapping[str, Pane], act: Callable[[str, str], Awaitable[None]], *, ascii_only: bool
) -> Iterator[SystemCommand]:
    """A command for each key of a pane, which goes there first; ``act`` takes its name and the action."""
    for name, pane in panes.items():
        for binding in own_bindings(pane):
            words = f"{name.capitalize()}: {binding.tooltip or binding.description}"
            key = key_text(binding, ascii_only=ascii_only, every=True)
            yield SystemCommand(words, f"Key {key}", partial(act, name, binding.action))


def preset_commands(context: Context) -> Iterator[SystemCommand]:
    """A command for each preset, which lays it on the form; a folder that cannot be listed has none."""
    with suppress(LrtuiError):
        for name, preset in presets().items():
            act = partial(context.attempt, partial(lay_preset, context.session, name))
            about = preset.text or f"Of your own, in the folder {FOLDER}"
            yield SystemCommand(f"Preset {safe(name, LONGEST)}", about, act)


def own_bindings(pane: Pane) -> list[Binding]:
    """The keys of a pane that not every pane has."""
    return [found for found in vars(type(pane)).get("BINDINGS", ()) if isinstance(found, Binding)]
