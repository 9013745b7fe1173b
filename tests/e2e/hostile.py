"""Names and values made to do harm, and tables of them; the same figures under harmless names beside."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

LEVELS = 4  # in a column of texts
MARK = "31337"  # in every sequence below: where it follows an escape, a terminal has obeyed
_CONTROLS = [chr(code) for code in (*range(1, 32), 0x7F, *range(0x80, 0xA0))]
_SEQUENCES = [
    f"\x1b[{MARK}m", f"\x1b[31;{MARK}mred\x1b[0m", f"\x1b[{MARK};1H", f"\x1b[{MARK}J", f"\x1b[?{MARK}h",
    f"\x9b{MARK}m", f"\x1b]0;title {MARK}\x07", f"\x1b]2;title {MARK}\x1b\\", f"\x9d0;{MARK}\x9c",
    f"\x1b]52;c;{MARK}==\x07", f"\x1b]8;;https://{MARK}.example\x1b\\link\x1b]8;;\x1b\\",
    f"\x1bP{MARK}q#0\x1b\\", f"\x1b_G{MARK}\x1b\\", f"\x1b^{MARK}\x1b\\", f"\x1bX{MARK}\x1b\\",
    f"\x1b[{MARK}", f"\x1b]{MARK}", "\x1bc", "\x1b7", "\x1b(0", "\x1b[!p", "\x1b[6n", "\x1b[2J\x1b[H",
    "\x1b[?1049l", "\x1b[201~", "\x1b#8", "\x1b", "\x1b[", "\\x1b[31m", "\r\x1b[K", "\r\n", "\b\b\b\b",
]  # fmt: skip
_MARKUP = [
    "[red]", "[/]", "[/red]", "[bold", "[b]x[/b]", "[@click=app.quit]x[/]", "[link=https://x]y[/link]",
    "[$error]", "\\[red]", "[[", "%s{}{0}", "${HOME}`id`", "<b>&amp;", "]]>", '"', "'", "''", '","', ";",
    "\t",
]  # fmt: skip
_BIDIRECTIONAL = [
    "\u202e", "\u202dabc\u202c", "\u2066\u2069", "\u2067", "\u2068", "\u200e", "\u200f", "\u061c",
]  # fmt: skip
_INVISIBLE = [
    "\u200b" * 60, "\u200c\u200d", "\u2060", "\ufeff", "\u00ad", "\u034f", "\u115f", "\u1160", "\u3164",
    "\uffa0", "\u2800", "\u00a0", "\u3000", "\u2028", "\u2029", "\u0085", "\u180e", "\ufff9a\ufffab\ufffb",
    "\U000e0041\U000e007f", "\ue000", "\U000f0000", "\ufffe", "\U0010ffff", "\ufffd",
]  # fmt: skip
_COMBINING = [
    "e\u0301", "x" + "\u0301" * 200, "\u0488" * 50, "\u0941" * 30, "\u20dd", "\u0e49" * 20, "\u0301",
]  # fmt: skip
_WIDE = [
    "漢字", "ｆｕｌｌ", "한국어", "\u1112\u1161\u11ab", "🙂", "👨\u200d👩\u200d👧\u200d👦", "👍🏽", "🇩🇪",
    "❤\ufe0f", "1\ufe0f\u20e3", "\u2630", "\u4dc0", "\U0001d300", "𝕏", "Ⅳ", "ß", "İ", "ﬀ", "नमस्ते", "ไทย",
    "עברית", "العربية",
]  # fmt: skip
PIECES = [
    *_CONTROLS, *_SEQUENCES, *_MARKUP, *_BIDIRECTIONAL, *_INVISIBLE, *_COMBINING, *_WIDE,
    "", " ", "a" * 300, "漢" * 150, "a b c", "NaN", "=1+1", "-", "--help",
]  # fmt: skip

texts = st.lists(
    st.one_of(st.sampled_from(PIECES), st.text(st.characters(exclude_categories=["Cs"]), max_size=4)),
    min_size=1,
    max_size=4,
).map("".join)
"""A few pieces one after another."""


def generated(at_least: int) -> list[str]:
    """So many different texts or more, the same in every session."""
    found: dict[str, None] = {}

    @settings(max_examples=2 * at_least, derandomize=True, database=None, phases=[Phase.generate])
    @given(texts)
    def collect(text: str) -> None:
        found[text] = None

    collect()
    assert len(found) >= at_least
    return list(found)


def numbered(pieces: Sequence[str]) -> list[str]:
    """Names for one table, each another one even without the blanks around it."""
    # U+0000 ends a CSV cell for many a reader; it has its own test among the malformed files.
    return [f"{n}{piece.replace(chr(0), '')}{n}" for n, piece in enumerate(pieces)]


FILE_NAME = "".join(
    [
        f"\x1b]0;{MARK}\x07[red]\u202e漢\u200b\x1b[{MARK}mx\u0301\x7f",
        f"\x9b2J{MARK}🙂[@click=app.quit]q[b]e\u0301\n.csv",
    ]
)


def write_table(
    path: Path,
    names: Sequence[str],
    target: str,
    values: Sequence[str],
    levels: Sequence[str] = (),
    rows: int = 40,
) -> None:
    """A table whose first column tells the values of the target apart, every fifth row not.

    Args:
        path: where to.
        names: of the columns; the last of them hold texts, as many as there are levels for.
        target: name of the column after them.
        values: what stands in it, in turn.
        levels: what stands in the columns of texts, four to a column.
        rows: how many there are.
    """
    parts = [levels[n : n + LEVELS] for n in range(0, len(levels), LEVELS)]
    numbers = range(len(names) - len(parts))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow([*names, target])
        for row in range(rows):
            label = row % len(values)
            figures = [(row * 7 + 3 * n) % 11 for n in numbers]
            figures[0] = label + (2 if row % 5 == 0 else 0)
            texts = [part[(row // 2) % len(part)] for part in parts]
            writer.writerow([*figures, *texts, values[label]])
