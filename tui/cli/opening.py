"""Opening the store for a command: what the person must know of it is said on stderr, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from lrtui.core.store import Store


@contextmanager
def open_store() -> Iterator[Store]:
    """The store of this person; says so where a corrupt file was set aside.

    Raises:
        StoreError: it cannot be used.
    """
    with Store() as store:
        if store.notice is not None:
            click.echo(f"lrtui: {store.notice}", err=True)
        yield store
