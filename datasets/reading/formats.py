"""Which format a file has: by its first bytes, by its name. Neither NumPy nor polars in here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

# What --format takes, with what a person calls it.
FORMATS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "CSV",
        "parquet": "Parquet",
        "arrow": "Arrow",
        "jsonl": "JSON lines",
        "excel": "an Excel workbook",
        "arff": "ARFF",
        "svmlight": "SVMlight",
        "npz": "NPZ",
        "npy": "NPY",
    }
)
SUFFIXES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".psv"), "csv")
    | dict.fromkeys((".parquet", ".pq"), "parquet")
    | dict.fromkeys((".arrow", ".feather", ".ipc", ".arrows"), "arrow")
    | dict.fromkeys((".jsonl", ".ndjson"), "jsonl")
    | dict.fromkeys((".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"), "excel")
    | dict.fromkeys((".svmlight", ".svm", ".libsvm"), "svmlight")
    | {".arff": "arff", ".npz": "npz", ".npy": "npy"}
)
SEPARATORS: Mapping[str, str] = MappingProxyType({".tsv": "\t", ".tab": "\t", ".psv": "|"})
PACKINGS: Mapping[str, str] = MappingProxyType(
    {".gz": "gzip", ".zst": "zstd", ".bz2": "bzip2", ".xz": "xz"}
)
# The options that say how a file is read, and of which formats they say anything.
SAID_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "separator": ("csv",),
        "quote": ("csv",),
        "encoding": ("csv", "jsonl", "arff", "svmlight"),
        "header": ("csv", "excel"),
    }
)
TEXTUAL = ("csv", "jsonl", "arff", "svmlight")  # formats that may be packed

START = 65_536  # bytes that are looked at
_PACKED = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz"}
_MAGIC = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"\xff\xff\xff\xff": "arrow",  # a stream: every message begins so
    b"\x93NUMPY": "npy",
    b"\xd0\xcf\x11\xe0": "excel",  # a workbook of before 2007
}
_ZIPPED = ("npz", "excel")  # both are zip files
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ARFF = re.compile(rb"\s*(%[^\n]*\s*)*@relation\b", re.IGNORECASE)
_SVMLIGHT = re.compile(rb"(#[^\n]*\n)*[-+.\deE]+([ \t]+\d+:[-+.\w]+)+[ \t]*(#[^\n]*)?\r?(\n|$)")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def packing_of(start: bytes) -> str | None:
    """What a file is packed with, by its first bytes; ``None`` where it is not."""
    return next((name for magic, name in _PACKED.items() if start.startswith(magic)), None)


def bare(name: str) -> str:
    """The name without the suffix of a packing."""
    path = PurePath(name)
    return path.stem if path.suffix.lower() in PACKINGS else path.name


def by_name(name: str) -> str | None:
    """The format that the suffix of a name stands for, a packing's suffix apart."""
    return SUFFIXES.get(PurePath(bare(name)).suffix.lower())


def by_content(start: bytes) -> str | None:
    """The format that the first bytes of an unpacked file show beyond doubt: those that are no text."""
    for magic, name in _MAGIC.items():
        if start.startswith(magic):
            return name
    if start.startswith(b"PK\x03\x04"):
        return "npz" if b".npy" in start[:256] else "excel"
    return None


def by_look(start: bytes) -> str | None:
    """The format of text whose name does not tell; ``None`` where it is no text."""
    if start.startswith(_BOMS[1:]):
        return "csv"
    if _CONTROLS.search(start):
        return None
    for bom in _BOMS:
        start = start.removeprefix(bom)
    if _ARFF.match(start):
        return "arff"
    if start.lstrip().startswith(b"{"):
        return "jsonl"
    return "svmlight" if _SVMLIGHT.match(start) else "csv"


def format_of(name: str, start: bytes) -> str | None:
    """The format of an unpacked file, by its first bytes and its name; ``None`` where none is known."""
    named, found = by_name(name), by_content(start)
    if found in _ZIPPED and named in _ZIPPED:
        return named
    return found or named or by_look(start)


def is_known(name: str, start: bytes) -> bool:
    """Whether a file of that name and with those first bytes can be read, so far as these tell."""
    return bool(packing_of(start) or format_of(name, start))
