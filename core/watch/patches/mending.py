"""What goes with an activation that is dropped: the step itself, and thresholds of probabilities."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from lrtui.core.watch.patches.flow import SQUASHING, Step, by_hand, last_name, trace
from lrtui.core.watch.patches.names import literal
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, closed, fitting, is_number, made, number

ONE_HALF = 0.5
ORDERS = (cst.GreaterThan, cst.GreaterThanEqual, cst.LessThan, cst.LessThanEqual)
ORDERED = ("gt", "ge", "lt", "le", "greater", "less", "greater_equal", "less_equal")


def drop(script: Script, step: Step) -> bool:
    """Leave a step out: the call of it, or the module in a row of others."""
    source = script.of(step.node)
    parent = source.parents[step.node]
    if step.inner is not None:
        script.edits.change(step.node, lambda now: fitting(inside(now), parent))
        return True
    holder = source.parents[parent]
    if isinstance(holder, cst.Tuple):  # a pair of an OrderedDict
        parent = source.parents[holder]
        holder = source.parents[parent]
    if isinstance(holder, cst.Call) and last_name(holder) == "append":
        script.edits.remove(source.statement(holder))
    elif isinstance(holder, cst.Call) and isinstance(parent, cst.Arg):
        script.edits.drop(holder, list(holder.args).index(parent))
    elif isinstance(holder, cst.List | cst.Tuple) and isinstance(parent, cst.BaseElement):
        script.edits.drop(holder, list(holder.elements).index(parent))
    else:
        return False
    return True


def inside(node: cst.CSTNode) -> cst.BaseExpression:
    """What a call is about: its object where it has no argument or a number, else its first argument."""
    if (hand := by_hand(node)) is not None:
        return hand
    assert isinstance(node, cst.Call)
    first = argument(node, 0, "input", "x")
    if isinstance(node.func, cst.Attribute) and (first is None or is_number(first.value)):
        return node.func.value
    assert first is not None
    return first.value


def thresholds(
    script: Script,
) -> Iterator[tuple[cst.CSTNode, cst.BaseExpression, cst.BaseExpression | None]]:
    """What makes a label at one half: the expression, what is compared, the half (None of ``round``)."""
    for one in script.every(cst.Comparison):
        right = one.comparisons[0]
        if len(one.comparisons) == 1 and isinstance(right.operator, ORDERS):
            for value, limit in ((one.left, right.comparator), (right.comparator, one.left)):
                if half(script, limit):
                    yield one, value, limit
    for call in script.every(cst.Call):
        if not isinstance(call.func, cst.Attribute):
            continue
        if last_name(call) == "round" and (not call.args or argument(call, 0, "input") is not None):
            yield call, inside(call), None
        elif last_name(call) in ORDERED and call.args and half(script, call.args[-1].value):
            yield call, call.func.value if len(call.args) == 1 else call.args[0].value, call.args[-1].value


def half(script: Script, node: cst.CSTNode) -> bool:
    """Whether a node is one half, as it is written or by a name."""
    return number(literal(script, node)) == ONE_HALF


def became_logits(script: Script, origin: Step) -> None:
    """Mend every threshold on what came through a step, and is a logit now."""
    for one, value, limit in list(thresholds(script)):
        steps = list(trace(script, value))
        before = _until(steps, origin)
        if before is None or any(step.kind in (*SQUASHING, "mix", "compare") for step in before):
            continue
        if origin.kind == "softmax":
            _softmax_again(script, value, before)
        else:
            to_logit(script, one, value, limit)


def _until(steps: list[Step], origin: Step) -> list[Step] | None:
    for place, step in enumerate(steps):
        if step.node is origin.node:
            return steps[:place]
    return None


def to_logit(
    script: Script, one: cst.CSTNode, value: cst.BaseExpression, limit: cst.BaseExpression | None
) -> None:
    """Compare a logit with 0; where the half has a name, or is in a round, its sigmoid."""
    if limit is not None and is_number(limit):
        script.edits.change(limit, lambda _: cst.Float("0.0"))
        return
    sigmoid = script.spelled(value, "torch.sigmoid")
    parent = script.of(value).parents.get(value)
    if not isinstance(parent, cst.Arg | cst.Comparison | cst.ComparisonTarget | cst.Attribute):
        return
    script.edits.change(value, lambda now: made(f"{sigmoid}({{x}})", x=_bare(now)))


def _softmax_again(script: Script, value: cst.BaseExpression, steps: list[Step]) -> None:
    softmax = script.spelled(value, "torch.softmax")
    for step in steps:
        if step.kind == "pick" and isinstance(step.node, cst.Subscript):
            script.edits.change(step.node.value, lambda now: made(f"{softmax}({{x}}, dim=1)", x=_bare(now)))
            return


def _bare(node: cst.CSTNode) -> cst.BaseExpression:
    """An expression without parentheses of its own around it, for a call has some."""
    assert isinstance(node, cst.BaseExpression)
    return node.with_changes(lpar=[], rpar=[]) if len(node.lpar) == 1 else node


def wrapped(script: Script, node: cst.BaseExpression, template: str) -> None:
    """Write an expression into a template: ``{x}.squeeze(1)``, ``torch.sigmoid({x})``."""
    called = template.endswith("({x})")
    script.edits.change(node, lambda now: made(template, x=_bare(now) if called else _closed(now)))


def _closed(node: cst.CSTNode) -> cst.BaseExpression:
    assert isinstance(node, cst.BaseExpression)
    return closed(node)
