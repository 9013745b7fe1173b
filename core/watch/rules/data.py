"""Targets that the loss was not made for, and numbers that are not finite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.observation import Observation, numeric
from lrtui.core.watch.rules.activations import squashed
from lrtui.core.watch.rules.seen import LINEAR, LOGISTIC, losses, made, part_of, place_made, places


def coding(seen: Observation) -> Iterator[Finding]:
    """Targets −1/1, 1/2 or 0/255 for a loss made for 0/1."""
    for loss in losses(seen):
        told = seen.tensors.get(loss.target, {})
        low, high = seen.bounds(loss.target)
        logistic = loss.name in LOGISTIC or (
            loss.name in ("mse_loss", "by hand") and squashed(seen, loss.output) is not None
        )
        values = [numeric(value) for value in told.get("values", [])]
        classes = seen.shape(loss.output)[1:2]
        beyond = (
            loss.name in ("cross_entropy", "nll_loss")
            and classes
            and len(values)
            and told["dtype"] == "int64"
        )
        wrong = logistic and (low < 0 or high > 1) and len(values) == 2
        if wrong or (beyond and (high >= classes[0] or low < 0) and low != -100 and classes[0] > 1):
            facts: dict[str, Any] = {
                "values": [low, high],
                "loss": loss.name,
                "classes": classes[0] if classes else 1,
            }
            yield Finding(
                "target-coding", places(seen, loss=loss.place, target=place_made(seen, loss.target)), facts
            )
            return


def not_finite(seen: Observation) -> Iterator[Finding]:
    """The first tensor that is not finite, and what made it."""
    inputs = [number for frame in seen.outputs.values() for number in frame["inputs"]]
    if not seen.outputs:
        inputs = [
            one for op in seen.ops if op.name in LINEAR for one in op.given if one not in seen.of_model
        ]
    targets = [loss.target for loss in losses(seen)]
    for kind, numbers in (("input", inputs), ("target", targets)):
        for number in numbers:
            if seen.tensors.get(number, {}).get("finite") is False:
                facts: dict[str, Any] = {"kind": kind, "shape": list(seen.shape(number))}
                yield Finding("non-finite", places(seen, target=place_made(seen, number)), facts)
                return
    wrong = {frame["id"]: frame for frame in seen.by_kind.get("tensor", []) if frame.get("finite") is False}
    for op in seen.ops:
        bad = [number for number in op.out if number in wrong]
        if bad and bad[0] in seen.trained and all(number not in wrong for number in op.given):
            part = part_of(seen, op)
            facts = {
                "kind": "operation",
                "by": op.name,
                "layer": part["class"] if part else None,
                "step": op.frame["step"],
            }
            yield Finding("non-finite", places(seen, layer=made(part), operation=op.place), facts)
            return


RULES = (coding, not_finite)
