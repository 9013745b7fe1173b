"""The rows of one rank: read and prepared together with all others."""

from __future__ import annotations

from lrtui.core.config import Config
from lrtui.core.training.problem import problem_of
from lrtui.core.training.ranks import Ranks
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.loading import load
from lrtui.datasets.preparing.problem import Problem
from lrtui.datasets.progress import NOBODY, Progress
from lrtui.datasets.source import Source


def load_share(
    ranks: Ranks, source: Source, config: Config, watch: Progress = NOBODY
) -> tuple[Dataset, Problem]:
    """The dataset, of which each rank reads its share where it is large; and this rank's part of a problem.

    Rank 0 leads.

    Raises:
        DatasetError: it cannot be had or be made so.
    """
    ranks.lead("load", source=source, config=config)
    dataset = load(source, watch, ranks)
    return dataset, problem_of(dataset, config, watch=watch, peers=ranks)
