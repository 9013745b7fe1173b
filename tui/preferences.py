"""How a person wants the dashboard to be: keys and theme, and the theme that was chosen in it last."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lrtui.core.errors import LrtuiError
from lrtui.core.store.home import home, make_home

FILE_NAME = "theme"  # beside the store
LONGEST = 100  # characters of a name


@dataclass(frozen=True)
class Preferences:
    """What the command line found.

    Attributes:
        keys: by the id of an action, as written. theme: its name, and who says so.
        faults: what is wrong in the config file, a text each.
    """

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    theme: tuple[str, str] | None = None
    faults: tuple[str, ...] = ()


def remembered_theme() -> str | None:
    """The theme that was chosen in a dashboard last, if one was."""
    with suppress(OSError, ValueError, LrtuiError):
        return _kept(home() / FILE_NAME)
    return None


def remember_theme(name: str) -> None:
    """Begin with it next time; where that cannot be kept, the next start is as this one was."""
    with suppress(OSError, ValueError, LrtuiError):
        path = make_home() / FILE_NAME
        if not os.path.lexists(path) or _kept(path):
            path.write_text(f"{name}\n", encoding="utf-8")


def _kept(path: Path) -> str | None:
    """The name in a plain file that holds nothing else; of a link, a pipe or somebody's notes, nothing."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST:
        return None
    found = re.fullmatch(r"([\w-]+)\n", path.read_text(encoding="utf-8"))
    return None if found is None else found[1]
