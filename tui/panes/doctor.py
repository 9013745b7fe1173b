"""What the doctor says of the run that is shown: verdict, causes with their proof, what was ruled out."""

from __future__ import annotations

from textual.app import RenderResult
from textual.content import Content
from textual.events import MouseScrollDown, MouseScrollUp

from lrtui.tui.keys import bind
from lrtui.tui.letter import letter_lines, state_word
from lrtui.tui.panes.base import Pane, lines


class DoctorPane(Pane):
    """The letter as far as there is room; up and down scroll, d opens the whole of it."""

    NUMBER = 7
    NAME = "doctor"
    BINDINGS = [
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="doctor.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="doctor.down"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._top = 0
        self._seen: tuple[object, ...] = ()
        self._lines: list[Content] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is nothing to scroll while everything is in view."""
        return action != "scroll" or self._hidden > 0

    @property
    def _hidden(self) -> int:
        """Lines that find no room."""
        return max(0, len(self._letter()) - self.content_size.height)

    def _letter(self) -> list[Content]:
        """The lines, made anew only where something has changed."""
        view, width = self.dashboard.watcher.view, self.content_size.width
        run = view.run
        state = None if run is None else (run.id, run.status, run.epoch > 0)
        if (seen := (state, view.doctor_stamp, width)) != self._seen:
            if seen[:2] != self._seen[:2]:
                self._top = 0
            self._seen = seen
            self._lines = letter_lines(run, view.diagnosed, width, self.glyphs)
            self.refresh_bindings()
        return self._lines

    def update(self) -> None:
        """Title and lines as they now stand."""
        view = self.dashboard.watcher.view
        self.set_title(state_word(view.run, view.diagnosed))
        more = self._hidden - min(self._top, self._hidden)
        words = [] if self.desk.idle("fix") else ["f fixes it"]
        words += [f"{more} more {self.glyphs.down}"] if more else []
        self.border_subtitle = Content("  ".join(words))
        self.refresh()

    def on_resize(self) -> None:
        """More or fewer lines find room."""
        self.update()

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self._top = min(max(min(self._top, self._hidden) + by, 0), self._hidden)
        self.update()

    def render(self) -> RenderResult:
        """The lines in view."""
        top = min(self._top, self._hidden)
        return lines(self._letter()[top : top + self.content_size.height])

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop()
        self.action_scroll(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop()
        self.action_scroll(-1)
