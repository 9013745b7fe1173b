"""What the terminal shows and what it should show, cell by cell: only the difference is sent.

Textual sends whole lines of a widget, and each of its styles anew; of a plot that grows at one end that is
ten times what a person sees change. And what lies between two frames need not be sent at all where the
terminal is slow to read: the newest frame is made from whatever it shows by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.style import Style
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, str]
"""What stands in a column and its style as SGR codes; nothing where the character before is two wide."""

BLANK: Cell = (" ", "")
GAP = 4  # equal cells that cost less to send again than to jump over
_NARROW = re.compile("[ -~\u2500-\u259f\u2800-\u28ff]*")  # one column each: nearly all there is
_CLEAR = "\x1b[m\x1b[2J"

# SGR codes, as ECMA-48 numbers them.
_CODE = re.compile(r"[34]8;5;\d+|[34]8;2;\d+;\d+;\d+|\d+")
_BACKGROUND = re.compile(r"48;.*|4[0-7]|10\d")
OWN = ("39", "49")  # the terminal's own colours, which need not be told
EXCHANGED = "7"
LINES = ("4", "9", "21", "51", "52", "53")


class Painter:
    """Takes updates of Textual's compositor, and gives what a terminal must be told of them."""

    def __init__(self, colours: ColorSystem | None) -> None:
        self._colours = ColorSystem.TRUECOLOR if colours is None else colours
        self._wanted: list[list[Cell]] = []
        self._shown: list[list[Cell]] | None = None  # unknown
        self._touched: set[int] = set()
        self.size = (0, 0)

    @property
    def waits(self) -> bool:
        """Whether there may be something to send."""
        return bool(self._touched)

    def forget(self) -> None:
        """The terminal shows something else by now, whatever it is."""
        self._shown = None
        self._touched = set(range(len(self._wanted)))

    def resize(self, columns: int, rows: int) -> None:
        """Another size; a terminal may do what it likes with what it shows."""
        if (columns, rows) != self.size:
            self.size = columns, rows
            self._wanted = [[BLANK] * columns for _ in range(rows)]
            self.forget()

    def take(self, update: ChopsUpdate | LayoutUpdate) -> None:
        """What is to be shown from now on."""
        if isinstance(update, LayoutUpdate):
            for y, strips in enumerate(update.strips, update.region.y):
                self._put(y, update.region.x, strips)
            return
        for y, start, end in update.spans:  # beside them a row may hold what lies below other widgets
            for x, strip in update.chops[y].items():
                if strip is not None and x < end:
                    self._put(y, x, (strip,), start, end)

    def _put(self, y: int, x: int, strips: Iterable[Strip], start: int = 0, end: int | None = None) -> None:
        """Put strips from column ``x`` on into a row, as far as they lie between two columns."""
        if not 0 <= y < len(self._wanted):
            return
        row, cells = self._wanted[y], list[Cell]()
        for text, style, control in chain.from_iterable(strips):
            if not control:
                cells += _cells(text, *_codes(style, self._colours))
        room = (len(row) if end is None else min(end, len(row))) - x
        cells = cells[max(start - x, 0) : max(room, 0)]  # what lies beyond the last column has none
        x = max(x, start)
        if row[x : x + len(cells)] != cells:
            row[x : x + len(cells)] = cells
            self._touched.add(y)

    def frame(self) -> str:
        """What brings the terminal from what it shows to what it should show."""
        parts = []
        if self._shown is None:
            parts.append(_CLEAR)
            self._shown = [[BLANK] * self.size[0] for _ in range(self.size[1])]
        pen = _Pen(parts)
        for y in sorted(self._touched):
            before, after = self._shown[y], self._wanted[y]
            if before != after:
                for start, end in _differing(before, after):
                    pen.go(start, y)
                    pen.write(after[start:end])
                self._shown[y] = after.copy()
        self._touched.clear()
        pen.lift()
        return "".join(parts)


class _Pen:
    """Where the terminal writes, and in which style: told only when it is another."""

    def __init__(self, parts: list[str]) -> None:
        self._parts = parts
        self._x, self._y = -1, -1
        self._style = ""

    def go(self, x: int, y: int) -> None:
        """To a cell."""
        if y != self._y:
            self._parts.append(f"\x1b[{y + 1};{x + 1}H")
        elif x != self._x:
            self._parts.append(f"\x1b[{x + 1}G")
        self._x, self._y = x, y

    def write(self, cells: list[Cell]) -> None:
        """Cells, from here to the right."""
        for text, style in cells:
            if style != self._style and not (text == " " and style == _on_blank(self._style)):
                reset = "0;" if self._style and style else ""
                self._parts.append(f"\x1b[{reset}{style}m")
                self._style = style
            self._parts.append(text)
        self._x += len(cells)

    def lift(self) -> None:
        """Back to the terminal's own style."""
        if self._style:
            self._parts.append("\x1b[m")
            self._style = ""


def _differing(before: list[Cell], after: list[Cell]) -> list[tuple[int, int]]:
    """From where to where two rows differ, few cells between two such stretches included."""
    found: list[tuple[int, int]] = []
    for x, (old, new) in enumerate(zip(before, after, strict=True)):
        if old == new:
            continue
        if found and x - found[-1][1] <= GAP:
            found[-1] = (found[-1][0], x + 1)
        else:
            # The right half of a wide character is written by its left half.
            found.append((x - 1 if not new[0] and x else x, x + 1))
    return found


def _cells(text: str, style: str, blank: str) -> list[Cell]:
    """The cells of a text; a blank shows nothing of a style but what lies behind it."""
    if _NARROW.fullmatch(text):
        return [(c, blank) if c == " " else (c, style) for c in text]
    found: list[Cell] = []
    for c in text:
        columns = cell_len(c)
        if columns:
            found += [(c, blank if c == " " else style), *[("", style)] * (columns - 1)]
        elif found and found[-1][0]:
            found[-1] = (found[-1][0] + c, found[-1][1])
    return found


@lru_cache(4096)
def _codes(style: Style | None, colours: ColorSystem) -> tuple[str, str]:
    """The SGR codes of a style, and those that a blank shows of it."""
    codes = "" if style is None else Strip.render_ansi(style, colours)
    codes = ";".join(code for code in _split(codes) if code not in OWN)
    return codes, _on_blank(codes)


@lru_cache(4096)
def _on_blank(codes: str) -> str:
    """What a blank shows of SGR codes: lines and what lies behind, or all of them in reverse."""
    found = _split(codes)
    if EXCHANGED in found:
        return codes
    return ";".join(code for code in found if code in LINES or _BACKGROUND.fullmatch(code))


def _split(codes: str) -> list[str]:
    """Each code with the numbers of its colour."""
    return _CODE.findall(codes)
