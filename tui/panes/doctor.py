"""What the doctor says of the run that is shown: verdict, causes with their proof, what was ruled out."""

from __future__ import annotations

from textual.content import Content

from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.scrolling import ScrollingPane, scroll_keys
from lrtui.tui.render.diagnosis import diagnosis_page, state_word
from lrtui.tui.render.wrapping import Line


class DoctorPane(ScrollingPane):
    """The letter as far as there is room; up and down scroll, Enter explains, d opens the whole of it."""

    NUMBER = 7
    NAME = "doctor"
    BINDINGS = [
        *scroll_keys(NAME),
        bind("enter", "app.cause", "explain", tooltip="tell what the first cause is", key_display="⏎",
             id="doctor.cause"),
    ]  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: tuple[object, ...] = ()
        self._lines: list[Line] = []

    def page(self) -> list[Line]:
        """The lines, made anew only where something has changed."""
        view, width = self.context.poller.view, self.content_size.width
        run = view.run
        state = None if run is None else (run.id, run.status, run.epoch > 0)
        if (seen := (state, view.doctor_stamp, width)) != self._seen:
            if seen[:2] != self._seen[:2]:
                self.scrolled = 0
            self._seen = seen
            self._lines = diagnosis_page(run, view.diagnosed, width, self.glyphs).lines
            self.refresh_bindings()
        return self._lines

    def update(self) -> None:
        """Title and lines as they now stand."""
        view = self.context.poller.view
        self.set_title(state_word(view.run, view.diagnosed))
        more = self.hidden - self.top
        words = [] if self.session.idle("fix") else ["f fixes it"]
        words += [f"{more} more {self.glyphs.down}"] if more else []
        self.border_subtitle = Content("  ".join(words))
        self.refresh()

    def on_resize(self) -> None:
        """More or fewer lines find room."""
        self.update()

    def wheel(self, by: int) -> None:
        """The wheel scrolls."""
        self.action_scroll(by)
