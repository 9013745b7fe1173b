"""Rules drawn around names and cells: of Markdown, of databases, of boxes, of reStructuredText."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lrtui.datasets.reading.fixed_width import MOST, MOST_TITLES

_CROSSES = re.compile(rb"(?m)^(?=[^\n]*\+)(?=[^\n]*(?:--|==))[|+:=\- \t]+\r?(?:\n|\Z)")
_BARS = re.compile(rb"(?m)^[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*\r?(?:\n|\Z)")  # of Markdown
_FRAMED = re.compile(rb"(?m)^[ \t]*\|[^\n]*\|[ \t]*\r?$")
_BOX = re.compile(r"(?m)^(?=[^\n]*[\u2500\u2501\u2550\u254c\u2574])[\u2500-\u257f \t]+\r?(?:\n|\Z)")
_UPRIGHT = str.maketrans(dict.fromkeys("\u2502\u2503\u2506\u2507\u250a\u250b\u254e\u254f\u2551", "|"))
_APART = re.compile(r" *(-+( +-+)+|=+( +=+)+) *")
_DELIMITED = re.compile(r" *:?-+:? *(?:([,;\t|]) *:?-+:? *)(?:\1 *:?-+:? *)*")
_COUNT = re.compile(
    rb"(?i)\n\s*\(?[\d,]+ (?:rows?|record\(s\))(?: affected| selected| in set.*)?\.?\)?\s*\Z"
)
END = 200  # bytes in which the number of rows stands
LONG = 3  # dashes that are no code for nothing
MOSTLY = 0.9  # share of the rows that must be blank where the rule is


def without_rules(text: bytes, sample: bytes) -> tuple[bytes, bool] | None:
    """The text without its rules, and whether it has tabs now where they showed its columns.

    ``None`` where it has none. A line that bars or crosses begin and end, and one of a box, is a rule; one
    of dashes may be a row in which nothing stands, and is a rule only right below the names.
    """
    if _CROSSES.search(sample) is not None:
        return _without_count(_CROSSES.sub(b"", text)), False
    if _BARS.search(sample) is not None and _are_framed(sample):
        return _BARS.sub(b"", text), False
    head = sample.decode("utf-8", "ignore")
    if not sample.isascii() and len(text) <= MOST and _BOX.search(head) is not None:
        framed = _BOX.sub("", text.decode()).translate(_UPRIGHT)
        return _BARS.sub(b"", framed.encode()), False
    if b"--" not in sample and b"===" not in sample:
        return None
    lines = _without_count(sample).decode("utf-8", "ignore").replace("\r\n", "\n").split("\n")
    at = _below_names(lines)
    if at is not None:
        parted = _without_count(text).split(b"\n")
        return b"\n".join([*parted[:at], *parted[at + 1 :]]), False
    at = _over_columns(lines)
    if at is None or len(text) > MOST:
        return None
    return _with_tabs(_without_count(text), lines[at], at), True


def _are_framed(sample: bytes) -> bool:
    """Whether bars begin and end most lines, so that none of them parts an empty cell."""
    filled = sum(bool(line.strip()) for line in sample.split(b"\n"))
    return 2 * len(_FRAMED.findall(sample)) > filled


def _without_count(text: bytes) -> bytes:
    """The text without the number of rows that some databases write at the end."""
    return text[:-END] + _COUNT.sub(b"\n", text[-END:])


def _below_names(lines: Sequence[str]) -> int | None:
    """The number of a line of dashes and separators below the first line that has as many of them.

    Where dashes are all that stands in cells further down as well, they stand for nothing here, too.
    """
    for i, line in enumerate(lines[: MOST_TITLES + 2]):
        found = _DELIMITED.fullmatch(line)
        if found is None or ("-" * LONG not in line and not (found[1] == "|" and "--" in line)):
            continue
        many = [above.count(found[1]) for above in lines[:i] if above.strip()]
        first = many and many[-1] >= line.count(found[1]) and max(many[:-1], default=0) < many[-1]
        cells = (cell.strip() for below in lines[i + 1 :] for cell in below.split(found[1]))
        if first and not any(cell and not cell.strip("-") for cell in cells if cell != "-"):
            return i
    return None


def _over_columns(lines: Sequence[str]) -> int | None:
    """The number of a line of dashes with gaps, above which names stand; where it has gaps, they have."""
    for i, line in enumerate(lines[1 : MOST_TITLES + 2], start=1):
        if _APART.fullmatch(line) is None or not re.search("-{3}|={3}", line):
            continue
        gaps = [place for place, sign in enumerate(line.rstrip()) if sign == " "]
        names, below = lines[i - 1], [one for one in lines[i + 1 :] if one.strip()]
        aligned = sum(_is_blank(one, gaps) for one in below)
        named = names.strip() and _APART.fullmatch(names) is None and _is_blank(names, gaps)
        above = [one for one in lines[: i - 1] if _APART.fullmatch(one) is None]
        first = not any(_is_blank(one, gaps) and len(one.split()) > 1 for one in above)
        if named and first and "\t" not in names and aligned >= MOSTLY * len(below):
            return i
    return None


def _is_blank(line: str, places: Sequence[int]) -> bool:
    return not any(line[place : place + 1].strip() for place in places)


def _with_tabs(text: bytes, rule: str, at: int) -> bytes:
    """Tabs between the values, parted as the dashes of a rule are; where it comes again, pages begin."""
    lines = text.decode().replace("\r\n", "\n").split("\n")
    starts = [run.start() for run in re.finditer("[-=]+", rule)]
    parts = [slice(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    names = lines[at - 1]
    again = [i for i in range(at + 1, len(lines)) if lines[i] == rule and lines[i - 1] == names]
    last = max(i for i, line in enumerate(lines) if line.strip())
    drawn = {at, *again, *(i - 1 for i in again), *([last] if lines[last] == rule else [])}
    found = [line for line in lines[: at - 1] if line != rule]
    for i, line in enumerate(lines[at - 1 :], start=at - 1):
        if line.strip() and i not in drawn:
            found.append("\t".join(line[part].strip() for part in parts))
    return "\n".join([*found, ""]).encode()
