"""``detached``: an operation on the way to the loss that cuts the graph.

Reads the places ``cut`` (needed), ``loss`` and ``forward``; no facts. What a comparison or an argmax has
cut is not mended by dropping it: where the loss is given a label made by a threshold, it is given what the
threshold was put on.
"""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.losses import loss_of
from lrtui.core.watch.patches.mending import ORDERS, inside
from lrtui.core.watch.patches.names import bindings
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import fitting, made, within

CUTS = {"detach", "detach_", "item", "numpy", "tolist", "requires_grad_"}
REMADE = {"tensor", "Tensor", "FloatTensor", "as_tensor", "from_numpy", "Variable", "Parameter"}
HARMLESS = {"cpu", "clone"}


def joined(script: Script) -> bool:
    """Leave out what cuts."""
    if _label(script) or _switched_on(script):
        return True
    for line in script.statements("cut"):
        kept = _targets(script)
        for node in _outermost(script, line, kept):
            parent = script.of(node).parents[node]
            if _itself(script, node, parent):
                script.edits.remove(line)
            else:
                script.edits.change(node, _stripping(script, node, parent))
    return bool(script.edits)


def _itself(script: Script, node: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """Whether a line would bind a name to itself: ``loss = torch.tensor(loss.item())``."""
    if not isinstance(parent, cst.Assign) or len(parent.targets) != 1:
        return False
    return parent.targets[0].target.deep_equals(_stripped(script, node))


def _stripping(
    script: Script, node: cst.CSTNode, parent: cst.CSTNode
) -> Callable[[cst.CSTNode], cst.CSTNode]:
    result = _stripped(script, node)
    return lambda _: fitting(result, parent)


def _targets(script: Script) -> set[cst.CSTNode]:
    """What stands in the targets of the loss, which are data and may be made anew."""
    loss = loss_of(script)
    return set(within(loss.target, cst.BaseExpression)) if loss is not None else set()  # type: ignore[type-abstract]


def _outermost(script: Script, line: cst.CSTNode, kept: set[cst.CSTNode]) -> list[cst.CSTNode]:
    """Expressions that cut, but those inside of others."""
    found: list[cst.CSTNode] = []
    for node in script.own(line, cst.BaseExpression):  # type: ignore[type-abstract]
        inner = any(outer in found for outer in script.of(node).around(node))
        if not inner and node not in kept and _stripped(script, node) is not node:
            found.append(node)
    return found


def _stripped(script: Script, node: cst.CSTNode) -> cst.BaseExpression:
    """An expression without what cuts on its outside; the same where nothing does."""
    assert isinstance(node, cst.BaseExpression)
    base = _uncut(script, node)
    return node if base is None else _stripped(script, base)


def _uncut(script: Script, node: cst.BaseExpression) -> cst.BaseExpression | None:
    if isinstance(node, cst.Attribute):
        return node.value if node.attr.value == "data" else None
    if not isinstance(node, cst.Call):
        return None
    name = last_name(node)
    if name in CUTS and isinstance(node.func, cst.Attribute):
        return node.func.value
    if name == "round":
        return inside(node)
    first = node.args[0].value if node.args else None
    remade = name in REMADE and first is not None
    if remade and isinstance(first, cst.List) and len(first.elements) == 1:
        first = first.elements[0].value
    if remade and isinstance(first, cst.List) and first.elements:
        return made(f"{script.spelled(node, 'torch.stack')}({{x}})", x=first)
    if remade and first is not None and not isinstance(first, cst.BaseNumber | cst.BaseString):
        return _number_of(first)
    if (
        name in HARMLESS
        and isinstance(node.func, cst.Attribute)
        and _uncut(script, node.func.value) is not None
    ):
        return node.func.value
    return None


def _number_of(node: cst.BaseExpression) -> cst.BaseExpression:
    """What ``float`` is called of."""
    if isinstance(node, cst.Call) and last_name(node) == "float" and node.args:
        return node.args[0].value
    return node


def _label(script: Script) -> bool:
    """Give the loss what a threshold was put on, and leave the label for who counts with it."""
    loss = loss_of(script)
    if loss is None:
        return False
    if _labelled(script, loss.output):
        return True
    label: cst.CSTNode = loss.output
    if isinstance(label, cst.Name):
        found = bindings(script, label)
        label = found[0].value if len(found) == 1 and found[0].value is not None else label
    orders = [
        one for one in within(label, cst.Comparison) if isinstance(one.comparisons[0].operator, ORDERS)
    ]
    if len(orders) != 1 or not (orders[0] is label or label in script.of(label).around(orders[0])[:4]):
        return False
    script.replace(loss.output, script.code(orders[0].left))
    return True


def _labelled(script: Script, output: cst.CSTNode) -> bool:
    """Leave out a line that makes a label of the outputs under their own name."""
    for line in script.statements("cut"):
        for one in script.own(line, cst.Comparison):
            bound = [target.target for target in script.own(line, cst.AssignTarget)]
            same = len(bound) == 1 and bound[0].deep_equals(one.left) and bound[0].deep_equals(output)
            if same and isinstance(one.comparisons[0].operator, ORDERS):
                script.edits.remove(line)
                return True
    return False


def _switched_on(script: Script) -> bool:
    """Take the training forward out of ``with torch.no_grad()``."""
    for line in script.statements("forward", "cut"):
        source = script.of(line)
        for one in source.around(line):
            if isinstance(one, cst.FunctionDef):
                break
            if (
                isinstance(one, cst.With)
                and _no_grad(script, one)
                and isinstance(one.body, cst.IndentedBlock)
            ):
                script.edits.remove(one)
                first, *rest = one.body.body
                lead = [*one.leading_lines, *getattr(first, "leading_lines", ())]
                for inner in (first.with_changes(leading_lines=lead), *rest):
                    script.edits.after(one, inner)
                return True
    return False


def _no_grad(script: Script, block: cst.With) -> bool:
    calls = [item.item for item in block.items]
    names = {script.qualified(call.func).split(".")[-1] for call in calls if isinstance(call, cst.Call)}
    return len(calls) == 1 and bool(names & {"no_grad", "inference_mode"})


PATCHES = {"detached": joined}
