"""What a sweep goes through: one or two fields of the config, each with its values. No torch in here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import inf, log10
from typing import Any

from lrtui.core.config import Config, changed, idle_text, knob, parse_value, stepped
from lrtui.core.config.allowed import limits
from lrtui.core.config.steps import Cycle, Doubling, OneTwoFive, rung_below
from lrtui.core.errors import ConfigError
from lrtui.datasets.numbers import plain_whole
from lrtui.datasets.source import Source
from lrtui.datasets.text import quote

MOST = 2_000  # points
BEYOND = 10.0  # how far past a value of interest a sweep goes on
GRID_STEPS = 6  # the same where there are two fields


@dataclass(frozen=True)
class Axis:
    """A field and the values that it takes, in order."""

    field: str
    values: tuple[Any, ...]

    @property
    def numeric(self) -> bool:
        """Whether the values stand on a scale."""
        return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in self.values)

    @property
    def log(self) -> bool:
        """Whether steps along it multiply."""
        positive = self.numeric and all(v > 0 for v in self.values)
        return positive and multiplies(self.field)

    @property
    def scaled(self) -> bool:
        """Whether distances mean something: not from 0 to a value whose steps multiply."""
        return self.numeric and len(self.values) > 1 and (self.log or not multiplies(self.field))


@dataclass(frozen=True)
class SweepPlan:
    """A dataset, a config, and the one or two axes along which it is varied."""

    source: Source
    config: Config
    axes: tuple[Axis, ...]

    def points(self) -> list[dict[str, Any]]:
        """The values of every point; the last axis runs fastest."""
        names = [axis.field for axis in self.axes]
        return [
            dict(zip(names, values, strict=True))
            for values in product(*(axis.values for axis in self.axes))
        ]

    def configs(self) -> list[Config]:
        """The config of every point."""
        return [changed(self.config, **values) for values in self.points()]

    def check(self) -> None:
        """Raises ``ConfigError`` for a sweep that cannot be drawn or would not end."""
        if not 1 <= len(self.axes) <= 2:
            raise ConfigError(
                f"A sweep goes over one or two fields, not {len(self.axes)}.",
                "Give several values, such as 0.01:1:9 or 0.1,0.5, for one or two options.",
            )
        for axis in self.axes:
            check_swept(axis.field)
        count = len(self.points())
        if count > MOST:
            raise ConfigError(
                f"This sweep has {count:,} points; {MOST:,} are the most.", "Ask for fewer values."
            )
        for axis in self.axes:
            self._check_idle(axis.field)

    def _check_idle(self, name: str) -> None:
        """A field may do something beside some values of the other one; that is enough."""
        why = [idle_text(name, config) for config in self.configs()]
        if all(why):
            raise ConfigError(
                f"The {knob(name).label} {why[0]}, so there is nothing to sweep.", "Sweep another field."
            )

    def to_dict(self) -> dict[str, Any]:
        """For the store."""
        return {
            "source": self.source.to_dict(),
            "config": self.config.model_dump(),
            "axes": [[axis.field, list(axis.values)] for axis in self.axes],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> SweepPlan:
        """The plan that ``to_dict`` told."""
        axes = tuple(Axis(field, tuple(values)) for field, values in data["axes"])
        return cls(Source.from_dict(data["source"]), Config.model_validate(data["config"]), axes)


def multiplies(name: str) -> bool:
    """Whether the steps of a field multiply its value."""
    return isinstance(knob(name).step, (OneTwoFive, Doubling))


def check_swept(name: str) -> None:
    """Raises ``ConfigError`` for a field whose values there is no use in comparing."""
    found = knob(name)
    if why := found.sweep.refused:
        raise ConfigError(f"The {found.label} {why}, so there is nothing to sweep.", "Sweep another field.")


def idle_along(name: str, config: Config, first: str) -> str:
    """Why a field does nothing whatever another one is, or nothing where that depends."""
    why = [idle_text(name, changed(config, **{first: v})) for v in around(config, first, GRID_STEPS).values]
    return why[0] if all(why) else ""


def default_rates(limit: float | None) -> tuple[float, ...]:
    """Learning rates to look through when none are named: 25, from far below a limit to far above.

    Fewer at the ends of what the config takes. Each is a rung of the form, and so is the one that is
    suggested before anything is tried: it is among them.
    """
    known = limit is not None and 0 < limit < inf
    middle = min(rung_below(limit), 1e5) if limit is not None and known else Config().lr
    found = changed(Config(), lr=max(middle, 1e-12))
    below = [rate for rate in _walk(found, "lr", -1, 16, None) if rate > 0]
    return (*reversed(below), found.lr, *_walk(found, "lr", 1, 8, None))


def parse_values(name: str, text: str) -> tuple[Any, ...]:
    """The values that a person wrote: ``0.1``, ``none,standard``, or ``1e-5:10:64`` (from, to, how many).

    A range has equal steps, or equal factors where the field's own steps multiply.

    Raises:
        ConfigError: it is no list or range of values of this field.
    """
    if ":" in text:
        return _range(name, text)
    found = (
        [parse_value(name, part) for part in text.split(",")] if text.strip() else [parse_value(name, text)]
    )
    return tuple(dict.fromkeys(found))


def _range(name: str, text: str) -> tuple[Any, ...]:
    if limits(name) is None:
        raise ConfigError(
            f"The {knob(name).label} has no range: its values are words.",
            "List them, such as none,standard.",
        )
    try:
        first, last, many = text.split(":")
        count = plain_whole(many)
        if count is None:
            raise ValueError
        low, high = float(parse_value(name, first)), float(parse_value(name, last))
    except (ValueError, TypeError):
        raise ConfigError(
            f"{quote(text)} is no range for the {knob(name).label}.",
            "Write from:to:how many, such as 1e-5:10:64.",
        ) from None
    if not 2 <= count <= MOST:
        raise ConfigError(f"A range of {count:,} cannot be swept.", f"Ask for 2 to {MOST:,} values.")
    by_factors = multiplies(name)
    if by_factors and low * high <= 0:
        raise ConfigError(
            f"The {knob(name).label} goes by factors, and none leads from {quote(first)} to {quote(last)}.",
            "Begin above 0, or list the values one by one.",
        )
    return _steps(name, low, high, count, by_factors=by_factors)


def _steps(name: str, low: float, high: float, count: int, *, by_factors: bool) -> tuple[Any, ...]:
    whole = Config.model_fields[name].annotation is int
    found: list[Any] = []
    for i in range(count):
        part = i / (count - 1)
        if i in (0, count - 1):
            value = high if i else low
        elif by_factors:
            value = 10 ** (log10(low) + part * (log10(high) - log10(low)))
        else:
            value = low + part * (high - low)
        found.append(round(value) if whole else float(f"{value:.6g}"))
    return tuple(dict.fromkeys(found))


def around(config: Config, name: str, most: int | None = None, *, reach: float | None = None) -> Axis:
    """The field's own rungs to either side of its present value; all its choices where it has choices.

    ``most`` are the rungs to either side, if the field's own rule has not fewer. ``reach`` is a value that
    should lie well within, though it be far away.

    Raises:
        ConfigError: there is nothing to compare.
    """
    check_swept(name)
    rule, sweep = knob(name).step, knob(name).sweep
    present = getattr(config, name)
    if isinstance(rule, Cycle):
        values = rule.values if present in rule.values else (*rule.values, present)
        return Axis(name, tuple(v for v in values if v == present or v not in sweep.without))
    if isinstance(present, str):  # a word beside numbers, which has no place among them
        return Axis(name, (*around(stepped(config, name, 1), name, most).values, present))
    if present == 0 and sweep.from_zero is not None:
        return Axis(name, (0.0, *(float(f"1e{decade}") for decade in sweep.from_zero)))
    steps = sweep.steps if most is None else min(most, sweep.steps)
    low, high = (None, None) if reach is None else (reach / BEYOND, reach * BEYOND)
    below = _walk(config, name, -1, steps, low)
    above = _walk(config, name, 1, steps, high)
    return Axis(name, (*reversed(below), present, *above))


def plan_around(
    source: Source, config: Config, field: str, across: str | None = None, *, limit: float | None = None
) -> SweepPlan:
    """A sweep of a field, or of a second one ``across``, around a config.

    A sweep of the learning rate reaches past ``limit``, what theory says of it.

    Raises:
        ConfigError: there is nothing to compare.
    """
    if across is not None:
        return SweepPlan(
            source, config, (around(config, field, GRID_STEPS), around(config, across, GRID_STEPS))
        )
    return SweepPlan(source, config, (around(config, field, reach=limit if field == "lr" else None),))


def _walk(config: Config, name: str, direction: int, steps: int, reach: float | None) -> list[Any]:
    """So many rungs up or down, and on until ``reach`` is passed; to the limits of the field at most."""
    found: list[Any] = []
    value = getattr(config, name)
    while len(found) < steps or (reach is not None and value * direction < reach * direction):
        config = stepped(config, name, direction)
        if getattr(config, name) == value:
            break
        value = getattr(config, name)
        found.append(value)
    return found
