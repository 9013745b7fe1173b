"""The half of a driver that sends: the cells that differ, once what was sent before has been read."""

from __future__ import annotations

from asyncio import TimerHandle
from typing import Any

from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.driver import Driver
from textual.geometry import Offset

from lrtui.tui.terminal.flow import Flow
from lrtui.tui.terminal.painter import Painter

AGAIN_SECONDS = 1.0  # until it is tried again: an answer may have been lost


class CellDriver(Driver):
    """Takes what the compositor has made; a class below says how it is written."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self.flow = Flow()
        self.painter = Painter(app.console._color_system)
        self._cursor = Offset()
        self._again: TimerHandle | None = None

    @property
    def can_send(self) -> bool:
        """Whether the terminal is ours at this moment."""
        return True

    def show(self, update: ChopsUpdate | LayoutUpdate, cursor: Offset) -> None:
        """Show what has changed, at once or as soon as the terminal has read what was sent before."""
        self.painter.resize(*self._app.size)
        self.painter.take(update)
        self._cursor = cursor
        self.paint()

    def paint(self) -> None:
        """Send the difference, if there is any and the terminal keeps up; called by the loop."""
        if not self.can_send or not self.painter.waits:
            return
        if not self.flow.is_open:
            if self._again is None:
                self._again = self._loop.call_later(AGAIN_SECONDS, self._paint_again)
            return
        if frame := self.painter.frame():
            start, end = (SYNC_START, SYNC_END) if self._app._sync_available else ("", "")
            x, y = self._cursor
            self.write(self.flow.send(f"{start}{frame}\x1b[{y + 1};{x + 1}H{end}"))

    def _paint_again(self) -> None:
        self._again = None
        self.paint()
