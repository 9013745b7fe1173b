"""What a person should know of the store and of a table, said once on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lrtui.core.config import Config, idle_text
from lrtui.core.store import Store
from lrtui.core.store.home import folder_remark
from lrtui.datasets.text import safe
from lrtui.tui.cli.printing import echo

if TYPE_CHECKING:
    from lrtui.datasets.dataset import Dataset


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


def tell_idle(given: Iterable[str], config: Config, classes: int, *, quiet: bool = False) -> None:
    """Which of the fields that were given do nothing beside the others."""
    for name in () if quiet else given:
        if why := idle_text(name, config, classes=classes):
            echo(f"--{name.replace('_', '-')} {why}.", err=True)


def tell(dataset: Dataset, *, quiet: bool = False) -> None:
    """Missing cells, what is left out, and what was found out in reading; nothing where all is plain."""
    if quiet:
        return
    if dataset.remark:
        echo(f"{safe(dataset.source.label)}: {dataset.remark}", err=True)
    for sentence in dataset.remarks:
        echo(sentence, err=True)
