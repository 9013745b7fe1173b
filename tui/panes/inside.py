"""A look inside the run that is shown, a view at a time."""

from __future__ import annotations

from lrtui.core.inside.record import Seen
from lrtui.tui.context import Context
from lrtui.tui.keys import bind
from lrtui.tui.panes.scrolling import ScrollingPane, scroll_keys
from lrtui.tui.plots.inside import inside_page
from lrtui.tui.render.inside import missing_words, sentence_lines
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.wrapping import Line


class InsidePane(ScrollingPane):
    """What the view shows as far as there is room; keys go to the next view, class or feature."""

    NAME = "inside"
    BINDINGS = [
        bind("v", "turn(1)", "view", tooltip="the next view", id="inside.next"),
        bind("V", "turn(-1)", "view before", show=False, tooltip="the view before", id="inside.previous"),
        bind("left", "step(-1)", "choose", key_display="←→", id="inside.left",
             tooltip="the class or feature before"),
        bind("right", "step(1)", "the next class or feature", show=False, id="inside.right"),
        *scroll_keys(NAME, "move"),
    ]  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._made: tuple[object, ...] = ()
        self._lines: list[Line] = []

    @property
    def seen(self) -> Seen | None:
        """What is shown."""
        return self.context.inside.seen

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There may be nothing to go to."""
        seen = self.seen
        if action == "turn":
            return self.session.run is not None and self.session.script is None
        if action == "step":
            return seen is not None and bool(seen.choices)
        if action == "scroll" and seen is not None and seen.choice("y") is not None:
            return True
        return super().check_action(action, parameters)

    def action_turn(self, by: int) -> None:
        """The next view, or the one before."""
        self.scrolled = 0
        self.context.attempt(lambda: self.context.inside.turn(by))

    def action_step(self, by: int) -> None:
        """The next class, or feature of the first axis."""
        found = self.context.inside
        self.context.attempt(lambda: found.step("class", by) or found.step("x", by))

    def action_scroll(self, by: int) -> None:
        """A line up or down; of a map the next feature of the axis that goes up."""
        seen = self.seen
        if seen is not None and seen.choice("y") is not None and abs(by) == 1:
            self.context.attempt(lambda: self.context.inside.step("y", by))
        else:
            super().action_scroll(by)

    def page(self) -> list[Line]:
        """The lines, made anew only where something has changed."""
        asked, (width, height) = self.context.inside, self.content_size
        missing = self._missing()
        if (made := (asked.seen, missing, width, height)) != self._made:
            self._made = made
            if missing or asked.seen is None:
                self._lines = sentence_lines([missing], width, self.glyphs)
            else:
                self._lines = inside_page(asked.seen, width, height, self.glyphs)
            self.refresh_bindings()
        return self._lines

    def _missing(self) -> str:
        """Why there is nothing to see, where that is so."""
        asked = self.context.inside
        if asked.seen is not None and asked.failure is None:
            return ""
        return missing_words(self.context.poller.view.run, asked.failure)

    def update(self) -> None:
        """Title and lines as they now stand."""
        seen = self.seen
        past = "" if seen is None or self.context.poller.view.past is None else f"epoch {seen.epoch:,}"
        about = () if seen is None else (past, seen.title.lower(), self.glyphs.safe(seen.about))
        self.set_title(*about)
        more = self.hidden - self.top
        words = [f"{key_name('inside.next')} next view"] if seen is not None else []
        words += [f"{more} more {self.glyphs.down}"] if more else []
        self.set_foot("  ".join(words))
        super().update()

    def on_resize(self) -> None:
        """Other room: other plots."""
        self.update()

    def wheel(self, by: int) -> None:
        """The wheel scrolls."""
        super().action_scroll(by)
