"""Text in whatever encoding as UTF-8: a byte order mark, a name that was given, or a guess that is told.

Neither NumPy nor polars in here.
"""

from __future__ import annotations

import codecs
import re

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.memory_limit import too_large
from lrtui.datasets.text import quote

Text = tuple[bytes, tuple[str, ...]]  # in UTF-8 and without a byte order mark, and remarks

PIECE = 16 << 20  # bytes that are checked at a time
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins in the same way
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Accented letters, dashes, quotation marks and all beyond, in UTF-8. As Windows-1252 they would be an
# accented capital followed by signs, which no text holds.
_PLAINLY_UTF8 = re.compile(rb"[\xc3-\xc5][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:()-]*")  # codecs.lookup drops whatever else there is
# What Python calls encodings of text though no file is written in one: names of hosts, source code,
# a table that is yet to be given, and what stands for whatever Windows is set to.
_NO_CHARSETS = frozenset(
    ("charmap", "idna", "mbcs", "oem", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
)
_SAVE = "Save it as UTF-8, or name its encoding with --encoding."


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


def as_utf8(data: bytes, asked: str | None, where: str) -> Text:
    """The text in UTF-8, from the encoding that is ``asked`` for by name, or that is found out.

    Raises:
        DatasetError: it is no text, mixes encodings, or is not in the encoding that was asked for.
    """
    try:
        return _as_utf8(data, asked, where)
    except MemoryError:
        raise too_large(where) from None


def _as_utf8(data: bytes, asked: str | None, where: str) -> Text:
    if asked is not None:
        return _refuse_nul(_decoded(data, codec_of(asked), where).removeprefix(codecs.BOM_UTF8), where), ()
    for bom, name in _BOMS:
        if data.startswith(bom):
            plain = data[len(bom) :]
            return _refuse_nul(plain if name == "utf-8" else _decoded(plain, name, where), where), ()
    _refuse_nul(data, where)
    start = _first_invalid(data)
    if start is None:
        return data, ()
    mixed = _PLAINLY_UTF8.search(data)
    if mixed is not None:
        raise DatasetError(
            f"{where} mixes encodings: UTF-8 in line {line_of(data, mixed.start())}, another in line "
            f"{line_of(data, start)}.",
            "Save it in one encoding, or name one with --encoding.",
        )
    try:
        return data.decode("cp1252").encode(), (f"{where} is not UTF-8; it is read as Windows-1252.",)
    except UnicodeDecodeError:
        return data.decode("latin-1").encode(), (f"{where} is not UTF-8; it is read as Latin-1.",)


def line_of(data: bytes, position: int) -> str:
    """The line of a position, counted from 1 as an editor does."""
    before = data.count(b"\n", 0, position)
    return f"{before + 1:,}"


def _decoded(data: bytes, codec: str, where: str) -> bytes:
    try:
        return data.decode(codec).encode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(codec, "replace").count("\n")
        raise DatasetError(
            f"Line {before + 1:,} of {where} is not text in {codec.upper()}.", _SAVE
        ) from None
    except UnicodeError:  # surrogates, which cannot be written again
        raise DatasetError(f"{where} is not text in {codec.upper()}.", _SAVE) from None


def _refuse_nul(data: bytes, where: str) -> bytes:
    position = data.find(b"\0")
    if position < 0:
        return data
    fix = "Save it as CSV in UTF-8."
    if data[1::2].count(0) > len(data) / 4 or data[::2].count(0) > len(data) / 4:
        fix = "If it is UTF-16 without its mark, give --encoding utf-16-le or utf-16-be."
    raise DatasetError(
        f"{where} holds NUL bytes, the first in line {line_of(data, position)}, so it is no text.", fix
    )


def _first_invalid(data: bytes) -> int | None:
    """Where the first byte stands that is not UTF-8, without a copy of the whole as text."""
    if data.isascii():
        return None
    start = 0
    while start < len(data):
        try:
            _, used = codecs.utf_8_decode(data[start : start + PIECE], "strict", start + PIECE >= len(data))
        except UnicodeDecodeError as error:
            return start + error.start
        start += used
    return None
