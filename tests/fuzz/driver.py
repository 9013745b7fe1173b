"""A terminal without a terminal: bytes go through the reader of the product, and what is drawn is kept."""

from __future__ import annotations

from collections.abc import Iterable

from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message

from lrtui.tui.terminal.cell_driver import CellDriver
from lrtui.tui.terminal.input import TerminalInput


class BytesDriver(CellDriver, HeadlessDriver):
    """Takes bytes as a terminal driver does, in the thread of the app, and notes what it is told to write.

    Its clock goes on only when it is told to, so that a sequence has the same pauses whenever it is played.
    """

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.written: list[str] = []
        self.stopped = False
        self.messages = 0  # taken in: keys, clicks, pastes, ...
        self._now = 0.0
        self._reader = TerminalInput(lambda: tuple(self._app.size), lambda: self._now)

    @property
    def is_headless(self) -> bool:
        """No: the app is to draw."""
        return False

    def write(self, data: str) -> None:
        self.written.append(data)
        self.flow.written()

    def stop_application_mode(self) -> None:
        self.stopped = True

    def resize(self, width: int, height: int) -> None:
        """As on SIGWINCH."""
        self._size = (width, height)
        size = Size(width, height)
        self._app.post_message(Resize(size, size))

    def feed(self, data: bytes) -> None:
        """What one read from the terminal gives."""
        self._process(self._reader.feed(data))

    def pause(self, seconds: float) -> None:
        """Time goes by without a byte."""
        self._now += seconds
        self._process(self._reader.tick())

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.messages += 1
            self.process_message(message)
