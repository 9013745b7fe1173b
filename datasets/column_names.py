"""Lists of column names as people type them: commas between them, quotes as in a CSV file."""

from __future__ import annotations

import csv
from io import StringIO

Names = tuple[str, ...]
NOTHING = ("empty", "none")  # words for no column at all; a column called so stands in quotes


def read_names(text: str) -> Names:
    """The names in a text: ``a,b`` or ``"a, b",c``; each once, in their order.

    Raises:
        ValueError: a quote is not closed, or stands where none may.
    """
    if text.strip() in NOTHING:
        return ()
    try:
        rows = list(csv.reader([text.strip()], skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from None
    return tidy_names([name for row in rows for name in row])


def tidy_names(names: object) -> Names:
    """Names without the spaces around them, each once; those that are empty are left out.

    Raises:
        ValueError: it is no list of texts.
    """
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise ValueError("not a list of names")
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def write_names(names: Names) -> str:
    """The names as ``read_names`` takes them back."""
    if len(names) == 1 and names[0] in NOTHING:
        return f'"{names[0]}"'
    row = StringIO()
    csv.writer(row).writerow(names)
    return row.getvalue().removesuffix("\r\n")
