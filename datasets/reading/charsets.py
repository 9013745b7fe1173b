"""Encodings of text by name, as Python knows them. Neither NumPy nor polars in here."""

from __future__ import annotations

import codecs
import re

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:()-]*")  # codecs.lookup drops whatever else there is
# What Python calls encodings of text though no file is written in one: names of hosts, source code,
# a table that is yet to be given, and what stands for whatever Windows is set to.
_NO_CHARSETS = frozenset(
    ("charmap", "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
)


def codec_of(name: str) -> str:
    """The name by which Python knows an encoding of text.

    Raises:
        DatasetError: there is none of that name, or it is none of text: base64, idna, rot13.
    """
    try:
        found = codecs.lookup(name) if _NAME.fullmatch(name) else None
    except (LookupError, ValueError):
        found = None
    # Private, but the one place where Python tells what turns bytes into bytes.
    if (
        found is None
        or not getattr(found, "_is_text_encoding", True)
        or found.name.replace("_", "-") in _NO_CHARSETS
    ):
        raise DatasetError(
            f"There is no encoding of text files called {quote(name)}.",
            "Give --encoding utf-8, utf-16 or windows-1252.",
        )
    return found.name
