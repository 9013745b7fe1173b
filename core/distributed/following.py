"""What every rank but the first does: what that one says comes now, with rows of its own."""

from __future__ import annotations

from typing import Any

from lrtui.core.distributed.data import load_share
from lrtui.core.training.device import use_threads
from lrtui.core.training.ranks import Ranks
from lrtui.core.training.trainer import Trainer
from lrtui.datasets.preparing.problem import Problem

END = "end"


class Follower:
    """A trainer with the weights that rank 0 has, and with some of the rows; it is told what to do."""

    def __init__(self, ranks: Ranks) -> None:
        self._ranks = ranks
        self._problem: Problem | None = None
        self.trainer: Trainer | None = None

    def follow(self, what: str, details: dict[str, Any]) -> None:
        """Do what rank 0 does this moment."""
        if what == "load":
            _, self._problem = load_share(self._ranks, **details)
        elif what == "begin" and self._problem is not None:
            self.trainer = Trainer(self._problem, ranks=self._ranks, **details)
            use_threads(self.trainer.threads)
        elif self.trainer is not None:
            self.trainer.follow(what, **details)
        else:
            raise ValueError(f"{what} was said before there was anything to do it with")
