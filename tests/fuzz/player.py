"""Plays sequences in this process: thousands of events a minute."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Self

import torch

from tests.fuzz.failures import Failure
from tests.fuzz.sequences import Sequence, Step
from tests.fuzz.session import Session
from tests.fuzz.watchdog import Watchdog
from tests.fuzz.world import World


class Player:
    """A world in a folder, and sessions in it."""

    def __init__(self, folder: Path) -> None:
        torch.set_num_threads(1)
        self.watchdog = Watchdog()
        self._world = World(folder)
        self._session = Session(self._world, self.watchdog)

    def __enter__(self) -> Self:
        self.watchdog.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        self.watchdog.__exit__()
        self._world.close()

    def play(self, sequence: Sequence) -> Failure | None:
        """The first failure, if there is one."""
        return self._session.play(sequence.start, sequence.steps)

    @property
    def events(self) -> int:
        """Of the last sequence, as far as it was played."""
        return self._session.events

    @property
    def done(self) -> list[Step]:
        """The steps of the last sequence, as far as it was played."""
        return self._session.done

    @property
    def seen(self) -> Counter[str]:
        """How many packets each screen met."""
        return self._session.seen
