"""Whether a column of numbers names or counts the rows: then nothing is to be learned from it."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import polars as pl

SEQUENCE = 30  # rows beyond which 0, 1, 2 … are the numbers of the rows, whatever the column is called
RUN = 10  # rows that are counted before the count begins anew, as in tables that were put together
FEWEST = 5  # numbers whose order may say anything
FILLED = 0.95  # share of the cells in which a number stands, where the name alone does not tell
DIFFERENT = 0.5  # share of different numbers beyond which an identifier with repeats is one
EXACT = 2.0**53  # whole numbers beyond it are rounded
MANY = 10  # different numbers that such a one has at least
SOME = 1000  # cells that show of most columns that they hold fractions
LOOKED_AT = 10_000  # cells in which whole digits are looked for

_IDENTIFIERS = {"id", "ids", "idx", "index", "uuid", "guid", "rowid", "rowids", "rownames", "rowname"}
_IDENTIFIERS |= {"objid", "recid", "objectid", "fid", "oid", "uid", "pid", "mrn", "seqn", "udi"}
_VAGUE = {
    "no",
    "nr",
    "nbr",
    "num",
    "number",
    "key",
    "rownum",
    "rowno",
    "rownumber",
    "sno",
    "slno",
    "srno",
    "sn",
    "lp",
}
# "Number" in other languages, as a word or the end of one: Kundennummer, Nº, 序号.
_NUMBER = re.compile(r".*(nummer|nummern|numero|numer|numar|номер|番号|编号|序号|번호)|nro|n[°o]")
_WEAK = {"row", "rows", "obs", "observation", "case", "record", "sample", "subject", "serial", "n", "seq"}
_WEAK |= {"line", "lines", "instance", "participant", "order", "entry", "zeile", "fila", "ligne", "riga"}
_WEAK |= {"linha", "rad", "rij", "wiersz", "строка", "行", "行号"}
_PERSONS = "user|customer|client|patient|student|order|product|employee|record|item|account|transaction"
_PERSONS += (
    "|encounter|session|loan|case|sample|subject|passenger|person|member|respondent|policy|ticket|invoice"
    "|participant|paciente|patienten|cliente|kunde|kunden|usuario|alumno|producto|persona"
)
# Also written in one (customerid), and of what has a number of its own: patient_nbr, EmployeeNumber.
_OF_PERSONS = re.compile(rf".*({_PERSONS})s?(id|ids|no|nr|nbr|num|number|key)|id({_PERSONS})s?")
_MADE_UP = (  # by pandas, R, Arrow or lrtui for the column of a table that has no name; and its place
    re.compile(r"unnamed(?:: ?|_)(\d+)(?:\.\d+|_level_\d+)?"),
    re.compile(r"\.\.\.(\d+)"),
    re.compile(r"_*index_level_(\d+)_*|level_(0)|()"),
)

_SIGNS = {"#", "№"}  # which stand above the numbers of rows

Naming = Literal["name", "vague", "weak", ""]


def identifies(series: pl.Series, values: pl.Series) -> str:
    """Why a column tells rows apart rather than describes them; empty where it describes.

    ``series`` holds the cells as they were read, ``values`` (Float64) what they mean, ``null`` where that
    is nothing.
    """
    filled = values.drop_nulls()
    if len(filled) < 2 or not (_whole(filled.head(SOME)) and _whole(filled)):
        return ""
    naming, gaps = naming_of(series.name), len(values) - len(filled)
    different = _different(series, filled)
    all_differ, few_gaps = different == len(filled), gaps <= max(1.0, (1 - FILLED) * len(values))
    if all_differ and (naming == "name" or (naming == "vague" and few_gaps)):
        return "a different whole number in every row, under the name of an identifier"
    if naming == "name" and different > DIFFERENT * len(filled) and different >= MANY:
        return "whole numbers that hardly repeat, under the name of an identifier"
    return _by_order(series, values, naming) if few_gaps else ""


def _by_order(series: pl.Series, values: pl.Series, naming: Naming) -> str:
    """The same for a column whose name does not tell."""
    filled = values.drop_nulls()
    if naming and _counts_anew(filled):
        return f"it counts the rows from {filled[0]:g} on" + (
            "" if filled.n_unique() == len(filled) else ", and begins anew"
        )
    if _different(series, filled) < len(filled):
        return ""
    if naming == "weak" and len(filled) >= FEWEST and _in_order(filled):
        return "whole numbers that count rows, under a name such as row numbers have"
    if _counts(values) and len(values) > SEQUENCE:
        return f"it counts the rows from {filled[0]:g} on"
    if _written_beyond(series, values):
        return "a different whole number beyond 2^53 in every row, as identifiers have"
    return ""


def _whole(values: pl.Series) -> bool:
    return bool(values.is_finite().all() and (values == values.floor()).all())


def naming_of(name: str) -> Naming:
    """How much a name is that of what names rows: ``id``, ``PassengerId``, ``Unnamed: 0``, ``obs``."""
    name = unicodedata.normalize("NFKC", name)  # Nº is No
    plain = name.strip().lower()
    for shape in _MADE_UP:
        found = shape.fullmatch(plain)
        if found:  # made up for a column further right, it may be a number like any other
            return "name" if int(found[found.lastindex or 0] or 0) <= 1 else "weak"
    # Letters of other scripts are letters, too: a name is none only where nothing stands.
    parts = re.findall(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+|\d+", name)
    lower = [part.lower() for part in parts]
    whole = "".join(lower)
    if plain in _SIGNS or whole in _IDENTIFIERS or _OF_PERSONS.fullmatch(whole):
        return "name"
    if not lower:
        return ""
    if lower[-1] in ("id", "ids", "uuid", "guid") or _OF_PERSONS.fullmatch("".join([*lower[1:], lower[0]])):
        return "name"
    bare = "".join(c for c in unicodedata.normalize("NFD", whole) if not unicodedata.combining(c))
    vague = lower[-1] in _IDENTIFIERS | _VAGUE or whole in _VAGUE or _NUMBER.fullmatch(bare)
    if lower[0] in ("id", "index") or vague:  # id_score, phone_number
        return "vague"
    weak = whole in _WEAK or re.fullmatch(r"X(\.\d+)?", name.strip()) is not None
    return "weak" if weak else ""


def _different(series: pl.Series, filled: pl.Series) -> int:
    """How many different numbers there are; beyond 2^53 by the cells, for numbers are rounded."""
    largest = filled.abs().max()
    rounded = isinstance(largest, float) and largest > EXACT
    return series.drop_nulls().n_unique() if rounded else filled.n_unique()


def _counts(values: pl.Series) -> bool:
    """Whether every number is that of its row, from 0 or 1."""
    apart = values - pl.Series(range(len(values)), dtype=pl.Float64)
    return bool(apart.min() == apart.max()) and apart.max() in (0, 1)


def _counts_anew(filled: pl.Series) -> bool:
    """Whether it counts from 0 or 1 in steps of one, again and again, and for long enough each time."""
    first, steps = filled[0], filled.diff().drop_nulls()
    breaks = steps != 1
    again = filled.slice(1).filter(breaks)
    many = len(again) + 1
    return first in (0, 1) and bool((again == first).all()) and len(filled) >= RUN * many


def _in_order(filled: pl.Series) -> bool:
    """Whether the numbers rise from row to row, or are those from one to another without a gap."""
    low, high = float(filled.min()), float(filled.max())  # type: ignore[arg-type] # of numbers
    return bool((filled.diff().drop_nulls() > 0).all()) or high - low == len(filled) - 1


def written_whole(series: pl.Series, values: pl.Series) -> pl.Series:
    """The first cells that hold a number, where all of them are written as whole digits; else none."""
    cells = series.filter(values.is_not_null()).head(LOOKED_AT)
    if cells.dtype == pl.String:
        cells = cells.str.strip_chars()
        return cells if cells.str.contains(r"^[-+]?\d{1,300}$").all() else cells.clear()
    return cells if cells.dtype.is_integer() else cells.clear()


def _written_beyond(series: pl.Series, values: pl.Series) -> bool:
    """Whether cells hold whole digits that no float holds: identifiers are odd as often as even.

    What was ever computed with is a float, however large it is, and so is exactly what a float holds.
    """
    largest = values.abs().max()
    if not isinstance(largest, float) or largest <= EXACT:
        return False
    return any(int(cell) != int(float(cell)) for cell in written_whole(series, values))
