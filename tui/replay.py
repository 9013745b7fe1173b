"""A stored run as it went: its losses, measurements and changes, by a clock of its own.

The store keeps how long a run trained in all, and not when each epoch was done: a replay gives every epoch
the same time. What it shows lies in memory from its start on, and nothing is written.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_right
from dataclasses import replace
from functools import partial
from math import inf, isfinite

from lrtui.core.config import Config, changed
from lrtui.core.errors import LrtuiError, StoreError, UnreadableError
from lrtui.core.store import LossChunk, Run, Status, Store
from lrtui.core.store.reading import attempted
from lrtui.core.store.run_rows import measurement_of
from lrtui.core.store.scripts import Progress
from lrtui.datasets.text import quote
from lrtui.tui.plots.curve import Curve
from lrtui.tui.run_curve import WHOLE_LIMIT

clock = time.monotonic
UNSEEN_SECONDS = 3.0  # after the end
SECONDS = 10.0  # that a replay lasts where no speed is asked for
SLOWEST, FASTEST = 0.001, 100_000.0
PRINTED = "(What it printed stands here at the end: when it did is not kept.)"
STEPS = 20  # of ← and → from one end to the other


def speed_of(text: str) -> float:
    """How many times as fast as it went: ``10x``, ``0.5`` or ``×3``.

    Raises:
        StoreError: that is no such number.
    """
    found = re.fullmatch(r"[x×]?\s*([0-9.,e+-]+)\s*[x×]?", text.strip().lower())
    try:
        speed = float(found[1].replace(",", "")) if found else inf
    except ValueError:
        speed = inf
    if not SLOWEST <= speed <= FASTEST:
        raise StoreError(
            f"{quote(text)} is no speed of a replay.",
            f"Give one from {SLOWEST:g}x to {FASTEST:,.0f}x, such as 10x.",
        )
    return speed


def check_replayable(run: Run) -> None:
    """See that there is something to be replayed.

    Raises:
        StoreError: nothing of the run was trained, it goes on, or it cannot be read.
    """
    if run.status is Status.UNREADABLE and run.failure is not None:
        raise UnreadableError(run.failure.what, run.failure.fix)
    if run.status.live:
        raise StoreError(
            f"Run {run.id} is {run.status}, and has not come to its end.",
            "Replay it once it has ended or was stopped.",
        )
    if run.epoch < 1:
        raise StoreError(
            f"Nothing of run {run.id} was trained, so there is nothing to replay.",
            "lrtui runs lists what was trained.",
        )


class Replay:
    """A run up to the epoch that its replay has come to.

    Attributes:
        speed: how many times as fast as it went. playing: it goes on, and is not held.
        over: it has come to the end; what is to be seen then is the run as it is.
        run: the run as it stood. curve, test, changes, script: what had come of it, as in ``RunView``.
    """

    def __init__(self, store: Store, run: Run, speed: float | None = None) -> None:
        """Without ``speed`` it lasts ten seconds.

        Raises:
            StoreError: there is nothing to replay yet.
        """
        check_replayable(run)
        self._whole = run
        self._seconds = run.seconds if isfinite(run.seconds) and run.seconds > 0 else SECONDS
        self.speed = speed or self._seconds / SECONDS
        long = run.epoch > WHOLE_LIMIT
        self._losses = store.losses.summary(run.id) if long else store.losses.read(run.id)
        found = (
            attempted(partial(measurement_of, row.measurement)) for row in store.history.snapshots(run.id)
        )
        self._measured = [one for one in found if one is not None]
        self._changes = store.history.changes(run.id)
        script = store.scripts.get(run.id) if run.watched else None
        self.script = None if script is None else replace(script, progress=Progress(), output=(PRINTED,))
        self._at, self._looked = 0.0, clock()
        self.playing, self.over, self._ended = True, False, 0.0
        self._begin()
        self._unroll()

    @property
    def just_over(self) -> bool:
        """Whether it came to its end so lately that somebody may not have seen it."""
        return self.over and clock() - self._ended < UNSEEN_SECONDS

    @property
    def share(self) -> float:
        """How much of the run is shown."""
        return self.epoch / self._whole.epoch

    def look(self) -> None:
        """Go on by as much time as has passed."""
        now = clock()
        if self.playing and not self.over:
            self._at += (now - self._looked) * self.speed * self._whole.epoch / self._seconds
        self._looked = now
        self._unroll()

    def turn(self) -> None:
        """Hold, or go on."""
        self.playing = not self.playing

    def step(self, by: int) -> None:
        """Go so many epochs on, or back, and hold."""
        self.playing = False
        self._go_to(self.epoch + by)

    def walk(self, by: int) -> None:
        """Go so many twentieths on, or back."""
        self._go_to(self.epoch + by * max(self._whole.epoch // STEPS, 1))

    def restart(self) -> None:
        """From the beginning."""
        self.playing = True
        self._go_to(0)

    def end(self) -> None:
        """To the end at once."""
        self._go_to(self._whole.epoch)

    def _go_to(self, epoch: int) -> None:
        self._at = float(max(epoch, 0))
        if self._at < self.epoch:
            self._begin()
        self._unroll()

    def _begin(self) -> None:
        self.epoch, self._used = -1, 0  # of the chunks
        self.curve = Curve()

    def _unroll(self) -> None:
        """What had come of the run until this epoch."""
        epoch = min(int(self._at), self._whole.epoch)
        if not self.over and epoch == self._whole.epoch:
            self.over, self._ended = True, clock()
        if epoch == self.epoch:
            return
        self._extend(max(self.epoch, 0), epoch)
        self.epoch = epoch
        seen = bisect_right(self._measured, epoch, key=lambda one: one.epoch)
        self.test = [(one.epoch, one.test_loss) for one in self._measured[:seen]]
        self.measurement = self._measured[seen - 1] if seen else None
        self.changes = [one for one in self._changes if one.epoch <= epoch]
        whole, diverged = self._whole, self._whole.diverged_at
        self.run = replace(
            whole,
            config=self._config(epoch),
            status=Status.STOPPED,  # nothing trains, and no key can take it up
            owner=None,
            ended=None,
            epoch=epoch,
            seconds=whole.seconds * epoch / whole.epoch,
            diverged_at=diverged if diverged is not None and diverged <= epoch else None,
            measured=None,
            failure=None,
            has_state=False,
        )

    def _extend(self, before: int, epoch: int) -> None:
        for chunk in self._losses[self._used :]:
            if chunk.first_epoch > epoch:
                return
            if not chunk.values:
                if chunk.first_epoch + chunk.count - 1 > epoch:  # of which only the extremes are known
                    return
                self.curve.extend_summary(chunk.first_epoch, chunk.count, chunk.lowest, chunk.highest)
                self._used += 1
                continue
            self._extend_part(chunk, before, epoch)
            if chunk.first_epoch + chunk.count - 1 <= epoch:
                self._used += 1

    def _extend_part(self, chunk: LossChunk, before: int, epoch: int) -> None:
        start = max(before + 1 - chunk.first_epoch, 0)
        self.curve.extend(chunk.first_epoch + start, chunk.values[start : epoch + 1 - chunk.first_epoch])

    def _config(self, epoch: int) -> Config:
        """The hyperparameters as they stood: what was changed later is taken back."""
        config = self._whole.config
        for one in reversed(self._changes):
            if one.epoch > epoch:
                try:
                    config = changed(config, **{one.field: one.old})
                except LrtuiError:  # of a damaged row
                    continue
        return config
