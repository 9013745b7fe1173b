"""What a person should know of a table before it is trained on, said once on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrtui.datasets.text import safe
from lrtui.tui.cli.printing import echo

if TYPE_CHECKING:
    from lrtui.datasets.dataset import Dataset


def tell(dataset: Dataset, *, quiet: bool = False) -> None:
    """Missing cells, what is left out, and what was found out in reading; nothing where all is plain."""
    if quiet:
        return
    if dataset.remark:
        echo(f"{safe(dataset.source.label)}: {dataset.remark}", err=True)
    for sentence in dataset.remarks:
        echo(sentence, err=True)
