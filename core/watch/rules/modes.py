"""Training in evaluation mode, evaluation in training mode; layers that are linear in a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding
from lrtui.core.watch.observation import Frame, Observation, Op, place_of
from lrtui.core.watch.rules.seen import (
    LINEAR,
    SHAPING,
    definition_of,
    losses,
    made,
    part_of,
    places,
)

TWOFOLD = ("Dropout", "BatchNorm", "AlphaDropout", "FeatureAlphaDropout")


def _twofold(model: Frame) -> list[str]:
    return [part["class"] for part in model["parts"] if part["class"].startswith(TWOFOLD)]


def modes(seen: Observation) -> Iterator[Finding]:
    """The mode that a model with dropout or batch norm is called in."""
    models = {frame["module"]: frame for frame in seen.by_kind.get("model", [])}
    for cause, in_training, wrong in (("eval-mode", True, False), ("train-mode", False, True)):
        for frame in seen.outputs.values():
            layers = _twofold(models[frame["module"]])
            trained = frame["output"] in seen.trained
            rows = [seen.shape(number)[:1] for number in frame["inputs"]]
            if not layers or trained is not in_training or frame["training"] is not wrong or not any(rows):
                continue
            if not in_training and not _read(seen, frame):
                continue
            if in_training and any(f["training"] for f in seen.training):
                continue
            place = {"forward" if in_training else "evaluate": place_of(frame["place"])}
            yield Finding(cause, places(seen, **place), {"layers": sorted(set(layers))})
            break


def _read(seen: Observation, frame: Frame) -> bool:
    """Whether the output of a call is made use of: compared, made a label, or taken out of torch."""
    wanted = {
        "eq",
        "__eq__",
        "argmax",
        "gt",
        "__gt__",
        "ge",
        "__ge__",
        "round",
        "numpy",
        "tolist",
        "item",
        "max",
        "__array__",
        "lt",
        "__lt__",
    }
    found = {frame["output"]}
    for op in seen.ops:
        if any(number in found for number in op.given):
            if op.name in wanted:
                return True
            found.update(op.out)
    return bool(not frame["grad"])


def straight(seen: Observation) -> Iterator[Finding]:
    """Linear layers in a row with nothing between: they are one. No fault unless the data asks for more."""
    pairs = _pairs(seen)
    if pairs is None:
        return
    first, second = pairs
    named = [part_of(seen, op) for op in (first, second)]
    layers = [made(part) for part in named]
    definition = definition_of(seen, second)
    facts: dict[str, Any] = {"layers": [part["name"] if part else None for part in named], "suspect": True}
    yield Finding("no-nonlinearity", places(seen, layer=layers, definition=definition), facts)


PASSED = SHAPING | {"dropout", "add", "__add__"}
ENDS = {"sigmoid", "softmax", "log_softmax"}


def _pairs(seen: Observation) -> tuple[Op, Op] | None:
    """Two linear layers of which the second takes what the first gives; of a model without any bend."""
    for loss in losses(seen):
        linear: list[Op] = []
        op = seen.makers.get(loss.output)
        while op is not None:
            if op.name in LINEAR:
                linear.append(op)
            elif op.name not in PASSED and (linear or op.name not in ENDS):
                return None
            hidden = [
                number for number in op.given if number in seen.of_model and number not in seen.parameters
            ]
            op = seen.makers.get(hidden[0]) if len(hidden) == 1 else None
        return (linear[1], linear[0]) if len(linear) >= 2 else None
    return None


RULES = (modes, straight)
