"""What the script makes of a model's outputs: labels, and counts of what is right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.observation import Observation, Op
from lrtui.core.watch.rules.activations import squashed
from lrtui.core.watch.rules.seen import LINEAR, losses, made_by, places, within_model

CUTS = {"gt", "__gt__", "ge", "__ge__", "lt", "__lt__", "le", "__le__", "greater", "greater_equal"}


def one_column(seen: Observation) -> Iterator[Finding]:
    """Argmax or max over one column: always class 0."""
    for op in seen.ops:
        if (
            op.name not in ("argmax", "max", "topk", "sort")
            or not op.given
            or op.given[0] not in seen.of_model
        ):
            continue
        shape = seen.shape(op.given[0])
        dim = op.value(2 if op.name == "topk" else 1, "dim")
        if not isinstance(dim, int) or len(shape) != 2 or shape[0] < 2:
            continue
        if shape[dim % 2] == 1:
            yield Finding(
                "one-column-argmax",
                places(seen, compare=op.place),
                {"shape": list(shape), "by": op.name, "scale": scale_of(seen, op.given[0])},
            )
            return


def scale_of(seen: Observation, number: int) -> str:
    """Whether a tensor holds probabilities, or logits."""
    return "logits" if squashed(seen, number) is None else "probabilities"


def wrong_cut(seen: Observation) -> Iterator[Finding]:
    """A label cut at 0.5 from logits, or at 0 from probabilities."""
    logits = any(loss.name == "binary_cross_entropy_with_logits" for loss in losses(seen))
    for op in seen.ops:
        if (
            within_model(op)
            or not op.given
            or op.given[0] not in seen.of_model
            or op.given[0] in seen.parameters
        ):
            continue
        value = op.value(1, "other") if op.name in CUTS else 0.5 if op.name == "round" else None
        if not isinstance(value, int | float) or isinstance(value, bool) or not _is_answer(seen, op):
            continue
        maker, _ = made_by(seen, op.given[0])
        probability = squashed(seen, op.given[0]) is not None
        bare = maker is not None and (maker.name in LINEAR or "add" in maker.name)
        if logits and bare and not probability and value == 0.5:
            kind = "logits"
        elif probability and value == 0:
            kind = "probabilities"
        else:
            continue
        facts: dict[str, Any] = {"kind": kind, "cut": value, "by": op.name}
        yield Finding("metric-wrong", places(seen, compare=op.place), facts)
        return


def _is_answer(seen: Observation, op: Op) -> bool:
    return any(number in seen.outputs for number, _ in seen.upward(op.given[0])) or not seen.outputs


RULES = (one_column, wrong_cut)
