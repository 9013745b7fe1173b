"""What a run can be taken away as. Every file of this folder that has ``FORMATS`` is found."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from lrtui.core.export.formats.entry import ExportFormat


def _found() -> dict[str, ExportFormat]:
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    formats: list[ExportFormat] = [one for module in modules for one in getattr(module, "FORMATS", ())]
    return {one.name: one for one in sorted(formats, key=lambda one: one.place)}


FORMATS: Mapping[str, ExportFormat] = MappingProxyType(_found())
