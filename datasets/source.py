"""What a person asks for: a name of the catalogue with parameters, a file, or a table to be fetched."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from lrtui.datasets import address, copies
from lrtui.datasets.address import is_elsewhere
from lrtui.datasets.catalogue import CATALOGUE
from lrtui.datasets.catalogue.entry import Entry
from lrtui.datasets.errors import DatasetError
from lrtui.datasets.numbers import bare_number
from lrtui.datasets.text import quote

FETCHED = ("sklearn", "openml")  # prefixes: sklearn:iris, openml:61
BUNDLED = ("iris", "wine", "breast_cancer", "digits", "diabetes", "linnerud")  # of scikit-learn
NEAR, FAR = 0.7, 0.4  # how alike two names are, as difflib counts


@dataclass(frozen=True)
class Source:
    """A dataset by name (``moons:n=500,noise=0.2``, ``sklearn:iris``) or path; the rest belongs to tables.

    Attributes:
        name: of the catalogue, ``sklearn:NAME``, ``openml:ID``, an absolute path or pattern of paths, or an
            address or pattern of addresses (``s3://bucket/part-*.parquet``).
        target: the column to predict. positive: its value that counts as 1; the others are the rest.
        multiclass: every value of the target is a class of its own (softmax regression).
        columns: the only ones to learn from; empty for all.
        weights: a column with the weight of each row in the loss.
        group: a column whose equal values stay in one part. time: one whose latest rows are the test part.
        test: the path or address of a file that is the test part.
        format, separator, quote, encoding, comment: how the file is read; ``None`` to find out.
        header: whether its first line names the columns, ``yes`` or ``no``, or the number of the line that
            does, from 1. skip_rows: how many lines stand above the table.
    """

    name: str
    target: str | None = None
    positive: str | None = None
    multiclass: bool = False
    columns: tuple[str, ...] = ()
    weights: str | None = None
    group: str | None = None
    time: str | None = None
    test: str | None = None
    format: str | None = None
    separator: str | None = None
    quote: str | None = None
    encoding: str | None = None
    header: str | None = None
    skip_rows: int | None = None
    comment: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """What was given, for JSON: the name, and whatever is not as by default."""
        default = Source("")
        return {name: value for name, value in asdict(self).items() if value != getattr(default, name)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Source:
        """The source that ``to_dict`` told; fields of a later version are left out."""
        known = {field.name for field in fields(cls)} & data.keys()
        values = {name: data[name] for name in known}
        return cls(**{**values, "columns": tuple(values.get("columns", ()))})

    @property
    def is_fetched(self) -> bool:
        """Whether the name means a table that scikit-learn brings along or fetches."""
        prefix, colon, _ = self.name.partition(":")
        return bool(colon) and prefix in FETCHED and not os.path.exists(self.name)

    @property
    def part(self) -> str | None:
        """The part of a file that is named: a sheet of a workbook, a member of a zip file."""
        return part_of(self.name)

    @property
    def is_table(self) -> bool:
        """Whether it is read as a table of any columns, one of them the target."""
        return self.is_file or self.is_fetched

    @property
    def is_file(self) -> bool:
        """Whether the name means a file, here or elsewhere."""
        if self.is_elsewhere:
            return True
        base = self.name.partition(":")[0]
        return not (base in CATALOGUE or self.is_fetched) and (
            os.sep in self.name
            or Path(self.name).suffix != ""
            or is_pattern(self.name)
            or os.path.exists(self.name)
            or self.part is not None
        )

    @property
    def elsewhere(self) -> tuple[str, ...]:
        """The addresses of data elsewhere that it names."""
        return tuple(name for name in (self.name, self.test) if name is not None and is_elsewhere(name))

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is the address of data elsewhere."""
        return is_elsewhere(self.name)

    @property
    def label(self) -> str:
        """Short text for titles: a file by its base name. Not yet made safe for a terminal."""
        if self.is_elsewhere:
            return address.object_name(self.name)
        if not self.is_file:
            return self.name
        path, part = split_part(self.name)
        return Path(path).name if part is None else f"{Path(path).name}:{part}"

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
        given: dict[str, float] = {}
        _, colon, after = self.name.partition(":")
        for part in after.split(",") if colon else ():
            name, _, text = (piece.strip() for piece in part.partition("="))
            if not name:
                raise DatasetError(f"{quote(self.name)} lacks the name of a parameter.", _parameters(entry))
            if name in given:
                raise DatasetError(
                    f"The parameter {name} of {entry.name} was given twice.", "Give it once."
                )
            given[name] = _value(entry, name, text)
        return {name: p.default for name, p in entry.parameters.items()} | given


def bundled(name: str) -> str:
    """The name of a table of scikit-learn as that spells it.

    Raises:
        DatasetError: it brings none of that name.
    """
    plain = name.replace("-", "_")
    if plain in BUNDLED:
        return plain
    near = difflib.get_close_matches(plain[:100], BUNDLED, n=1)
    hint = f"Did you mean sklearn:{near[0]}? " if near else ""
    raise DatasetError(
        f"scikit-learn brings no table called {quote(name)}.", f"{hint}It brings {', '.join(BUNDLED)}."
    )


def is_pattern(name: str) -> bool:
    """Whether it holds what a pattern of names holds."""
    if is_elsewhere(name):
        return address.is_pattern(name)
    return any(character in name for character in "*?[")


def split_part(name: str) -> tuple[str, str | None]:
    """The path of a file, and the part of it that a name such as ``data.zip:name.csv`` names.

    A file whose very name holds the colon is that file.
    """
    if ":" in name and not is_elsewhere(name) and not os.path.lexists(name):
        at = name.find(":")
        while at >= 0:
            if name[at + 1 :] and os.path.isfile(name[:at]):
                return name[:at], name[at + 1 :]
            at = name.find(":", at + 1)
    return name, None


def part_of(name: str) -> str | None:
    """The part of a file that a name names, or ``None``."""
    return split_part(name)[1]


def members(name: str) -> tuple[Path, ...]:
    """The files that a name means: one, or all that match a pattern, sorted; folders never match.

    A file whose very name holds the characters of a pattern is that file. Of data elsewhere they are the
    copies that this process holds.

    Raises:
        DatasetError: no file matches.
    """
    if is_elsewhere(name):
        return copies.copied(name).paths
    path, part = split_part(name)
    if part is not None or not is_pattern(name) or os.path.lexists(name):
        return (Path(path),)
    import glob  # only for patterns

    found = sorted(path for path in glob.glob(name, recursive=True) if not os.path.isdir(path))
    if not found:
        raise DatasetError(f"No file matches {quote(name)}.", "Check the folder and the pattern.")
    return tuple(map(Path, found))


def nearest(name: str, cutoff: float = NEAR) -> list[str]:
    """The names of the catalogue that are like this one, the likest first; three at most."""
    plain = name.lower().replace("_", "-")
    return [plain] if plain in CATALOGUE else difflib.get_close_matches(plain, CATALOGUE, 3, cutoff)


def _parameters(entry: Entry) -> str:
    """What to do where a parameter is none."""
    if not entry.parameters:
        return "It has none; give the name alone."
    return f"Its parameters are {', '.join(entry.parameters)}; write {entry.name}:n={entry.rows} or so."


def _value(entry: Entry, name: str, text: str) -> float:
    if name not in entry.parameters:
        raise DatasetError(f"{entry.name} has no parameter {quote(name)}.", _parameters(entry))
    parameter = entry.parameters[name]
    number = bare_number(text)
    value = float("nan" if number is None else number)
    if not parameter.low <= value <= parameter.high or (parameter.whole and value != int(value)):
        raise DatasetError(
            f"The parameter {name} of {entry.name} cannot be {quote(text)}.", f"Give {parameter.limits}."
        )
    return int(value) if parameter.whole else value
