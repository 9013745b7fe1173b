"""The dashboard with the tour above its panes: everything that is seen is the real thing."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from lrtui.core.errors import StoreError
from lrtui.tui.bindings import DASHBOARD
from lrtui.tui.dashboard import Dashboard
from lrtui.tui.demo.guide import Guide
from lrtui.tui.demo.strip import Strip
from lrtui.tui.keys import bind
from lrtui.tui.layout import MIN_TWO_COLUMNS

LEAST_ROWS = 13  # of the panes, with the strip above them on 24 rows: two plots find room beside the form
END_SECONDS = 5.0  # for an engine to leave
ENDS = (signal.SIGTERM, signal.SIGHUP)


class DemoDashboard(Dashboard):
    """A dashboard that follows a guide."""

    CSS = f"""{Dashboard.CSS}
    Screen.-big {{ StatusLine, SummaryLine, KeyBar {{ height: 0; }} }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *DASHBOARD,
        bind("n", "demo(1)", "next page", show=False, id="demo.next", tooltip="the next page of the demo"),
        bind("p", "demo(-1)", "page before", show=False, id="demo.back", tooltip="the page before"),
    ]

    def __init__(self, *arguments: Any, guide: Guide, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.guide = guide

    def compose(self) -> ComposeResult:
        """The strip stands below the first line."""
        first, *rest = super().compose()
        yield first
        yield Strip(self.context, self.guide)
        yield from rest

    def show_first(self) -> None:
        """Begin with the page that was asked for."""
        self.body.least = (MIN_TWO_COLUMNS[0], LEAST_ROWS)
        self.body.whole = self.guide.big
        self.screen.set_class(self.guide.big, "-big")
        self.guide.begin(self.session)
        self.call_after_refresh(self._settle)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Pages are turned where the keys are the dashboard's own."""
        if action == "demo":
            return len(self.screen_stack) == 1 and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)

    def action_demo(self, by: int) -> None:
        """To another page."""
        self._lay(lambda: self.guide.turn(by, self.session))
        self._settle()

    def action_doctor(self) -> None:
        """The page may have asked for his letter."""
        super().action_doctor()
        self.guide.read()
        self.show_all()

    def _settle(self) -> None:
        """Where one pane alone is shown, that is the one to look at."""
        pane = self.guide.chapter.pane
        self.body.focus_pane("hyperparameters")
        if not self.body.shows(pane):
            self.body.focus_pane(pane)
        self.show_all()

    def look(self, *, force: bool = False) -> None:
        """Look, and see whether what the page tells of was seen."""
        super().look(force=force)
        if self.guide.look(self.session):
            self.show_all()

    def show_all(self) -> None:
        """The strip too."""
        if self.is_mounted_fully:
            strip = self.screen_stack[0].query_one(Strip)
            strip.fit_to(*self.size)
            strip.update()
        super().show_all()

    async def action_quit(self) -> None:
        """Leave; what trains in a store of the tour's own ends with it, and need not be asked about."""
        if self.guide.keep:
            await super().action_quit()
        else:
            self.exit(0)

    def run(self, *arguments: Any, **more: Any) -> int | None:
        """Show it until the person leaves; a store of the tour's own is left by its engine, too."""
        if self.guide.keep:
            return super().run(*arguments, **more)
        before = {
            number: signal.signal(number, lambda n, _: self.exit(n, return_code=128 + n)) for number in ENDS
        }
        try:
            return super().run(*arguments, **more)
        finally:
            _end(self.session.engine.process)
            for number, handler in before.items():
                signal.signal(number, handler)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextmanager
def own_home(*, keep: bool) -> Iterator[None]:
    """A store for the tour alone, in a folder that goes with it; with ``keep`` the person's own.

    Raises:
        StoreError: no such folder can be made.
    """
    if keep:
        yield
        return
    before = os.environ.get("LRTUI_HOME")
    try:
        made = tempfile.TemporaryDirectory(prefix="lrtui-demo-", ignore_cleanup_errors=True)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise StoreError(
            f"There is no room for the demo's own store: {why}.", "lrtui demo --keep uses yours."
        ) from None
    with made as folder:
        os.environ["LRTUI_HOME"] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ["LRTUI_HOME"]
            else:
                os.environ["LRTUI_HOME"] = before
