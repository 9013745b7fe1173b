"""A store in a folder of its own, opened in this process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lrtui.core.store import Store


@contextmanager
def opened(home: Path) -> Iterator[Store]:
    """The store of a folder; ``LRTUI_HOME`` points there meanwhile."""
    before = os.environ.get("LRTUI_HOME")
    os.environ["LRTUI_HOME"] = str(home)
    try:
        with Store() as store:
            yield store
    finally:
        if before is None:
            del os.environ["LRTUI_HOME"]
        else:
            os.environ["LRTUI_HOME"] = before
