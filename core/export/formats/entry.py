"""What a format of exports tells of itself. Neither NumPy, polars nor torch in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lrtui.datasets.reading.formats.entry import imported


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        name: what ``lrtui export`` takes. does: what it is, for lists. place: its place in lists.
        suffixes: of names of files, the usual one first; what others mean is refused.
        write: fills the draft of a ``Taken`` (``core/export/writers/taken.py``), and says in lines for a
            person how it is used. What is heavy is imported when it is called (``written_by``).
        scripts: whether a watched script can be taken away so. called: what stands in the usual name of a
            file, where that is not the name of the format.
    """

    name: str
    does: str
    place: int
    suffixes: tuple[str, ...]
    write: Callable[..., str]
    scripts: bool = False
    called: str = ""

    @property
    def stem(self) -> str:
        """What stands in the usual name of a file."""
        return self.called or self.name


def written_by(function: str) -> Callable[..., Any]:
    """A function of ``core/export/writers``, imported when it is called."""
    return imported(f"lrtui.core.export.writers.{function}")
