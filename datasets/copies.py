"""Which copies of data from elsewhere this process holds: who reads a source finds them by its name."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from lrtui.datasets.address import shown
from lrtui.datasets.errors import DatasetError

FRESH = 10.0  # seconds for which what was asked of the other side is not asked again


@dataclass
class Copy:
    """What stood at an address, or at all that match a pattern.

    Attributes:
        version: another text once one of the objects is another. paths: of the copies, by address.
        claim: keeps them from being removed while this object lives. asked: when the other side was.
    """

    version: str
    paths: tuple[Path, ...]
    claim: object
    asked: float = field(default_factory=time.monotonic)


_held: dict[str, Copy] = {}


def held(name: str) -> Copy | None:
    """The copy of a name; ``None`` where none was made."""
    return _held.get(name)


def hold(name: str, copy: Copy) -> None:
    """Keep this copy; what was held under the name is let go."""
    _held[name] = copy


def confirm(name: str) -> None:
    """What came of the copy is used now: until a little later nobody need ask whether it changed."""
    if (found := _held.get(name)) is not None:
        found.asked = time.monotonic()


def is_fresh(name: str) -> bool:
    """Whether there is a copy of which the other side was asked just now."""
    found = _held.get(name)
    return found is not None and time.monotonic() - found.asked < FRESH


def copied(name: str) -> Copy:
    """The copy of a name.

    Raises:
        DatasetError: none was made.
    """
    found = _held.get(name)
    if found is None:
        raise DatasetError(f"{shown(name)} was not fetched yet.", "Load it first.")
    return found
