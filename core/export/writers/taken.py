"""A run on its way out, as those who write it see it."""

from __future__ import annotations

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
        path: where the file will be, by which the lines that use it call it, too.
        draft: where it is written until it is whole.
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
