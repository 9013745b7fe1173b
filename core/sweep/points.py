"""What came of each point of a sweep, and what it says about the learning rate. No torch in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import inf, isfinite
from typing import Any

from lrtui.core.config import Config
from lrtui.core.sweep.plan import Axis
from lrtui.core.training.measurement import Measurement
from lrtui.core.training.stable_rate import QUIET, Smoothness, has_theory

WITHIN = 0.01  # of the best final loss is as good as the best
TREMBLING = 2 * QUIET  # nats: the last of a run at a suggested rate lies so far off by noise alone
UNSEEN = 0.01  # nats: a difference that changes hardly any prediction


class Zone(StrEnum):
    """Where a point stands among the others."""

    WAITING = "waiting"
    GOOD = "good"
    SLOWER = "slower"
    UNSTABLE = "unstable"
    WORSE = "worse"


@dataclass(frozen=True)
class Point:
    """One config of a sweep. ``epoch`` is how far it is; ``measured`` is how it stands there."""

    values: dict[str, Any]
    epoch: int = 0
    done: bool = False
    diverged_at: int | None = None
    measured: Measurement | None = None
    zone: Zone = Zone.WAITING

    @property
    def loss(self) -> float | None:
        """Training loss, where it is a finite number."""
        if self.measured is None or self.diverged_at is not None:
            return None
        return self.measured.train_loss if isfinite(self.measured.train_loss) else None

    @property
    def one_label(self) -> bool:
        """Whether nearly every test row gets the same label, though they hold both."""
        return self.measured is not None and self.measured.one_label

    def to_dict(self) -> dict[str, Any]:
        """For the store."""
        told = {name: value for name, value in vars(self).items() if name != "zone"}
        return told | {"measured": None if self.measured is None else self.measured.to_json()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Point:
        """The point that ``to_dict`` told, without its zone."""
        measured = None if data["measured"] is None else Measurement.from_json(data["measured"])
        return cls(data["values"], data["epoch"], data["done"], data["diverged_at"], measured)


def best(points: Sequence[Point]) -> Point | None:
    """The point with the lowest training loss; of equals, the first."""
    known = [point for point in points if point.loss is not None]
    return min(known, key=lambda point: point.loss or 0.0, default=None)


def zoned(points: Sequence[Point], axes: Sequence[Axis], limit: float | None = None) -> list[Point]:
    """The points with their zones.

    Good is a final loss within 1 % or 0.01 nats of the best. Of the others, those whose loss is no finite
    number are unstable. Along a learning rate, those below every good one are slower, and those above are
    unstable: their updates overshoot. Up to a ``limit`` that theory calls stable or safe they do not, and
    are worse by the noise of their batches alone. Along anything else they are worse.
    """
    top = best(points)
    enough = None if top is None or top.loss is None else max(top.loss * (1 + WITHIN), top.loss + UNSEEN)
    good = [p for p in points if p.loss is not None and enough is not None and p.loss <= enough]
    as_good = {id(point) for point in good}
    by_rate = [axis.field for axis in axes] == ["lr"]
    lowest = min((p.values["lr"] for p in good), default=0.0) if by_rate else 0.0

    def zone(point: Point) -> Zone:
        if point.measured is None:
            return Zone.WAITING
        if id(point) in as_good:
            return Zone.GOOD
        if point.loss is None:
            return Zone.UNSTABLE
        if by_rate and point.values["lr"] < lowest:
            return Zone.SLOWER
        settles = limit is not None and point.values.get("lr", 0.0) <= limit
        return Zone.UNSTABLE if by_rate and not settles else Zone.WORSE

    return [replace(point, zone=zone(point)) for point in points]


def suggested_rate(points: Sequence[Point], found: Smoothness | None, config: Config) -> float | None:
    """The learning rate of a sweep to take: the one that is suggested before any trial, or less.

    Of those up to it the largest that did as well as any, but for the noise of batches. ``found`` are the
    constants of the problem; before they are known nothing is suggested. Where theory is silent on the
    optimizer of ``config``, experiment speaks alone.
    """
    if not has_theory(config):
        return largest_good(points)
    most = None if found is None else found.suggested(config)
    return None if most is None else largest_good(points, most, TREMBLING)


def largest_good(points: Sequence[Point], most: float = inf, nats: float = 0.0) -> float | None:
    """The largest learning rate whose final loss is within 1 %, or so many nats, of the best.

    Of the points that are done, and of those whose learning rate is at most ``most``.
    """
    points = [point for point in points if point.done and point.values.get("lr", inf) <= most]
    top = best(points)
    if top is None or top.loss is None:
        return None
    enough = max(top.loss * (1 + WITHIN), top.loss + nats)
    rates = [p.values["lr"] for p in points if "lr" in p.values and p.loss is not None and p.loss <= enough]
    return float(max(rates)) if rates else None
