"""What a cell of text is by its looks: a code for nothing, a number, a date or time, or a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from lrtui.datasets.tables.parsing import NO_NUMBER, NOTHING

Look = Literal["missing", "number", "date", "word"]

MISSING = frozenset((*NOTHING, *NO_NUMBER))
MOSTLY = 0.9  # share of a column's cells that must look alike for the column to look so

_SIGNS = str.maketrans("", "", "$€£¥% ")
_GROUPED = re.compile(r"[-+]?(\d{1,3}(,\d{2,3})+(\.\d*)?|\d{1,3}(\.\d{3})+(,\d*)?)")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    r"\d{4}(?P<a>[-/.])\d{1,2}(?P=a)\d{1,2}|\d{1,2}(?P<b>[-/.])\d{1,2}(?P=b)(\d{4}|\d{2})"
    rf"|\d{{1,2}}[- /]{_MONTH}[- /,]+(\d{{4}}|\d{{2}})|{_MONTH} \d{{1,2}},? \d{{4}}"
)
_CLOCK = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]\.?m\.?)?( ?(z|[-+]\d{2}:?\d{2}))?"
_MOMENT = re.compile(rf"(({_DAY})([t ,]+{_CLOCK})?|{_CLOCK})", re.IGNORECASE)


@lru_cache(1 << 16)  # the same words stand in many cells
def look_of(cell: str) -> Look:
    """What a cell looks like, stripped of blanks."""
    if cell.lower() in MISSING:
        return "missing"
    if not any(map(str.isdigit, cell)):
        return "word"
    if _MOMENT.fullmatch(cell):
        return "date"
    return "number" if is_number(cell) else "word"


def is_number(text: str) -> bool:
    """Whether a cell holds a number, of whatever spelling."""
    bare = text.translate(_SIGNS)
    try:
        float(bare.replace(",", ".", 1))
    except ValueError:
        return _GROUPED.fullmatch(bare) is not None
    return "_" not in text


def value_of(cell: str) -> float:
    """The number that a cell holds, as far as it matters for an order; NaN where it is grouped oddly."""
    try:
        return float(cell.translate(_SIGNS).replace(",", ".", 1))
    except ValueError:
        return float("nan")


def is_measured(cell: str) -> bool:
    """Whether a number is more than bare digits: names such as 1990 have no point, sign or exponent."""
    return not cell.isdigit()


def look_of_column(cells: Sequence[str]) -> Look | Literal["mixed"]:
    """What nearly all cells of a column look like, codes for nothing apart."""
    looks = Counter(map(look_of, cells))
    del looks["missing"]
    if not looks:
        return "missing"
    look, many = looks.most_common(1)[0]
    return look if many >= MOSTLY * looks.total() else "mixed"
