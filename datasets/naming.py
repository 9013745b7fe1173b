"""Looking at what a person named before anything is read: files that are there, names that are known."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from lrtui.datasets.errors import DatasetError
from lrtui.datasets.source import Source, nearest
from lrtui.datasets.text import quote

SUFFIXES = (".csv",)


def checked(source: Source) -> Source:
    """The source with absolute paths, if it can be had.

    Raises:
        DatasetError: the name, a parameter, or a file is not to be had.
    """
    if not source.name.strip():
        raise DatasetError(
            "No dataset was named.", "lrtui datasets lists them; a file is given by its path."
        )
    if source.is_file:
        _check_file(source)
        # Absolute: the engine, and the next lrtui, may run in another folder.
        path = str(_expanded(source.name).absolute())
        _check_text(path)
        return replace(source, name=path)
    if source.is_fetched:
        return source
    source.parameters  # noqa: B018 - raises where something is wrong
    for field in source.to_dict().keys() - {"name"}:
        option = f"--{field.replace('_', '-')}"
        raise DatasetError(
            f"{option} was given, but {source.name} has its own target and columns.",
            f"Leave {option} out; it is for files.",
        )
    return source


def _expanded(name: str) -> Path:
    # Not Path.expanduser: it raises where there is no such user.
    return Path(os.path.expanduser(name))


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


def _check_file(source: Source) -> None:
    path, where = _expanded(source.name), quote(source.name)
    try:
        if path.is_dir():
            raise DatasetError(f"{where} is a folder.", "Give the path of a CSV file in it.")
        if not path.exists():
            base = source.name.partition(":")[0]
            near = nearest(base)
            hint = f" Did you mean the dataset {near[0]}?" if near else ""
            raise DatasetError(f"There is no file {where}.", f"Check the path.{hint}")
    except OSError as error:
        raise DatasetError(f"{where} cannot be reached: {error.strerror}.", "Check the path.") from None
    if path.suffix.lower() not in SUFFIXES:
        raise DatasetError(
            f"{where} is not a CSV file by its name.", "Give a file whose name ends in .csv."
        )
