"""Published diagnosers re-implemented for one linear layer and a sigmoid, and what each would answer.

A rival tells symptoms. Each symptom stands for the set of our causes that its advice would heal, and is
counted as right where the injected cause is in the set: more generous than one name to a symptom.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from lrtui.datasets.errors import DatasetError
from tests.benchmarks.doctor.records import Setup
from tests.benchmarks.doctor.rivals.autotrainer import autotrainer
from tests.benchmarks.doctor.rivals.deepdiagnosis import deepdiagnosis
from tests.benchmarks.doctor.rivals.history import History, Symptoms, record
from tests.benchmarks.doctor.rivals.umlaut import umlaut

RULES: dict[str, Callable[[History], Symptoms]] = {
    "UMLAUT": umlaut,
    "AutoTrainer": autotrainer,
    "DeepDiagnosis": deepdiagnosis,
}


def rival(name: str, setup: Setup) -> Symptoms:
    """What a rival says of a run; of data that cannot be trained on, that it holds no numbers."""
    if setup.target_values:  # what a file holds, they see as it is
        setup = setup.on(y=np.array(setup.target_values).astype(np.int8))
    try:
        history = record(setup)
    except DatasetError:
        return (("non-finite",),)
    return RULES[name](history)
