"""Numbers as people write them: groups of digits, decimal commas, currencies, percent, brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import polars as pl

from lrtui.datasets.columns import TextLayout
from lrtui.datasets.tables.parsing import (
    NO_NUMBER,
    ODD,
    Read,
    nothing,
    sample,
    share,
    unless_odd,
)
from lrtui.datasets.text import quote

_SYMBOLS = "[$€£¥₹₩₽₺₫₪฿₴₦₱]"
_CODES = "USD|EUR|GBP|INR|JPY|CHF|CAD|AUD|NZD|CNY|RMB|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|KRW|TRY"
_CODES += r"|Rs\.?|Rp\.?|kr\.?|zł|Kč|Ft|(?:US|R|C|A|NZ|HK|S)\$"
_MONEY = rf"(?:(?i:{_CODES})|{_SYMBOLS})"
_SIGN = "[-+\u2212]?"
_BLANK = "[ \u00a0\u2009\u202f]"
_PERCENT = "%$"
_UNIT = r"\d\.? ?([A-Za-zµμ°²³Ω][A-Za-zµμ°²³Ω/.]{0,11})$"
_NO_UNIT = re.compile(r"(?i)[ap]\.?m\.?|st|nd|rd|th|[dfjl]")  # times of day, ranks, and Java's numbers
SERIES = 2  # letters behind numbers: a, b
_SEVERAL = 1  # currencies in one column: with more its numbers are of different worth


@dataclass(frozen=True)
class _Layout:
    """A way to write the digits.

    Attributes:
        body: what stands between sign, currency and percent. groups: what parts thousands.
        needs: what some cell must hold, or another layout would do. how: what is said of it.
    """

    body: str
    groups: str
    comma: str
    needs: str
    how: str


_PLAIN = r"\d+(?:\.\d*)?|\.\d+"
_EITHER = r"(?:[.,]\d*)?"
_LAYOUTS = (
    # The last group has three digits, those before it two (4,25,000) or three. 0,125 is a decimal comma,
    # and so is what follows another number.
    _Layout(
        rf"[1-9]\d{{0,2}}(?:,\d{{2,3}})*,\d{{3}}(?:\.\d*)?|{_PLAIN}", ",", "", "",
        "read without the commas between thousands",
    ),
    _Layout(r"\d+(?:,\d+)?|,\d+", "", ".", "", "read with decimal commas"),
    _Layout(
        rf"\d{{1,3}}(?:['’]\d{{3}})+{_EITHER}|\d+{_EITHER}", "['’]", ".", r"\d['’]\d",
        "read without the apostrophes between thousands",
    ),
    _Layout(
        rf"\d{{1,3}}(?:{_BLANK}\d{{3}})+{_EITHER}|\d+{_EITHER}", _BLANK, ".", rf"\d{_BLANK}\d",
        "read without the blanks between thousands",
    ),
    _Layout(
        r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?", r"\.", ".", r"\.\d{3}[.,]\d",
        "read without the points between thousands",
    ),
)  # fmt: skip


def as_numbers(text: pl.Series) -> Read | None:
    """Numbers, with blanks stripped already; ``None`` where more than a few cells are words."""
    empty = nothing(text, *NO_NUMBER)
    read = unless_odd(text.cast(pl.Float64, strict=False), empty)
    if read is not None and _lettered(text, read.odd):
        return None
    return read or _dressed(text, empty)


def _lettered(text: pl.Series, odd: pl.Series) -> bool:
    """Whether whole numbers and the odd cells beside them, such as 207a and 207b, are names of things.

    One letter for all would be a unit: 12k.
    """
    marked = text.filter(odd)
    if not marked.str.contains(r"^\d+ ?[A-Za-z]$").all() or marked.str.slice(-1).n_unique() < SERIES:
        return False
    return bool(text.filter(~odd).drop_nulls().str.contains(r"^\d*$").all())


def _dressed(text: pl.Series, empty: pl.Series) -> Read | None:
    """Numbers with anything around or between their digits."""
    some = sample(text, empty)
    if share(some, r"\d") < 1 - ODD:
        return None
    percent = share(some, _PERCENT)
    if 0 < percent < 1 - ODD:
        return None  # 12% beside 0.3 could mean anything
    money = some.str.extract(f"({_MONEY})").drop_nulls().str.to_lowercase().str.strip_chars(".")
    if money.n_unique() > _SEVERAL:
        return None
    unit = "%" if percent else str(money[0]) if len(money) else _unit_of(some)
    shape = _with_sign if percent or len(money) or not unit else _with_unit
    for layout in _LAYOUTS:
        written = TextLayout(shape(layout.body, unit), groups=layout.groups, comma=layout.comma, unit=unit)
        if share(some, written.shape) < 1 - ODD or (layout.needs and not share(some, layout.needs)):
            continue
        read = unless_odd(parsed_numbers(text, written), empty)
        if read is not None:
            how = "read without percent signs" if percent else _how(some, layout)
            how = f"read without its unit, {quote(unit)}" if shape is _with_unit else how
            return replace(read, how=how, layout=written)
    return None


def _unit_of(some: pl.Series) -> str:
    """The one unit behind the numbers of nearly all cells, such as kg; empty where there is none."""
    found = some.str.extract(_UNIT).drop_nulls()
    if len(found) < (1 - ODD) * len(some) or found.n_unique() != 1 or _NO_UNIT.fullmatch(found[0]):
        return ""
    return str(found[0])


def _with_unit(body: str, unit: str) -> str:
    """The pattern of a whole cell; its one group holds the digits."""
    return rf"^{_SIGN}({body}) ?{re.escape(unit)}$"


def _with_sign(body: str, unit: str) -> str:
    """The same where it may hold a sign, a currency, percent or brackets, but no other than this unit."""
    if unit == "%":
        return rf"^{_SIGN} ?\(?{_SIGN}({body}) ?%\)?$"
    if not unit:
        return rf"^{_SIGN} ?\(?{_SIGN}({body})\)?$"
    money = rf"(?i:{re.escape(unit)}\.?)"
    return rf"^{_SIGN} ?\(?(?:{money} ?)?\(?{_SIGN}({body}) ?(?:{money}|/-)?\)?$"


def stands_alone(unit: str) -> bool:
    """Whether a number without this unit may mean the same: a price, but not 0.12 among per cents."""
    return not unit or re.fullmatch(_MONEY, unit) is not None


def parsed_numbers(text: pl.Series, layout: TextLayout) -> pl.Series:
    """The numbers in cells of a layout; those in brackets are below 0, as accountants write them."""
    body = text.str.extract(layout.shape, 1)
    if layout.groups:
        body = body.str.replace_all(layout.groups, "")
    if layout.comma:
        body = body.str.replace(",", layout.comma, literal=True)
    values = body.cast(pl.Float64, strict=False)
    opened, closed = text.str.contains("(", literal=True), text.str.contains(")", literal=True)
    sign = pl.when(opened | text.str.contains("[-\u2212]\\D*\\d")).then(-1.0).otherwise(1.0)
    return pl.select(pl.when(pl.lit(opened == closed)).then(pl.lit(values) * sign)).to_series()


def _how(some: pl.Series, layout: _Layout) -> str:
    if share(some, layout.needs or ",") and (layout.needs or share(some, r"\d,\d|,\d")):
        return layout.how
    if share(some, r"\("):
        return "read with numbers in brackets as negative"
    if share(some, _MONEY):
        return "read without currency signs"
    return (
        "read with the sign − for minus"
        if share(some, "\u2212")
        else "read without what stands around its digits"
    )
