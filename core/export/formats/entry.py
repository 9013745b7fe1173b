"""What a format of exports tells of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lrtui.core.export.recipe import Recipe, recipe_of
from lrtui.core.export.trained import TrainedModel, trained_model
from lrtui.core.store import Run, Store
from lrtui.datasets.progress import NOBODY, Progress


@dataclass(frozen=True)
class Taken:
    """A run on its way out.

    Attributes:
        path: where the file will be. draft: where it is written until it is whole.
    """

    store: Store
    run: Run
    path: Path
    draft: Path
    watch: Progress = NOBODY

    @cached_property
    def model(self) -> TrainedModel:
        """What it learned.

        Raises:
            ExportError: it learned nothing that could be used.
        """
        return trained_model(self.store, self.run, self.watch)

    @cached_property
    def recipe(self) -> Recipe:
        """The same step by step, for programs that know nothing of lrtui."""
        return recipe_of(self.model)


@dataclass(frozen=True)
class ExportFormat:
    """One format.

    Attributes:
        name: what ``lrtui export`` takes. does: what it is, for lists. place: its place in lists.
        suffixes: of names of files, the usual one first; what others mean is refused.
        write: fills the draft, and says how it is used, in lines for a person.
        scripts: whether a watched script can be taken away so. called: what stands in the usual name of a
            file, where that is not the name of the format.
    """

    name: str
    does: str
    place: int
    suffixes: tuple[str, ...]
    write: Callable[[Taken], str]
    scripts: bool = False
    called: str = ""

    @property
    def stem(self) -> str:
        """What stands in the usual name of a file."""
        return self.called or self.name
