"""An argmax or max over one column, which is always class 0, made a threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import libcst as cst

from lrtui.core.watch.patches.flow import SQUASHING, last_name, trace
from lrtui.core.watch.patches.mending import inside
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, closed, fitting, is_number, made, number


def argmaxes(script: Script, nodes: Iterator[cst.Call]) -> Iterator[cst.Call]:
    """Those calls that choose a class: argmax, or max whose place is taken."""
    for call in nodes:
        name = last_name(call)
        if name == "argmax" or (
            name == "max" and _dim(call) is not None and _taken(script, call) is not None
        ):
            yield call


def limit_of(script: Script, call: cst.Call) -> str:
    """The threshold for what is chosen from: one half of a probability, 0 of a logit."""
    scale = script.fact("scale")
    if isinstance(scale, str):
        return "0.5" if scale.startswith("prob") else "0.0"
    for step in trace(script, inside(call)):
        if step.kind in SQUASHING:
            return "0.5"
        if step.kind == "linear":
            break
    return "0.0"


def to_threshold(script: Script, call: cst.Call, limit: str) -> bool:
    """Make it the comparison of the one column with a threshold."""
    taken = _taken(script, call) if last_name(call) == "max" else call
    dim = _dim(call)
    if taken is None or (dim is not None and dim not in (1, -1)):
        return False
    template = _template(script, call, limit, dim)

    def change(now: cst.CSTNode) -> cst.BaseExpression:
        return made(template, x=closed(inside(now)))

    if isinstance(taken, cst.Assign):
        script.edits.change(taken, lambda now: _one_target(now, change))
        return True
    parent = script.of(taken).parents[taken]
    script.edits.change(taken, lambda now: fitting(change(now if taken is call else _whole(now)), parent))
    return True


def _template(script: Script, call: cst.Call, limit: str, dim: float | None) -> str:
    if script.qualified(call.func).startswith("numpy."):
        return f"({{x}}[:, 0] > {limit}).astype(int)"
    kept = argument(call, None, "keepdim")
    if dim is None or (kept is not None and script.code(kept.value) == "True"):
        return f"({{x}} > {limit}).long()"
    return f"({{x}}.squeeze(1) > {limit}).long()"


def _dim(call: cst.Call) -> float | None:
    """The dimension that it goes over, or None."""
    given = argument(call, None, "dim", "axis")
    if given is None:
        plain = [one for one in call.args if one.keyword is None]
        given = next((one for one in plain[-1:] if is_number(one.value)), None)
    return number(given.value) if given is not None else None


def _taken(script: Script, call: cst.Call) -> cst.CSTNode | None:
    """Where the places of a max are taken: ``[1]``, ``.indices``, or the second of two names."""
    parent = script.of(call).parents[call]
    if isinstance(parent, cst.Attribute) and parent.attr.value == "indices":
        return parent
    if isinstance(parent, cst.Subscript):
        index = parent.slice[0].slice
        return parent if isinstance(index, cst.Index) and number(index.value) == 1 else None
    if isinstance(parent, cst.Assign) and isinstance(parent.targets[0].target, cst.Tuple):
        return parent if len(parent.targets[0].target.elements) == 2 else None
    return None


def _whole(now: cst.CSTNode) -> cst.CSTNode:
    """The call whose places are taken."""
    assert isinstance(now, cst.Attribute | cst.Subscript)
    return now.value


def _one_target(now: cst.CSTNode, change: Callable[[cst.CSTNode], cst.BaseExpression]) -> cst.CSTNode:
    assert isinstance(now, cst.Assign)
    names = now.targets[0].target
    assert isinstance(names, cst.Tuple)
    value = change(now.value)
    first, second = (element.value for element in names.elements)
    if isinstance(first, cst.Name) and first.value.startswith("_"):
        return now.with_changes(targets=[now.targets[0].with_changes(target=second)], value=value)
    best = inside(now.value)
    return now.with_changes(value=made("{a}, {b}", a=closed(best), b=value))
