"""Opening the store for a command: what the person must know of it is said on stderr, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lrtui.core.store import Store
from lrtui.core.store.home import folder_remark
from lrtui.tui.cli.printing import echo


@contextmanager
def open_store() -> Iterator[Store]:
    """The store of this person; says where a corrupt file was set aside, or others can write to its folder.

    Raises:
        StoreError: it cannot be used.
    """
    remark = folder_remark()
    with Store() as store:
        for sentence in (store.notice, remark):
            if sentence is not None:
                echo(f"lrtui: {sentence}", err=True)
        yield store
