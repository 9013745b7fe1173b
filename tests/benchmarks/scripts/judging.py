"""Whether an answer is right, and whether its patch heals."""

from __future__ import annotations

from tests.benchmarks.scripts.case import Case
from tests.benchmarks.scripts.gates import loss_is_high, worse
from tests.benchmarks.scripts.measuring import Measured
from tests.benchmarks.scripts.watching import Answer

NEARLY = 0.03  # of accuracy: as near to the twin's a healed script must come
EXACTLY = 0.01  # where only the count was wrong
SOUND = ("healthy", "cannot-tell")


def strict(case: Case, answer: Answer) -> bool:
    """Whether the first finding is the cause."""
    return bool(answer.causes) and answer.causes[0] in (case.group, *case.also)


def loose(case: Case, answer: Answer) -> bool:
    """Whether any finding is."""
    return bool({case.group, *case.also} & set(answer.causes))


def alarm(answer: Answer) -> bool:
    """Whether a healthy script is called ill."""
    return bool(answer.causes) or answer.status not in SOUND


def heals(case: Case, sick: Measured, twin: Measured, found: Measured) -> bool:
    """Whether a patched script is as well as the twin, on every count on which the sick one was not."""
    if found.error or found.accuracy is None or not 0 <= found.accuracy <= 1:
        return False
    if case.gate == "metric":
        return abs(found.accuracy - (twin.accuracy or 0)) <= EXACTLY
    if worse(found, twin, NEARLY):
        return False
    by_accuracy = worse(sick, twin) and case.gate != "loss"
    return by_accuracy or not loss_is_high(found, twin)
