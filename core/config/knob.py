"""What is said of a hyperparameter at its field, and how its values are gone through in a sweep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lrtui.core.config.idle import Idle, never
from lrtui.core.config.steps import CHOICES, StepRule


@dataclass(frozen=True)
class SweepRule:
    """How the values of a hyperparameter are gone through.

    Attributes:
        steps: rungs to either side of the present value, at the most; fewer where each one costs more.
        from_zero: where to look, in decades, from 0: the first rungs above it are too small to matter.
        without: choices that are only gone through where they are the present one.
        refused: why there is no use in comparing its values.
    """

    steps: int = 12
    from_zero: range | None = None
    without: tuple[Any, ...] = ()
    refused: str = ""


@dataclass(frozen=True)
class Knob:
    """How a hyperparameter is named, explained and stepped, and what depends on it.

    Attributes:
        step: which value comes next; of a field that takes a few words, the next of them.
        live: it changes in a run that goes on, from its next epoch; the others at the next start.
        prepares: the rows and features of a problem depend on it: configs that agree in these share one.
        weighs: what the rows weigh in the loss depends on it.
        steers: the way of a run through the weights depends on it, and so do suggestions.
        batched: configs that differ in it can be trained together.
        sweep: how its values are gone through.
        idle: beside which values of other fields it does nothing.
        two_classes: it means nothing where there are more classes.
    """

    label: str
    help: str
    step: StepRule = CHOICES
    live: bool = False
    prepares: bool = False
    weighs: bool = False
    steers: bool = False
    batched: bool = False
    sweep: SweepRule = SweepRule()
    idle: Idle = never
    two_classes: bool = False
