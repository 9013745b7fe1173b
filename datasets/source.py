"""What a person asks for: a name of the catalogue with parameters, or a file with its target."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lrtui.datasets.catalogue import CATALOGUE, Entry
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.text import quote

SUFFIXES = (".csv",)
NEAR, FAR = 0.7, 0.4  # how alike two names are, as difflib counts


@dataclass(frozen=True)
class Source:
    """A dataset by name (``moons:n=500,noise=0.2``) or path; target and positive belong to files."""

    name: str
    target: str | None = None
    positive: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether the name means a file."""
        base = self.name.partition(":")[0]
        return base not in CATALOGUE and (
            os.sep in self.name or Path(self.name).suffix != "" or os.path.exists(self.name)
        )

    @property
    def label(self) -> str:
        """Short text for titles: a file by its base name. Not yet made safe for a terminal."""
        return Path(self.name).name if self.is_file else self.name

    @property
    def entry(self) -> Entry:
        """The entry of the catalogue.

        Raises:
            DatasetError: there is no such dataset; names the nearest.
        """
        base = self.name.partition(":")[0]
        if base not in CATALOGUE:
            near = nearest(base) or nearest(base, FAR)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise DatasetError(
                f"There is no dataset called {quote(base)}.",
                f"{hint}lrtui datasets lists them all; a file is given by its path.",
            )
        return CATALOGUE[base]

    @property
    def parameters(self) -> Mapping[str, float]:
        """The parameters of a made dataset, defaults included.

        Raises:
            DatasetError: a parameter is unknown, or its value is no number or out of its limits.
        """
        entry = self.entry
        values = {name: p.default for name, p in entry.parameters.items()}
        given = self.name.partition(":")[2]
        for part in filter(None, given.split(",")):
            name, _, text = part.partition("=")
            values[name.strip()] = _value(entry, name.strip(), text.strip())
        return values

    @classmethod
    def parse(cls, name: str, target: str | None = None, positive: str | None = None) -> Source:
        """A source that is known to exist, so far as that can be said without reading it.

        Raises:
            DatasetError: the name, a parameter, or the file is not to be had.
        """
        if not name.strip():
            raise DatasetError(
                "No dataset was named.", "lrtui datasets lists them; a file is given by its path."
            )
        source = cls(name, target, positive)
        if source.is_file:
            _check_file(source)
            # Absolute: the engine, and the next lrtui, may run in another folder.
            path = str(_expanded(name).absolute())
            _check_text(path)
            return cls(path, target, positive)
        source.parameters  # noqa: B018 - raises where something is wrong
        for option, value in (("--target", target), ("--positive", positive)):
            if value is not None:
                raise DatasetError(
                    f"{option} was given, but {name} has its own target.",
                    f"Leave {option} out; it is for files.",
                )
        return source


def nearest(name: str, cutoff: float = NEAR) -> list[str]:
    """The names of the catalogue that are like this one, the likest first; three at most."""
    plain = name.lower().replace("_", "-")
    return [plain] if plain in CATALOGUE else difflib.get_close_matches(plain, CATALOGUE, 3, cutoff)


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


def _value(entry: Entry, name: str, text: str) -> float:
    if name not in entry.parameters:
        known = ", ".join(entry.parameters)
        raise DatasetError(
            f"{entry.name} has no parameter {quote(name)}.",
            f"Its parameters are {known}." if known else "It has none; give the name alone.",
        )
    parameter = entry.parameters[name]
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not parameter.low <= value <= parameter.high or (parameter.whole and value != int(value)):
        raise DatasetError(
            f"The parameter {name} of {entry.name} cannot be {quote(text)}.",
            f"Give {parameter.limits}.",
        )
    return int(value) if parameter.whole else value


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
