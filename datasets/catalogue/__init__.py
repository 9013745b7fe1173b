"""The catalogue: every dataset that is always at hand, with what it shows. No data in here.

Every file of this folder that has ``ENTRIES`` is found; one more makes one more dataset.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from lrtui.datasets.catalogue.entry import Entry


def _found() -> dict[str, Entry]:
    """The entries of all files of this folder by name, in the order of lists."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    entries: list[Entry] = [one for module in modules for one in getattr(module, "ENTRIES", ())]
    return {one.name: one for one in sorted(entries, key=lambda one: one.place)}


CATALOGUE: Mapping[str, Entry] = MappingProxyType(_found())
