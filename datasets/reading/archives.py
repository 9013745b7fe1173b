"""Zip files: the one table in them, or the one that is named, unpacked within limits."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePath

from lrtui.datasets import memory_limit
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.reading.error_translation import AGAIN
from lrtui.datasets.reading.formats import SUFFIXES, bare
from lrtui.datasets.reading.packed import PIECE, check_growth
from lrtui.datasets.text import listed, quote

# What lies beside tables in a zip file, and is none: papers, pictures, programs.
_NO_TABLES = re.compile(
    r"pdf|md|rst|html?|docx?|pptx?|odt|rtf|tex|bib|names|png|jpe?g|gif|svg|py|r|rmd|ipynb|m|sh|bat|do|sps|sas"
    r"|ya?ml|toml|ini|cfg|xml|exe|dll|url"
)
_PAPERS = re.compile(
    r"readme.*|licen[sc]e|copying|change(log|s)|notes?|index|authors|citation|codebook|description|metadata"
    r"|datapackage"
)
_OF_MUCH = {".txt", ".json"}  # suffixes of tables, and of much else
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, RuntimeError, ValueError,
    NotImplementedError, KeyError,
)  # fmt: skip


def unzipped(data: bytes, wanted: str | None, where: str) -> tuple[bytes, str, tuple[str, ...]]:
    """The bytes and the name of the table that is ``wanted``, or the only one, and remarks.

    Raises:
        DatasetError: there is none or are several, it is locked, damaged, or grows beyond limits.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            chosen = _chosen(members, wanted, where)
            return (
                _read(archive, chosen, len(data), where),
                PurePath(chosen.filename).name,
                _said(chosen, members, wanted, where),
            )
    except MemoryError:
        raise memory_limit.too_large(where) from None
    except _BROKEN:
        raise DatasetError(f"{where} is damaged or cut off: it is no whole zip file.", AGAIN) from None


def _chosen(members: Sequence[zipfile.ZipInfo], wanted: str | None, where: str) -> zipfile.ZipInfo:
    if wanted is not None:
        return _called(members, wanted, where)
    maybe = [member for member in members if _may_be_table(member.filename)]
    tables = [member for member in maybe if _is_called_table(member.filename)] or maybe
    if len(tables) > 1:
        names = [member.filename for member in tables]
        raise DatasetError(
            f"{where} holds {len(tables)} tables: {listed(names)}.",
            f"Name one after a colon: {quote(f'{where[1:-1]}:{names[0]}')}.",
        )
    if not tables:
        names = [member.filename for member in members]
        what = f"no table, but {listed(names)}" if names else "no file"
        raise DatasetError(
            f"{where} holds {what}.", "Give a zip file with a table in it, such as a CSV file."
        )
    return tables[0]


def _called(members: Sequence[zipfile.ZipInfo], wanted: str, where: str) -> zipfile.ZipInfo:
    """The member of a name; a file's own name does, where no other folder has the same."""
    found = [member for member in members if member.filename == wanted] or [
        member for member in members if PurePath(member.filename).name == wanted
    ]
    if len(found) != 1:
        names = [member.filename for member in found or members]
        many = f"{len(found)} files" if found else "no file"
        raise DatasetError(
            f"{where} holds {many} called {quote(wanted)}.",
            f"It holds {listed(names)}." if names else AGAIN,
        )
    return found[0]


def _may_be_table(name: str) -> bool:
    path = PurePath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return not (
        hidden or _NO_TABLES.fullmatch(path.suffix[1:].lower()) or _PAPERS.fullmatch(path.stem.lower())
    )


def _is_called_table(name: str) -> bool:
    """Whether its suffix is that of tables alone, a packing's apart."""
    suffix = PurePath(bare(name)).suffix.lower()
    return suffix in SUFFIXES and suffix not in _OF_MUCH


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int, where: str) -> bytes:
    """What a member holds; what it says of its size may be a lie."""
    if member.flag_bits & 1:
        raise DatasetError(
            f"{quote(member.filename)} in {where} is locked with a password.",
            "Unpack it yourself, and give what comes out.",
        )
    check_growth(member.file_size, size, where)
    found = io.BytesIO()
    with archive.open(member) as file:
        while piece := file.read(PIECE):
            found.write(piece)
            check_growth(found.tell(), size, where)
    return found.getvalue()


def _said(
    chosen: zipfile.ZipInfo, members: Sequence[zipfile.ZipInfo], wanted: str | None, where: str
) -> tuple[str, ...]:
    """A remark where other files stand beside the table that nobody named."""
    others = [member.filename for member in members if member is not chosen]
    if wanted is not None or not others:
        return ()
    left = [name for name in others if _may_be_table(name)]
    aside = f", and {listed(left)} {'is' if len(left) == 1 else 'are'} left" if left else ""
    return (f"Of {where}, {quote(chosen.filename)} is read{aside}.",)
