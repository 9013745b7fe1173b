"""Every cause there is: the entries that the files of ``causes/`` hold. A new cause is a new file there."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

from lrtui.core.doctor import causes as folder
from lrtui.core.doctor.cause import Cause, Stage

Kind = TypeVar("Kind", bound=Cause)


@cache
def causes() -> tuple[Cause, ...]:
    """All entries, in the order in which they are asked."""
    modules = [import_module(f"{folder.__name__}.{file.name}") for file in iter_modules(folder.__path__)]
    found = [entry for module in modules for entry in vars(module).values() if isinstance(entry, Cause)]
    return tuple(sorted(dict.fromkeys(found), key=lambda entry: (entry.stage, entry.rank)))


def asked_at(stage: Stage, kind: type[Kind]) -> tuple[Kind, ...]:
    """Those of a stage, in their order."""
    return tuple(entry for entry in causes() if entry.stage is stage and isinstance(entry, kind))


def not_asked(*, binary: bool) -> list[str]:
    """The ids of causes that are never asked of so many classes; those asked last come first."""
    asked = {entry.id for entry in causes() if entry.binary in (None, binary)}
    return list(dict.fromkeys(entry.id for entry in reversed(causes()) if entry.id not in asked))


causes()  # an engine imports before it begins threads, and these import nothing
