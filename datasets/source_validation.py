"""Looking at what a person named before anything is read: files that are there, names that are known."""

from __future__ import annotations

import difflib
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from lrtui.datasets.address import checked_address, scheme_of, shown
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.numbers import is_digits, plain_whole
from lrtui.datasets.reading.charset import codec_of
from lrtui.datasets.reading.foreign import refuse_foreign
from lrtui.datasets.reading.formats import (
    FORMATS,
    OPTIONS,
    START,
    by_content,
    format_elsewhere,
    format_of,
    is_archive,
    may_be_read,
    packing_of,
)
from lrtui.datasets.reading.formats.entry import Format
from lrtui.datasets.reading.opening import FOLDER, MADE_UP, PIPE, NotPlainError, first_bytes
from lrtui.datasets.source import Source, bundled, members, nearest
from lrtui.datasets.text import quote

MOST_LINES = 1_000_000  # above a table
ALIKE = 0.7  # how alike the names of two files are, as difflib counts, for one to be meant by the other

_OPENML = re.compile(r"[A-Za-z0-9_.()+-]{1,128}")


def parse_source(name: str, target: str | None = None, positive: str | None = None, **more: Any) -> Source:
    """A source that is known to exist, so far as that can be said without reading it.

    ``more`` are further fields; ``None`` stands for what was not given.
    """
    given = {field: value for field, value in more.items() if value is not None}
    if "skip_rows" in given:
        given["skip_rows"] = _lines_to_skip(str(given["skip_rows"]))
    return checked(Source(name, target, positive, **given))


def _lines_to_skip(text: str) -> int:
    number = plain_whole(text)
    if number is None or not 0 <= number <= MOST_LINES:
        raise DatasetError(
            f"--skip-rows cannot be {quote(text)}.", f"Give a whole number from 0 to {MOST_LINES:,}."
        )
    return number


def checked(source: Source) -> Source:
    """The source with absolute paths, if it can be had.

    Raises:
        DatasetError: the name, a parameter, an option, or a file is not to be had.
    """
    if not source.name.strip():
        raise DatasetError(
            "No dataset was named.", "lrtui datasets lists them; a file is given by its path."
        )
    if source.is_file:
        _check_options(source)
        source = replace(source, name=_checked_path(source.name, source))
    elif source.is_fetched:
        _check_fetched(source)
    else:
        source.parameters  # noqa: B018 - raises where something is wrong
        for field in source.to_dict().keys() - {"name"}:
            raise _pointless(field, f"{quote(source.name)} has its own target and columns")
    return source if source.test is None else replace(source, test=_checked_path(source.test, source))


def check_reading(option: str, text: str) -> None:
    """Look at an option that says how a file is read, whatever file that is.

    Raises:
        DatasetError: it cannot be that.
    """
    given: dict[str, Any] = {option: _lines_to_skip(text) if option == "skip_rows" else text}
    _check_options(Source("", **given))


def _pointless(field: str, why: str) -> DatasetError:
    """The error for an option that would say nothing, such as how a file is read where there is none."""
    option = f"--{field.replace('_', '-')}"
    return DatasetError(f"{option} was given, but {why}.", f"Leave {option} out.")


def _check_options(source: Source) -> None:
    if source.format is not None and source.format not in FORMATS:
        raise DatasetError(
            f"There is no format called {quote(source.format)}.", f"Give one of {', '.join(FORMATS)}."
        )
    _check_header(source)
    for option, value, words in (
        ("separator", source.separator, ("tab", "\\t", "space", "comma", "semicolon", "pipe")),
        ("quote", source.quote, ("none", "")),
        ("comment", source.comment, ()),
    ):
        if value is None or value.lower() in words:
            continue
        if len(value.encode("utf-8", "replace")) != 1 or value in "\r\n\0":
            more = f", or {words[0]}" if words else ""
            raise DatasetError(
                f"--{option} cannot be {quote(value)}.", f"Give one character of ASCII{more}."
            )
    if source.encoding is not None:
        codec_of(source.encoding)
    if source.separator is not None and source.separator == source.quote:
        raise DatasetError("--separator and --quote are the same.", "Give two different characters.")
    if source.comment is not None and source.comment in (source.separator, source.quote):
        raise DatasetError(
            "--comment is the separator or the quotation mark.",
            "Give a character that begins comments alone.",
        )


def _check_header(source: Source) -> None:
    if source.header in (None, "yes", "no"):
        return
    line = plain_whole(source.header or "")
    if line is None or not 0 < line <= MOST_LINES:
        raise DatasetError(
            f"--header cannot be {quote(source.header or '')}.",
            "Give yes, no, or the number of the line that names the columns, from 1.",
        )
    if line <= (source.skip_rows or 0):
        raise DatasetError(
            f"--header {line} names one of the lines that --skip-rows {source.skip_rows} skips.",
            "Give one of the two; --header counts the lines of the file from 1.",
        )


def _check_fetched(source: Source) -> None:
    name = source.name
    prefix, _, wanted = name.partition(":")
    if prefix == "sklearn":
        bundled(wanted)
    too_long = is_digits(wanted) and plain_whole(wanted) is None
    if prefix == "openml" and (too_long or not _OPENML.fullmatch(wanted)):
        raise DatasetError(
            f"{quote(wanted)} is neither a number nor a name of OpenML.", "Give openml:61 or openml:iris."
        )
    for field in source.to_dict().keys() & {"format", *OPTIONS} if source.test is None else ():
        raise _pointless(field, f"{quote(name)} is no file")


def _checked_path(name: str, source: Source) -> str:
    """The absolute path: the engine, and the next lrtui, may run in another folder. Or an address.

    Of what lies elsewhere nothing is asked here: that takes as long as a network does.
    """
    if scheme_of(name) is not None and not os.path.lexists(name):
        address = checked_address(name)
        _check_said(format_elsewhere(address, source.format), shown(address), source)
        return address
    path = Path(os.path.expanduser(name))  # Path.expanduser raises where there is no such user
    where = quote(name)
    try:
        found = members(str(path))
        for file in found:
            here = quote(str(file)) if len(found) > 1 else where
            _check_format(file, here, _check_file(file, here, name), source)
    except OSError as error:
        why = (error.strerror or "unknown error").lower()
        raise DatasetError(
            f"{where} cannot be read: {why}.", "Check the path and its permissions."
        ) from None
    except ValueError:  # a NUL byte, or what this locale cannot encode
        raise DatasetError(f"{where} is no path that a file could have.", "Check the path.") from None
    absolute = str(path.absolute())
    _check_text(absolute)
    return absolute


def _check_file(path: Path, where: str, name: str) -> bytes:
    """The first bytes of a file that can be read."""
    try:
        return first_bytes(path, START)
    except (FileNotFoundError, NotADirectoryError):
        raise DatasetError(f"There is no file {where}.", f"{_near(path, name)}Check the path.") from None
    except NotPlainError as error:
        if error.sort == FOLDER:
            fix = f"Give the path of a file in it{_example(path)}."
            raise DatasetError(f"{where} is a folder.", fix) from None
        ends = error.sort in (PIPE, MADE_UP)
        fix = f"Pipe it in: lrtui train - < {where}, or copy it to a file."
        raise DatasetError(
            f"{where} is {error.sort}, not a file.", fix if ends else "Copy what you need of it to a file."
        ) from None


def _check_format(path: Path, where: str, start: bytes, source: Source) -> None:
    packing = packing_of(start) or ("zip" if is_archive(path.name, start) else None)
    if source.format is None and by_content(start) is None:
        refuse_foreign(str(path), start, where)
    kind = source.format or (None if packing else format_of(path.name, start))
    if kind is None and packing is None:
        raise DatasetError(
            f"{where} is in no format that lrtui knows, neither by its name nor by its content.",
            f"Save it as CSV or Parquet, or give --format with one of {', '.join(FORMATS)}.",
        )
    if kind is None or source.test is not None:  # of which an option may speak
        return
    _check_said(FORMATS[kind], where, source)


def _check_said(form: Format, where: str, source: Source) -> None:
    """Refuse options of which the format has nothing to say."""
    for field in OPTIONS:
        if field not in form.options and getattr(source, field) is not None:
            raise _pointless(field, f"{where} is read as {form.called}")


def _near(path: Path, name: str) -> str:
    """``Did you mean …? ``, or nothing: a file of the same folder, or a dataset."""
    try:
        stems = {Path(entry.name).stem: entry.name for entry in os.scandir(path.parent) if entry.is_file()}
    except OSError:
        stems = {}
    files = difflib.get_close_matches(path.stem, stems, n=1, cutoff=ALIKE)
    if files:
        return f"Did you mean {quote(str(Path(name).with_name(stems[files[0]])))}? "
    known = nearest(name.partition(":")[0])
    return f"Did you mean the dataset {known[0]}? " if known else ""


def _example(folder: Path) -> str:
    try:
        names = sorted(entry.name for entry in os.scandir(folder) if may_be_read(entry.name))
    except OSError:
        names = []
    return f", such as {quote(names[0])}" if names else ""


def _check_text(path: str) -> None:
    """Bytes that are no text in this locale could neither be stored nor be read back in another."""
    try:
        path.encode()
    except UnicodeEncodeError:
        encoding = sys.getfilesystemencoding()
        rename = "Rename the file or its folder"
        raise DatasetError(
            f"The path {quote(path)} is not text in {encoding.upper()}, so no run can keep it.",
            f"{rename}." if encoding == "utf-8" else f"Set LC_ALL=C.UTF-8, or r{rename[1:]}.",
        ) from None
