"""What a benchmark case is made of, and what becomes of it: plain records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from lrtui.core.config import Config, changed
from lrtui.datasets.dataset import Dataset

Half = Literal["tuning", "apart"]
Random = np.random.Generator


@dataclass(frozen=True)
class Setup:
    """A dataset and the config of a run on it; a file instead where the fault lies in how it is read."""

    dataset: Dataset
    config: Config
    target_values: tuple[float, ...] = ()  # written to a CSV file in place of the labels

    def having(self, **values: Any) -> Setup:
        """The same with other hyperparameters."""
        return replace(self, config=changed(self.config, **values))

    def on(self, **values: Any) -> Setup:
        """The same with a dataset that differs in these fields."""
        return replace(self, dataset=replace(self.dataset, **values))


class Same:
    """A setup as a key: the very same dataset, and an equal config. (Arrays have no hash.)"""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup

    def __hash__(self) -> int:
        return hash((id(self.setup.dataset), self.setup.config))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Same):
            return NotImplemented
        same_data = other.setup.dataset is self.setup.dataset
        return same_data and other.setup.config == self.setup.config


@dataclass(frozen=True)
class Material:
    """A dataset to work on, and the settings that it needs beside the defaults to be learned well."""

    name: str
    make: Callable[[int], Dataset]
    base: dict[str, Any] = field(default_factory=dict)


def names(group: tuple[Material, ...]) -> tuple[str, ...]:
    """The names of a group."""
    return tuple(material.name for material in group)


Step = Callable[[Setup, int, Random], Setup]


def unchanged(setup: Setup, level: int, random: Random) -> Setup:
    """A step that does nothing."""
    return setup


@dataclass(frozen=True)
class Fault:
    """A way to make a good run bad.

    Attributes:
        cause: id in the doctor's catalogue.
        levels: what each severity is, in words.
        inject: makes the unfaulted setup faulty, at a level.
        prepare: what the unfaulted setup itself must have for the fault to be the only one.
        materials: names of the datasets that it is injected into.
        gate: name of the rule by which a case counts (``gates.py``).
        also: ids of causes that are as right a name for it.
        repairable: whether a setting can heal it.
        seeds: how many seeds each dataset and level gets.
        where: levels that a dataset gets; all where it is not named.
    """

    cause: str
    levels: tuple[str, ...]
    inject: Step
    prepare: Step = unchanged
    materials: tuple[str, ...] = ()
    gate: str = "harm"
    also: tuple[str, ...] = ()
    repairable: bool = True
    seeds: int = 1
    where: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def levels_on(self, material: str) -> tuple[int, ...]:
        """The severities that a dataset gets."""
        return self.where.get(material, tuple(range(len(self.levels))))


@dataclass(frozen=True)
class Case:
    """One question to the doctor.

    Attributes:
        material: name of the dataset. faults: of the registry, with their levels; none for a control.
        control: kind of healthy run; empty for a faulty one.
    """

    material: str
    faults: tuple[tuple[str, int], ...]
    control: str
    seed: int
    half: Half

    @property
    def id(self) -> str:
        """Names the case for ``--case``."""
        what = "+".join(f"{name}:{level}" for name, level in self.faults) or f"healthy-{self.control}"
        return f"{self.material}/{what}/{self.seed}"


@dataclass(frozen=True)
class Level:
    """How good a model is on the test part: mean log-loss in nats and balanced accuracy."""

    loss: float
    balanced_accuracy: float


@dataclass(frozen=True)
class Goal:
    """The most that a repaired model may lose on a test row, and the least balanced accuracy."""

    loss: float
    balanced_accuracy: float

    def met_by(self, level: Level) -> bool:
        """Whether a level is no worse."""
        return level.loss <= self.loss + 1e-9 and level.balanced_accuracy >= self.balanced_accuracy - 1e-9
