"""torch imported in a thread of its own while the main thread reads a table: both take about as long."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread

from lrtui.core.lean_torch import import_torch
from lrtui.datasets.progress import Progress, Step
from lrtui.datasets.source import Source

# What reading a table needs, imported first: no module is then sought by both threads at once, for of
# packages that need each other Python can show the second a module that is half made.
READING = (
    "numpy.random",
    "polars",
    "lrtui.datasets.loading",
    "lrtui.datasets.ingest.assembly",
    "lrtui.datasets.reading.reader",
    "lrtui.datasets.reading.delimited",
    "lrtui.datasets.reading.columnar",
)
OFTEN = 0.0005  # seconds until a thread that waits for Python gets it: reading is in calls that are short


@contextmanager
def torch_ahead(source: Source, watch: Progress) -> Iterator[Progress]:
    """Import torch beside what happens in the block, where the source is a file; else do nothing.

    Give what is yielded to whoever reads. The first rows of a large file are looked at in Python: torch
    would only take turns with that, and is begun with the first step that is told, when polars reads on by
    itself. What goes wrong is not told here: whoever imports torch next meets it again.
    """
    if not source.is_file:
        yield watch
        return
    for name in READING:
        import_module(name)
    from lrtui.datasets.loading import is_large

    thread = Thread(target=_imported, daemon=True)
    before = sys.getswitchinterval()

    def begin() -> None:
        if thread.ident is None:
            sys.setswitchinterval(OFTEN)
            thread.start()

    def tell(step: Step) -> None:
        begin()
        watch.tell(step)

    if not is_large(source):
        begin()
    try:
        yield Progress(watch.go_on, tell)
    finally:
        if thread.ident is not None:
            thread.join()
            sys.setswitchinterval(before)


def _imported() -> None:
    with suppress(Exception):
        import_torch()
