"""What a terminal sends, as messages: any bytes in; keys, mouse and pastes out.

Textual knows what each sequence means. Where one begins and ends is found here, on bytes, for what is no
UTF-8, what is cut short and what nobody knows must neither stop the dashboard nor act as keys.
"""

from __future__ import annotations

import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Generator, Iterator

from textual import constants, events, messages
from textual._xterm_parser import XTermParser
from textual.message import Message

from lrtui.tui.terminal.flow import ANSWER
from lrtui.tui.terminal.paste import PASTE_START, Pasting, PastingCut

LONGEST = 4096  # bytes of a sequence; the longest that Textual knows has some twenty
_OPENERS = rb"\]PX^_"  # OSC, DCS, SOS, PM, APC: strings that a terminal answers with
_WHOLE = re.compile(
    rb"""\x1b(?:
        \[ (?: M [\x00\x20-\xff]{3}         # the mouse, reported as in X10: three bytes, none an escape
             | \[ [A-E]                     # function keys of the Linux console
             | \d{1,2} \$                   # Shift with a key in rxvt
             | (?![M\[]) [ -?]* [@-~]          # in any order: to its end, as terminals skip what is odd
           )
        | O [0-9;]* [@-~]
        | [%(openers)b] [^\x00-\x06\x08-\x1f]* (?: \x07 | \x1b\\ )
        | [\xc2-\xdf] [\x80-\xbf] | [\xe0-\xef] [\x80-\xbf]{2} | [\xf0-\xf4] [\x80-\xbf]{3}
        | [^\x1b\[O%(openers)b\x80-\xff]
    )"""
    % {b"openers": _OPENERS},
    re.VERBOSE,
)
_BEGUN = re.compile(
    rb"""\x1b(?:
        \[ (?: M [\x00\x20-\xff]{0,2} | \[ | (?!M) [ -?]* )
        | O [0-9;]*
        | [%(openers)b] [^\x00-\x06\x08-\x1f]*
        | [\xe0-\xef] [\x80-\xbf]? | [\xf0-\xf4] [\x80-\xbf]{0,2} | [\xc2-\xdf]
    )?"""
    % {b"openers": _OPENERS},
    re.VERBOSE,
)
_MOUSE = re.compile(r"\x1b\[<(\d+);(\d+);(\d+)([Mm])")
_MODE = re.compile(r"\x1b\[\?2026;([1-9]\d*)\$y")


class Answer(Message):
    """The terminal has read everything up to a question of ours."""


class TerminalInput:
    """Takes bytes as they come, and gives the messages that they are.

    ``size`` tells columns and rows: the mouse is held inside. ``clock`` counts seconds.
    """

    def __init__(
        self, size: Callable[[], tuple[int, int]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size, self._clock = size, clock
        self._known = XTermParser()
        self._decoder = getincrementaldecoder("utf-8")("ignore")
        self._begun = b""  # of a sequence
        self._since = 0.0
        self._pasting: Pasting | None = None

    @property
    def waiting(self) -> bool:
        """Whether time alone may bring a message: call ``tick``."""
        return bool(self._begun) or self._pasting is not None

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages in what has come, together with what came before and was not whole."""
        while data:
            data = yield from self._paste(data) if self._pasting else self._keys(data)

    def tick(self) -> Iterator[Message]:
        """The messages that are plain once nothing more has come."""
        now = self._clock()
        if self._pasting is not None and self._pasting.is_over(now):
            yield from self._pasted(self._pasting)
        if self._begun and now - self._since >= constants.ESCAPE_DELAY:
            # One or two bytes are Escape, or Alt with a key; more is what a terminal began to say.
            if len(self._begun) <= 2:
                yield from self._sequence(self._begun.decode("ascii", "ignore"))
            self._begun = b""

    def _keys(self, data: bytes) -> Generator[Message, None, bytes]:
        """Everything up to a paste; returns what stands behind its beginning."""
        data, self._begun = self._begun + data, b""
        at = 0
        while at < len(data):
            if data[at] != 0x1B:
                end = data.find(b"\x1b", at)
                end = len(data) if end < 0 else end
                for character in self._decoder.decode(data[at:end]):
                    yield from self._of_table(character)
                at = end
                continue
            self._decoder.reset()  # a character that was cut is not completed by a sequence
            if whole := _WHOLE.match(data, at):
                at = whole.end()
                if whole[0] == PASTE_START:
                    self._pasting = Pasting(self._clock())
                    return data[at:]
                yield from self._sequence(whole[0].decode("utf-8", "ignore"))
                continue
            begun = _BEGUN.match(data, at)
            length = 1 if begun is None else len(begun[0])
            rest = data[at + length :]
            if (not rest or (rest == b"\x1b" and length > 1)) and length < LONGEST:
                self._begun, self._since = data[at:], self._clock()
                return b""
            if length == 1:
                yield events.Key("escape", "\x1b")
            at += length  # it never became one: whatever stands behind it begins anew
        return b""

    def _sequence(self, text: str) -> Iterator[Message]:
        if found := _MOUSE.fullmatch(text):
            yield from self._mouse(*found.groups())
        elif text == "\x1b[I":
            yield events.AppFocus()
        elif text == "\x1b[O":
            yield events.AppBlur()
        elif text == ANSWER:
            yield Answer()
        elif _MODE.fullmatch(text):
            yield messages.TerminalSupportsSynchronizedOutput()
        elif keys := self._of_table(text):
            yield from keys
        elif len(text) == 2:
            yield from self._of_table(text[1], alt=True)

    def _of_table(self, text: str, *, alt: bool = False) -> list[events.Key]:
        """The keys of a character or a sequence; none where nobody knows it."""
        try:
            keys = list(self._known._sequence_to_key_events(text, alt=alt))
        except (ValueError, OverflowError):  # numbers that are no characters
            return []
        # Half of a surrogate pair can be sent to no terminal.
        return [k for k in keys if k.key != "<ignore>" and not "\ud800" <= (k.character or "") <= "\udfff"]

    def _mouse(self, buttons: str, x: str, y: str, state: str) -> Iterator[Message]:
        columns, rows = self._size()
        x, y = (str(min(max(int(n), 1), most)) for n, most in ((x, columns), (y, rows)))
        event = self._known.parse_mouse_code(f"\x1b[<{int(buttons) & 0xFF};{x};{y}{state}")
        if event is not None:
            yield event

    def _paste(self, data: bytes) -> Generator[Message, None, bytes]:
        """Everything up to the end of a paste; returns what stands behind it."""
        assert self._pasting is not None, "only called while there is one"
        rest = self._pasting.take(data, self._clock())
        if rest is None:
            return b""
        yield from self._pasted(self._pasting)
        return rest

    def _pasted(self, pasting: Pasting) -> Iterator[Message]:
        self._pasting = None
        if text := pasting.text():
            yield events.Paste(text)
        if pasting.cut:
            yield PastingCut()
