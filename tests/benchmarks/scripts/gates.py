"""Whether a case counts: a sick script must be sick, its repaired twin well, a healthy script learn."""

from __future__ import annotations

import math

from tests.benchmarks.scripts.measuring import Measured

CLEARLY = 0.05  # of accuracy
LEAST = 0.65  # accuracy of what has learned, unless a script says otherwise
LEAST_OF_LOSS = 0.58  # where rows are few and noisy, and the loss is what is looked at
LOSS_SHARE, LOSS_GAP = 0.15, 0.05  # nats: as much more than the twin's


def gate(kind: str, sick: Measured, twin: Measured | None) -> str:
    """Why a case is void; empty where it counts."""
    if kind == "nothing":
        return "" if sick.accuracy is not None and abs(sick.accuracy - 0.5) < 0.1 else "there is a signal"
    if twin is None or twin.error or twin.accuracy is None:
        return f"the repaired twin fails: {twin.error if twin else 'there is none'}"
    if not (LEAST if kind != "loss" else LEAST_OF_LOSS) <= twin.accuracy <= 1:
        return f"the repaired twin does not learn: {twin.accuracy:.3f}"
    judged = {"learns": _learns, "metric": _metric, "loss": _loss, "leak": _leak}[kind]
    return judged(sick, twin)


def _learns(sick: Measured, twin: Measured) -> str:
    if worse(sick, twin) or loss_is_high(sick, twin):
        return ""
    return f"it does no harm: {_told(sick)} against {_told(twin)}"


def worse(found: Measured, twin: Measured, by: float = CLEARLY) -> bool:
    """Whether a script died, counts pairs for rows, or is right for clearly fewer rows than its twin."""
    if found.accuracy is None or not 0 <= found.accuracy <= 1:
        return True
    return found.accuracy < (twin.accuracy or 0) - by


def _loss(sick: Measured, twin: Measured) -> str:
    return "" if loss_is_high(sick, twin) else f"the loss is as low: {_told(sick)} against {_told(twin)}"


def loss_is_high(found: Measured, twin: Measured) -> bool:
    """Whether the loss on test rows is clearly higher than the twin's; below 0 it is none."""
    if found.loss is None or twin.loss is None:
        return False
    high = found.loss > twin.loss + max(LOSS_GAP, LOSS_SHARE * abs(twin.loss))
    return math.isnan(found.loss) or found.loss < 0 or high


def _metric(sick: Measured, twin: Measured) -> str:
    """The model is the same; what is printed of it is not right."""
    if sick.accuracy is None or twin.accuracy is None:
        return "it prints no accuracy"
    apart = abs(sick.accuracy - twin.accuracy)
    return "" if apart >= 0.02 else f"it prints nearly what is right: {_told(sick)} against {_told(twin)}"


def _leak(sick: Measured, twin: Measured) -> str:
    high = sick.accuracy is not None and sick.accuracy > (twin.accuracy or 1) + CLEARLY
    return "" if high else f"no better with the leak: {_told(sick)} against {_told(twin)}"


def _told(found: Measured) -> str:
    accuracy = "none" if found.accuracy is None else f"{found.accuracy:.3f}"
    return accuracy if found.loss is None else f"{accuracy}, loss {found.loss:.3f}"


def learned(found: Measured, least: float = LEAST) -> str:
    """Why a healthy script is void; empty where it learns."""
    if found.error:
        return f"it fails: {found.error}"
    if found.accuracy is None or not least <= found.accuracy <= 1:
        return f"it does not learn: {_told(found)}"
    return ""
