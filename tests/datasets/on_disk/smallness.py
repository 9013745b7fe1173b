"""Small files that are treated as if they were too large for memory."""

from __future__ import annotations

import pytest

from lrtui.datasets import loading
from lrtui.datasets.ingest import one_pass
from lrtui.datasets.preparing import on_disk
from lrtui.datasets.reading import scanning
from lrtui.datasets.storage import block_shuffle


def everything_is_large(patch: pytest.MonkeyPatch, *, shuffled: int) -> None:
    """Every file is streamed; pieces, blocks (of so many numbers) and first rows are few."""
    patch.setattr(loading, "LARGE_BYTES", 0)
    patch.setattr(scanning, "HEAD", 100)
    patch.setattr(scanning, "FEWEST", 100)
    patch.setattr(one_pass, "BATCH", 64)
    patch.setattr(block_shuffle, "NUMBERS", shuffled)
    patch.setattr(on_disk, "NUMBERS", 300)
