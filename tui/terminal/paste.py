"""A paste on its way: all of it is text, however long it is, whatever it holds, and if it never ends."""

from __future__ import annotations

import re

from textual.message import Message

PASTE_START, PASTE_END = b"\x1b[200~", b"\x1b[201~"
PASTE_LIMIT = 65_536  # bytes that are kept
QUIET_SECONDS = 1.0  # without a byte: the end was lost on the way, and keys are keys again
MOST_SECONDS = 10.0
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


class PastingCut(Message):
    """More was pasted than is kept."""


class Pasting:
    """Bytes since the mark that a paste begins; times are seconds of one clock."""

    def __init__(self, now: float) -> None:
        self._bytes = bytearray()
        self._began = self._last = now
        self.cut = False

    def take(self, data: bytes, now: float) -> bytes | None:
        """Add what has come; returns what stands behind the end, or ``None`` where that has not come."""
        self._last = now
        kept, before = self._bytes, len(self._bytes)
        kept += data
        end = kept.find(PASTE_END, max(before - len(PASTE_END) + 1, 0))
        if end < 0:
            # The last bytes may be the beginning of the end.
            if len(kept) > PASTE_LIMIT + len(PASTE_END):
                del kept[PASTE_LIMIT : 1 - len(PASTE_END)]
                self.cut = True
            return None
        rest = bytes(kept[end + len(PASTE_END) :])
        del kept[end:]
        return rest

    def is_over(self, now: float) -> bool:
        """Whether its end will not come any more."""
        return now - self._last >= QUIET_SECONDS or now - self._began >= MOST_SECONDS

    def text(self) -> str:
        """What was pasted, without control characters; lines end in newlines."""
        self.cut = self.cut or len(self._bytes) > PASTE_LIMIT
        text = bytes(self._bytes[:PASTE_LIMIT]).decode("utf-8", "ignore")
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
        return _CONTROLS.sub("", text).strip("\n")
