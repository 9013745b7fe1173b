"""What a script writes outside of its folder: it would write that again if it were run again."""

from __future__ import annotations

import functools
import os
import re
import sys
import sysconfig
import tempfile
from typing import Any

MOST = 20
COMPILED = re.compile(r"\.pyc(\.\d+)?$")  # Python writes a module under a name of its own, and renames it
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND


class Written:
    """Paths, in the order in which they were first written."""

    def __init__(self) -> None:
        self.paths: dict[str, None] = {}
        here = os.path.realpath(os.getcwd())
        spare: tuple[str, ...] = (tempfile.gettempdir(), "/dev", "/proc", os.path.expanduser("~/.cache"))
        spare = (*spare, *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")))
        self._inside = tuple(os.path.realpath(folder) + os.sep for folder in (here, *spare))
        sys.addaudithook(self._heard)

    def _heard(self, event: str, args: Any) -> None:
        if event == "open" and isinstance(args[0], (str, bytes)):
            mode, flags = args[1], args[2]
            if (flags or 0) & WRITES if mode is None else set("wax+") & set(str(mode)):
                self.add(args[0])

    def add(self, path: Any) -> None:
        """A path that is written."""
        try:
            whole = os.path.realpath(os.fsdecode(path))
        except (TypeError, ValueError, OSError):
            return  # a file object, say
        spared = whole.startswith(self._inside) or COMPILED.search(whole)
        if len(self.paths) < MOST and not spared:
            self.paths[whole] = None

    def watch_save(self, torch: Any) -> None:
        """``torch.save`` opens its files where no audit hook hears it."""
        original = torch.save

        @functools.wraps(original)
        def save(obj: Any, f: Any, *args: Any, **kwargs: Any) -> Any:
            self.add(f)
            return original(obj, f, *args, **kwargs)

        torch.save = save
