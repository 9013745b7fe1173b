"""A script that is watched: where it is, and what it prints."""

from __future__ import annotations

from lrtui.core.store import Run
from lrtui.tui.idle_keys import is_idle
from lrtui.tui.keys import bind
from lrtui.tui.panes.scrolling import ScrollingPane
from lrtui.tui.render.key_names import key_name
from lrtui.tui.render.script import script_lines, where
from lrtui.tui.render.wrapping import Line


class ScriptPane(ScrollingPane):
    """The newest lines, as on a terminal; up and down scroll back and forth."""

    NAME = "script"
    BINDINGS = [
        bind("up,k", "scroll(-1)", "scroll", key_display="↑↓", tooltip="a line up", id="script.up"),
        bind("down,j", "scroll(1)", "a line down", show=False, id="script.down"),
    ]

    _seen: tuple[object, ...] = ()
    _lines: list[Line]

    @property
    def run(self) -> Run | None:
        """The run that is shown, if it is a script."""
        run = self.session.run
        return run if run is not None and run.watched else None

    def page(self) -> list[Line]:
        """Its lines, made anew only where there is something new."""
        run, view = self.run, self.context.poller.view
        seen = (
            run and (run.id, run.status, run.failure),
            view.script_stamp,
            view.script is None,
            self.content_size.width,
        )
        if seen != self._seen:
            self._seen = seen
            self._lines = script_lines(run, view.script, self.content_size.width, self.glyphs)
        return self._lines

    @property
    def top(self) -> int:
        """The first line in view: from the end, where ``scrolled`` counts back from it."""
        return self.hidden - min(self.scrolled, self.hidden)

    def action_scroll(self, by: int) -> None:
        """A line up or down."""
        self.scrolled = min(max(self.scrolled - by, 0), self.hidden)
        self.update()

    def wheel(self, by: int) -> None:
        """The wheel scrolls."""
        self.action_scroll(by)

    def update(self) -> None:
        """Title and lines as they now stand."""
        view = self.context.poller.view
        shown = self.run is not None and self.context.poller.playing is None
        self.set_title(*(where(self.run, view.script, self.glyphs) if shown else ()))
        below = min(self.scrolled, self.hidden)
        words = [f"{below} more {self.glyphs.down}"] if below else []
        if self.run is not None and not is_idle(self.session, "fix"):
            words.insert(0, f"{key_name('doctor.fix')} shows the patch")
        self.set_foot("  ".join(words))
        super().update()
