"""Opening the store for a command: what the person must know of it is said on stderr, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lrtui.core.store import Store
from lrtui.tui.cli.printing import echo


@contextmanager
def open_store() -> Iterator[Store]:
    """The store of this person; says so where a corrupt file was set aside.

    Raises:
        StoreError: it cannot be used.
    """
    with Store() as store:
        if store.notice is not None:
            echo(f"lrtui: {store.notice}", err=True)
        yield store
