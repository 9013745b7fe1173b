"""Which format a file has: by its first bytes, by its name. Neither NumPy nor polars in here.

Every file of this folder that has ``FORMATS`` is found; one more makes one more format.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib import import_module
from pathlib import PurePath
from pkgutil import iter_modules
from types import MappingProxyType

from lrtui.datasets.address import DOWNLOAD, object_name, shown
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.formats.entry import Format


def _found() -> dict[str, Format]:
    """The formats of all files of this folder by name, in the order of lists."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    formats: list[Format] = [one for module in modules for one in getattr(module, "FORMATS", ())]
    return {one.name: one for one in sorted(formats, key=lambda one: one.place)}


FORMATS: Mapping[str, Format] = MappingProxyType(_found())
SUFFIXES = {suffix: one.name for one in FORMATS.values() for suffix in one.suffixes}
PACKINGS = {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}
UNPACKED = (".gz", ".zst")  # by polars, elsewhere
OPTIONS = ("separator", "quote", "encoding", "header", "skip_rows", "comment")  # how a file is read

START = 65_536  # bytes that are looked at
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_ZIPS = (b"PK\x03\x04", b"PK\x05\x06")  # one that holds nothing begins with its end
_TEXT = "csv"  # what looks like no other text
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_JSON = re.compile(rb'\s*(\[\s*)?\{\s*"[^"\n]*"\s*:')  # which some name .csv or .txt
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def packing_of(start: bytes) -> str | None:
    """What a file is packed with, by its first bytes; ``None`` where it is not."""
    return next((name for magic, name in _PACKED.items() if start.startswith(magic)), None)


def is_archive(name: str, start: bytes) -> bool:
    """Whether it is a zip file of other files, not one that is a format itself, such as a workbook."""
    named = SUFFIXES.get(PurePath(name).suffix.lower())
    if not start.startswith(_ZIPS) or (named is not None and FORMATS[named].zipped):
        return False
    return by_content(start) is None


def bare(name: str) -> str:
    """The name without the suffix of a packing."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in PACKINGS else path.name


def by_name(name: str) -> str | None:
    """The format that the suffix of a name stands for, a packing's suffix apart."""
    return SUFFIXES.get(PurePath(bare(name)).suffix.lower())


def may_be_read(name: str) -> bool:
    """Whether the suffix of a name promises a table: that of a format, or of a zip file."""
    return by_name(name) is not None or PurePath(name).suffix.lower() == ".zip"


def by_content(start: bytes) -> str | None:
    """The format that the first bytes of an unpacked file show beyond doubt: those that are no text."""
    return next((one.name for one in FORMATS.values() if one.shows(start)), None)


def by_look(start: bytes) -> str | None:
    """The format of text whose name does not tell; ``None`` where it is no text."""
    if start.startswith(_BOMS[1:]):
        return _TEXT
    if _CONTROLS.search(start):
        return None
    for bom in _BOMS:
        start = start.removeprefix(bom)
    return next((one.name for one in FORMATS.values() if one.looks(start)), _TEXT)


def format_of(name: str, start: bytes) -> str | None:
    """The format of an unpacked file, by its first bytes and its name; ``None`` where none is known."""
    named, found = by_name(name), by_content(start)
    if named and found and FORMATS[named].zipped and FORMATS[found].zipped:
        return named
    if named == _TEXT and _JSON.match(start):
        return by_look(start)
    return found or named or by_look(start)


def format_elsewhere(address: str, told: str | None) -> Format:
    """The format of what stands at an address, by its name or as it was told: nobody looked into it yet.

    Raises:
        DatasetError: it is none that is read from elsewhere.
    """
    name, where = object_name(address), shown(address)
    kind = told or by_name(name)
    packing = PurePath(name).suffix.lower()
    form = None if kind is None else FORMATS.get(kind)
    if form is None:
        known = ", ".join(name for name, one in FORMATS.items() if one.copy is not None)
        raise DatasetError(
            f"The name of {where} does not tell a format that is read from elsewhere.",
            f"Give --format with one of {known}, or d{DOWNLOAD[1:]}",
        )
    if form.copy is None or (packing in PACKINGS and (packing not in UNPACKED or not form.is_text)):
        what = f"packed ({packing})" if form.copy is not None else form.called
        raise DatasetError(f"{where} is {what}, which is read from files of this machine alone.", DOWNLOAD)
    return form
