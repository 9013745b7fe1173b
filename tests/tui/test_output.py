"""What goes out to the terminal: the cells that differ, and nothing that it could not have read by then."""

from __future__ import annotations

from collections import deque

import pyte
import pytest
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from lrtui.tui.pace import LEAST_SECONDS, MOST_SECONDS, REST_SECONDS, SHARE, Pace
from lrtui.tui.terminal.flow import ANSWER, LOST_SECONDS, PROBE_SECONDS, QUESTION, Flow
from lrtui.tui.terminal.input import Answer, TerminalInput
from lrtui.tui.terminal.painter import Painter

RED, BOLD, BEHIND = Style(color="red"), Style(bold=True), Style(bgcolor="blue")
REVERSE = Style(color="red", reverse=True)


class Screen:
    """A terminal, and the painter that writes to it."""

    def __init__(self, columns: int = 20, rows: int = 2) -> None:
        self.painter = Painter(None)
        self.painter.resize(columns, rows)
        self.terminal = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.terminal)

    def show(self, *lines: list[tuple[str, Style | None]]) -> str:
        """Show lines; what was sent for them."""
        width = self.painter.size[0]
        strips = [[Strip([Segment(*part) for part in line]).adjust_cell_length(width)] for line in lines]
        self.painter.take(LayoutUpdate(strips, Region(0, 0, width, len(lines))))
        sent = self.painter.frame()
        self.feed(sent)
        return sent

    def feed(self, sent: str) -> None:
        self._stream.feed(sent)

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self.terminal.display]


def test_only_what_differs_is_sent() -> None:
    screen = Screen()
    assert screen.show([("epoch 1,234  ", None), ("loss", RED)]).startswith("\x1b[m\x1b[2J")
    assert screen.lines[0] == "epoch 1,234  loss"
    assert screen.terminal.buffer[0][13].fg == "red"
    assert screen.show([("epoch 1,234  ", None), ("loss", RED)]) == ""
    assert screen.show([("epoch 1,239  ", None), ("loss", RED)]) == "\x1b[1;11H9"
    sent = screen.show([("epoch 2,239  ", None), ("lost", RED)])
    assert sent == "\x1b[1;7H2\x1b[17G\x1b[31mt\x1b[m"
    screen.painter.forget()  # another program wrote there
    screen.terminal.reset()
    screen.show()
    assert screen.lines[0] == "epoch 2,239  lost"


def test_of_a_row_only_the_columns_that_were_drawn_anew_are_taken() -> None:
    screen = Screen()
    screen.show([("left  right", None)])
    strips = {0: Strip([Segment("LEFT  ")]), 6: Strip([Segment("RIGHT")]), 11: None}
    screen.painter.take(ChopsUpdate([strips], [(0, 2, 7)], [[6, 11, 20]]))
    screen.feed(screen.painter.frame())
    assert screen.lines[0] == "leFT  Right"


def test_a_blank_shows_what_lies_behind_it_and_no_colour_of_its_own() -> None:
    screen = Screen()
    screen.show([("a b", RED)])
    assert screen.show([("a", RED), (" ", BOLD), ("b", RED)]) == ""
    assert screen.show([("a", RED), (" ", BEHIND), ("b", RED)]) == "\x1b[1;2H\x1b[44m \x1b[m"
    assert screen.show([("a", RED), (" ", REVERSE), ("b", RED)]) == "\x1b[1;2H\x1b[7;31m \x1b[m"
    assert screen.terminal.buffer[0][1].reverse


def test_wide_and_combining_characters_stay_whole() -> None:
    screen = Screen()
    screen.show([("ab漢字 é", None)])
    screen.show([("abc漢字", None)])
    assert screen.lines[0].replace("\x00", "") == "abc漢字"
    screen.show([("abcde̍fg", None)])
    assert screen.lines[0] == "abcde̍fg"


def test_another_size_is_drawn_anew() -> None:
    screen = Screen()
    screen.show([("one", None)], [("two", None)])
    screen.painter.resize(30, 1)
    sent = screen.show([("one", None)], [("two", None)])  # the second has no room
    assert "\x1b[2J" in sent
    assert "two" not in sent


def test_what_lies_beyond_the_last_column_is_not_shown() -> None:
    screen = Screen(columns=6)
    screen.show([("inside", None)])
    beyond = [[Strip([Segment("beyond the last column")])]]
    for x in (4, 6, 9):  # laid out for a wider terminal, on its way while this one shrank
        screen.painter.take(LayoutUpdate(beyond, Region(x, 0, 22, 1)))
        screen.feed(screen.painter.frame())
        assert screen.lines[0] == "insibe"


class Line:
    """A slow line to a terminal that answers, in a time of its own."""

    def __init__(self, rate: int, delay: float) -> None:
        self.rate, self.delay, self.now, self.sent = rate, delay, 0.0, 0
        self._free = 0.0
        self._on_the_way: deque[tuple[float, float]] = deque()  # when it is there, and how it was
        self._answers: deque[float] = deque()
        self.ages: list[float] = []
        self.flow = Flow(lambda: self.now)

    def send(self, frame: str) -> None:
        data = self.flow.send(frame).encode()
        self.flow.written()
        self.sent += len(data)
        self._free = max(self._free, self.now) + len(data) / self.rate
        self._on_the_way.append((self._free + self.delay, self.now))
        if data.endswith(QUESTION.encode()):
            self._answers.append(self._free + 2 * self.delay)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        while self._on_the_way and self._on_the_way[0][0] <= self.now:
            there, made = self._on_the_way.popleft()
            self.ages.append(there - made)
        while self._answers and self._answers[0] <= self.now:
            self._answers.popleft()
            self.flow.answered()


@pytest.mark.parametrize(("rate", "delay"), [(20_000, 0.15), (5_000, 0.02), (1_000_000, 0.0)])
def test_however_much_changes_no_frame_is_a_second_old_when_it_is_seen(rate: int, delay: float) -> None:
    painter, line = Painter(None), Line(rate, delay)
    painter.resize(80, 30)
    for frame in range(100):
        rows = [[Strip([Segment(chr(97 + (frame + y) % 26) * 80, RED)])] for y in range(30)]
        painter.take(LayoutUpdate(rows, Region(0, 0, 80, 30)))
        if painter.waits and line.flow.is_open:
            line.send(painter.frame())
        line.pass_time(0.1)
    settled = line.ages[10:]  # what was sent before the first answer has gone through
    assert max(settled) < 1
    assert len(line.ages) == 100 if rate > 100_000 else len(line.ages) < 50


def test_a_terminal_that_never_answers_is_not_asked_for_ever_and_one_that_stops_is_not_waited_for() -> None:
    now = 0.0
    flow = Flow(lambda: now)
    sent = []
    for later in (0.0, PROBE_SECONDS - 1, PROBE_SECONDS + 1):
        now = later
        assert flow.is_open
        sent.append(flow.send("x" * 5000))
        assert not flow.is_open  # until the kernel has taken it
        flow.written()
    assert [text.endswith(QUESTION) for text in sent] == [True, True, False]

    flow = Flow(lambda: now)
    flow.send("x")
    flow.written()
    flow.answered()
    flow.send("x" * 5000)
    flow.written()
    assert not flow.is_open
    now += LOST_SECONDS + 1
    assert flow.is_open


def test_the_answer_is_no_key() -> None:
    found = list(TerminalInput(lambda: (80, 24)).feed(f"a{ANSWER}b".encode()))
    assert [getattr(message, "key", None) for message in found] == ["a", None, "b"]
    assert isinstance(found[1], Answer)


def test_the_dashboard_looks_as_often_as_is_cheap_and_seldom_at_rest() -> None:
    now = used = 0.0
    pace = Pace(lambda: now, lambda: used)
    for cost, pause in ((0.001, LEAST_SECONDS), (0.3 * SHARE, 0.3), (9.0, MOST_SECONDS)):
        used += cost
        assert pace.pause() == pytest.approx(pause)
    now += REST_SECONDS + 1
    assert pace.pause() == MOST_SECONDS
    pace.stir()
    assert pace.pause() == LEAST_SECONDS
