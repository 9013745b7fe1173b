"""``wrong-parameters`` and ``frozen``: parameters that are used and never trained.

Reads the places ``optimizer``, ``layer`` and ``parameter`` (those that are left out), ``model``,
``forward`` and ``frozen`` (where ``requires_grad`` was set, where that was seen); no facts.
"""

from __future__ import annotations

import libcst as cst

from lrtui.core.watch.patches.edits import Change
from lrtui.core.watch.patches.flow import last_name
from lrtui.core.watch.patches.mending import wrapped
from lrtui.core.watch.patches.names import values
from lrtui.core.watch.patches.script import Script
from lrtui.core.watch.patches.syntax import argument, dotted, made, with_argument, within

FACTORIES = {"zeros", "ones", "randn", "rand", "full", "empty", "tensor", "zeros_like", "normal"}
HOLDERS = {
    cst.List: "ModuleList",
    cst.ListComp: "ModuleList",
    cst.Dict: "ModuleDict",
    cst.DictComp: "ModuleDict",
}


def left_out(script: Script) -> bool:
    """A ModuleList, a real parameter, an optimizer that is built later, or one of the whole model."""
    return (
        _registered(script)
        or _as_parameter(script)
        or _built_later(script)
        or _listed(script)
        or _whole(script)
    )


def _registered(script: Script) -> bool:
    """Make a plain list or dict of layers one of ``torch.nn``."""
    done: set[cst.CSTNode] = set()
    for line in script.statements("layer"):
        source = script.of(line)
        for built in script.own(line, cst.Call):
            holder = _holder(script, built)
            if holder is None or holder in done:
                continue
            done.add(holder)
            name = script.spelled(holder, f"torch.nn.{HOLDERS[type(holder)]}")
            script.edits.change(holder, _in_module(name))
            assert source is script.of(holder)
    return bool(done)


def _in_module(name: str) -> Change:
    def change(now: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(now, cst.BaseExpression)
        if isinstance(now, cst.List) and not now.elements:
            return cst.parse_expression(f"{name}()")
        return made(f"{name}({{x}})", x=now)

    return change


def _holder(script: Script, built: cst.Call) -> cst.CSTNode | None:
    """The list or dict of a class that a layer is put into."""
    source = script.of(built)
    for one in source.around(built):
        if isinstance(one, cst.Call) and last_name(one) == "append" and isinstance(one.func, cst.Attribute):
            return next((held for held in values(script, one.func.value) if _kept(script, held)), None)
        if isinstance(one, tuple(HOLDERS)) and _kept(script, one):
            return one
        if isinstance(one, cst.BaseStatement):
            return None
    return None


def _kept(script: Script, node: cst.CSTNode) -> bool:
    """Whether it is a plain list or dict that ``self`` keeps, or that has a name of its own."""
    if not isinstance(node, tuple(HOLDERS)):
        return False
    parent = script.of(node).parents[node]
    return isinstance(parent, cst.Assign | cst.AnnAssign) and (
        script.of(node).owner(node) is None or "self." in script.code(parent)
    )


def _as_parameter(script: Script) -> bool:
    """Make a tensor that a module keeps a parameter of it."""
    for line in script.statements("parameter"):
        for one in script.own(line, cst.Assign):
            name = dotted(one.targets[0].target) or ""
            if name.startswith("self.") and "Parameter" not in script.code(one.value):
                written = script.spelled(one, "torch.nn.Parameter")
                script.edits.change(one.value, _plain_leaf)
                wrapped(script, one.value, f"{written}({{x}})")
    return bool(script.edits)


def _plain_leaf(node: cst.CSTNode) -> cst.BaseExpression:
    """A tensor made without ``requires_grad``, which a parameter has by itself."""
    assert isinstance(node, cst.BaseExpression)
    if (
        isinstance(node, cst.Call)
        and last_name(node) == "requires_grad_"
        and isinstance(node.func, cst.Attribute)
    ):
        return node.func.value
    if isinstance(node, cst.Call) and argument(node, None, "requires_grad") is not None:
        kept = [
            given for given in node.args if not (given.keyword and given.keyword.value == "requires_grad")
        ]
        kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
        return node.with_changes(args=kept)
    return node


def _built_later(script: Script) -> bool:
    """Move the optimizer, and what is made of it, behind the line that replaced a layer."""
    optimizer = script.statement("optimizer")
    if optimizer is None:
        return False
    source = script.of(optimizer)
    block = source.block(optimizer)
    lines: list[cst.CSTNode] = [line for line in block.children if isinstance(line, cst.BaseStatement)]
    changed = [
        line
        for place in script.statements("layer", "parameter", "model")
        for line in lines
        if script.of(place) is source and (line is place or line in source.around(place))
    ]
    changed = [line for line in changed if source.before(optimizer, line)]
    if optimizer not in lines or not changed:
        return False
    last = max(changed, key=lines.index)
    moved = [optimizer]
    for line in lines[lines.index(optimizer) + 1 : lines.index(last) + 1]:
        names = {name for one in moved for name in _bound(one)}
        if any(name.value in names for name in within(line, cst.Name)):
            if line is last or not isinstance(line, cst.SimpleStatementLine):
                return False
            moved.append(line)
    for line in moved:
        script.edits.remove(line)
        script.edits.after(last, line)
    return True


def _bound(line: cst.CSTNode) -> set[str]:
    return {name for target in within(line, cst.AssignTarget) if (name := dotted(target.target))}


def _listed(script: Script) -> bool:
    """Name parameters made by hand that are missing in the optimizer's list."""
    given = _given(script)
    if not isinstance(given, cst.List):
        return False
    names = [
        name
        for line in script.statements("parameter")
        for target in script.own(line, cst.AssignTarget)
        if (name := dotted(target.target)) and name not in script.code(given)
    ]
    if not names or not given.elements:
        return False
    script.edits.put(given, len(given.elements) - 1, ", ".join(dict.fromkeys(names)))
    return True


def _given(script: Script) -> cst.BaseExpression | None:
    """What the optimizer is built of."""
    for line in script.statements("optimizer"):
        for call in script.own(line, cst.Call):
            first = argument(call, 0, "params")
            if first is not None and (
                ".optim" in script.qualified(call.func) or last_name(call)[:1].isupper()
            ):
                found = values(script, first.value)
                return found[0] if found and isinstance(found[0], cst.List) else first.value
    return None


def _whole(script: Script) -> bool:
    """Let the optimizer have the parameters of the model in place of a part's."""
    given = _given(script)
    if given is None or isinstance(given, cst.List):
        return False
    for line in script.statements("model"):
        for target in script.own(line, cst.AssignTarget):
            name = dotted(target.target)
            if (
                name
                and script.of(line) is script.of(given)
                and script.code(given) != f"{name}.parameters()"
            ):
                script.replace(given, f"{name}.parameters()")
                return True
    return False


def thaw(script: Script) -> bool:
    """Let ``requires_grad`` be true where it is set to false, or ask for it where a parameter is made."""
    seen = script.statements("frozen")
    lines = seen or [
        script.of(node).statement(node)
        for node in [*script.every(cst.Assign), *script.every(cst.Call)]
        if "requires_grad" in script.code(node)
    ]
    for line in dict.fromkeys(lines):
        for one in script.own(line, cst.Assign):
            target = one.targets[0].target
            named = isinstance(target, cst.Attribute) and target.attr.value == "requires_grad"
            if named and script.code(one.value) == "False":
                script.replace(one.value, "True")
        for call in script.own(line, cst.Call):
            given = argument(call, 0 if last_name(call) == "requires_grad_" else None, "requires_grad")
            if given is not None and script.code(given.value) == "False":
                script.replace(given.value, "True")
    return bool(script.edits) or _asked(script)


def _asked(script: Script) -> bool:
    for line in script.statements("parameter"):
        for one in script.own(line, cst.Assign):
            if isinstance(one.value, cst.Call) and last_name(one.value) in FACTORIES:
                script.edits.change(one.value, _with_grad)
            else:
                wrapped(script, one.value, "{x}.requires_grad_()")
    return bool(script.edits)


def _with_grad(now: cst.CSTNode) -> cst.CSTNode:
    assert isinstance(now, cst.Call)
    return with_argument(now, "requires_grad", cst.Name("True"))


PATCHES = {"wrong-parameters": left_out, "frozen": thaw}
