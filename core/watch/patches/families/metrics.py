"""``metric-wrong`` and ``one-column-argmax``: how the script makes labels of outputs, or counts them.

Reads the places ``compare``, ``forward`` and ``evaluate``, and the facts ``kind`` (``broadcast``,
``logits``, ``one-column-argmax``), ``left`` and ``right`` (shapes of what is compared) and ``scale``
(``logits``, ``probabilities``).
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.argmaxes import argmaxes, limit_of, to_threshold
from lrtui.core.watch.patches.flow import last_name, trace
from lrtui.core.watch.patches.mending import ORDERED, inside, thresholds, to_logit, wrapped
from lrtui.core.watch.patches.names import literal
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import number, within


def metric(script: Script) -> bool:
    """Mend the comparison, by what is wrong with it."""
    kind = script.fact("kind")
    if kind == "one-column-argmax":
        return argmax(script)
    if kind == "logits":
        return _at_logits(script)
    if kind == "probabilities":
        return _at_half(script)
    left, right = script.shape("left"), script.shape("right")
    found = False
    for line in script.statements("compare"):
        found = same_shape(script, line, left, right) or found
    return found


def argmax(script: Script) -> bool:
    """A threshold in place of the argmax over one column."""
    found = False
    for line in script.statements("compare"):
        for call in argmaxes(script, script.own(line, cst.Call)):
            found = to_threshold(script, call, limit_of(script, call)) or found
    return found


def _at_logits(script: Script) -> bool:
    lines = script.statements("compare")
    for one, value, limit in list(thresholds(script)):
        if script.of(one).statement(one) in lines:
            to_logit(script, one, value, limit)
    return bool(script.edits)


def _at_half(script: Script) -> bool:
    """Compare probabilities with one half in place of 0."""
    for line in script.statements("compare"):
        sides = [one.comparisons[0].comparator for one in script.own(line, cst.Comparison)]
        sides += [call.args[-1].value for call in script.own(line, cst.Call) if last_name(call) in ORDERED]
        for side in sides:
            written = literal(script, side)
            if written is not None and number(written) == 0:
                script.replace(written, "0.5")
    return bool(script.edits)


def same_shape(script: Script, line: cst.CSTNode, left: list[int] | None, right: list[int] | None) -> bool:
    """Take the column off the side of ``==`` that has one: left or right, or predictions and targets."""
    for one, other in sides(script, line):
        column = one if left is None or right is None or len(left) > len(right) else other
        if predicted(script, other) and not predicted(script, one) and not _shapes_of_sides(script):
            column = other if column is one else one
        if not _shapes_of_sides(script) and _flat(column):
            continue
        wrapped(script, column, "{x}.squeeze(1)")
        return True
    return False


def _flat(node: cst.BaseExpression) -> bool:
    """Whether a shape is given where it stands: that one has no column left."""
    flattening = ("squeeze", "view", "reshape", "flatten", "ravel")
    return isinstance(node, cst.Subscript) or (isinstance(node, cst.Call) and last_name(node) in flattening)


def _shapes_of_sides(script: Script) -> bool:
    """Whether the shapes are told by the sides, and not by what is predicted and what is the target."""
    return script.fact("left") is not None


def every_comparison(script: Script) -> list[cst.CSTNode]:
    """The statements that hold a comparison of two things, each once."""
    nodes = [
        *script.every(cst.Comparison),
        *(one for one in script.every(cst.Call) if last_name(one) in ("eq", "ne")),
    ]
    return list(dict.fromkeys(script.of(node).statement(node) for node in nodes))


def made_by(script: Script, node: cst.BaseExpression) -> list[cst.Call]:
    """The calls on the way back from a node."""
    nodes = [node, *(step.node for step in trace(script, node))]
    return [call for one in nodes for call in within(one, cst.Call)]


def sides(script: Script, line: cst.CSTNode) -> list[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """What is compared by ``==`` in a statement."""
    equal = (cst.Equal, cst.NotEqual)
    found = [
        (one.left, one.comparisons[0].comparator)
        for one in script.own(line, cst.Comparison)
        if len(one.comparisons) == 1 and isinstance(one.comparisons[0].operator, equal)
    ]
    for call in script.own(line, cst.Call):
        if last_name(call) in ("eq", "ne") and call.args:
            first = inside(call) if len(call.args) > 1 else getattr(call.func, "value", None)
            if isinstance(first, cst.BaseExpression):
                found.append((first, call.args[-1].value))
    return found


def predicted(script: Script, node: cst.CSTNode) -> bool:
    """Whether a layer, or a call at ``forward`` or ``evaluate``, is on the way back from a node."""
    lines = script.statements("forward", "evaluate")
    for step in trace(script, node):
        if step.kind == "linear" or script.of(step.node).statement(step.node) in lines:
            return True
    return False


PATCHES = {"metric-wrong": metric, "one-column-argmax": argmax}
