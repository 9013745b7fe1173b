"""Settings that fit the size of the data, where a person has given none, told on stderr."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from lrtui.core.config import Config
from lrtui.core.config.proposal import fitted, leaves_open, proposal_text
from lrtui.tui.cli.printing import echo

if TYPE_CHECKING:
    from lrtui.datasets.preparing.problem import Problem


def with_proposed(problem: Problem, config: Config, given: Iterable[str], *, quiet: bool = False) -> Config:
    """The config as it is proposed for the size of the data, unless how to train was ``given``."""
    from lrtui.core.training.problem import size_of  # NumPy

    size = size_of(problem)
    found = fitted(config, size) if leaves_open(given) else config
    if found != config and not quiet:
        echo(f"for {size.rows:,} rows: {proposal_text(found)}", err=True)
    return found
