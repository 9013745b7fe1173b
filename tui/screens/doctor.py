"""The doctor's whole letter over the dashboard; Enter opens the page of a cause that it names."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import VerticalScroll
from textual.content import Content

from lrtui.tui.keys import KeyBar
from lrtui.tui.render.diagnosis import diagnosis_page, state_word
from lrtui.tui.render.letter_page import LetterPage
from lrtui.tui.screens.base import PageSheet, PageText
from lrtui.tui.screens.cause import CauseScreen


class DoctorScreen(PageSheet[bool | None]):
    """Scrolls with the arrow keys; Tab goes from cause to cause, Enter explains the one that is marked.

    f applies the fix; Esc, q or d closes. Follows what the doctor does.
    """

    BINDINGS = [
        Binding("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="letter.up"),
        Binding("down,j", "scroll(1)", "a line down", show=False, id="letter.down"),
        Binding("tab", "mark(1)", "next cause", tooltip="to the next cause", id="letter.next"),
        Binding("shift+tab", "mark(-1)", "the cause before", show=False, id="letter.previous"),
        Binding("enter", "explain", "explain", tooltip="tell what the marked cause is", key_display="⏎",
                id="letter.explain"),
        Binding("f", "fix", "fix it", tooltip="apply the fix and start the run", id="letter.fix"),
        Binding("d,escape,q", "dismiss", "close", id="letter.close"),
    ]  # fmt: skip
    DEFAULT_CLASSES = "-whole"
    _seen: tuple[object, ...] = ()
    _marked = 0  # its place among the causes that the letter names

    def compose(self) -> ComposeResult:
        """The widgets in it."""
        yield from super().compose()
        yield KeyBar(ascii_only=self.glyphs.ascii_only)

    def on_mount(self) -> None:
        """Follow the doctor."""
        super().on_mount()
        self.look()
        self.follow(self.look)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There may be nothing to fix, and nothing to explain."""
        if action in ("mark", "explain"):
            return len(self._page().causes) > (action == "mark")
        return action != "fix" or not self.context.session.idle("fix")

    def _page(self, width: int = 80) -> LetterPage:
        view = self.context.poller.view
        return diagnosis_page(view.run, view.diagnosed, width, self.glyphs, self._marked)

    def lines(self, width: int) -> list[Content]:
        """The letter as it now stands."""
        return [Content.assemble(*parts) for parts in self._page(width).lines]

    def look(self) -> None:
        """Show what is new."""
        view = self.context.poller.view
        run = view.run
        stamp = (None if run is None else (run.id, run.status), view.doctor_stamp)
        if stamp != self._seen:
            self._seen, self._marked = stamp, 0
            name = "Doctor" if run is None else f"Doctor on run {run.id}"
            self.set_title(name, state_word(run, view.diagnosed))
            self.query_one(PageText).refresh(layout=True)
            self.refresh_bindings()

    def action_mark(self, by: int) -> None:
        """Mark the next cause or the one before, and bring it into view."""
        text, view = self.query_one(PageText), self.query_one(VerticalScroll)
        causes = self._page(text.size.width).causes
        self._marked = (self._marked + by) % len(causes)
        line = causes[self._marked][0]
        if not view.scroll_y <= line < view.scroll_y + view.size.height - 1:
            view.scroll_to(y=line, animate=False, immediate=True)
        text.refresh()

    def action_explain(self) -> None:
        """Open the page of the marked cause."""
        self.app.push_screen(CauseScreen(self.context, self._page().causes[self._marked][1]))

    def action_fix(self) -> None:
        """Close, and apply the fix."""
        self.dismiss(True)
