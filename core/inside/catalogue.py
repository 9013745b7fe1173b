"""Every view there is: the entries that the files of ``views/`` hold. A new view is a new file there."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from lrtui.core.inside import views as folder
from lrtui.core.inside.view import InsideView


@cache
def views() -> dict[str, InsideView]:
    """All entries by their ids, in their order."""
    modules = [import_module(f"{folder.__name__}.{file.name}") for file in iter_modules(folder.__path__)]
    found = [one for module in modules for one in vars(module).values() if isinstance(one, InsideView)]
    return {one.id: one for one in sorted(found, key=lambda one: one.place)}
