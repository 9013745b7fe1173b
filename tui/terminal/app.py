"""An app on a terminal of any kind: what is typed keeps its order, and no end of it goes untold."""

from __future__ import annotations

import os
from abc import abstractmethod
from types import FrameType
from typing import Any

from rich.console import RenderableType
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.events import Event, InputEvent, Paste
from textual.screen import Screen

from lrtui.tui.terminal.cell_driver import CellDriver
from lrtui.tui.terminal.clipboard import LIMIT, by_tmux, osc52
from lrtui.tui.terminal.driver import TerminalDriver, TerminalGone
from lrtui.tui.terminal.job_control import has_shell
from lrtui.tui.terminal.order import InputOrder
from lrtui.tui.terminal.paste import PASTE_LIMIT, PastingCut

HANGUP = 129  # as a program that SIGHUP ended
INTERRUPTED = 130  # by SIGINT


class TerminalApp(App[int]):
    """Ends with the terminal, and with ``failed`` set where something unexpected ended it."""

    def __init__(self) -> None:
        super().__init__(driver_class=TerminalDriver, ansi_color=True)  # so that NO_COLOR means none
        self.failed: Exception | None = None
        self._interrupted = False
        self.order = InputOrder(self, super().on_event)

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """What the compositor has made goes to the terminal by way of our driver, which sends less."""
        driver = self._driver
        if isinstance(driver, CellDriver) and isinstance(renderable, (ChopsUpdate, LayoutUpdate)):
            if self._running and not self._closed and not self._batch_count:
                driver.show(renderable, self.screen.outer_size.clamp_offset(self.cursor_position))
        else:
            super()._display(screen, renderable)

    @abstractmethod
    def tell(self, words: str) -> None:
        """Say something in passing."""

    async def on_event(self, event: Event) -> None:
        """What a person does waits for what they did before; the rest acts at once."""
        if isinstance(event, (InputEvent, Paste)) and not event.is_forwarded:
            await self.order.take(event)
        else:
            await super().on_event(event)

    def interrupt(self, _number: int, _frame: FrameType | None) -> None:
        """SIGINT: Ctrl+C while the terminal is not the app's yet, or somebody's word from outside.

        asyncio would cancel whatever is waited for at that moment, which may start the app all the same.
        """
        self._interrupted = True
        if self.is_running and self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave_interrupted)

    def _leave_interrupted(self) -> None:
        self.exit(return_code=INTERRUPTED)

    def on_mount(self) -> None:
        """One that was interrupted on its way up goes down again."""
        if self._interrupted:
            self._leave_interrupted()

    def copy(self, what: str, text: str) -> str:
        """Copy a text; returns a sentence that says what was copied, or why it was not."""
        if not text:
            return f"Nothing was copied of {what}: there is nothing in it."
        if (size := len(text.encode())) > LIMIT:
            return f"Not copied, {what}: {size / 1000:,.0f} kB, where a terminal takes {LIMIT // 1000}."
        self.copy_to_clipboard(text)
        return f"Copied {what}."

    def copy_to_clipboard(self, text: str) -> None:
        """By way of tmux where that is between us and the terminal, and else by OSC 52."""
        self._clipboard = text
        if self._driver is not None and not by_tmux(text):
            self._driver.write(osc52(text, os.environ))

    def action_redraw(self) -> None:
        """What another program has written over the screen goes away."""
        if isinstance(self._driver, CellDriver):
            self._driver.painter.forget()
        self.refresh(layout=True)

    def on_terminal_gone(self, message: TerminalGone) -> None:
        """There is nobody to ask what is to become of a run: it goes on."""
        self.exit(return_code=HANGUP)

    def on_pasting_cut(self, message: PastingCut) -> None:
        """Not all of it was taken."""
        self.tell(f"Only the first {PASTE_LIMIT // 1024} kB of what was pasted were taken.")

    def action_suspend_process(self) -> None:
        """To the shell, where there is one."""
        if has_shell():
            super().action_suspend_process()
        else:
            self.tell("There is no shell to go to: nothing that could bring lrtui back waits behind it.")

    def _handle_exception(self, error: Exception) -> None:
        """The first error that nobody expected ends the app; whoever runs it tells the person."""
        self.failed = self.failed or error
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """Leave; Textual would fill the terminal with a traceback that quotes whatever the app holds."""
        self._close_messages_no_wait()
