"""Textual's driver for terminals, with an input and an output that nothing on a terminal can break.

Why it is our own: ``docs/decisions/0013-own-input-driver.md``.
"""

from __future__ import annotations

import os
import select
import sys
import threading
from collections.abc import Callable
from typing import Any, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from lrtui.tui.terminal.cell_driver import CellDriver
from lrtui.tui.terminal.input import Answer, TerminalInput
from lrtui.tui.terminal.job_control import has_shell
from lrtui.tui.terminal.output import TerminalOutput

READ = 65_536
QUICK_SECONDS = 0.02  # while something may become plain by waiting
SETTLE_SECONDS = 1.0  # for what the terminal still has to say before it is somebody else's


class TerminalGone(Message):
    """Nobody is at the terminal any more: it was closed, or the connection dropped."""


class WakingEvent(threading.Event):
    """An event for which ``select`` can wait too."""

    def __init__(self) -> None:
        super().__init__()
        self.descriptor, self._into = os.pipe()

    def set(self) -> None:
        """It happens."""
        if not self.is_set():
            super().set()
            os.write(self._into, b"!")

    def clear(self) -> None:
        """It may happen again."""
        if self.is_set():
            os.read(self.descriptor, 1)
            super().clear()


class TerminalDriver(CellDriver, LinuxDriver):
    """Reads bytes of any kind, sends what differs, and ends the app once the terminal has gone."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        stderr = sys.__stderr__
        assert stderr is not None, "the command line asks for a terminal first"
        self._file = cast("Any", TerminalOutput(stderr.fileno(), self._say_gone, self._say_written))
        self.exit_event: WakingEvent = WakingEvent()
        self._left = False  # whether the screen was left in an orderly way, by Ctrl+Z

    def _say_gone(self) -> None:
        self.flow.forget()
        self.send_message(TerminalGone())

    # --- what goes out ---

    @property
    def can_send(self) -> bool:
        """Not before the screen is taken, nor after it was given back."""
        return self._writer_thread is not None

    def _say_written(self) -> None:
        self.flow.written()
        self._paint_soon()

    def _paint_soon(self) -> None:
        if self.painter.waits:
            self._in_loop(self.paint)

    # --- what comes in ---

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - told by the app, as any other of its errors is
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read until the app ends or the terminal is gone."""
        reader = TerminalInput(lambda: (self._app.size.width, self._app.size.height))
        while not self.exit_event.is_set():
            patience = QUICK_SECONDS if reader.waiting else None
            if self.fileno in select.select([self.fileno, self.exit_event.descriptor], [], [], patience)[0]:
                try:
                    data = os.read(self.fileno, READ)
                except OSError:
                    data = b""
                if not data:  # a terminal gives that only when it has hung up
                    self._say_gone()
                    return
                for message in reader.feed(data):
                    self._take(message)
            for message in reader.tick():
                self.process_message(message)

    def _take(self, message: Message) -> None:
        if isinstance(message, Answer):
            self.flow.answered()
            self._paint_soon()
        else:
            self.process_message(message)

    def _query_in_band_window_resize(self) -> None:
        """Sizes come from the kernel alone: what a terminal types may be of any size."""

    # --- to the shell and back ---

    def start_application_mode(self) -> None:
        """Take the screen; what it shows is not known."""
        self.painter.forget()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def stop_application_mode(self) -> None:
        """Give the screen back."""
        self.flow.settle(SETTLE_SECONDS)
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Leave the screen."""
        self._left = True
        super().suspend_application_mode()

    def resume_application_mode(self) -> None:
        """Take the screen again."""
        self._left = False
        super().resume_application_mode()

    # A signal comes between any two instructions, some of which hold a lock that leaving and taking the
    # screen need as well: both wait for the loop.

    def _sigtstp_application(self, *_: object) -> None:
        if has_shell():  # else SIGSTOP, which cannot be refused, would be for ever
            self._in_loop(super()._sigtstp_application)

    def _sigcont_application(self, *_: object) -> None:
        self._in_loop(self._come_back)

    def _in_loop(self, act: Callable[[], None]) -> None:
        if not self._loop.is_closed():  # the app has ended
            self._loop.call_soon_threadsafe(act)

    def _come_back(self) -> None:
        if not self._auto_restart or not self._in_front():
            return  # in the background it would only be stopped again
        if not self._left:  # stopped without a word; the shell has set the terminal up for itself since
            self._must_signal_resume = True
            self.suspend_application_mode()
        self.resume_application_mode()

    def _in_front(self) -> bool:
        """Whether the terminal is ours; one that hangs up continues us too, and is nobody's."""
        try:
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        except OSError:
            return False
