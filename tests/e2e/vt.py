"""A strict reader of what a terminal is sent: every byte is text, a control, or part of a sequence.

The states are those of a VT500 (vt100.net/emu/dec_ansi_parser); what such a terminal would forgive is an
error here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

import wcwidth

from tests.e2e.hostile import MARK

STRINGS = {"]": "OSC", "P": "DCS", "X": "SOS", "^": "PM", "_": "APC"}
BIDIRECTIONAL = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
# In these the parameters are what the sequence does: modes, and what is reported.
TOLD_BY_PARAMETERS = "hlnqcutS"


class BrokenStreamError(AssertionError):
    """Bytes that no terminal is to be sent."""


@dataclass(frozen=True)
class Sequence:
    """An escape sequence: its kind, its parameters or text, and what ends it."""

    kind: str
    body: str
    final: str

    @property
    def shape(self) -> str:
        """What it does, without the numbers that say where or how often."""
        if self.kind != "CSI":
            return f"{self.kind} {self.body}{self.final}"
        lead = self.body if self.final in TOLD_BY_PARAMETERS else self.body.strip("0123456789;:")
        return f"CSI {lead}{self.final}"


@dataclass
class Stream:
    """Everything that was in a stream."""

    text: str = ""
    controls: set[str] = field(default_factory=set)
    sequences: list[Sequence] = field(default_factory=list)

    @property
    def shapes(self) -> set[str]:
        """The shapes of all sequences."""
        return {sequence.shape for sequence in self.sequences}

    @property
    def improper(self) -> set[str]:
        """Characters of the text that do not stand each in columns of their own."""
        return {c for c in set(self.text) if not _proper(c)}


def _proper(character: str) -> bool:
    # Cc, Cf, Cs, Co, Cn; Mn, Mc, Me; Zl, Zp
    odd = unicodedata.category(character)[0] in "CM" or unicodedata.category(character) in ("Zl", "Zp")
    moves = unicodedata.bidirectional(character) in BIDIRECTIONAL
    return not odd and not moves and wcwidth.wcwidth(character) in (1, 2)


def read(data: bytes) -> Stream:
    """Take a stream apart.

    Raises:
        BrokenStreamError: it is not UTF-8, ends within a sequence, or one is not well formed.
    """
    found = Stream()
    characters = iter(data.decode("utf-8", "strict"))
    kept = []
    for character in characters:
        if character == "\x1b":
            found.sequences.append(_sequence(characters))
        elif unicodedata.category(character) == "Cc":
            found.controls.add(character)
        else:
            kept.append(character)
    found.text = "".join(kept)
    return found


def assert_harmless(raw: bytes, shapes: set[str]) -> Stream:
    """No sequence but those of a harmless table, none with something of ours in it, and proper text."""
    stream = read(raw)
    assert stream.controls <= {"\r", "\n"}
    assert stream.improper == set()
    assert stream.shapes - shapes == set()
    assert [s for s in stream.sequences if MARK in s.body] == []
    return stream


def _next(characters: Iterator[str]) -> str:
    try:
        return next(characters)
    except StopIteration:
        raise BrokenStreamError("the stream ends within an escape sequence") from None


def _sequence(characters: Iterator[str]) -> Sequence:
    first = _next(characters)
    if first == "[":
        return _control_sequence(characters)
    if first in STRINGS:
        return _string(STRINGS[first], characters)
    body = ""
    while " " <= first <= "/":
        body += first
        first = _next(characters)
    if not "0" <= first <= "~":
        raise BrokenStreamError(f"ESC {body!r} is followed by {first!r}")
    return Sequence("ESC", body, first)


def _control_sequence(characters: Iterator[str]) -> Sequence:
    body, character = "", _next(characters)
    while "0" <= character <= "?":
        body += character
        character = _next(characters)
    while " " <= character <= "/":
        body += character
        character = _next(characters)
    if not "@" <= character <= "~":
        raise BrokenStreamError(f"CSI {body!r} is followed by {character!r}")
    return Sequence("CSI", body, character)


def _string(kind: str, characters: Iterator[str]) -> Sequence:
    body = ""
    while (character := _next(characters)) not in "\x07\x1b":
        body += character
    if character == "\x1b" and _next(characters) != "\\":
        raise BrokenStreamError(f"{kind} {body!r} is not ended")
    return Sequence(kind, body, "")
