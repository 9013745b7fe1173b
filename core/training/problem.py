"""The problem that a config makes of a dataset. No torch in here."""

from __future__ import annotations

from typing import Any

from lrtui.core.config import Config, fields_that
from lrtui.core.config.proposal import Size
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.peers import ALONE, Peers
from lrtui.datasets.preparing.prepare import prepare
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress

PREPARING = fields_that(lambda knob: knob.prepares)


def problem_of(
    dataset: Dataset,
    config: Config,
    *,
    single: bool = True,
    watch: Progress = NOBODY,
    peers: Peers = ALONE,
) -> Problem:
    """Split, filled in, scaled and expanded as the config says; in float32 unless ``single`` is false.

    Of ``peers`` each gets its share.

    Raises:
        DatasetError: it cannot be made so. Cancelled: the watcher says so.
    """
    asked: dict[str, Any] = {field: getattr(config, field) for field in PREPARING}
    return prepare(dataset, **asked, single=single, watch=watch, peers=peers)


def size_of(problem: Problem) -> Size:
    """How large a problem is."""
    columns = problem.X_train.shape[1]
    return Size(problem.rows, int(problem.train_counts.sum()), columns, problem.classes)


def problem_key(config: Config) -> tuple[object, ...]:
    """What a problem depends on: configs with the same key share one."""
    return tuple(getattr(config, field) for field in PREPARING)
