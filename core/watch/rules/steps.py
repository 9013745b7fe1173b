"""Gradients and steps: not emptied, not taken, taken for the wrong parameters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lrtui.core.watch.finding import Finding, Place
from lrtui.core.watch.observation import Observation, place_of
from lrtui.core.watch.rules.seen import losses, places

OFTEN = 0.25  # of backward passes


def not_emptied(seen: Observation) -> Iterator[Finding]:
    """Gradients of earlier steps are still there when the next are added, with a step in between."""
    bad = good = 0
    before: dict[int, tuple[float, int]] = {}
    emptied = _emptied(seen)
    for frame in seen.by_kind.get("backward", []):
        moved = [
            stale
            for number, stale, total in frame["leaves"]
            if number in before
            and number not in emptied
            and before[number][0] != total
            and before[number][1] == frame["count"] - 1
        ]
        if moved:
            bad += any(moved)
            good += not any(moved)
        before.update({number: (total, frame["count"]) for number, _, total in frame["leaves"]})
    if bad >= 2 and bad > 3 * good:
        yield Finding(
            "no-zero-grad", places(seen), {"seen": bad, "optimizer": bool(seen.by_kind.get("optimizer"))}
        )


def _emptied(seen: Observation) -> set[int]:
    """Parameters whose gradients are emptied often: those of two losses by turns, such as a GAN's."""
    times: dict[int, list[bool]] = {}
    for frame in seen.by_kind.get("backward", []):
        for number, stale, _ in frame["leaves"]:
            times.setdefault(number, []).append(not stale)
    return {number for number, empty in times.items() if sum(empty[1:]) >= OFTEN * max(len(empty) - 1, 1)}


def _used(seen: Observation) -> set[int]:
    return {number for frame in seen.by_kind.get("backward", []) for number, *_ in frame["leaves"]}


def not_taken(seen: Observation) -> Iterator[Finding]:
    """Backward runs, and no parameter ever changes."""
    used = _used(seen) & set(seen.parameters)
    passes = seen.by_kind.get("backward", [])
    stepped = seen.by_kind.get("step") or any(frame["how"] == "grad" for frame in passes)
    many = len(passes)
    if (
        used
        and not stepped
        and many >= 2
        and not any(seen.parameters[number]["changed"] for number in used)
    ):
        yield Finding(
            "no-step", places(seen), {"backwards": (seen.first("end") or {}).get("backwards", many)}
        )


def _held(seen: Observation) -> tuple[set[int], set[int]]:
    """What optimizers hold that are stepped, and what any holds."""
    stepped = {frame["optimizer"] for frame in seen.by_kind.get("step", [])}
    every = {frame["id"]: _parameters(frame["groups"]) for frame in seen.by_kind.get("optimizer", [])}
    for index, groups in enumerate((seen.first("end") or {}).get("optimizers", []), 1):
        every.setdefault(index, set()).update(_parameters(groups))
    inside = [numbers for number, numbers in every.items() if number in stepped]
    return set().union(*inside), set().union(*every.values())


def _parameters(groups: list[dict[str, list[int]]]) -> set[int]:
    return {number for group in groups for number in group["parameters"]}


def _made_at(seen: Observation, numbers: set[int]) -> list[Place | None]:
    """Where parameters were made that stand in no module."""
    makers = [seen.makers.get(number) for number in sorted(numbers - set(seen.names))]
    return [maker.place for maker in makers if maker is not None]


def _called(seen: Observation, numbers: set[int]) -> list[str]:
    """The names of parameters; of those in no module, their shapes."""
    shapes = {number: f"a parameter of shape {tuple(seen.shape(number))}" for number in numbers}
    return sorted(seen.names.get(number, shapes[number]) for number in numbers)[:8]


def wrong_ones(seen: Observation) -> Iterator[Finding]:
    """Parameters that the loss hangs on are in no optimizer, and stay as they began."""
    held, _ = _held(seen)
    used = _used(seen) & set(seen.parameters)
    still = {number for number in used - held if not seen.parameters[number]["changed"]}
    if not seen.by_kind.get("step") or not still:
        return
    idle = {number for number in held if number not in used}
    unnamed = {number for number in still if number not in seen.names}
    names = _called(seen, still)
    kind = "replaced" if idle else "unregistered" if unnamed else "left-out"
    facts: dict[str, Any] = {"parameters": names, "kind": kind, "idle": len(idle)}
    if kind == "left-out":
        facts["suspect"] = True  # a head trained on purpose looks the same
    layer = [
        place_of(part["made"])
        for model in seen.by_kind.get("model", [])
        for part in model["parts"]
        if set(part["own"]) & still
    ]
    yield Finding("wrong-parameters", places(seen, layer=layer, parameter=_made_at(seen, still)), facts)


def frozen(seen: Observation) -> Iterator[Finding]:
    """Parameters that the forward uses and that no gradient goes to."""
    locked = {number for number, entry in seen.parameters.items() if not entry["grad"]}
    used = {number for op in seen.ops for number in op.given} & locked
    if not used or any(seen.parameters[number]["changed"] for number in used):
        return
    free = {number for number, entry in seen.parameters.items() if entry["grad"]}
    last = _last_layer(seen)
    facts: dict[str, Any] = {"parameters": _called(seen, used), "all": not free}
    on_purpose = all(
        number in seen.names for number in used
    )  # an optimizer is given no other that is frozen
    if free and on_purpose and not (last and last <= locked):
        facts["suspect"] = True  # a frozen part with a head that learns is no fault by itself
    layer = [
        place_of(part["made"])
        for model in seen.by_kind.get("model", [])
        for part in model["parts"]
        if set(part["own"]) & used
    ]
    set_at = [op.place for op in seen.ops if op.name in ("set_requires_grad", "requires_grad_")]
    yield Finding("frozen", places(seen, layer=layer, frozen=set_at, parameter=_made_at(seen, used)), facts)


def _last_layer(seen: Observation) -> set[int]:
    """The parameters of the last operation that has any, before the loss."""
    for loss in losses(seen):
        for _, op in seen.upward(loss.output, through_outputs=True):
            own = {number for number in op.given if number in seen.parameters} if op is not None else set()
            if own:
                return own
    return set()


CUTS = {
    "detach",
    "detach_",
    "data",
    "item",
    "numpy",
    "argmax",
    "round",
    "tensor",
    "tolist",
    "gt",
    "ge",
    "lt",
    "le",
    "__gt__",
    "__ge__",
    "__lt__",
    "__le__",
    "as_tensor",
    "from_numpy",
    "long",
    "int",
    "bool",
    "__float__",
    "__array__",
    "sign",
    "floor",
    "ceil",
    "max",
    "clone",
    "set_requires_grad",
    "requires_grad_",
    "eq",
    "__eq__",
}


def detached(seen: Observation) -> Iterator[Finding]:
    """The loss has no way to the parameters of the model."""
    frames = seen.by_kind.get("backward", [])
    if not frames:
        return
    held = set(seen.names) | _held(seen)[1]
    reached = [{number for number, *_ in frame["leaves"]} & held for frame in frames]
    wanted = {number for number, entry in seen.parameters.items() if entry["grad"] and number in held}
    failed = seen.first("backward_failed")
    refused = failed is not None and "does not require grad" in failed["error"]
    if not seen.names and not refused and not (held and _cut(seen)):
        return
    if (any(reached) and not _rounded(seen)) or not wanted:
        return
    yield Finding(
        "detached", places(seen, cut=_cut(seen)), {"how": _how(seen), "failed": failed is not None}
    )


def _rounded(seen: Observation) -> bool:
    """Whether all that the loss hangs on was rounded on the way: gradients are all zero."""
    for loss in losses(seen):
        for number, op in seen.upward(loss.output):
            if (
                op is not None
                and op.name in ("round", "sign", "floor", "heaviside")
                and number in seen.of_model
            ):
                return True
            if op is None or number in seen.outputs:
                break
    return False


def _cuts(seen: Observation) -> list[tuple[str, Place | None]]:
    """Operations after the model at which the graph ends, the nearest to the loss last."""
    found = []
    for op in seen.ops:
        if op.name in ("requires_grad_", "set_requires_grad") and set(op.given) & set(seen.parameters):
            continue  # how a parameter is made
        hit = bool(op.given) and op.given[0] in seen.of_model and op.name in CUTS and op.frame["grad"]
        if (
            (hit and not (op.out and seen.tensors.get(op.out[0], {}).get("grad")))
            or (op.name in ("round", "sign", "floor") and hit)
            or (op.name in ("tensor", "as_tensor", "from_numpy") and op.index > _first_output(seen))
        ):
            found.append((op.name, op.place))
    return found


def _first_output(seen: Observation) -> int:
    roots = seen.by_kind.get("root", [])
    return int(roots[0]["index"]) if roots else 10**9


def _before_backward(seen: Observation) -> list[tuple[str, Place | None]]:
    last = seen.by_kind["backward"][0]["place"]
    return [(name, place) for name, place in _cuts(seen) if getattr(place, "function", "") and last]


def _cut(seen: Observation) -> list[Place | None]:
    return [place for _, place in _before_backward(seen)][:1]  # the first of a step


def _how(seen: Observation) -> str | None:
    found = _before_backward(seen)
    return found[0][0] if found else None


RULES = (not_emptied, not_taken, wrong_ones, frozen, detached)
