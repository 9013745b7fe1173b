"""Shapes that do not fit and that torch fits to each other, in losses and in comparisons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.observation import Observation, Op
from lrtui.core.watch.rules.seen import losses, place_made, places, within_model

REGRESSION = {"mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "by hand", "soft_margin_loss"}
COMPARES = {"eq", "__eq__", "ne", "__ne__"}


def crosses(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether (N, 1) meets (N,), or (1, N) meets (N, 1), so that N×N comes of it."""
    if one == other or not one or not other:
        return False
    flat, tall = sorted((one, other), key=len)
    if len(flat) == 1 and len(tall) == 2:
        return tall[1] == 1 and tall[0] == flat[0] and flat[0] > 1
    return len(one) == len(other) == 2 and one == other[::-1] and 1 in one and max(one) > 1


def broadcast(seen: Observation) -> Iterator[Finding]:
    """Predictions (N, 1) against targets (N,) in the loss."""
    for loss in losses(seen):
        output, target = seen.shape(loss.output), seen.shape(loss.target)
        if loss.name in REGRESSION and crosses(output, target):
            yield Finding(
                "shape-broadcast",
                places(
                    seen, loss=loss.place, target=place_made(seen, loss.target), compare=_comparisons(seen)
                ),
                {
                    "output": list(output),
                    "target": list(target),
                    "target_first": loss.op.given[0] == loss.target,
                    "loss": loss.name,
                },
            )
            return


def crossed(seen: Observation) -> Iterator[Op]:
    """Comparisons of what a model gives with targets that make N×N of it."""
    for op in seen.ops:
        if op.name in COMPARES and len(op.given) == 2 and not within_model(op):
            one, other = op.given
            if (one in seen.of_model) != (other in seen.of_model) and crosses(
                seen.shape(one), seen.shape(other)
            ):
                yield op


def _comparisons(seen: Observation) -> list[Place | None]:
    return [op.place for op in crossed(seen)]


def compared(seen: Observation) -> Iterator[Finding]:
    """The same in a comparison that counts what is right."""
    for op in crossed(seen):
        facts: dict[str, Any] = {
            "kind": "broadcast",
            "left": list(seen.shape(op.given[0])),
            "right": list(seen.shape(op.given[1])),
        }
        yield Finding("metric-wrong", places(seen, compare=op.place), facts)
        return


RULES = (broadcast, compared)
