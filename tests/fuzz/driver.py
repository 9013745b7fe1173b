"""A terminal without a terminal: bytes go through the parser of the product, and what is drawn is kept."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterable

from textual._xterm_parser import XTermParser
from textual.drivers.headless_driver import HeadlessDriver
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message


class BytesDriver(HeadlessDriver):
    """Takes bytes as a terminal driver does, in the thread of the app, and notes what it is told to write."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.written: list[str] = []
        self.stopped = False
        self._parser = XTermParser()
        self._decode = getincrementaldecoder("utf-8")().decode

    @property
    def is_headless(self) -> bool:
        """No: the app is to draw."""
        return False

    def write(self, data: str) -> None:
        self.written.append(data)

    def stop_application_mode(self) -> None:
        self.stopped = True

    def resize(self, width: int, height: int) -> None:
        """As on SIGWINCH."""
        self._size = (width, height)
        size = Size(width, height)
        self._app.post_message(Resize(size, size))

    def feed(self, data: bytes) -> None:
        """What one read from the terminal gives."""
        text = self._decode(data)
        if text:
            self._process(self._parser.feed(text))

    def tick(self) -> None:
        """Time goes by without a byte: a lone escape is the Escape key."""
        if self._parser._timeout_time is not None:
            self._parser._timeout_time = 0.0
        self._process(self._parser.tick())

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            self.process_message(message)
