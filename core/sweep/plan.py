"""What a sweep goes through: one or two fields of the config, each with its values. No torch in here."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import log10
from typing import Any

from lrtui.core.config import Config, changed, knob, parse_value, stepped
from lrtui.core.config.fields import limits
from lrtui.core.config.steps import Cycle, Doubling, OneTwoFive
from lrtui.core.errors import ConfigError
from lrtui.datasets.source import Source

MOST = 2_000  # points
STEPS = 12  # rungs to either side of the present value
FEW_STEPS = {"epochs": 3, "batch_size": 6, "seed": 10, "split_seed": 10}  # where each one costs more
UNSWEPT = frozenset({"device", "stop_on_divergence"})


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
        return positive and isinstance(knob(self.field).step, (OneTwoFive, Doubling))


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
        count = len(self.points())
        if count > MOST:
            raise ConfigError(
                f"This sweep has {count:,} points; {MOST:,} are the most.", "Ask for fewer values."
            )

    def to_dict(self) -> dict[str, Any]:
        """For the store."""
        s = self.source
        return {
            "source": {"name": s.name, "target": s.target, "positive": s.positive},
            "config": self.config.model_dump(),
            "axes": [[axis.field, list(axis.values)] for axis in self.axes],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> SweepPlan:
        """The plan that ``to_dict`` told."""
        axes = tuple(Axis(field, tuple(values)) for field, values in data["axes"])
        return cls(Source(**data["source"]), Config.model_validate(data["config"]), axes)


def default_rates(limit: float | None) -> tuple[float, ...]:
    """Learning rates to look through when none are named: 25, from far below a limit to far above."""
    middle = limit if limit is not None and 0 < limit < 1e5 else 0.1
    high = min(middle * 1e2, 1e6)
    return _steps("lr", high / 1e6, high, 25, multiplies=True)


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
    if limits(name) is None and name != "init_bias":
        raise ConfigError(
            f"The {knob(name).label} has no range: its values are words.",
            "List them, such as none,standard.",
        )
    try:
        first, last, many = text.split(":")
        count = int(many)
        low, high = float(parse_value(name, first)), float(parse_value(name, last))
    except (ValueError, TypeError):
        raise ConfigError(
            f"{text!r} is no range for the {knob(name).label}.",
            "Write from:to:how many, such as 1e-5:10:64.",
        ) from None
    if not 2 <= count <= MOST:
        raise ConfigError(f"A range of {count:,} values cannot be swept.", f"Ask for 2 to {MOST:,} values.")
    multiplies = isinstance(knob(name).step, (OneTwoFive, Doubling))
    if multiplies and low * high <= 0:
        raise ConfigError(
            f"The {knob(name).label} goes by factors, and none leads from {first} to {last}.",
            "Begin above 0, or list the values, such as 0,0.01,0.1.",
        )
    return _steps(name, low, high, count, multiplies=multiplies)


def _steps(name: str, low: float, high: float, count: int, *, multiplies: bool) -> tuple[Any, ...]:
    whole = Config.model_fields[name].annotation is int
    found: list[Any] = []
    for i in range(count):
        part = i / (count - 1)
        if i in (0, count - 1):
            value = high if i else low
        elif multiplies:
            value = 10 ** (log10(low) + part * (log10(high) - log10(low)))
        else:
            value = low + part * (high - low)
        found.append(round(value) if whole else float(f"{value:.6g}"))
    return tuple(dict.fromkeys(found))


def around(config: Config, name: str) -> Axis:
    """The field's own rungs to either side of its present value; all its choices where it has choices."""
    rule = knob(name).step
    present = getattr(config, name)
    if isinstance(rule, Cycle):
        values = rule.values if present in rule.values else (*rule.values, present)
        return Axis(name, values)
    steps = FEW_STEPS.get(name, STEPS)
    below, above = _walk(config, name, -1, steps), _walk(config, name, 1, steps)
    return Axis(name, (*reversed(below), present, *above))


def _walk(config: Config, name: str, direction: int, steps: int) -> list[Any]:
    found: list[Any] = []
    for _ in range(steps):
        value = getattr(config, name)
        config = stepped(config, name, direction)
        if getattr(config, name) == value:
            break
        found.append(getattr(config, name))
    return found
