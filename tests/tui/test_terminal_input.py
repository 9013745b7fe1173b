"""Bytes from a terminal: of the good what Textual makes of it, of the bad nothing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.message import Message

from lrtui.tui.terminal.input import TerminalInput
from lrtui.tui.terminal.paste import MOST_SECONDS, PASTE_LIMIT, QUIET_SECONDS, PastingCut

# Those that Textual takes for the cursor's position instead.
AMBIGUOUS = {"\x1b[1;2R", "\x1b[1;5R", "\x1b[1;6R"}
SEQUENCES = sorted(key for key in ANSI_SEQUENCES_KEYS if key not in AMBIGUOUS | {"\x1b", "\x1b\x1b"})
PIECES = st.one_of(
    st.sampled_from(SEQUENCES),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1b"), max_size=4),
    st.builds("\x1b[<{};{};{}M".format, st.integers(0, 127), st.integers(1, 80), st.integers(1, 24)),
    st.builds("\x1b[{};{}u".format, st.integers(97, 122), st.integers(1, 8)),
)


class Terminal:
    """An input with a clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0
        self.input = TerminalInput(lambda: (80, 24), lambda: self.now)

    def send(self, *parts: bytes) -> list[Message]:
        return [message for part in parts for message in self.input.feed(part)]

    def wait(self, seconds: float) -> list[Message]:
        self.now += seconds
        return list(self.input.tick())


def told(messages: Sequence[Message]) -> list[tuple[object, ...]]:
    """What a message says, so that two can be compared."""
    found: list[tuple[object, ...]] = []
    for m in messages:
        name = type(m).__name__
        if isinstance(m, events.Key):
            found.append((name, m.key, m.character))
        elif isinstance(m, events.MouseEvent):
            found.append((name, m.x, m.y, m.button, m.shift, m.ctrl, m.meta))
        elif isinstance(m, events.Paste):
            found.append((name, m.text))
        else:
            found.append((name,))
    return found


def keys(messages: Sequence[Message]) -> list[str]:
    return [m.key for m in messages if isinstance(m, events.Key)]


def test_every_sequence_that_textual_knows_means_the_same() -> None:
    assert SEQUENCES
    for sequence in SEQUENCES:
        found = told(Terminal().send(sequence.encode()))
        assert found == told(list(XTermParser().feed(sequence))), repr(sequence)


@given(st.lists(PIECES, max_size=8), st.lists(st.integers(0, 60), max_size=4))
@settings(max_examples=100)
def test_however_it_is_cut_good_input_means_what_it_means_to_textual(
    pieces: list[str], cuts: list[int]
) -> None:
    text = "".join(pieces)
    data = text.encode()
    ends = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    terminal = Terminal()
    found = terminal.send(*(data[a:b] for a, b in pairwise(ends)))
    assert told(found) == told(list(XTermParser().feed(text)))


BEGUN = (b"\x1b", b"\x1b[", b"\x1b[M", b"\x1b]", b"\x1bP", b"\x1bO", b"\x82", b"\xe2\x82")


@given(
    st.lists(st.binary(max_size=12) | st.sampled_from([*BEGUN, b"\x1b[200~", b"\x1b[201~"]), max_size=12)
)
@settings(max_examples=150)
def test_after_any_bytes_and_a_while_keys_are_keys(parts: list[bytes]) -> None:
    terminal = Terminal()
    for message in terminal.send(*parts):
        if isinstance(message, events.Key) and message.character is not None:
            message.character.encode()
    terminal.wait(QUIET_SECONDS)
    terminal.wait(QUIET_SECONDS)
    assert not terminal.input.waiting
    assert keys(terminal.send(b"q\x03\x1b[A")) == ["q", "ctrl+c", "up"]


@pytest.mark.parametrize(
    "data",
    [b"\x82", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3(", b"\xf0\x9f", b"\x1b\x9b", b"\x1b[M\xff\xff\xff"],
)
def test_what_is_no_utf8_is_left_out(data: bytes) -> None:
    assert "q" in keys(Terminal().send(data, b"q"))


@pytest.mark.parametrize(
    "answer",
    [
        b"\x1b]11;rgb:xxxx/qqqq/rrrr\x1b\\", b"\x1b]52;c;xxqq\x07", b"\x1bP1$r0 q\x1b\\", b"\x1b[?62;22c",
        b"\x1b[8;99999;99999t", b"\x1b[48;99999;99999;9;9t", b"\x1b[?2048;1$y",
        b"\x1b[99999999999u", b"\x1b[97;1;1114112u", b"\x1b[55296u", b"\x1b[97:65;2u", b"\x1b[1;5:3x",
        b"\x1b_Gi=1;OK\x1b\\", b"\x1b[" + b"1;" * 500 + b"x",
    ],
    ids=repr,
)  # fmt: skip
def test_what_a_terminal_says_is_never_a_key(answer: bytes) -> None:
    for cut in range(len(answer)):
        found = Terminal().send(answer[:cut], answer[cut:], b"q")
        assert keys(found) == ["q"]
        assert not any(isinstance(message, events.Resize) for message in found)


def test_a_control_character_is_heard_within_anything() -> None:
    for begun in (b"\x1b[12;", b"\x1b]0;title", b"\x1bP", b"\x1bO"):
        assert keys(Terminal().send(begun, b"\x03")) == ["ctrl+c"]


def test_escape_alone_is_a_key_after_a_moment() -> None:
    terminal = Terminal()
    assert terminal.send(b"\x1b") == []
    assert keys(terminal.wait(0.2)) == ["escape"]


@given(st.integers(0, 255), st.integers(0, 10**30), st.integers(0, 10**30))
def test_the_mouse_is_held_inside(button: int, x: int, y: int) -> None:
    for event in Terminal().send(f"\x1b[<{button};{x};{y}M".encode()):
        assert isinstance(event, events.MouseEvent)
        assert 0 <= event.x < 80
        assert 0 <= event.y < 24


# --- pastes ---


@given(st.binary(max_size=200), st.integers(1, 9))
def test_a_paste_is_one_text_without_controls(data: bytes, size: int) -> None:
    data = data.replace(b"\x1b[201~", b"")
    whole = b"\x1b[200~" + data + b"\x1b[201~q"
    found = Terminal().send(*(whole[at : at + size] for at in range(0, len(whole), size)))
    assert keys(found) == ["q"]
    for paste in found[:-1]:
        assert isinstance(paste, events.Paste)
        assert all(c == "\n" or not (c < " " or "\x7f" <= c <= "\x9f") for c in paste.text)


def test_a_paste_keeps_its_text() -> None:
    (paste,) = Terminal().send("\x1b[200~a\x1b[31mé\r\nb\tc\x1b[201~".encode())
    assert told([paste]) == [("Paste", "a[31mé\nb c")]


def test_of_a_huge_paste_the_beginning_is_kept_and_the_rest_is_told_of() -> None:
    terminal = Terminal()
    terminal.send(b"\x1b[200~")
    for _ in range(100):
        assert terminal.send(b"\x1bx" * 4000) == []
    found = terminal.send(b"\x1b[201~q")
    assert isinstance(found[0], events.Paste)
    assert found[0].text == "x" * (PASTE_LIMIT // 2)
    assert isinstance(found[1], PastingCut)
    assert keys(found) == ["q"]


def test_a_paste_without_an_end_is_over_when_nothing_more_comes() -> None:
    terminal = Terminal()
    assert terminal.send(b"\x1b[200~ab") == []
    assert terminal.wait(QUIET_SECONDS / 2) == []
    assert told(terminal.wait(QUIET_SECONDS)) == [("Paste", "ab")]
    assert keys(terminal.send(b"\x03")) == ["ctrl+c"]


def test_a_paste_without_an_end_is_over_however_much_is_typed() -> None:
    terminal = Terminal()
    terminal.send(b"\x1b[200~ab")
    waited = 0.0
    while not (found := terminal.wait(QUIET_SECONDS / 2)):
        terminal.send(b"\x03")
        waited += QUIET_SECONDS / 2
        assert waited <= MOST_SECONDS
    assert told(found) == [("Paste", "ab")]
    assert keys(terminal.send(b"\x03")) == ["ctrl+c"]


@pytest.mark.parametrize(
    "odd",
    [
        b"\x1b[<0;-1;34M",  # of a terminal whose mouse is outside to the left
        b"\x1b[<0;-1;-34m",
        b"\x1b[1 2q",
        b"\x1b[!?5;1p",
        b"\x1b[M",  # the mouse as in X10, without the three bytes that belong to it
        b"\x1b[M!",
        b"\x1b[M!\xff",
    ],
)
def test_what_is_odd_ends_where_a_terminal_would_end_it(odd: bytes) -> None:
    terminal = Terminal()
    after = terminal.send(odd + b"\x1b[<0;7;5M", b"\x1b[Ax")
    assert [type(m) for m in after] == [events.MouseDown, events.Key, events.Key]
    assert [m.key for m in after if isinstance(m, events.Key)] == ["up", "x"]
