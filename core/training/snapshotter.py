"""When a run is looked at, and what is seen: snapshots, kept until somebody fetches them."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from lrtui.core.training.design import Part
from lrtui.core.training.losses import Loss
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.metrics import measure
from lrtui.core.training.ranks import ALONE, Ranks
from lrtui.core.training.scoring import WeightsAt

CHEAP = 0.005  # seconds: looks that cost less are taken at fixed epochs
DENSE, GROWTH = 50, 1.055  # every epoch at the start, then ever farther apart
SHARE = 0.03  # of the training time may go into dearer ones
FIRST_GUESS = 1e-7  # seconds that a look takes a row, until one was taken


@dataclass(frozen=True)
class Snapshot:
    """What was measured at an epoch, with the weights in the order of the features.

    Of K > 2 classes ``weights`` are those of the first class and its bias, then those of the next, up to
    the last bias, which is ``bias``: so both together are always θ, row after row.
    """

    measurement: Measurement
    weights: tuple[float, ...]
    bias: float


class Snapshotter:
    """Notes the weights when it is time; measures them together when they are fetched."""

    def __init__(self, loss: Loss, train: Part, test: Part, ranks: Ranks = ALONE) -> None:
        self.due = 0  # the next epoch at which to look
        self._loss = loss
        self._train, self._test, self._ranks = train, test, ranks
        self._noted: list[WeightsAt] = []
        self._each = FIRST_GUESS * (train.rows + test.rows)  # seconds that a look takes
        self._spent = 0.0  # and that all took

    def pass_by(self, mark: WeightsAt, trained: float, *, last: bool) -> None:
        """Note an epoch that was due, after so many seconds of training; the last one in any case.

        On large data a look costs as much as some epochs: then it waits until it is but a small share.
        """
        self.due = next_snapshot(mark.epoch)
        dear = self._spent + self._each * (len(self._noted) + 1)
        if last or self._each < CHEAP or dear <= SHARE * trained:
            self._noted.append(mark)

    def take_up(self, epoch: int) -> None:
        """Go on after an epoch that has been looked at."""
        self.due = next_snapshot(epoch)
        self._noted = []

    def take_over(self, other: Snapshotter) -> None:
        """What another has noted is to be measured here, wherever its weights lie."""
        device = self._train.X.device
        self._noted = [replace(mark, theta=mark.theta.to(device)) for mark in other._noted]

    def fetch(self) -> list[Snapshot]:
        """What was seen since the last time."""
        noted = self._noted
        if not noted:
            return []
        started = time.perf_counter()
        found = self.look(noted)
        self._noted = []  # not before: where there is no memory to look, somebody else does
        took = time.perf_counter() - started
        self._each, self._spent = took / len(noted), self._spent + took
        return found

    def look(self, marks: list[WeightsAt], *, exact: bool = True) -> list[Snapshot]:
        """Measure some weights; ``exact`` as in ``measure``."""
        self._ranks.lead("look", marks=marks)
        measured = measure(self._loss, marks, self._train, self._test, exact=exact, ranks=self._ranks)
        found = []
        for measurement, mark in zip(measured, marks, strict=True):
            *weights, bias = mark.theta.flatten().tolist()
            found.append(Snapshot(measurement, tuple(weights), bias))
        return found


def next_snapshot(epoch: int) -> int:
    """The first epoch after ``epoch`` at which a snapshot is kept.

    Every epoch up to 50, then 5.5 % apart: 278 up to 10,000,000, whatever the length of the run.
    """
    due = DENSE
    if epoch < DENSE:
        return epoch + 1
    while due <= epoch:
        due = int(due * GROWTH) + 1
    return due
