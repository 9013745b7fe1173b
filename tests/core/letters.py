"""Diagnoses as tests need them, and doctors that say what they are told to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lrtui.core.config import Config
from lrtui.core.doctor.diagnosis import Diagnosis, Finding, Health, RuledOut, Scores
from lrtui.core.doctor.outcome import Outcome
from lrtui.datasets.dataset import Dataset
from lrtui.datasets.preparing.problem import Problem

BEFORE = Scores(21.3, 22.0, 0.37, 0.5, 0.71, 1.0)
AFTER = Scores(0.074, 0.081, 0.965, 0.96, 0.99, 0.61)
REFERENCE = Scores(0.065, 0.083, 0.96, 0.96, 0.99, 0.6)
UNSCALED = Finding(
    cause="unscaled",
    title="Unscaled features",
    sentence="The features reach from 0.001 to 4,254, so no learning rate suits all of them.",
    evidence={"condition_number": 1.2e8, "lr_over_stable": 4.2e4},
    fix={"scaling": "standard"},
    proved=True,
    closure=1.0,
    trial=AFTER,
    remark="after 1/20 of the epochs",
)


def letter(status: Health = Health.SICK, **values: Any) -> Diagnosis:
    """A letter about a run whose features were not scaled; ``values`` differ."""
    sick = status in (Health.SICK, Health.IMPROVABLE)
    found: dict[str, Any] = {
        "status": status,
        "verdict": "Nothing is scaled, so every row gets one label." if sick else f"It is {status}.",
        "single_label": True,
        "majority_label": "1",
        "majority_share": 1.0,
        "findings": (UNSCALED,) if sick else (),
        "ruled_out": (RuledOut("bad-init", "zeros end at the same loss"),),
        "fix": {"scaling": "standard"} if sick else None,
        "before": BEFORE,
        "after": AFTER if sick else None,
        "reference": REFERENCE,
        "seconds": 0.7,
        "notes": ("Measured on 455 rows.",),
    }
    return Diagnosis(**{**found, **values})


def two_changes() -> Diagnosis:
    """A letter about a run with two things wrong."""
    rate = replace(UNSCALED, cause="lr-too-high", title="Learning rate too high", fix={"lr": 0.05})
    return letter(findings=(UNSCALED, rate), fix={"scaling": "standard", "lr": 0.05})


class Says:
    """A doctor who always says the same, and remembers whom it was told of."""

    def __init__(self, diagnosis: Diagnosis | Exception, glance: Diagnosis | None = None) -> None:
        self.diagnosis = diagnosis
        self.at_first_glance = glance or letter(Health.CANNOT_TELL)
        self.outcomes: list[Outcome | None] = []
        self.configs: list[Config] = []
        self.glances: list[Outcome] = []

    def diagnose(
        self,
        dataset: Dataset,
        config: Config,
        *,
        outcome: Outcome | None,
        go_on: Callable[[], bool],
        tell: Callable[[int, float], None],
    ) -> Diagnosis:
        tell(3, 0.25)
        self.outcomes.append(outcome)
        self.configs.append(config)
        if isinstance(self.diagnosis, Exception):
            raise self.diagnosis
        return self.diagnosis

    def glance(self, problem: Problem, config: Config, outcome: Outcome) -> Diagnosis:
        self.glances.append(outcome)
        return self.at_first_glance


class TakesItsTime(Says):
    """A doctor who looks for as long as it may, until it is let ``finish``."""

    finish = False

    def diagnose(
        self,
        dataset: Dataset,
        config: Config,
        *,
        outcome: Outcome | None,
        go_on: Callable[[], bool],
        tell: Callable[[int, float], None],
    ) -> Diagnosis:
        found = super().diagnose(dataset, config, outcome=outcome, go_on=go_on, tell=tell)
        while not self.finish:
            if not go_on():
                raise InterruptedError
            time.sleep(0.001)
        return found
