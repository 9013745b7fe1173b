"""What views are called, without importing any."""

from __future__ import annotations

from pkgutil import iter_modules

from lrtui.core.errors import ConfigError
from lrtui.core.inside import views as folder
from lrtui.datasets.text import quote


def view_names() -> tuple[str, ...]:
    """Their ids by the alphabet: the files of ``views/``."""
    return tuple(sorted(file.name.replace("_", "-") for file in iter_modules(folder.__path__)))


def check_view(name: str) -> None:
    """Refuse what is no view.

    Raises:
        ConfigError: there is none of this name; tells which there are.
    """
    if name not in view_names():
        raise ConfigError(
            f"There is no view called {quote(name)}.", f"Those are {', '.join(view_names())}."
        )
