"""The doctor's whole letter over the dashboard; Enter opens the page of a cause that it names."""

from __future__ import annotations

from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content

from lrtui.tui.asking_doctor import call_doctor_off, is_looked_at
from lrtui.tui.idle_keys import is_idle
from lrtui.tui.panes.doctor import WHOSE
from lrtui.tui.panes.filter_line import filter_keys, holds
from lrtui.tui.render.diagnosis import diagnosis_page, state_word
from lrtui.tui.render.letter_page import LetterPage
from lrtui.tui.render.wrapping import plain
from lrtui.tui.screens.base import HELP, PageSheet, PageText
from lrtui.tui.screens.cause import CauseScreen


class DoctorScreen(PageSheet[bool | None]):
    """Scrolls with the arrow keys; Tab goes from cause to cause, Enter explains the one that is marked.

    f applies the fix; Esc, q or d closes. Follows what the doctor does.
    """

    BINDINGS = [
        Binding("f", "fix", "fix it", tooltip="apply the fix and start the run", id="letter.fix"),
        Binding("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="letter.up"),
        Binding("down,j", "scroll(1)", "a line down", show=False, id="letter.down"),
        Binding("tab", "mark(1)", "next cause", tooltip="to the next cause", id="letter.next"),
        Binding("shift+tab", "mark(-1)", "the cause before", show=False, id="letter.previous"),
        Binding("enter", "explain", "explain", tooltip="tell what the marked cause is", key_display="⏎",
                id="letter.explain"),
        Binding("c", "call_off", "call off", tooltip="end the doctor's examination", id="letter.call_off"),
        *filter_keys("letter"),
        HELP,
        Binding("d,escape,q", "dismiss", "close", key_display="Esc", id="letter.close"),
    ]  # fmt: skip
    DEFAULT_CLASSES = "-whole"
    _seen: tuple[object, ...] = ()
    _about: tuple[object, ...] = ()
    _marked = 0  # its place among the causes that the letter names

    def on_mount(self) -> None:
        """Follow the doctor."""
        super().on_mount()
        self.look()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There may be nothing to fix, and nothing to explain."""
        if not super().check_action(action, parameters):
            return False
        if action in ("mark", "explain"):
            return len(self._page().causes) > (action == "mark")
        if action == "filter":
            return len(self._letter(80).causes) > 1
        if action == "call_off":
            return is_looked_at(self.context.session)
        return action != "fix" or not is_idle(self.context.session, "fix")

    def _letter(self, width: int, marked: int | None = None) -> LetterPage:
        view = self.context.poller.view
        return diagnosis_page(view.run, view.diagnosed, width, self.glyphs, marked)

    def _page(self, width: int = 80) -> LetterPage:
        """The letter, or what a filter leaves of its causes; one of them is marked."""
        if not self.wanted:
            return self._letter(width, self._marked)
        whole = self._letter(width)
        texts = ["".join(map(plain, whole.block(number))) for number in range(len(whole.causes))]
        kept = [n for n, text in enumerate(texts) if holds(self.wanted, text, whole.causes[n][1])]
        if not kept:
            return whole.only(())
        return self._letter(width, kept[min(self._marked, len(kept) - 1)]).only(kept)

    def narrow(self) -> None:
        """Causes by whatever is said of them."""
        self._marked = 0
        super().narrow()

    def step(self, by: int) -> None:
        """To the next cause."""
        self.action_mark(by)

    def lines(self, width: int) -> list[Content]:
        """The letter as it now stands."""
        return [Content.assemble(*parts) for parts in self._page(width).lines]

    def look(self) -> None:
        """Show what is new."""
        view = self.context.poller.view
        run = view.run
        stamp = (None if run is None else (run.id, run.status), view.doctor_stamp)
        if stamp != self._seen:
            about = stamp[0], view.doctor_stamp[:WHOSE]
            if about != self._about:
                self._about, self._marked = about, 0
            self._seen = stamp
            name = "Doctor" if run is None else f"Doctor on run {run.id}"
            self.set_title(name, state_word(run, view.diagnosed))
            self.query_one(PageText).refresh(layout=True)
            self.refresh_bindings()

    def action_mark(self, by: int) -> None:
        """Mark the next cause or the one before, and bring it into view."""
        text, view = self.query_one(PageText), self.query_one(VerticalScroll)
        causes = self._page(text.size.width).causes
        if not causes:
            return
        self._marked = (self._marked + by) % len(causes)
        line = causes[self._marked][0]
        if not view.scroll_y <= line < view.scroll_y + view.size.height - 1:
            view.scroll_to(y=line, animate=False, immediate=True)
        text.refresh()

    def action_explain(self) -> None:
        """Open the page of the marked cause."""
        causes = self._page().causes  # which may be fewer by now
        self.app.push_screen(CauseScreen(self.context, causes[min(self._marked, len(causes) - 1)][1]))

    def action_call_off(self) -> None:
        """End the examination."""
        self.context.attempt(lambda: call_doctor_off(self.context.session))

    def action_fix(self) -> None:
        """Close, and apply the fix."""
        self.dismiss(True)
