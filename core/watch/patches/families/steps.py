"""``no-zero-grad`` and ``no-step``: a line of the training loop that is missing.

Reads the places ``backward``, ``step``, ``zero_grad`` and ``optimizer``; no facts.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.names import arguments_for, values, visible
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import dotted, within


def empty_gradients(script: Script) -> bool:
    """Put ``zero_grad`` before the backward pass, or behind the step where the two are not in one block."""
    backward = script.statement("backward")
    for call in script.calls_of("step", "step"):
        assert isinstance(call.func, cst.Attribute)
        optimizer = _stepped(script, call)
        step = script.of(call).statement(call)
        if optimizer is None:
            continue
        if backward is not None and _belongs(script, backward, step):
            script.edits.before(backward, f"{optimizer}.zero_grad()")
        else:
            script.edits.after(step, f"{optimizer}.zero_grad()")
    if not script.edits:
        _empty_by_hand(script)
    return bool(script.edits)


def _stepped(script: Script, call: cst.Call) -> str | None:
    """The optimizer that a call steps; that of ``scaler.step(optimizer)`` is the argument."""
    assert isinstance(call.func, cst.Attribute)
    first = call.args[0].value if call.args else None
    if first is not None and dotted(first) and "scaler" in script.code(call.func.value).lower():
        return script.code(first)
    return script.code(call.func.value)


def _belongs(script: Script, backward: cst.CSTNode, step: cst.CSTNode) -> bool:
    """Whether a gradient is made for each step: both in one block, or in the step's closure."""
    source = script.of(step)
    if script.of(backward) is not source:
        return False
    if source.block(backward) is source.block(step):
        return True
    closure = source.scope(backward)
    return isinstance(closure, cst.FunctionDef) and source.scope(closure) is source.scope(step)


def _empty_by_hand(script: Script) -> None:
    """Empty the gradients of parameters that are changed by hand, behind the line that changes them."""
    for statement in script.statements("step"):
        source = script.of(statement)
        block = source.block(statement)
        done: set[str] = set()
        for one in block.children:
            if not isinstance(one, cst.SimpleStatementLine):
                continue
            for read in script.own(one, cst.Attribute):
                base = dotted(read.value) or ""
                if read.attr.value == "grad" and base and base not in done:
                    done.add(base)
                    script.edits.after(one, f"{base}.grad = None")
        if done:
            return


def step(script: Script) -> bool:
    """Call the step that was only named, let it come before the gradients are emptied, or put one in."""
    backward = script.statement("backward")
    if backward is None:
        return False
    source = script.of(backward)
    if _call_what_is_named(script, source.block(backward)):
        return True
    emptied = [call for call in script.calls_of("zero_grad", "zero_grad") if script.of(call) is source]
    emptied = emptied or _emptying(source.scope(backward))
    optimizer = _optimizer(script, backward, emptied)
    if optimizer is None:
        return False
    between = [source.statement(call) for call in emptied]
    stepped = [
        source.statement(call) for call in script.calls_of("step", "step") if script.of(call) is source
    ]
    for line in between:
        if stepped and source.before(backward, line) and source.before(line, stepped[0]):
            script.edits.remove(line)
            script.edits.before(backward, line)
            return True
    if stepped:
        return False
    if not emptied:
        script.edits.before(backward, f"{optimizer}.zero_grad()")
    script.edits.after(backward, f"{optimizer}.step()")
    return True


def _emptying(scope: cst.CSTNode) -> list[cst.Call]:
    """Calls of ``zero_grad`` in a function."""
    calls = within(scope, cst.Call)
    return [
        call
        for call in calls
        if isinstance(call.func, cst.Attribute) and call.func.attr.value == "zero_grad"
    ]


def _call_what_is_named(script: Script, block: cst.CSTNode) -> bool:
    """``optimizer.step`` as a line of its own does nothing."""
    for line in block.children:
        for statement in script.own(line, cst.Expr) if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(statement.value, cst.Attribute) and statement.value.attr.value == "step":
                script.replace(statement.value, f"{script.code(statement.value)}()")
                return True
    return False


def _optimizer(script: Script, backward: cst.CSTNode, emptied: list[cst.Call]) -> str | None:
    """What the optimizer is called where the backward pass stands."""
    source = script.of(backward)
    for built in script.statements("optimizer"):
        for target in script.own(built, cst.AssignTarget):
            name = dotted(target.target)
            if name is None:
                continue
            if (given := arguments_for(script, name, built, backward)) is not None:
                return given
            if visible(script, name, built, backward):
                return name
    for call in emptied:
        assert isinstance(call.func, cst.Attribute)
        if source.scope(call) is source.scope(backward) and _is_optimizer(script, call.func.value):
            return script.code(call.func.value)
    return None


def _is_optimizer(script: Script, node: cst.BaseExpression) -> bool:
    """Whether a name stands for one: ``zero_grad`` is a method of modules too."""
    return any(
        isinstance(one, cst.Call) and ".optim" in script.qualified(one.func) for one in values(script, node)
    )


PATCHES = {"no-zero-grad": empty_gradients, "no-step": step}
