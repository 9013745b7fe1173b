"""The problem that a config makes of a dataset. No torch in here."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.config.fields import PREPARED
from lrtui.datasets.dataset import Dataset, Problem
from lrtui.datasets.preparation import prepare
from lrtui.datasets.watching import NOBODY, Watch


def problem_of(dataset: Dataset, config: Config, *, single: bool = True, watch: Watch = NOBODY) -> Problem:
    """Split, filled in, scaled and expanded as the config says; in float32 unless ``single`` is false.

    Raises:
        DatasetError: it cannot be made so. Cancelled: the watcher says so.
    """
    return prepare(
        dataset,
        scaling=config.scaling,
        test_size=config.test_size,
        split_seed=config.split_seed,
        features=config.features,
        missing=config.missing,
        drop_columns=config.drop_columns,
        single=single,
        watch=watch,
    )


def problem_key(config: Config) -> tuple[object, ...]:
    """What a problem depends on: configs with the same key share one."""
    return tuple(getattr(config, field) for field in PREPARED)
