"""``shape-broadcast``: predictions (N, 1) against targets (N,), or the other way round, at the loss.

Reads the places ``loss``, ``forward`` and ``compare`` (comparisons that broadcast in the same way), and the
facts ``output`` and ``target`` (shapes). The targets are reshaped where the loss takes them and nowhere
else, so that what the script counts with them afterwards stays as it is; a comparison that broadcasts too
is mended where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import libcst as cst

from lrtui.core.watch.patches.families.metrics import predicted, same_shape
from lrtui.core.watch.patches.flow import last_name, trace
from lrtui.core.watch.patches.losses import Loss, alike, loss_lines, loss_of
from lrtui.core.watch.patches.mending import wrapped
from lrtui.core.watch.patches.names import bindings, literal, passed
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import dotted


def reshape(script: Script) -> bool:
    """Give the targets the shape of the predictions."""
    output, target = script.shape("output"), script.shape("target")
    if output is None or target is None or abs(len(output) - len(target)) != 1:
        return False
    tail = ".unsqueeze(1)" if len(output) > len(target) else ".squeeze(1)"
    loss = loss_of(script)
    found = [one.target for one in _shaped_alike(script, loss)] if loss is not None else _by_hand(script)
    for node in dict.fromkeys(found):
        wrapped(script, node, f"{{x}}{tail}")
    if found:
        for line in script.statements("compare"):
            same_shape(script, line, output, target)
    return bool(found)


def _shaped_alike(script: Script, loss: Loss) -> list[Loss]:
    """The loss, and its other calls whose outputs were shaped in the same way."""

    def shaping(one: Loss) -> list[str]:
        before = takewhile(lambda step: step.kind != "linear", trace(script, one.output))
        return [
            last_name(step.node)
            for step in before
            if step.kind == "shape" and isinstance(step.node, cst.Call)
        ]

    plain = [one for one in alike(script, loss) if isinstance(one.target, cst.Name)]
    return [loss, *(one for one in plain if one.call is not loss.call and shaping(one) == shaping(loss))]


def _by_hand(script: Script) -> list[cst.BaseExpression]:
    """The targets in a loss that is written out, or those that are passed to the function that does."""
    for line in loss_lines(script):
        if found := _targets(script, line, depth=3):
            return found
    return []


def _targets(script: Script, line: cst.CSTNode, depth: int) -> list[cst.BaseExpression]:
    if isinstance(line, cst.BaseCompoundStatement) or depth == 0:
        return []
    met = [node for part in line.children for node in operands(script, part)]
    outputs = [node for node in met if predicted(script, node)]
    data = [node for node in met if node not in outputs and literal(script, node) is None]
    if outputs and all(_parameter(script, node) for node in [*outputs, *data]):
        given = [value for node in data for one in bindings(script, node) for value in passed(script, one)]
        return [node for node in given if not predicted(script, node)]
    if data and outputs:
        return data
    for node in outputs:  # named on a line of its own: diff = out - y
        for one in bindings(script, node):
            if one.kind == "assign" and (
                found := _targets(script, script.of(node).statement(one.node), depth - 1)
            ):
                return found
    return []


def _parameter(script: Script, node: cst.CSTNode) -> bool:
    return any(one.kind == "param" and passed(script, one) for one in bindings(script, node))


def operands(script: Script, node: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The names of tensors that an expression is made of; not those of functions, modules and options."""
    if isinstance(node, cst.Name | cst.Subscript):
        yield node
    elif isinstance(node, cst.Attribute):
        if (dotted(node) or "").partition(".")[0] not in script.of(node).imports:
            yield node
    elif isinstance(node, cst.Call):
        if isinstance(node.func, cst.Attribute) and script.qualified(node.func).split(".")[0] not in (
            "torch",
            "math",
        ):
            yield from operands(script, node.func.value)
        for given in node.args:
            if given.keyword is None:
                yield from operands(script, given.value)
    else:
        hidden = cst.AssignTarget | cst.Annotation
        for child in node.children:
            if not isinstance(child, hidden) and not (
                isinstance(node, cst.AugAssign) and child is node.target
            ):
                yield from operands(script, child)


PATCHES = {"shape-broadcast": reshape}
