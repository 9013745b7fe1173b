"""What the doctor says of the run that is shown: verdict, causes with their proof, what was ruled out."""

from __future__ import annotations

from lrtui.tui.asking_doctor import call_doctor_off, is_looked_at
from lrtui.tui.context import Context
from lrtui.tui.idle_keys import is_idle
from lrtui.tui.keys import bind
from lrtui.tui.panes.scrolling import ScrollingPane, scroll_keys
from lrtui.tui.render.diagnosis import diagnosis_page, state_word
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.wrapping import Line

AT_ITS_END = "What the doctor says of this run stands here at the end of the replay."
WHOSE = 3  # parts of a stamp that tell one letter from another; the next is how far it is


class DoctorPane(ScrollingPane):
    """The letter as far as there is room; up and down scroll, Enter explains, d opens the whole of it."""

    NAME = "doctor"
    BINDINGS = [
        *scroll_keys(NAME),
        bind("enter", "app.cause", "explain", tooltip="tell what the first cause is", key_display="⏎",
             id="doctor.cause"),
        bind("c", "call_off", "call off", tooltip="end the doctor's examination", id="doctor.call_off"),
    ]  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._seen: tuple[object, ...] = ()
        self._about: tuple[object, ...] = ()  # what the page is about, however far the doctor is with it
        self._lines: list[Line] = []

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There may be no examination to call off."""
        if action == "call_off":
            return is_looked_at(self.session)
        return super().check_action(action, parameters)

    def action_call_off(self) -> None:
        """End the examination."""
        self.context.attempt(lambda: call_doctor_off(self.session))

    def page(self) -> list[Line]:
        """The lines, made anew only where something has changed."""
        view, width = self.context.poller.view, self.content_size.width
        run = view.run
        replayed = self.context.poller.playing is not None
        state = None if run is None else (run.id, run.status, run.epoch > 0, replayed)
        if (seen := (state, view.doctor_stamp, width)) != self._seen:
            if (state, view.doctor_stamp[:WHOSE]) != self._about:
                self._about, self.scrolled = (state, view.doctor_stamp[:WHOSE]), 0
            self._seen = seen
            said = AT_ITS_END if replayed else None
            self._lines = diagnosis_page(run, view.diagnosed, width, self.glyphs, said=said).lines
            self.refresh_bindings()
        return self._lines

    def update(self) -> None:
        """Title and lines as they now stand."""
        view = self.context.poller.view
        self.set_title(state_word(view.run, view.diagnosed))
        more = self.hidden - self.top
        words = [] if is_idle(self.session, "fix") else [f"{key_name('doctor.fix')} fixes it"]
        words += [f"{more} more {self.glyphs.down}"] if more else []
        self.set_foot("  ".join(words))
        super().update()

    def on_resize(self) -> None:
        """More or fewer lines find room."""
        self.update()

    def wheel(self, by: int) -> None:
        """The wheel scrolls."""
        self.action_scroll(by)
