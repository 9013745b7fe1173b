"""What several rules ask of an observation: losses, what they are made of, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lrtui.core.watch.finding import Place
from lrtui.core.watch.observation import Observation, Op, place_of

LOSSES = {
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "nll_loss",
    "mse_loss",
    "l1_loss",
    "smooth_l1_loss",
    "huber_loss",
    "soft_margin_loss",
    "multilabel_soft_margin_loss",
    "poisson_nll_loss",
    "gaussian_nll_loss",
    "kl_div",
    "hinge_embedding_loss",
    "multi_margin_loss",
}
LOGISTIC = {"binary_cross_entropy", "binary_cross_entropy_with_logits"}
SHAPING = {
    "squeeze",
    "unsqueeze",
    "view",
    "reshape",
    "flatten",
    "float",
    "double",
    "to",
    "view_as",
    "reshape_as",
    "type_as",
    "contiguous",
    "T",
    "t",
    "transpose",
    "clamp",
    "clip",
    "expand",
    "ravel",
    "__getitem__",
    "clamp_min",
    "clamp_max",
    "detach",
    "data",
    "cpu",
    "clone",
}
MEETING = {
    "sub",
    "__sub__",
    "rsub",
    "__rsub__",
    "add",
    "__add__",
    "__radd__",
    "mul",
    "__mul__",
    "__rmul__",
    "div",
    "subtract",
    "multiply",
    "__truediv__",
    "true_divide",
}
LINEAR = {
    "linear",
    "matmul",
    "__matmul__",
    "__rmatmul__",
    "mm",
    "mv",
    "addmm",
    "addmv",
    "baddbmm",
    "bmm",
    "einsum",
}


@dataclass(frozen=True)
class Loss:
    """A loss as it was computed once.

    Attributes:
        op: the call, or of one by hand the operation in which outputs and targets meet.
        output, target: the tensors that go into it.
        name: of torch's function, or ``"by hand"``.
    """

    op: Op
    output: int
    target: int
    name: str

    @property
    def place(self) -> Place | None:
        """Where it is called."""
        return self.op.place


def within_model(op: Op) -> bool:
    """Whether an operation is done inside of a model."""
    return any(entry[0] == "model" for entry in op.within)


@lru_cache(maxsize=4)
def losses(seen: Observation) -> tuple[Loss, ...]:
    """Every loss that was seen, in order; where none was gone back from, those that were computed."""
    found = []
    for frame in seen.by_kind.get("backward", []):
        found += list(_meetings(seen, frame["id"]))
    failed = [
        Op(frame["index"], frame["name"], tuple(_ids(frame)), (), frame)
        for frame in seen.by_kind.get("op_failed", [])
    ]
    for op in [*failed, *seen.ops]:
        if op.name in LOSSES and not found and len(op.given) >= 2:
            found.append(Loss(op, op.given[0], op.given[1], op.name))
    return tuple(found)


def _ids(frame: Mapping[str, Any]) -> list[int]:
    return [entry["t"] for entry in frame["args"] if isinstance(entry, dict) and "t" in entry] + [
        entry["t"] for entry in frame["kwargs"].values() if isinstance(entry, dict) and "t" in entry
    ]


def _meetings(seen: Observation, loss: int) -> Iterator[Loss]:
    """The losses that a tensor is made of."""
    for _, op in seen.upward(loss):
        if op is None or within_model(op):
            continue
        if op.name in LOSSES and len(op.given) >= 2:
            yield Loss(op, op.given[0], op.given[1], op.name)
        elif op.name in MEETING and len(set(op.given)) == 2:
            first, second = op.given[:2]
            kinds = [number in seen.of_model for number in (first, second)]
            if kinds == [False, True]:
                first, second = second, first
            if kinds[0] != kinds[1] and seen.shape(second) and _many(seen, second):
                yield Loss(op, first, second, "by hand")


def _many(seen: Observation, number: int) -> bool:
    shape = seen.shape(number)
    size = 1
    for length in shape:
        size *= length
    return size > 1


def made_by(seen: Observation, number: int) -> tuple[Op | None, list[Op]]:
    """The operation that gave a tensor its values, and those on the way that only shape it."""
    way: list[Op] = []
    op = seen.makers.get(number)
    while op is not None and op.name in SHAPING and op.given:
        way.append(op)
        op = seen.makers.get(op.given[0])
    return op, way


def places(seen: Observation, **named: Place | Sequence[Place | None] | None) -> dict[str, list[Place]]:
    """Places by name, with those that any patch may need."""
    found: dict[str, list[Place]] = {}
    for name, given in named.items():
        entries = [given] if given is None or isinstance(given, Place) else given
        kept = list(dict.fromkeys(entry for entry in entries if entry is not None))
        if kept:
            found[name] = kept
    for kind in ("backward", "step", "optimizer", "loader"):
        if kind not in named:
            kept = _all(seen, kind)
            if kept:
                found[kind] = kept
    for name, training in (("forward", True), ("evaluate", False)):
        frames = [frame for frame in seen.outputs.values() if (frame["output"] in seen.trained) is training]
        kept = list(dict.fromkeys(p for p in (place_of(frame["place"]) for frame in frames) if p))
        if kept and name not in named:
            found[name] = kept
    _more_places(seen, named, found)
    return found


def _more_places(seen: Observation, named: Mapping[str, Any], found: dict[str, list[Place]]) -> None:
    """Those that are not calls of torch's own kind: updates, labels, first values, models and losses."""
    if "step" not in found and (by_hand := _updates(seen)):
        found["step"] = by_hand
    if "compare" not in named and (labels := _labels(seen)):
        found["compare"] = labels
    if not seen.outputs and (products := _products(seen)):
        found["product"] = products
    if not seen.outputs and (by_hand := _made_by_hand(seen)):
        found["parameter"] = by_hand
    if starts := _starts(seen):
        found["init"] = starts
    models = [place_of(frame["parts"][0]["made"]) for frame in seen.by_kind.get("model", [])]
    if any(models) and "model" not in named:
        found["model"] = [place for place in models if place]
    if "loss" not in named:
        kept = list(dict.fromkeys(loss.place for loss in losses(seen) if loss.place))
        if kept:
            found["loss"] = kept


def _products(seen: Observation) -> list[Place]:
    """Where rows meet parameters, in a script without modules."""
    parameters = set(seen.parameters)
    found = [op.place for op in seen.ops if op.name in LINEAR and parameters & set(op.given)]
    return list(dict.fromkeys(place for place in found if place))


def _made_by_hand(seen: Observation) -> list[Place]:
    """Where parameters are made, in a script without modules."""
    found = [place_made(seen, number) for number in seen.parameters]
    return list(dict.fromkeys(place for place in found if place))


def _updates(seen: Observation) -> list[Place]:
    """Where parameters are changed by hand."""
    first = seen.first("backward")
    after = first["index"] if first else 0
    found = [
        op.place
        for op in seen.ops
        if op.index > after
        and op.name.endswith("_")
        and op.given
        and op.given[0] in seen.parameters
        and op.name not in ("zero_", "requires_grad_", "detach_")
    ]
    found += [op.place for op in seen.ops if op.name == "set_data" and op.index > after]
    return list(dict.fromkeys(place for place in found if place))


def _labels(seen: Observation) -> list[Place]:
    """Where outputs are made labels of, or compared."""
    found = [
        place_of(frame["place"]) for frame in seen.by_kind.get("decision", []) if frame["how"] != "leave"
    ]
    found = [place for place in found if place]
    return list(dict.fromkeys(place for place in found if place))


def _starts(seen: Observation) -> list[Place]:
    """Where parameters are filled by the person's own."""
    first = seen.first("backward")
    before = first["index"] if first else 10**9
    built = [part["made"] for model in seen.by_kind.get("model", []) for part in model["parts"]]
    found = [
        op.place
        for op in seen.ops
        if op.index < before
        and op.name.endswith("_")
        and op.name != "requires_grad_"
        and any(_parameter(seen, number) for number in op.given)
        and op.frame["place"] not in built
    ]
    return list(dict.fromkeys(place for place in found if place))


def _parameter(seen: Observation, number: int) -> bool:
    """Whether a tensor is a parameter, or its ``.data``."""
    maker = seen.makers.get(number)
    through = maker is not None and maker.name in ("data", "detach") and maker.given[:1]
    return number in seen.parameters or bool(through and through[0] in seen.parameters)


def _all(seen: Observation, kind: str) -> list[Place]:
    frames = seen.optimizers if kind == "optimizer" else seen.by_kind.get(kind, [])
    found = [place_of(frame["place"]) for frame in frames]
    return list(dict.fromkeys(place for place in found if place))


def place_made(seen: Observation, number: int) -> Place | None:
    """Where a tensor was made."""
    maker = seen.makers.get(number)
    return None if maker is None else maker.place


def part_of(seen: Observation, op: Op) -> Mapping[str, Any] | None:
    """The innermost part of a model that an operation is done in."""
    named = [entry for entry in op.within if entry[0] == "model"]
    if not named:
        return None
    _, model, *rest = named[-1]
    frame = seen.by_kind["model"][model - 1]
    name = rest[0] if rest else ""
    part: Mapping[str, Any] | None = next((part for part in frame["parts"] if part["name"] == name), None)
    return part


def definition_of(seen: Observation, op: Op) -> Place | None:
    """The person's ``forward`` that an operation is done in, if it is."""
    for entry in reversed([entry for entry in op.within if entry[0] == "model"]):
        frame = seen.by_kind["model"][entry[1] - 1]
        name = entry[2] if len(entry) > 2 else ""
        part = next((part for part in frame["parts"] if part["name"] == name), None)
        if part and not part["torch"] and part["definition"]:
            return place_of(part["definition"])
    return None


def made(part: Mapping[str, Any] | None) -> Place | None:
    """Where a part of a model was made."""
    return None if part is None else place_of(part["made"])
